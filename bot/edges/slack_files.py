"""Files for Slack in its three steps: an address, the bytes, and the message that shows them."""

import http.client
from functools import partial

import httpx
from slack_sdk import WebClient

from bot.edges.slack_answers import asked
from bot.facts.messages import Picture
from bot.ports.errors import SlackRefused, SlackUnclear

# https://docs.slack.dev/reference/methods/files.getUploadURLExternal (alt_txt_too_large)
ALT = 1000
# An error of ours: Slack has no file yet, so nobody can have seen it.
FAILED = "upload_failed"


def uploaded(client: WebClient, picture: Picture, timeout: float, *, channel_id: str, thread_ts: str) -> None:
    """Put a picture into a channel. Raises SlackRefused, or SlackUnclear where the last step may be done."""
    file_id = _handed_over(client, picture, timeout)
    asked(
        partial(
            client.files_completeUploadExternal,
            files=[{"id": file_id, "title": picture.title}],
            channel_id=channel_id,
            thread_ts=thread_ts or None,
        )
    )


def _handed_over(client: WebClient, picture: Picture, timeout: float) -> str:
    """The id of the file whose bytes Slack now has, and shows to nobody."""
    try:
        answer = asked(
            partial(
                client.files_getUploadURLExternal,
                filename=picture.name,
                length=len(picture.content),
                alt_txt=picture.alt[:ALT] or None,
            )
        )
        sent = httpx.post(str(answer["upload_url"]), content=picture.content, timeout=timeout)
    except (SlackUnclear, httpx.HTTPError, httpx.InvalidURL) as problem:
        raise SlackRefused(FAILED) from problem
    if sent.status_code != http.client.OK:
        raise SlackRefused(FAILED)
    return str(answer["file_id"])
