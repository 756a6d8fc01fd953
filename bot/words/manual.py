"""The manual of all words in Markdown, written from the commands themselves."""

from collections.abc import Iterable

from bot.words.command import Command

INTRODUCTION = """\
# Commands

<!-- Written from the commands by bot/words/manual.py; tests/commands/test_manual.py keeps it true. -->

Everything is asked with one slash command, `{slash}`. Upper and lower case of commands and options do not matter.
A name with spaces goes in quotes. Only you see the answer, unless you end the command with `share` or press
**Share**. Days begin at midnight in your own time zone.

Where a command wants a RUN, write its name, its id or the beginning of its id (at least 4 characters), its address
in MLflow, `latest`, or `best` by the primary metric (in one experiment: `latest churn-*`, `best churn-*`). If
several runs fit, you get a button for each.

Options are written `name:value`:

| option | value |
| --- | --- |
| `by:` | `@me`, somebody's `@name`, or an MLflow user |
| `status:` | running, scheduled, finished, failed, killed, stalled |
| `since:` | `7d`, `2h`, `90min`, `today`, `yesterday`, `2026-11-01` or `2026-11-01T09:30` |
| `over:` | `step` or `time`: what curves are drawn over |
| `order:` | `higher` or `lower`: which values come first, this once |
| `remember:` | `higher` or `lower`: which way a metric gets better, kept for everybody |
| `because:` | why, in quotes: kept with a pinned baseline |
| `branch:` | a branch, such as `main` |
| `undo:` | the number of what is to be undone; the button does it for you |
| `page:` | the number of a page; the buttons below a list do it for you |
"""


def manual(commands: Iterable[Command], slash: str) -> str:
    """The manual: an introduction, then each command with its usage, what it does, and examples."""
    return "\n".join([INTRODUCTION.replace("{slash}", slash), *(_chapter(one, slash) for one in commands)])


def _chapter(command: Command, slash: str) -> str:
    lines = [f"## {command.name}", "", command.summary, "", "```text", f"{slash} {command.usage}", "```", ""]
    for paragraph in command.details.splitlines():
        lines += [paragraph, ""]
    lines += ["For example:", "", "```text", *(f"{slash} {example}" for example in command.examples), "```", ""]
    return "\n".join(lines)
