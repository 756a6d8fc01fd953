"""Variables in app.yaml: ${NAME} and ${NAME:-default}, from the environment or the file that NAME_FILE names."""

import re
from collections.abc import Mapping
from pathlib import Path

from bot.settings.hints import near

NAME = r"[A-Za-z_][A-Za-z0-9_]*"
REFERENCE = re.compile(r"\$\$\{|\$\{(?P<inside>[^}]*)\}|\$\{")
INSIDE = re.compile(rf"(?P<name>{NAME})(?P<default>:-(?P<text>.*))?", re.DOTALL)
BIGGEST_FILE = 65_536

# YAML gives { } , : and # a meaning of their own, in flow mappings even inside ${…}. A reference is hidden
# from it, character by character, in a plane that no text uses.
HIDDEN = 0x10F000
REFERENCE_IN_TEXT = re.compile(rf"\$\{{{NAME}(:-[^}}{{\"'\\\n]*)?\}}")


class UnknownVariable(Exception):
    """A reference that cannot be resolved; the text says why and how to mend it."""


def hide(text: str) -> str:
    """The same text, as long, with every reference hidden from YAML."""
    return REFERENCE_IN_TEXT.sub(
        lambda found: "".join(chr(HIDDEN + ord(char)) if ord(char) < 128 else char for char in found.group()), text
    )


def bare(text: str) -> str:
    """Undo `hide`."""
    return "".join(chr(ord(char) - HIDDEN) if HIDDEN <= ord(char) < HIDDEN + 128 else char for char in text)


def looked_up(name: str, environ: Mapping[str, str]) -> str | None:
    """A variable, else the content of the file that NAME_FILE names, without its last line end.

    Raises UnknownVariable when both are set, or the file cannot be read.
    """
    value, path = environ.get(name), environ.get(f"{name}_FILE")
    if not path:
        return value
    if value:
        raise UnknownVariable(f"both {name} and {name}_FILE are set; keep one of them")
    try:
        content = Path(path).read_bytes()
        if len(content) > BIGGEST_FILE:
            raise UnknownVariable(f"the file that {name}_FILE names is too big for a setting")
        return content.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise UnknownVariable(f"the file that {name}_FILE names is not UTF-8 text") from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "not a path"
        raise UnknownVariable(f"{name}_FILE names {path!r}, which cannot be read: {reason}") from None


def interpolated(text: str, environ: Mapping[str, str]) -> str:
    """The text with its references replaced; `$${` is a literal `${`. What is put in is never looked at again."""

    def replaced(found: re.Match[str]) -> str:
        if found.group() == "$${":
            return "${"
        inside = INSIDE.fullmatch(found["inside"] or "")
        if inside is None:
            raise UnknownVariable(f"{found.group()[:40]!r} is not such as ${{NAME}} or ${{NAME:-default}}")
        value = looked_up(inside["name"], environ)
        if inside["default"] is not None:
            return value or inside["text"]
        if value is None:
            name = inside["name"]
            like = near(name, list(environ), cutoff=85)
            hint = f"; did you mean {like[0]}?" if like else ""
            raise UnknownVariable(
                f"{name} is not set; set it in the environment, or write ${{{name}:-default}}{hint}"
            )
        return value

    return REFERENCE.sub(replaced, text)
