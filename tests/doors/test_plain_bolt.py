"""The same request at plain Bolt's door and at ours: what hurts Bolt is answered as it should be here."""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus

import pytest
from starlette.applications import Starlette

from handlers.doors import SLACK_BODY_BYTES
from tests.doors.asgi import Answer, ask
from tests.doors.house import FORM, JSON, House, command, slack_headers
from tests.doors.plain_bolt import plain_bolt

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def bolt() -> Starlette:
    return plain_bolt()


def refused(answer: Answer) -> bool:
    """Turned away as the sender's mistake, and not as a fault of ours."""
    return 400 <= answer.status < 500


def test_the_word_payload_in_a_command(home: House, bolt: Starlette) -> None:
    for raw in (command("help payload"), command("help", channel_name="payload-team")):
        headers = home.slack(raw)
        assert ask(bolt, raw, headers).status == HTTPStatus.NOT_FOUND, "Bolt reads it as an empty request"
        here = ask(home.web, raw, headers)
        assert here.status == HTTPStatus.OK
        assert json.loads(here.body)["response_type"] == "ephemeral"


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"{", JSON),
        (b"\xff\xfe\x00", FORM),
        (b"\xc3\x28", JSON),
        (b'"text"', JSON),
        (b"7", JSON),
        (b"payload=zzz", FORM),
        (b"payload=%7B", FORM),
    ],
    ids=["half-json", "no-utf8", "bad-utf8-json", "json-string", "json-number", "payload", "half-payload"],
)
def test_an_unsigned_body_that_cannot_be_read(home: House, bolt: Starlette, raw: bytes, kind: str) -> None:
    headers = {"content-type": kind}
    assert ask(bolt, raw, headers).status == HTTPStatus.INTERNAL_SERVER_ERROR, "Bolt parses before it verifies"
    assert ask(home.web, raw, headers).status == HTTPStatus.UNAUTHORIZED, "here it is not even parsed"
    assert ask(home.web, raw, home.slack(raw, kind)).status == HTTPStatus.BAD_REQUEST, "signed, it is"


@pytest.mark.parametrize(
    "changed",
    [
        {"x-slack-request-timestamp": "yesterday"},
        {"x-slack-request-timestamp": "1e3"},
        {"x-slack-signature": "v0=\xe9\xff"},
    ],
    ids=["timestamp-in-words", "timestamp-as-float", "signature-outside-ascii"],
)
def test_headers_that_are_no_signature(home: House, bolt: Starlette, changed: Mapping[str, str]) -> None:
    raw = command("help")
    headers = {**home.slack(raw), **changed}
    assert ask(bolt, raw, headers).status == HTTPStatus.INTERNAL_SERVER_ERROR
    assert ask(home.web, raw, headers).status == HTTPStatus.UNAUTHORIZED


def test_thirty_megabytes_are_not_read(home: House, bolt: Starlette) -> None:
    def pieces() -> Iterator[bytes]:
        return (b"x" * MEGABYTE for _ in range(30))

    unsigned = {"content-type": FORM, "x-slack-request-timestamp": "1", "x-slack-signature": "v0=0"}
    told = {**unsigned, "content-length": str(30 * MEGABYTE)}
    assert ask(bolt, pieces(), told).read == 30 * MEGABYTE, "Bolt reads it all before it verifies"
    here = ask(home.web, pieces(), told)
    assert (here.status, here.read) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, 0)
    untold = ask(home.web, pieces(), {**unsigned, "transfer-encoding": "chunked"})
    assert untold.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert untold.read <= SLACK_BODY_BYTES + MEGABYTE, "of a body that does not tell its size, up to the cap"
    webhook = ask(home.web, pieces(), told, path="/webhooks/github")
    assert (webhook.status, webhook.read) == (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, 0)


@pytest.mark.parametrize("length", ["9" * 5000, "²", "-1", "1e3", ""])
def test_a_length_that_is_no_length(home: House, length: str) -> None:
    assert refused(ask(home.web, b"x", {"content-type": FORM, "content-length": length}))


def test_a_signed_request_sent_again(home: House, bolt: Starlette) -> None:
    raw = command("help")
    headers = home.slack(raw)
    assert [ask(bolt, raw, headers).status for _ in range(2)] == [HTTPStatus.OK, HTTPStatus.OK]
    assert [ask(home.web, raw, headers).status for _ in range(2)] == [HTTPStatus.OK, HTTPStatus.CONFLICT]


@pytest.mark.parametrize("path", ["/slack/events", "/webhooks/github"])
def test_a_body_that_never_ends(home: House, bolt: Starlette, path: str) -> None:
    headers = {"content-type": FORM, "content-length": "100", **slack_headers(b"", "1")}
    if path == "/slack/events":
        with pytest.raises(TimeoutError):
            ask(bolt, b"command=", headers, endless=True, at_most=1)
    here = ask(home.web, b"command=", headers, path=path, endless=True, at_most=5)
    assert here.status == HTTPStatus.REQUEST_TIMEOUT
    assert here.headers["connection"] == "close"
