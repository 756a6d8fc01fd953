"""Is everything there that the bot needs? What is wrong, and the one step that mends each."""

from collections.abc import Mapping

from bot.check.findings import Finding, ok, warning
from bot.check.here import Revised, database, upgraded, upgrades_itself
from bot.check.slack import tokens, workspace
from bot.check.templates import live, own_templates
from bot.check.trackers import patterns, trackers_answer
from bot.manifest import Declared
from bot.ports.slack import Slack, Validator
from bot.ports.tracker import Tracker
from bot.render.messages import Templates
from bot.settings import Settings

__all__ = ["Finding", "check", "database", "tokens", "upgraded", "upgrades_itself"]


def check(
    settings: Settings,
    *,
    slack: Slack | None,
    trackers: Mapping[str, Tracker],
    store: Revised,
    templates: Templates,
    declared: Declared,
    validator: Validator | None = None,
) -> list[Finding]:
    """Look at settings, database, templates, tokens, Slack and trackers; nothing is raised, nothing is changed.

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
    wishes = [wish for channel in settings.channels.values() for wish in channel]
    if settings.ci.github.secret is None and any("pipelines" in wish.post for wish in wishes):
        address = f"{settings.app.public_url or '<public address>'}/webhooks/github"
        findings.append(
            warning(
                "Pipelines are asked for, but GitHub is not listened to: its webhook has no secret.",
                f"Add a webhook for workflow runs to {address} at GitHub and set GITHUB_WEBHOOK_SECRET, "
                "or take pipelines out of post.",
            )
        )
    return findings


def _count(settings: Settings) -> str:
    trackers, channels = len(settings.trackers), len(settings.channels)
    return f"{trackers} tracker{'' if trackers == 1 else 's'}, {channels} channel{'' if channels == 1 else 's'}"
