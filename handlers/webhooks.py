"""What other programs send by HTTP: CI providers' signed deliveries."""

import hashlib
import importlib
import pkgutil
from collections.abc import Mapping
from http import HTTPStatus

from bot.ci import providers
from bot.ci.arrival import Provider, Unreadable, Unsigned
from bot.deps import Deps
from bot.notify.pipelines import Pipelines
from handlers.doors import Turned, parse_json


def find_providers() -> dict[str, Provider]:
    """The CI providers by name: each module of bot/ci/providers is one."""
    names = [module.name for module in pkgutil.iter_modules(providers.__path__)]
    return {name: importlib.import_module(f"{providers.__name__}.{name}") for name in names}


def secret(deps: Deps, name: str) -> str:
    """What a provider's deliveries are signed with; raises Turned (404) where nothing is set."""
    settings = getattr(deps.settings.ci, name, None)
    if settings is None or settings.secret is None:
        raise Turned(
            HTTPStatus.NOT_FOUND, f"no secret is set for {name} webhooks: set {name.upper()}_WEBHOOK_SECRET"
        )
    return str(settings.secret.get_secret_value())


def deliver(
    deps: Deps, name: str, provider: Provider, secret: str, headers: Mapping[str, str], raw: bytes
) -> tuple[HTTPStatus, str]:
    """Take one delivery; returns the HTTP answer. Raises Turned for what is unsigned or malformed.

    A delivery that was taken before is answered like the first, so its sender stops; an event that is not
    followed is accepted and passed over. Its id is not signed, so the same signed body under another id was
    taken before, too.
    """
    try:
        provider.verify(secret, headers, raw)
        delivery_id = provider.delivery_id(headers)
        news = provider.read(headers, parse_json(raw), deps.now())
    except Unsigned as problem:
        raise Turned(HTTPStatus.UNAUTHORIZED, str(problem)) from problem
    except Unreadable as problem:
        raise Turned(HTTPStatus.UNPROCESSABLE_ENTITY, str(problem)) from problem
    if not news:
        return HTTPStatus.ACCEPTED, "not an event that is followed"
    with deps.store.write() as unit:
        body = f"body:{hashlib.sha256(raw).hexdigest()}"
        new = [unit.arrivals.first(name, identity, deps.now()) for identity in (delivery_id, body)]
        if not all(new):
            return HTTPStatus.OK, "seen before"
        Pipelines(deps.settings, deps.templates).take(unit, news, deps.now())
    return HTTPStatus.OK, "taken"
