"""Names made short so that they can still be told apart."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import takewhile

from bot.render.text import ELLIPSIS, boundary_after, boundary_before, shorten_middle


def told_apart(names: Sequence[str], limit: int) -> list[str]:
    """The names in at most `limit` characters each (12 at least); those that differ still do.

    A name is cut where it does not differ from the others. Where even that leaves two alike, they are numbered.
    """
    short = _cut(list(dict.fromkeys(names)), max(limit, 12))
    return [short[name] for name in names]


def _cut(names: Sequence[str], limit: int) -> dict[str, str]:
    if all(len(name) <= limit for name in names):
        return {name: name for name in names}
    cut = {name: shorten_middle(name, limit) for name in names}
    alike: dict[str, list[str]] = defaultdict(list)
    for name, short in cut.items():
        alike[short].append(name)
    for group in alike.values():
        if len(group) > 1:
            cut |= _at_the_difference(group, limit)
    return _numbered(cut, limit)


def _at_the_difference(names: Sequence[str], limit: int) -> dict[str, str]:
    """Around the stretch in which these names differ; what is too long even so loses its middle."""
    same = _alike(names)
    tail = _alike([name[same:][::-1] for name in names])
    found = {}
    for name in names:
        end = len(name) - tail
        room = limit - 2 - (end - same)
        start = max(0, same - max(room, 0) + min(tail, max(room, 0) // 3))
        found[name] = shorten_middle(_window(name, start, limit), limit)
    return found


def _alike(texts: Sequence[str]) -> int:
    """How many characters all these texts begin with."""
    return sum(1 for _ in takewhile(lambda signs: len(set(signs)) == 1, zip(*texts, strict=False)))


def _window(name: str, start: int, limit: int) -> str:
    """The name from `start` on, with a sign for what was left out."""
    start = boundary_after(name, start)
    head = ELLIPSIS if start else ""
    rest = name[start:]
    room = limit - len(head)
    if len(rest) > room:
        rest = rest[: boundary_before(rest, room - 1)] + ELLIPSIS
    return head + rest


def _numbered(cut: dict[str, str], limit: int) -> dict[str, str]:
    """The same, with numbers behind those that are still alike."""
    taken: set[str] = set()
    for name, short in cut.items():
        label, number = short, 1
        while label in taken:
            number += 1
            mark = f"·{number}"
            label = shorten_middle(short, limit - len(mark)) + mark
        taken.add(label)
        cut[name] = label
    return cut
