"""Rendered markup as a tree that knows which line of which template each element stands on."""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from jinja2 import TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from bot.render.errors import TemplateError
from bot.render.markup.vocabulary import ELEMENTS, ROOTS

_AT = "_at"
_START_TAG = re.compile(r"<([A-Za-z][\w.:-]*)(?=[\s/>])")
_MARK = re.compile(rf'{_AT}="([^"]*):(\d+)"')


class Positions(Extension):
    """Writes into every start tag of a template which file and line it stands on; refuses {% autoescape %}."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The template's tokens with marked start tags."""
        previous = ""
        for token in stream:
            if previous == "block_begin" and token.value == "autoescape":
                problem = "autoescape cannot be switched in a template"
                raise TemplateSyntaxError(problem, token.lineno, stream.name, stream.filename)
            previous = token.type
            yield self._marked(token, stream.name or "") if token.type == "data" else token

    @staticmethod
    def _marked(token: Token, name: str) -> Token:
        text = str(token.value)
        safe_name = name.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")

        def mark(match: re.Match[str]) -> str:
            line = token.lineno + text.count("\n", 0, match.start())
            return f'{match[0]} {_AT}="{safe_name}:{line}"'

        return Token(token.lineno, token.type, _START_TAG.sub(mark, text))


@dataclass(slots=True)
class Node:
    """An element: `children` holds elements and text in order, `file` and `line` say where it was written."""

    name: str
    attributes: dict[str, str]
    file: str
    line: int
    children: list["Node | str"] = field(default_factory=list)

    def elements(self, *names: str) -> list["Node"]:
        """The child elements, only those of these names if any are given."""
        return [child for child in self.children if isinstance(child, Node) and (not names or child.name in names)]

    def get(self, attribute: str) -> str:
        """An attribute's value, empty where it is not written."""
        return self.attributes.get(attribute, "")

    def flag(self, attribute: str) -> bool:
        """Whether a yes/no attribute says yes."""
        return self.attributes.get(attribute) == "yes"

    def raw(self) -> str:
        """Its text with its own spaces and line ends."""
        return "".join(child if isinstance(child, str) else "\n" for child in self.children if not _option(child))

    def wrong(self, problem: str) -> TemplateError:
        """What is wrong with this element, ready to raise."""
        return TemplateError(self.file, problem, element=self.name, line=self.line)


def _option(child: "Node | str") -> bool:
    return isinstance(child, Node) and child.name != "br"


class _Builder:
    """Receives the parser's events; what it builds is in `root`."""

    def __init__(self, template: str) -> None:
        self.template = template
        self.root: Node | None = None
        self.open: list[Node] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        file, _, line = attributes.pop(_AT, "").rpartition(":")
        node = Node(name, attributes, file or self.template, int(line or 0))
        if self.open:
            self.open[-1].children.append(node)
        else:
            self.root = node
        self.open.append(node)

    def end(self, name: str) -> None:
        self.open.pop()

    def data(self, text: str) -> None:
        children = self.open[-1].children
        if children and isinstance(children[-1], str):
            children[-1] += text
        else:
            children.append(text)

    def close(self) -> None:
        """Nothing is left to do: the tree stands."""


def parse(markup: str, template: str) -> Node:
    """The checked tree of rendered markup; `template` is named in errors. Raises TemplateError."""
    builder = _Builder(template)
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    try:
        parser.feed(markup.strip())
        parser.close()
    except DefusedXmlException as refused:
        raise TemplateError(template, "document type and entity declarations are refused") from refused
    except ParseError as broken:
        file, line = _nearest_mark(markup.strip(), broken.position, template)
        raise TemplateError(file, f"is not well-formed XML: {broken.msg}", line=line) from broken
    root = builder.root
    if root is None or root.name not in ROOTS:
        raise TemplateError(template, f"the root has to be one of {', '.join(f'<{name}>' for name in ROOTS)}")
    _check(root)
    return root


def _nearest_mark(markup: str, position: tuple[int, int], template: str) -> tuple[str, int]:
    """Where in the templates the last element before (or else after) a position of the output was written."""
    line, column = position
    lines = markup.split("\n")
    before = "\n".join([*lines[: line - 1], lines[line - 1][:column]]) if line <= len(lines) else markup
    marks = _MARK.findall(before) or _MARK.findall(markup)[:1]
    return (marks[-1][0], int(marks[-1][1])) if marks else (template, 0)


def _check(node: Node) -> None:
    """Raise TemplateError for whatever the vocabulary does not know."""
    rule = ELEMENTS[node.name]
    for name, value in node.attributes.items():
        allowed = rule.attributes.get(name)
        if allowed is None:
            raise node.wrong(f"has no attribute {name!r}{_instead(name, rule.attributes)}")
        if allowed.values and value not in allowed.values:
            known = ", ".join(value for value in allowed.values if value)
            raise node.wrong(f"attribute {name!r} is {value!r}, not one of {known}")
    for name, attribute in rule.attributes.items():
        if attribute.required and name not in node.attributes:
            raise node.wrong(f"needs the attribute {name!r}")
    for child in node.children:
        if isinstance(child, str):
            if not rule.text and child.strip():
                raise node.wrong(f"holds no text, but has {child.strip()[:40]!r}")
        elif child.name not in ELEMENTS:
            raise child.wrong(f"is no element{_instead(child.name, ELEMENTS)}")
        elif child.name not in rule.children:
            raise child.wrong(f"cannot stand in <{node.name}>")
        else:
            _check(child)


def _instead(word: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(word, names, n=1)
    return (
        f"; did you mean {near[0]!r}?"
        if near
        else f" (it may have {', '.join(names)})"
        if 0 < len(names) < 9
        else ""
    )
