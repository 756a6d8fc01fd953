"""The bytes of a picture go to the address that Slack names; where they do not arrive, nobody has seen it."""

import json

import pytest

from bot.edges.slack import SlackEdge
from bot.facts.messages import Picture
from bot.ports.errors import SlackRefused
from tests.servers.scripted import Asked, Said, Scripted, scripted_server

PICTURE = Picture("curves.png", b"\x89PNG", "val_auc", "It rises. " * 200)


@pytest.mark.parametrize("status", [400, 404, 413, 500, 503])
def test_bytes_that_are_not_taken_are_a_picture_that_was_never_seen(status: int) -> None:
    asked: list[Asked] = []
    with scripted_server() as server:
        server.script = lambda one: asked.append(one) or _said(server, one, status)
        with pytest.raises(SlackRefused) as refused:
            SlackEdge("xoxb-1", f"{server.url}/api/", 5).upload("C1", PICTURE)
    assert (refused.value.error, refused.value.permanent) == ("upload_failed", False)
    assert [one.path.partition("?")[0] for one in asked] == ["/api/files.getUploadURLExternal", "/upload/F1"]
    assert asked[1].body == PICTURE.content


def _said(server: Scripted, one: Asked, status: int) -> Said:
    if "getUploadURL" in one.path:
        return Said(json.dumps({"ok": True, "upload_url": f"{server.url}/upload/F1", "file_id": "F1"}).encode())
    return Said(b"no", status)
