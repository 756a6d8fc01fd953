"""Examples of what changed between two runs: one thing, many, none, and what nobody knows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import cycle

from bot.examples.checked import checks
from bot.examples.lists import answered
from bot.examples.samples import COMMIT, NOON, Kind, Samples
from bot.examples.verdicts import judgements
from bot.facts.causes import (
    Causes,
    Changed,
    Code,
    Commit,
    CommitRange,
    DataChanged,
    DataVersion,
    Part,
    Relation,
    Unknown,
)
from bot.facts.messages import Message
from bot.judge.mixed import behaviour_of
from bot.notify.judgement import Judgement

BEFORE = "1f0c7f7d2ea14b0bb2e0fd40a6ff38a7cf1c9d55"


def causes(some: Samples) -> Iterator[Causes]:
    """Every state of what changed."""
    whole = _whole(some)
    nothing = replace(
        whole,
        params=(),
        data=(),
        environment=(),
        notebook=None,
        unknown=(),
        unrecorded=(),
        code=Code(COMMIT, COMMIT, False),
    )
    lr = (Changed(some.words("lr"), some.words("0.1"), some.words("0.01")),)
    commits = whole.code.commits
    yield whole
    yield nothing
    yield replace(nothing, looked=False)
    yield replace(nothing, params=lr)
    yield replace(nothing, params=lr, aside=(Changed(some.words("seed"), some.words("1"), some.words("2")),) * 4)
    yield replace(nothing, params=lr, unknown=whole.unknown)
    yield replace(nothing, environment=(Changed(some.words("torch"), None, some.words("2.3.1")),))
    yield replace(nothing, data=(DataChanged(some.words("data/train.csv"), None, DataVersion(some.words("d1"))),))
    yield replace(nothing, notebook=Changed("notebook", some.words("01_fit.ipynb"), None))
    yield replace(nothing, code=whole.code)
    yield replace(nothing, code=replace(whole.code, url="", commits=None))
    if commits is not None:
        back = replace(commits, relation=Relation.BEHIND, gained=(), gained_count=0)
        yield replace(nothing, code=replace(whole.code, commits=back))
    yield replace(nothing, code=Code("", "", None), unrecorded=tuple(Part))


def _whole(some: Samples) -> Causes:
    known = "" if some.kind is Kind.EMPTY else BEFORE
    version = DataVersion(some.words("a304afb96060aad90176268345e10355"), some.count(1_200_000), some.count(12))
    listed = tuple(
        Commit(COMMIT, some.words("Lower the regularisation"), some.words("jonas"), some.moment(one))
        for one in some.some(3)
    )
    commits = CommitRange(
        BEFORE,
        COMMIT,
        Relation.DIVERGED,
        listed,
        some.count(7),
        listed[:1],
        some.count(1),
        tuple(some.words("train.py") for _ in some.some(2)),
        some.kind is Kind.HUGE,
    )
    return Causes(
        params=tuple(
            Changed(some.words(f"optimizer.lr{one}"), some.words("0.1"), some.words("0.01"))
            for one in some.some(3)
        ),
        code=Code(known, COMMIT, True, some.address("https://github.com/acme/churn/compare/a...b"), commits),
        data=tuple(DataChanged(some.words("data/train.csv"), version, version) for _ in some.some(2)),
        environment=tuple(Changed(some.words("torch"), some.words("2.1.0"), None) for _ in some.some(2)),
        notebook=Changed("notebook", some.words("01_fit.ipynb"), some.words("02_fit.ipynb")),
        unknown=tuple(
            Unknown(part, some.words("GitHub answers no more questions"), NOON)
            for part in (Part.CODE, Part.ENVIRONMENT)[: len(some.some(2))]
        ),
        unrecorded=(Part.DATA,),
        looked=True,
    )


def _why(some: Samples) -> Iterator[Message]:
    run, other = some.run(), some.run(2)
    thoughts = cycle((Judgement(), *judgements(some)))
    for against in (other, replace(other, experiment="fraud")):
        for found in causes(some):
            yield answered(
                some,
                "why",
                run=run,
                other=against,
                why=some.words("the previous run with the same params"),
                judgement=next(thoughts),
                checks=list(checks(some)),
                behaviour=behaviour_of(checks(some), ()),
                causes=found,
                most={"changes": 12, "commits": 10},
                standing=some.standing(),
            )


CAUSES: Mapping[str, Callable[[Samples], Iterator[Message]]] = {"commands/why": _why}
