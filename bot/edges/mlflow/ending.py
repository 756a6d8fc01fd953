"""The end of a file over HTTP: asked for by range, else read through, and never more kept than wanted."""

import time
from collections.abc import Mapping

import httpx

from bot.ports.errors import TrackerDown, TrackerRefused

# What is read through at most where a server does not know ranges (MLflow's own does).
THROUGH_BYTES = 16 * 1024 * 1024
REASON_BYTES = 64 * 1024


class Ending:
    """Reads the last `most` bytes of one answer within `seconds`; `ranged` are the headers to ask with first.

    A file shorter than the range is refused as 416 (RFC 9110 §15.5.17 lets a server do so): then `plain`.
    """

    def __init__(self, name: str, most: int, seconds: float) -> None:
        self.name = name
        self.most = most
        self.seconds = seconds
        self.plain: Mapping[str, str] = {"accept": "*/*", "accept-encoding": "identity"}
        self.ranged: Mapping[str, str] = {**self.plain, "range": f"bytes=-{most}"}

    def read(self, response: httpx.Response) -> bytes:
        """The end of an answer, all of an error; TrackerRefused where it is too long, or packed."""
        most = self.most if response.is_success else REASON_BYTES
        if response.headers.get("content-encoding", "identity") != "identity":
            raise TrackerRefused(f"{self.name} packs its artifacts, though asked not to.")
        if _promised(response) > THROUGH_BYTES:
            raise self._too_long()
        until = time.monotonic() + self.seconds
        end, through = bytearray(), 0
        for chunk in response.iter_raw():
            through += len(chunk)
            end += chunk
            del end[:-most]
            if through > THROUGH_BYTES:
                raise self._too_long()
            if time.monotonic() > until:
                raise TrackerDown(f"{self.name} took longer than {self.seconds:g} s to send an artifact's end.")
        return bytes(end)

    def _too_long(self) -> TrackerRefused:
        most = THROUGH_BYTES // 2**20
        return TrackerRefused(f"{self.name} sends whole artifacts only, and this one has more than {most} MB.")


def _promised(response: httpx.Response) -> int:
    length = response.headers.get("content-length", "")
    return int(length) if length.isdigit() else 0
