"""Reading app.yaml: plain values, and where in the file each of them stands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.settings.hints import Interpolated
from bot.settings.interpolation import UnknownVariable, bare, hide, interpolated
from bot.settings.problems import Mark, Problem, Where, path_text

DEEPEST = 40
MOST_VALUES = 20_000
BIGGEST = 512 * 1024
INTEGER = re.compile(r"[-+]?\d{1,15}")
NUMBER = re.compile(r"[-+]?(\d{1,15}\.\d{0,15}|\.\d{1,15}|\d{1,15})([eE][-+]?\d{1,3})?")
WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None, "true": True, "True": True, "TRUE": True}
WORDS |= {"false": False, "False": False, "FALSE": False}
# Slack's, GitHub's and GitLab's own prefixes of tokens.
TOKEN = re.compile(r"xox[a-z]-|xapp-|gh[pousr]_[A-Za-z0-9]{8}|github_pat_|glpat-")
OWN_TAGS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map")
LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Broken:
    """Stands for a value that has its own problem already."""


@dataclass
class Document:
    """What app.yaml holds: its values, where each value and key stands, and what was wrong on the way."""

    data: Any = None
    values: dict[Where, Mark] = field(default_factory=dict)
    keys: dict[Where, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, mark: Mark, where: Where, text: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(mark.line, mark.column, path_text(where), text))

    def mark(self, where: Where) -> Mark:
        """Where a value stands, or the nearest thing around it."""
        for length in range(len(where), -1, -1):
            if where[:length] in self.values:
                return self.values[where[:length]]
        return Mark()


class _Loader(yaml.SafeLoader):
    """YAML without guesses (09:30 and `on` stay text) and with a depth that the stack can hold."""

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012  PyYAML declares it this way
    depth = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise yaml.MarkedYAMLError(problem="this is nested too deeply", problem_mark=self.get_mark())
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read(content: bytes, environ: Mapping[str, str]) -> Document:
    """The document in these bytes; what is wrong with it stands in its problems, nothing is raised."""
    document = Document()
    if len(content) > BIGGEST:
        document.complain(Mark(), (), f"the file is bigger than {BIGGEST // 1024} KB")
        return document
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = content[: problem.start]
        mark = Mark(before.count(b"\n") + 1, problem.start - (before.rfind(b"\n") + 1) + 1)
        document.complain(mark, (), "this is not UTF-8 text; save the file as UTF-8")
        return document
    node = _composed(text, document)
    if node is not None:
        _Builder(document, environ).build(node)
        _commented(document, text.splitlines())
    elif not document.problems:
        document.complain(Mark(), (), "the file is empty; the least it needs is channels: and who is told what")
    return document


def _commented(document: Document, lines: list[str]) -> None:
    """A channel without quotes is a comment to YAML, and the setting would silently be empty."""
    where = ("app", "ops_channel")
    app = document.data.get("app") if isinstance(document.data, dict) else None
    if where not in document.keys or not isinstance(app, dict) or app.get("ops_channel") is not None:
        return
    mark = document.keys[where]
    found = (
        re.search(r":\s+(#[^\s#]+)", lines[mark.line - 1][mark.column - 1 :]) if mark.line <= len(lines) else None
    )
    if found:
        document.complain(mark, where, f'YAML reads {found[1]} as a comment; put it in quotes, as "{found[1]}"')


def _composed(text: str, document: Document) -> Node | None:
    try:
        loader = _Loader(hide(text))
    except yaml.reader.ReaderError as problem:
        before = text[: problem.position]
        mark = Mark(before.count("\n") + 1, problem.position - (before.rfind("\n") + 1) + 1)
        document.complain(mark, (), f"the character U+{problem.character:04X} cannot stand in YAML")
        return None
    try:
        node: Node | None = loader.get_single_node()
    except yaml.MarkedYAMLError as problem:
        mark = _mark(problem.problem_mark or problem.context_mark or loader.get_mark())
        document.complain(mark, (), _syntax(problem, text.splitlines(), mark))
        return None
    except (yaml.YAMLError, ValueError, OverflowError):
        document.complain(_mark(loader.get_mark()), (), "this is not YAML")
        return None
    return node


def _syntax(problem: yaml.MarkedYAMLError, lines: list[str], mark: Mark) -> str:
    said = problem.problem or "this is not YAML"
    line = lines[mark.line - 1] if mark.line <= len(lines) else ""
    if "'\\t'" in said or line[: mark.column].strip(" ").startswith("\t"):
        return "YAML is indented with spaces, not with tabs"
    if "alias" in said or line[: mark.column].rstrip().endswith("*") or line[: mark.column - 1].endswith("*"):
        return f'{bare(said)}; a text that begins with * must stand in quotes, as "*"'
    if "but found another document" in said:
        return "a second document begins here; app.yaml is one document, remove the ---"
    return bare(said)


def _mark(mark: Any) -> Mark:
    return Mark(mark.line + 1, mark.column + 1)


class _Builder:
    """Makes values of YAML's nodes, with variables replaced, and notes where they stand."""

    def __init__(self, document: Document, environ: Mapping[str, str]) -> None:
        self.document = document
        self.environ = environ
        self.count = 0
        self.stopped = False
        self.inheriting: list[Node] = []

    def build(self, node: Node) -> None:
        """Fill the document."""
        self.document.data = self._value(node, ())

    def _value(self, node: Node, where: Where) -> Any:
        mark = _mark(node.start_mark)
        self.document.values[where] = mark
        self.count += 1
        if self._too_much(where):
            return Broken()
        if node.tag not in OWN_TAGS:
            self.document.complain(mark, where, "tags such as !name mean nothing here")
            return Broken()
        if isinstance(node, MappingNode):
            return self._mapping(node, where)
        if isinstance(node, SequenceNode):
            return [self._value(item, (*where, index)) for index, item in enumerate(node.value)]
        return self._scalar(node, where, mark)

    def _too_much(self, where: Where) -> bool:
        """Aliases of aliases make a small file huge, and an alias of what it stands in has no end."""
        much = self.count > MOST_VALUES or len(where) > DEEPEST
        if much and not self.stopped:
            self.stopped = True
            text = "the file holds too many values or nests them too deeply"
            self.document.complain(self.document.mark(where), where[:3], text)
        return much

    def _mapping(self, node: MappingNode, where: Where) -> Any:
        made: dict[str, Any] = {}
        inherited: list[Node] = []
        for key_node, value_node in node.value:
            mark = _mark(key_node.start_mark)
            if not isinstance(key_node, ScalarNode):
                self.document.complain(mark, where, "the name of a setting must be a plain text")
                continue
            key = bare(key_node.value)
            if key == "<<" and key_node.style is None:
                inherited += value_node.value if isinstance(value_node, SequenceNode) else [value_node]
                continue
            if LONE_SURROGATE.search(key) or "${" in key:
                self.document.complain(mark, where, "the name of a setting is a plain text without variables")
                continue
            here = (*where, key)
            if key in made:
                first = self.document.keys[here].line
                self.document.complain(mark, here, f"this stands twice, first in line {first}; keep one of them")
                continue
            self.document.keys[here] = mark
            made[key] = self._value(value_node, here)
        for source in inherited:
            self._inherit(source, where, made)
        return made

    def _inherit(self, source: Node, where: Where, made: dict[str, Any]) -> None:
        """Keys of a `<<` that the mapping does not have itself."""
        if not isinstance(source, MappingNode) or source in self.inheriting:
            self.document.complain(_mark(source.start_mark), where, "<< takes another mapping, as in <<: *name")
            return
        self.count += 1
        if self._too_much(where):
            return
        written = [
            pair for pair in source.value if isinstance(pair[0], ScalarNode) and bare(pair[0].value) not in made
        ]
        again = MappingNode(source.tag, written, source.start_mark, source.end_mark)
        mark = self.document.values[where]
        self.inheriting.append(source)
        made.update(self._mapping(again, where))
        self.inheriting.pop()
        self.document.values[where] = mark

    def _scalar(self, node: Node, where: Where, mark: Mark) -> Any:
        text = bare(node.value)
        if LONE_SURROGATE.search(text):
            self.document.complain(mark, where, "this holds half a character; write the character itself")
            return Broken()
        if TOKEN.search(text):
            self.document.complain(mark, where, "this looks like a token; tokens belong in the environment")
            return Broken()
        if "${" in text:
            try:
                return Interpolated(interpolated(text, self.environ), text)
            except UnknownVariable as problem:
                self.document.complain(mark, where, str(problem))
                return Broken()
        return text if getattr(node, "style", None) else _plain(text)


def _plain(text: str) -> Any:
    if text in WORDS:
        return WORDS[text]
    if INTEGER.fullmatch(text):
        return int(text)
    return float(text) if NUMBER.fullmatch(text) else text
