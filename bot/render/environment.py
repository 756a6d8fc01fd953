"""Jinja as templates know it: data is always text, and a missing fact is an error."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import jinja2
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment

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


def open_environment(folders: Iterable[Path]) -> jinja2.Environment:
    """An environment that reads templates from these folders, the first that has one."""
    environment = ImmutableSandboxedEnvironment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        loader=jinja2.ChoiceLoader([jinja2.FileSystemLoader(folder) for folder in folders]),
        extensions=[Positions],
    )
    kept: dict[str, Callable[..., Any]] = {name: JINJA_FILTERS[name] for name in PLAIN_FILTERS}
    environment.filters.clear()
    environment.filters.update(kept | dict(FILTERS))
    environment.globals.pop("lipsum", None)
    return environment
