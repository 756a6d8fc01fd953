"""What both APIs need: names that are safe in an address, and answers in their shapes, unchanged ones for free."""

import json
import re
from collections import OrderedDict
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlencode

from pydantic import TypeAdapter, ValidationError

from bot.edges.code.connection import Connection
from bot.ports.errors import CodeDown, CodeRefused

SEGMENT = re.compile(r"[A-Za-z0-9_.-]{1,200}")
PAGE = 100
PAGES_AT_MOST = 10
ANSWERS_KEPT = 200

Shape = TypeVar("Shape")


class Questions:
    """Asks one host; an answer with an ETag is kept, and costs nothing of GitHub's limit while it holds."""

    def __init__(self, connection: Connection, accept: str) -> None:
        """`accept` is the kind of answers wanted."""
        self._connection = connection
        self._accept = accept
        self._kept: OrderedDict[str, tuple[str, Any]] = OrderedDict()
        self._lock = Lock()

    def ask(self, shape: type[Shape], path: str, **parameters: str) -> Shape:
        """The answer in its shape; raises CodeDown, CodeLimited, NotFound or CodeRefused."""
        question = f"{path}?{urlencode(parameters)}"
        with self._lock:
            etag, kept = self._kept.get(question, ("", None))
        got = self._connection.get(path, parameters, accept=self._accept, etag=etag)
        if got.unchanged and isinstance(kept, shape):
            return kept
        answer = self._shaped(shape, got.body)
        if got.etag:
            with self._lock:
                self._kept[question] = (got.etag, answer)
                while len(self._kept) > ANSWERS_KEPT:
                    self._kept.popitem(last=False)
        return answer

    def ask_list(self, shape: type[Shape], path: str, **parameters: str) -> list[Shape]:
        """A list of answers in their shape."""
        got = self._connection.get(path, parameters, accept=self._accept)
        return self._shaped(list[shape], got.body)  # type: ignore[valid-type]

    def ask_text(self, path: str, most: int) -> str:
        """A text of at most so many bytes; CodeRefused for a longer one."""
        return self._connection.get(path, accept="*/*", most=most).body.decode("utf-8", "replace")

    def close(self) -> None:
        """Let go of the connections."""
        self._connection.close()

    def _shaped(self, shape: type[Shape], body: bytes) -> Shape:
        try:
            return TypeAdapter(shape).validate_python(json.loads(body))
        except (ValidationError, ValueError, RecursionError):
            raise CodeDown(f"{self._connection.host} answered something else than its API") from None


def named(repository: str, segments: int | None = None) -> str:
    """A repository's name, if it is one; raises CodeRefused."""
    parts = repository.split("/")
    right = len(parts) == segments if segments else len(parts) > 1
    if not right or not all(SEGMENT.fullmatch(part) and part.strip(".") for part in parts):
        raise CodeRefused(f"{repository!r} is not the name of a repository, such as owner/name")
    return repository
