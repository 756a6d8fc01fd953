"""How a delivery of GitLab proves where it comes from: a token beside the body, or a signature over it.

The signature is that of Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from bot.ci.arrival import Unsigned
from bot.settings import CiSettings

TOKEN = "x-gitlab-token"  # noqa: S105  the name of a header
ID = "webhook-id"
TIMESTAMP = "webhook-timestamp"
SIGNATURE = "webhook-signature"
TOLERANCE_SECONDS = 300
# A header may carry several signatures while a key is being replaced.
SIGNATURES_READ = 10
KEY_PREFIX = "whsec_"


def closed(ci: CiSettings) -> str:
    """What must be set before a delivery can be verified."""
    known = ci.gitlab.secret is not None or ci.gitlab.signing_token is not None
    return "" if known else "set GITLAB_WEBHOOK_TOKEN or GITLAB_SIGNING_TOKEN"


def verify(ci: CiSettings, headers: Mapping[str, str], raw: bytes, now: datetime) -> None:
    """Check the signature where a signing token is set, and else the secret token; raises Unsigned."""
    if ci.gitlab.signing_token is not None:
        _signed(ci.gitlab.signing_token.get_secret_value(), headers, raw, now)
        return
    secret = ci.gitlab.secret.get_secret_value() if ci.gitlab.secret is not None else ""
    given = headers.get(TOKEN, "")
    # HTTP's headers are bytes, which the door reads as Latin-1.
    if not secret or not hmac.compare_digest(given.encode("latin-1", "replace"), secret.encode()):
        raise Unsigned(f"{TOKEN} is missing or wrong")


def _signed(token: str, headers: Mapping[str, str], raw: bytes, now: datetime) -> None:
    identity, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Unsigned(f"{TIMESTAMP} is not a Unix time")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        raise Unsigned(f"{TIMESTAMP} is more than five minutes off")
    signed = f"{identity}.{timestamp}.".encode("utf-8", "surrogatepass") + raw
    wanted = "v1," + base64.b64encode(hmac.new(_key(token), signed, hashlib.sha256).digest()).decode()
    given = headers.get(SIGNATURE, "").split(" ", SIGNATURES_READ)[:SIGNATURES_READ]
    fits = [hmac.compare_digest(one.encode("utf-8", "replace"), wanted.encode()) for one in given]
    if not identity or not any(fits):
        raise Unsigned(f"{SIGNATURE} is missing or does not fit the body")


def _key(token: str) -> bytes:
    """The bytes of a signing token: what follows whsec_ is base64."""
    if token.startswith(KEY_PREFIX):
        try:
            return base64.b64decode(token.removeprefix(KEY_PREFIX), validate=True)
        except binascii.Error:
            pass
    return token.encode()
