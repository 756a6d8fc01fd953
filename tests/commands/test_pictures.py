"""The picture of an answer is put up once, where it is to be seen, and what goes wrong with it is said."""

import pytest

from bot.facts.messages import Message, Picture
from bot.ports.errors import SlackRefused
from bot.ports.slack import SlackUser
from handlers.answers import say
from tests.commands.desk import JO, Desk
from tests.fakes.slack import Fault

PICTURE = Picture("curves.png", b"\x89PNG", "val_auc", "It rises.")
HOOK = "https://hooks.slack.com/1"
FINISH = "files.completeUploadExternal"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    desk.slack.add_person(SlackUser(JO.user, "jo"))
    desk.slack.places[JO.channel] = desk.slack.places.pop(desk.slack.add_channel("#churn"))
    return desk


def told(desk: Desk, *, share: bool = False) -> list[str]:
    message = Message("plain/notice", {"text": "The curves.", "details": ""}, share=share, picture=PICTURE)
    say(desk.deps, HOOK, message, JO)
    return [str(body["text"]) for _, body in desk.slack.responses]


def seen(desk: Desk, channel: str) -> list[Picture | None]:
    return [one.picture for one in desk.slack.shown(channel)] if channel in desk.slack.places else []


def test_a_private_answers_picture_goes_into_the_direct_messages(desk: Desk) -> None:
    assert told(desk) == ["The curves."]
    assert (seen(desk, "DU0001"), seen(desk, JO.channel)) == ([PICTURE], [])


def test_a_shared_answers_picture_goes_into_the_channel(desk: Desk) -> None:
    assert told(desk, share=True) == ["The curves."]
    assert (seen(desk, "DU0001"), seen(desk, JO.channel)) == ([], [PICTURE])


def test_a_channel_the_bot_is_not_in_is_said_with_what_to_do(desk: Desk) -> None:
    desk.slack.fault(FINISH, Fault(error="not_in_channel"))
    assert told(desk, share=True)[1:] == [
        "The picture cannot stand here: I am no member of this channel.\nInvite me and share again."
    ]


@pytest.mark.parametrize("error", ["ratelimited", "missing_scope", "storage_limit_reached"])
def test_what_slack_refuses_is_said_and_not_tried_again(desk: Desk, error: str) -> None:
    desk.slack.fault(FINISH, Fault(error=error))
    assert told(desk)[1].startswith("Slack did not take the picture.")
    assert seen(desk, "DU0001") == []


def test_a_picture_of_which_nobody_knows_is_not_put_up_again(desk: Desk) -> None:
    desk.slack.fault(FINISH, Fault(drop="after"))
    assert told(desk) == ["The curves."]
    assert seen(desk, "DU0001") == [PICTURE]


def test_an_answer_that_was_refused_is_tried_again_before_its_picture(desk: Desk) -> None:
    desk.slack.fault("respond", Fault(error="ratelimited"))
    with pytest.raises(SlackRefused):
        told(desk)
    assert seen(desk, "DU0001") == []
    assert told(desk) == ["The curves."]
    assert seen(desk, "DU0001") == [PICTURE]
