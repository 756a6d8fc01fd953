"""Whether Slack lets the bot do its work: tokens, scopes, channels."""

from collections.abc import Iterator, Sequence

from pydantic import SecretStr

from bot.check.findings import Finding, error, ok, warning
from bot.manifest import SCOPES, Declared, needed_scopes
from bot.ports.errors import EdgeError, SlackRefused
from bot.ports.slack import Slack, SlackChannel
from bot.settings import Settings
from bot.settings.hints import did_you_mean

PAGES = "https://api.slack.com/apps"
# Slack's errors that say that the token itself is not good.
BAD_TOKEN = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})


def tokens(settings: Settings) -> list[Finding]:
    """Whether the tokens that the mode needs are set and look like tokens."""
    slack, mode = settings.slack, settings.app.mode
    findings = [
        _token(
            "SLACK_BOT_TOKEN",
            slack.bot_token,
            "xoxb-",
            f"Create the app from manifest.yaml at {PAGES}, install it, and set SLACK_BOT_TOKEN to the "
            "Bot User OAuth Token of its page OAuth & Permissions.",
        )
    ]
    if mode == "socket":
        findings.append(
            _token(
                "SLACK_APP_TOKEN",
                slack.app_token,
                "xapp-",
                f"Make an app-level token with the scope connections:write at {PAGES}, Basic Information, "
                "and set SLACK_APP_TOKEN to it.",
            )
        )
    else:
        findings.append(
            _token(
                "SLACK_SIGNING_SECRET",
                slack.signing_secret,
                "",
                f"Copy the Signing Secret from {PAGES}, Basic Information, and set SLACK_SIGNING_SECRET to it.",
            )
        )
        if settings.app.public_url.startswith("http://"):
            findings.append(
                warning(
                    "app.public_url is http; Slack delivers to https addresses only.",
                    "Put a proxy with a certificate before the bot and name its https address.",
                )
            )
    return findings


def _token(name: str, given: SecretStr | None, prefix: str, mend: str) -> Finding:
    if given is None:
        return error(f"{name} is not set.", mend)
    if not given.get_secret_value().startswith(prefix):
        return error(f"{name} does not begin with {prefix}: it is another kind of token.", mend)
    return ok(f"{name} is set.")


def workspace(slack: Slack, declared: Declared, settings: Settings) -> list[Finding]:
    """Whether Slack accepts the token, which scopes it lacks, and which channels the bot is not in."""
    try:
        granted = slack.scopes()
    except EdgeError as problem:
        return [_refused(problem, settings.slack.api_base_url)]
    return [ok("Slack accepts the bot's token."), *_scopes(granted, declared), *_channels(slack, settings)]


def _scopes(granted: frozenset[str], declared: Declared) -> list[Finding]:
    if not granted:
        said = "Slack did not say which scopes the token has."
        return [warning(said, "Compare those of the app's page OAuth & Permissions with manifest.yaml.")]
    missing = [scope for scope in needed_scopes(declared) if scope not in granted]
    findings = [
        error(
            f"The scope {scope} is missing; with it Rundown {SCOPES.get(scope, 'does its work')}.",
            f"Paste the output of `rundown manifest` into the app's page App Manifest at {PAGES}, "
            "then install the app again.",
        )
        for scope in missing
    ]
    return findings or [ok("The token has every scope that Rundown needs.")]


def _refused(problem: EdgeError, address: str) -> Finding:
    if isinstance(problem, SlackRefused) and problem.error in BAD_TOKEN:
        return error(
            f"Slack does not accept the bot's token ({problem.error}).",
            f"Install the app again at {PAGES} and set SLACK_BOT_TOKEN to its new Bot User OAuth Token.",
        )
    if isinstance(problem, SlackRefused) and problem.permanent:
        return error(f"Slack refused to say who the bot is ({problem.error}).", f"Look at the app at {PAGES}.")
    return error(
        f"Slack does not answer at {address} ({problem}).",
        "Can this machine reach it? Look at the proxy, or at SLACK_API_BASE_URL, and try again.",
    )


def _channels(slack: Slack, settings: Settings) -> list[Finding]:
    wanted = list(dict.fromkeys([*settings.channels, *filter(None, [settings.app.ops_channel])]))
    if not wanted:
        return []
    try:
        seen = slack.channels()
    except EdgeError as problem:
        return [error(f"Slack did not list its channels ({problem}).", "Try again; scopes are named above.")]
    return list(_members(wanted, seen, settings.app.name))


def _members(wanted: Sequence[str], seen: Sequence[SlackChannel], bot: str) -> Iterator[Finding]:
    known = {channel.id: channel for channel in seen}
    known |= {f"#{channel.name}": channel for channel in seen}
    names = sorted(f"#{channel.name}" for channel in seen)
    for name in wanted:
        channel = known.get(name)
        if channel is None:
            hint = did_you_mean(name, names).removeprefix("; ")
            correct = f"Correct app.yaml ({hint})" if hint else "Make it in Slack, or correct app.yaml"
            mend = f"{correct}; if it is private, type in it: /invite @{bot}"
            yield error(f"The bot sees no channel {name}.", mend)
        elif channel.archived:
            yield error(f"The channel {name} is archived.", "Unarchive it in Slack, or take it out of app.yaml.")
        elif not channel.member:
            yield error(f"The bot is not a member of {name}.", f"Type in {name}: /invite @{bot}")
        else:
            yield ok(f"The bot is in {name}.")
