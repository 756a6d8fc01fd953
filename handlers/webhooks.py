"""What other programs send by HTTP: CI providers' signed deliveries."""

import hashlib
import importlib
import pkgutil
from collections.abc import Mapping
from http import HTTPStatus

from bot.ci import providers
from bot.ci.arrival import Provider, Unreadable, Unsigned
from bot.deps import Deps
from bot.follow import artifacts, job_errors
from bot.notify.ci.pipelines import Pipelines
from handlers.doors import Turned, parse_webhook


def find_providers() -> dict[str, Provider]:
    """The CI providers by name: each module of bot/ci/providers is one."""
    names = [module.name for module in pkgutil.iter_modules(providers.__path__)]
    return {name: importlib.import_module(f"{providers.__name__}.{name}") for name in names}


def opened(deps: Deps, name: str, provider: Provider) -> None:
    """Raises Turned (404) where nothing is set that could prove a delivery."""
    missing = provider.closed(deps.settings.ci)
    if missing:
        raise Turned(HTTPStatus.NOT_FOUND, f"no secret is set for {name} webhooks: {missing}")


def deliver(
    deps: Deps, name: str, provider: Provider, headers: Mapping[str, str], raw: bytes
) -> tuple[HTTPStatus, str]:
    """Take one delivery; returns the HTTP answer. Raises Turned for what is unsigned or malformed.

    A delivery that was taken before is answered like the first, so its sender stops; an event that is not
    followed is accepted, counted and not kept. Its id is not signed, so the same signed body under another id was
    taken before, too.
    """
    now = deps.now()
    try:
        provider.verify(deps.settings.ci, headers, raw, now)
        delivery_id = provider.delivery_id(headers)
        news = provider.read(headers, parse_webhook(raw, headers.get("content-type", "")), now)
    except Unsigned as problem:
        raise Turned(HTTPStatus.UNAUTHORIZED, str(problem)) from problem
    except Unreadable as problem:
        raise Turned(HTTPStatus.UNPROCESSABLE_ENTITY, str(problem)) from problem
    if news is None:
        return HTTPStatus.ACCEPTED, "not an event that is followed"
    with deps.store.write() as unit:
        identities = (delivery_id, f"body:{hashlib.sha256(raw).hexdigest()}")
        new = [unit.arrivals.first(name, identity, now) for identity in identities if identity]
        if not all(new):
            return HTTPStatus.OK, "seen before"
        Pipelines(deps.settings, deps.templates).take(unit, news, now)
        job_errors.plan(unit, deps.ci_hosts, news, now)
        artifacts.plan(unit, deps.settings, news, now)
    return HTTPStatus.OK, "taken"
