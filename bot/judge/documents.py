"""YAML that strangers wrote, read as plain values: small, flat enough, and without objects."""

from typing import Any

import yaml
from yaml.nodes import Node

BYTES_AT_MOST = 512 * 1024
DEEPEST = 40


class Unreadable(ValueError):
    """It is no YAML, or more of it than anybody writes."""


class _Loader(yaml.SafeLoader):
    depth = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        self.depth += 1
        if self.depth > DEEPEST or self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("nested too deeply, or an alias")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_yaml(content: bytes) -> Any:
    """The values of one document; raises Unreadable."""
    if len(content) > BYTES_AT_MOST:
        raise Unreadable(f"more than {BYTES_AT_MOST // 1024} KB")
    try:
        return yaml.load(content.decode("utf-8-sig"), Loader=_Loader)  # noqa: S506  it is a SafeLoader
    except (yaml.YAMLError, ValueError, OverflowError, TypeError) as error:
        raise Unreadable("no YAML") from error
