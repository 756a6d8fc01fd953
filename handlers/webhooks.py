"""What other programs send by HTTP: CI providers' signed deliveries."""

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


def deliver(
    deps: Deps, name: str, provider: Provider, headers: Mapping[str, str], raw: bytes
) -> tuple[HTTPStatus, str]:
    """Take one delivery; returns the HTTP answer. Raises Turned for what is unsigned or malformed.

    A delivery that was taken before is answered like the first, so its sender stops; an event that is not
    followed is accepted and passed over.
    """
    settings = getattr(deps.settings.ci, name, None)
    if settings is None or settings.secret is None:
        raise Turned(
            HTTPStatus.NOT_FOUND, f"no secret is set for {name} webhooks: set {name.upper()}_WEBHOOK_SECRET"
        )
    try:
        provider.verify(settings.secret.get_secret_value(), headers, raw)
        delivery_id = provider.delivery_id(headers)
        pipeline = provider.read(headers, parse_json(raw), deps.now())
    except Unsigned as problem:
        raise Turned(HTTPStatus.UNAUTHORIZED, str(problem)) from problem
    except Unreadable as problem:
        raise Turned(HTTPStatus.UNPROCESSABLE_ENTITY, str(problem)) from problem
    if pipeline is None:
        return HTTPStatus.ACCEPTED, "not an event that is followed"
    with deps.store.write() as unit:
        if not unit.arrivals.first(name, delivery_id, deps.now()):
            return HTTPStatus.OK, "seen before"
        Pipelines(deps.settings, deps.templates).tell(unit, pipeline, deps.now())
    return HTTPStatus.OK, "taken"
