"""Jinja as templates know it: data is always text, and a missing fact is an error."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import jinja2
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.render.bounded import BoundedEnvironment
from bot.render.filters import FILTERS, shown
from bot.render.markup import Positions

# Of Jinja's own filters those that stay text: none that makes markup of data (safe, urlize, xmlattr, tojson…).
PLAIN_FILTERS = frozenset(
    {
        "abs",
        "batch",
        "capitalize",
        "default",
        "dictsort",
        "first",
        "float",
        "groupby",
        "int",
        "items",
        "join",
        "last",
        "length",
        "list",
        "lower",
        "map",
        "max",
        "min",
        "reject",
        "rejectattr",
        "replace",
        "reverse",
        "round",
        "select",
        "selectattr",
        "slice",
        "sort",
        "string",
        "sum",
        "title",
        "trim",
        "unique",
        "upper",
    }
)
DECISIONS = 4096


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which decides by type and name what a template may reach; each is decided once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._decided: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """As Jinja decides."""
        asked = (type(obj), attr)
        safe = self._decided.get(asked)
        if safe is None:
            safe = super().is_safe_attribute(obj, attr, value)
            # A name may also be data, as in run.metrics[name], and there is no end of that.
            if len(self._decided) < DECISIONS:
                self._decided[asked] = safe
        return safe


def open_environment(folder: Path) -> jinja2.Environment:
    """An environment that reads Rundown's own templates from their folder."""
    environment = _Sandbox(**_options([folder]))
    environment.filters.clear()
    environment.filters.update(_filters())
    environment.globals.pop("lipsum", None)
    return environment


def open_bounded(folders: Iterable[Path]) -> BoundedEnvironment:
    """An environment for a team's own templates: the first of these folders that has a template counts."""
    environment = BoundedEnvironment(**_options(folders))
    environment.bound(_filters())
    environment.globals.pop("lipsum", None)
    return environment


def _options(folders: Iterable[Path]) -> dict[str, Any]:
    return {
        "autoescape": True,
        "undefined": jinja2.StrictUndefined,
        "finalize": shown,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "auto_reload": False,
        "cache_size": -1,
        "loader": jinja2.ChoiceLoader([jinja2.FileSystemLoader(folder) for folder in folders]),
        "extensions": [Positions],
    }


def _filters() -> dict[str, Callable[..., Any]]:
    kept: dict[str, Callable[..., Any]] = {name: JINJA_FILTERS[name] for name in PLAIN_FILTERS}
    return kept | dict(FILTERS)
