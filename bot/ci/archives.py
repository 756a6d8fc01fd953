"""The files of a report that comes as one: plain, gzip or zip; unpacked piece by piece, and never onto a disk."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Protocol

from bot.ci.limits import BadReport, TooLarge

GZIP = b"\x1f\x8b"
ZIP = b"PK"
# https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.14 to 4.3.16
END, END_SIZE, COMMENT_SIZE = b"PK\x05\x06", 22, 65_535
LOCATOR, LOCATOR_SIZE, END64, END64_SIZE = b"PK\x06\x07", 20, b"PK\x06\x06", 56
DIRECTORY_BYTES = 1_000_000
WANTED = (".xml", ".xml.gz")
ENCRYPTED = 0x1
STORED_OR_DEFLATED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, OverflowError)


class Pieces(Protocol):
    """A file that is read piece by piece."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes more, none at the end; raises BadReport where the file is broken."""
        ...


def files(raw: bytes, name: str) -> Iterator[tuple[str, Pieces]]:
    """The files in what was sent, each with a name to tell it by; raises BadReport and TooLarge.

    Of a zip these are its *.xml and *.xml.gz; their names only serve to tell them apart.
    """
    if not raw.startswith(ZIP):
        yield name, plain(raw)
        return
    _check_directory(raw, name)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for entry in archive.infolist():
                if entry.filename.lower().endswith(WANTED) and not entry.is_dir():
                    yield _shown(entry.filename), _entry(archive, entry)
    except BROKEN as problem:
        raise BadReport(f"{name}: the zip cannot be read ({type(problem).__name__}); was it sent whole?") from None


def plain(raw: bytes) -> Pieces:
    """A file's content, unpacked while it is read where it is gzip."""
    return _stream(io.BytesIO(raw))


def _stream(file: IO[bytes]) -> Pieces:
    beginning = file.read(2)
    rest = _Rest(beginning, file)
    return _Gunzipped(rest) if beginning == GZIP else rest


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Pieces:
    if entry.flag_bits & ENCRYPTED:
        raise BadReport(f"{_shown(entry.filename)}: it is encrypted; send it without a password")
    if entry.compress_type not in STORED_OR_DEFLATED:
        raise BadReport(f"{_shown(entry.filename)}: it is packed in a way that is not read; deflate it")
    return _stream(archive.open(entry))


def _shown(name: str) -> str:
    """The last part of a path from outside, short."""
    return "".join(c if c.isprintable() else "?" for c in name.replace("\\", "/").rpartition("/")[2])[-100:]


class _Rest:
    """A file of which the beginning was read."""

    def __init__(self, beginning: bytes, file: IO[bytes]) -> None:
        self._beginning = beginning
        self._file = file

    def read(self, size: int, /) -> bytes:
        """Another piece."""
        piece, self._beginning = self._beginning, b""
        try:
            return piece + self._file.read(size - len(piece))
        except BROKEN as problem:
            raise BadReport(f"the zip cannot be read ({type(problem).__name__}); was it sent whole?") from None


class _Gunzipped:
    """A gzip file's content, at most `size` bytes at a time, however well it was packed."""

    def __init__(self, file: Pieces) -> None:
        self._file = file
        self._unpacker = zlib.decompressobj(wbits=31)

    def read(self, size: int, /) -> bytes:
        """Another piece."""
        try:
            while not self._unpacker.eof:
                packed = self._unpacker.unconsumed_tail or self._file.read(size)
                if not packed:
                    raise BadReport("the gzip ends in the middle; was it sent whole?")
                piece = self._unpacker.decompress(packed, size)
                if piece:
                    return piece
        except zlib.error:
            raise BadReport("the gzip cannot be read; was it sent whole?") from None
        return b""


def _check_directory(raw: bytes, name: str) -> None:
    """Refuse a zip whose table of contents is larger than any report's, before it is read; raises TooLarge.

    A zip of 20 MB may list 400,000 files, and the list alone would take 200 MB.
    """
    end = raw.rfind(END, max(0, len(raw) - END_SIZE - COMMENT_SIZE))
    if end < 0 or end + END_SIZE > len(raw):
        raise BadReport(f"{name}: the zip ends in the middle; was it sent whole?")
    (size,) = struct.unpack_from("<L", raw, end + 12)
    if raw[max(0, end - LOCATOR_SIZE) :].startswith(LOCATOR):
        (at,) = struct.unpack_from("<Q", raw, end - LOCATOR_SIZE + 8)
        if raw[at : at + 4] != END64 or at + END64_SIZE > len(raw):
            raise BadReport(f"{name}: the zip's table of contents cannot be found; was it sent whole?")
        (size,) = struct.unpack_from("<Q", raw, at + 40)
    if size > DIRECTORY_BYTES:
        raise TooLarge(f"{name}: the zip lists too many files; send only those with test results")
