"""A test report as a pipeline posts it: the body, its address and its signed headers."""

import hashlib
import hmac
import uuid
from pathlib import Path
from urllib.parse import urlencode

from tests.doors.house import REPORTS

XML = "application/xml"
COMMIT = "7d3f1c9a5be24880c6f1e0b7a942d5538e61fa20"
PYTEST = (Path(__file__).parents[1] / "ci" / "junit" / "pytest.xml").read_bytes()
TOLD = {"commit": COMMIT, "branch": "main", "repository": "acme/churn", "url": "https://ci.example.com/1"}


def query(**told: str) -> bytes:
    """What the address says."""
    return urlencode(TOLD | told).encode()


def posted(
    raw: bytes, said: bytes, timestamp: int | str, identity: str = "", secret: str = REPORTS, kind: str = XML
) -> dict[str, str]:
    """The headers, made as docs/ci-reports.md says and not with the code they are for."""
    identity, digest = identity or uuid.uuid4().hex, hashlib.sha256(raw).hexdigest()
    words = f"v1:{timestamp}:{identity}:{said.decode('latin-1')}:{digest}"
    return {
        "content-type": kind,
        "x-rundown-timestamp": str(timestamp),
        "x-rundown-id": identity,
        "x-rundown-digest": digest,
        "x-rundown-signature": "v1=" + hmac.new(secret.encode(), words.encode(), hashlib.sha256).hexdigest(),
    }
