"""Is everything there that the bot needs? What is wrong, and the one step that mends each."""

from collections.abc import Mapping

from bot.check.baselines import baselines
from bot.check.ci import Past, ci, past
from bot.check.findings import Finding, ok, warning
from bot.check.here import Revised, database, upgraded, upgrades_itself
from bot.check.slack import tokens, workspace
from bot.check.templates import live, own_templates
from bot.check.trackers import patterns, trackers_answer
from bot.manifest import Declared
from bot.ports.ci_hosts import CiHost
from bot.ports.slack import Slack, Validator
from bot.ports.tracker import Tracker
from bot.render.messages import Templates
from bot.settings import Settings

__all__ = ["Finding", "Past", "check", "database", "past", "tokens", "upgraded", "upgrades_itself"]


def check(
    settings: Settings,
    *,
    slack: Slack | None,
    trackers: Mapping[str, Tracker],
    store: Revised,
    templates: Templates,
    declared: Declared,
    ci_hosts: Mapping[str, CiHost],
    known: Past,
    validator: Validator | None = None,
) -> list[Finding]:
    """Look at settings, database, templates, tokens, Slack, trackers and CI; nothing is raised or changed.

    Without `slack` (there is no bot token) Slack is not asked; a `validator` is asked about every template. Every
    part is looked at, whatever another one said.
    """
    findings = [
        *_settings(settings),
        database(store, settings.database),
        *own_templates(settings.templates, templates),
    ]
    findings += tokens(settings)
    if slack is not None:
        findings += workspace(slack, declared, settings)
    answers, experiments = trackers_answer(settings, trackers)
    findings += answers
    if experiments is not None:
        findings += patterns(settings, experiments)
        findings += baselines(settings, trackers, experiments)
    findings += ci(settings, ci_hosts, known)
    if validator is not None:
        findings += live(validator, templates)
    return findings


def _settings(settings: Settings) -> list[Finding]:
    findings = [ok(f"app.yaml can be read: {_count(settings)}.")]
    if not settings.channels:
        findings.append(
            warning("No channel is told anything.", 'Name one in app.yaml: channels: {"#ml-runs": [{}]}')
        )
    if not settings.app.ops_channel:
        findings.append(
            warning(
                "Nobody is told when a tracker, Slack or the database is in trouble.",
                'Set app.ops_channel in app.yaml, such as "#rundown-ops".',
            )
        )
    return findings


def _count(settings: Settings) -> str:
    trackers, channels = len(settings.trackers), len(settings.channels)
    return f"{trackers} tracker{'' if trackers == 1 else 's'}, {channels} channel{'' if channels == 1 else 's'}"
