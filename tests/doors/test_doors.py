"""Nothing is parsed before it is verified, and nothing hostile makes a door fall over."""

import hashlib
import hmac
import json
from http import HTTPStatus
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.doors import Replays, Turned, parse_slack, verify_slack

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_800_000_000.0
FORM = "application/x-www-form-urlencoded"


def signed(raw: bytes, timestamp: str = str(int(NOW)), secret: str = SECRET) -> dict[str, str]:
    base = b"v0:" + timestamp.encode() + b":" + raw
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": timestamp, "x-slack-signature": signature}


def test_a_signed_request_is_let_in() -> None:
    raw = b"command=%2Fruns&text=latest"
    headers = signed(raw)
    assert verify_slack(SECRET, headers, raw, NOW) == headers["x-slack-signature"]


@pytest.mark.parametrize(
    ("sentence", "headers"),
    [
        ("no headers at all", {}),
        ("another secret", signed(b"x", secret="other")),
        ("another body", signed(b"y")),
        ("no timestamp", {"x-slack-signature": signed(b"x")["x-slack-signature"]}),
        ("a timestamp in words", signed(b"x", timestamp="yesterday")),
        ("a timestamp in other digits", {**signed(b"x"), "x-slack-request-timestamp": "١٢٣"}),
        ("a negative timestamp", signed(b"x", timestamp="-1800000000")),
        ("an endless timestamp", signed(b"x", timestamp="9" * 5000)),
        ("six minutes ago", signed(b"x", timestamp=str(int(NOW) - 360))),
        ("six minutes ahead", signed(b"x", timestamp=str(int(NOW) + 360))),
        ("a signature outside ASCII", {**signed(b"x"), "x-slack-signature": "v0=é"}),
        ("a lone surrogate as signature", {**signed(b"x"), "x-slack-signature": "\ud800"}),
    ],
)
def test_an_unproven_request_is_turned_away(sentence: str, headers: dict[str, str]) -> None:
    with pytest.raises(Turned) as turned:
        verify_slack(SECRET, headers, b"x", NOW)
    assert turned.value.status == HTTPStatus.UNAUTHORIZED, sentence


def test_the_same_request_is_let_in_once() -> None:
    replays = Replays()
    assert replays.first("v0=a", NOW)
    assert not replays.first("v0=a", NOW + 299)
    assert replays.first("v0=b", NOW + 1)
    assert replays.first("v0=a", NOW + 3600), "after an hour its timestamp no longer verifies anyway"


def test_a_command_whose_text_says_payload_is_still_a_command() -> None:
    fields = {"command": "/runs", "text": "show payload stats", "channel_name": "payload-team", "payload": "{}"}
    assert parse_slack(urlencode(fields).encode(), FORM)["text"] == "show payload stats"


def test_a_button_arrives_as_json_in_a_form() -> None:
    press = {"type": "block_actions", "actions": [{"action_id": "ask", "value": "latest é"}]}
    assert parse_slack(urlencode({"payload": json.dumps(press)}).encode(), FORM) == press


def test_an_event_arrives_as_json() -> None:
    assert parse_slack(b'{"type": "event_callback"}', "application/json; charset=utf-8") == {
        "type": "event_callback"
    }


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'"text"', "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"\xff\xfe", FORM),
        (b"payload=zzz", FORM),
        (b"payload=%5B%5D", FORM),
        (b"&".join(b"a=1" for _ in range(500)), FORM),
    ],
)
def test_a_malformed_body_is_a_bad_request(raw: bytes, content_type: str) -> None:
    with pytest.raises(Turned) as turned:
        parse_slack(raw, content_type)
    assert turned.value.status == HTTPStatus.BAD_REQUEST


@given(raw=st.binary(max_size=400), content_type=st.sampled_from([FORM, "application/json", "", "text/plain"]))
def test_any_bytes_are_parsed_or_turned_away(raw: bytes, content_type: str) -> None:
    try:
        assert isinstance(parse_slack(raw, content_type), dict)
    except Turned as turned:
        assert turned.status == HTTPStatus.BAD_REQUEST


@given(timestamp=st.text(max_size=30), signature=st.text(max_size=80), raw=st.binary(max_size=100))
def test_no_made_up_headers_get_in(timestamp: str, signature: str, raw: bytes) -> None:
    with pytest.raises(Turned):
        verify_slack(SECRET, {"x-slack-request-timestamp": timestamp, "x-slack-signature": signature}, raw, NOW)
