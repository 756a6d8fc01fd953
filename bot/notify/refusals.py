"""What Slack's refusals mean for a post, and how each is mended."""

from enum import StrEnum


class Refusal(StrEnum):
    """What to do about a refusal: wait, hold everything, say it plainer, let it be, or give up and tell."""

    WAIT = "wait"
    CREDENTIALS = "credentials"
    CONTENT = "content"
    GONE = "gone"
    CHANNEL = "channel"


# Errors of chat.postMessage and chat.update: https://docs.slack.dev/reference/methods/chat.postMessage
KINDS = {
    Refusal.WAIT: frozenset(
        {"ratelimited", "rate_limited", "connection_refused", "service_unavailable"}
        | {"team_added_to_org", "accesslimited"}
    ),
    Refusal.CREDENTIALS: frozenset(
        {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "no_permission"}
        | {"missing_scope", "access_denied", "org_login_required", "ekm_access_denied", "not_allowed_token_type"}
        | {"team_access_not_granted", "two_factor_setup_required"}
    ),
    Refusal.CONTENT: frozenset(
        {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text"}
        | {"invalid_arguments", "invalid_attachments", "too_many_attachments", "duplicate_message_not_allowed"}
        | {"markdown_text_conflict", "only_one_table_allowed"}
    ),
    Refusal.GONE: frozenset(
        {"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"}
        | {"cannot_reply_to_message", "invalid_ts", "tombstone"}
    ),
}

# Refusals that say nothing but that this token is no good: another one will be let in.
NO_TOKEN = frozenset({"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"})

MENDS = {
    "not_in_channel": "I am not a member of {channel}. Invite me there: /invite @{name}",
    "channel_not_found": "I cannot see {channel}: it does not exist, was renamed, or is private. "
    "Mend its name in app.yaml, or invite me there: /invite @{name}",
    "is_archived": "{channel} is archived. Unarchive it, or take it out of app.yaml.",
    "restricted_action": "Only some people may post in {channel}. Let me post there, or take it out of app.yaml.",
    "restricted_action_read_only_channel": "{channel} is read-only for me. Let me post there, "
    "or take it out of app.yaml.",
    "user_not_found": "I cannot find the person {channel}. Mend the id in app.yaml.",
    "cannot_dm_bot": "{channel} is a bot, and bots cannot be written to. Mend the id in app.yaml.",
    "messages_tab_disabled": "Direct messages to me are off. Switch the app's messages tab on "
    "(`rundown manifest` has it on).",
}
UNKNOWN = "Slack refuses what I post in {channel} and says {error}."


def kind(error: str) -> Refusal:
    """What to do about an error code; one that nobody knows concerns the channel it came from."""
    return next((what for what, errors in KINDS.items() if error in errors), Refusal.CHANNEL)


def mend(error: str, channel: str, name: str) -> str:
    """What is wrong with a channel and the one step that mends it; `name` is the bot's own."""
    return MENDS.get(error, UNKNOWN).format(channel=channel, name=name, error=error)
