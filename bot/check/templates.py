"""Whether templates can be said: the team's own with example facts, and all of them in Slack's own opinion."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bot.check.findings import Finding, error, ok, warning
from bot.examples import EXAMPLES, Example, Kind, Samples
from bot.facts.messages import Form
from bot.ports.errors import EdgeError, SlackRefused
from bot.ports.slack import Validator
from bot.render.messages import ENDING, TEMPLATES, TemplateError, Templates
from bot.settings.hints import did_you_mean

Examples = Mapping[str, Callable[[Samples], Iterator[Example]]]


def own_templates(folder: Path | None, templates: Templates, examples: Examples = EXAMPLES) -> list[Finding]:
    """Whether the team's own templates can be read, replace something, and work with example facts."""
    if folder is None:
        return []
    built_in = [str(path.relative_to(TEMPLATES)) for path in sorted(TEMPLATES.rglob(f"*{ENDING}"))]
    own = [str(path.relative_to(folder)) for path in sorted(folder.rglob("[!.]*")) if path.is_file()]
    findings = [_stranger(folder, name, built_in) for name in own if name not in built_in]
    broken = [str(problem) for problem in templates.check()]
    findings += [error(f"A template cannot be read: {problem}.", f"Mend it in {folder}.") for problem in broken]
    if not broken:
        findings += [
            error(f"A template fails with {kind} example facts: {problem}.", f"Mend it in {folder}.")
            for problem, kind in _failing(templates, examples).items()
        ]
    if not findings:
        replaced = f"{len(own)} template{'' if len(own) == 1 else 's'}"
        findings.append(ok(f"{folder} replaces {replaced}."))
    return findings


def _stranger(folder: Path, name: str, built_in: list[str]) -> Finding:
    hint = did_you_mean(name, built_in).removeprefix("; ")
    mend = f"Rename or remove it{f': {hint}' if hint else '.'}"
    return warning(f"{folder / name} replaces no built-in template, so nothing uses it.", mend)


def _failing(templates: Templates, examples: Examples) -> dict[str, Kind]:
    """What is wrong with own templates, each with the first kind of facts that shows it."""
    found: dict[str, Kind] = {}
    for name, build in examples.items():
        for kind in Kind if templates.own(name) else ():
            for example in build(Samples(kind)):
                try:
                    _made(templates, example)
                except TemplateError as problem:
                    found.setdefault(str(problem), kind)
    return found


def _made(templates: Templates, example: Example) -> dict[str, object]:
    if isinstance(example, Form):
        return templates.view(example)
    return {"blocks": [dict(block) for block in templates.render(example).blocks]}


def live(validator: Validator, templates: Templates, examples: Examples = EXAMPLES) -> list[Finding]:
    """Slack's own opinion of every template: with ordinary facts in all its states, and with others in one."""
    findings: list[Finding] = []
    for name, build in examples.items():
        chosen = [*build(Samples(Kind.ORDINARY))]
        for kind in (Kind.EMPTY, Kind.HUGE, Kind.HOSTILE):
            chosen += [*build(Samples(kind))][:1]
        try:
            findings.append(_opinion(validator, templates, name, chosen))
        except EdgeError as problem:
            return [*findings, _silent(validator, problem, len(examples) - len(findings))]
    return findings


def _opinion(validator: Validator, templates: Templates, name: str, examples: list[Example]) -> Finding:
    asked = 0
    for example in examples:
        try:
            made = _made(templates, example)
        except TemplateError as problem:
            where = f"Mend it in {templates.override}." if templates.own(name) else "Tell Rundown’s makers."
            return error(f"Slack could not be asked about {name}: {problem}.", where)
        refused = validator.validate("view" if isinstance(example, Form) else "message", made)
        if refused:
            whose = f"your template {name}" if templates.own(name) else f"the template {name}"
            mend = f"Mend it in {templates.override}." if templates.own(name) else "Tell Rundown’s makers."
            return error(f"Slack refuses {whose}: {'; '.join(refused[:3])}.", mend)
        asked += 1
    return ok(f"Slack takes {name} ({asked} example{'' if asked == 1 else 's'}).")


def _silent(validator: Validator, problem: EdgeError, left: int) -> Finding:
    known = isinstance(problem, SlackRefused) and problem.retry_after is not None
    why = "asks to wait too long" if known else f"does not answer ({problem})"
    what = f"{left} template{'' if left == 1 else 's'}"
    return warning(
        f"blocks.validate at {validator.address} {why}, so {what} were not tried with Slack.",
        "Try again where this machine can reach Slack; nothing else depends on it.",
    )
