"""The bytes of every exchange, in a folder of WARC files that any web archive's tools read.

One gzipped file for each UTC day and writer; nobody else ever writes to it, so that several processes can
archive into one folder at once. Files are only appended to: what stands before a crash stays readable.
"""

from __future__ import annotations

import gzip
import os
import secrets
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from warcio.exceptions import ArchiveLoadFailed

from models.warc import Archivable, StoredBytes, description, parsed, records

LONGEST_REQUEST = 1 << 16
"""A request record is far shorter: an address and a dozen headers."""


class ArchiveError(Exception):
    """A place of the archive does not hold what was put there; the message names file, offset and why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record lies: file name in the archive's folder, first byte, number of bytes (gzipped)."""

    file: str
    offset: int
    length: int


class Archive:
    """A folder of WARC files. Safe for threads, and for several processes on one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._writer = secrets.token_hex(4)

    def store(self, exchange: Archivable) -> Place:
        """Put an exchange on disk; it is there, flushed and synced, when this returns."""
        packed = list(records(exchange))
        with self._lock:
            path = self._folder / self._file_name(exchange.at)
            if not path.exists():
                self._begin(path, exchange.at)
            offset = _append(path, b"".join(packed))
        return Place(path.name, offset, len(packed[0]))

    def load(self, place: Place, *, sha256: str | None = None) -> StoredBytes:
        """What a place holds, checked against its digest, and against ``sha256`` of the body where given.

        Raises ArchiveError where the file is missing or too short, or anything in it is not as it was stored.
        """
        try:
            stored = parsed(self._read(place))
        except (ArchiveError, ArchiveLoadFailed, OSError, EOFError, zlib.error, ValueError) as error:
            raise ArchiveError(f"{place.file} at {place.offset}: {error}") from error
        if sha256 is not None and stored.sha256 != sha256:
            raise ArchiveError(
                f"{place.file} at {place.offset}: the body's SHA-256 is {stored.sha256}, not {sha256}"
            )
        return stored

    def copy_to(self, target: Path, places: Sequence[Place], at: datetime) -> None:
        """Write the exchanges at ``places`` into one new WARC file: each response with its request."""
        with target.open("xb") as out:
            out.write(description(target.name, at))
            for place in places:
                out.write(self._packed(place))

    def _packed(self, place: Place) -> bytes:
        """The record at a place as it lies there, and the request record that follows it."""
        with (self._folder / place.file).open("rb") as file:
            file.seek(place.offset)
            record = file.read(place.length)
            rest = file.read(LONGEST_REQUEST)
        reader = zlib.decompressobj(wbits=31)
        head = reader.decompress(rest) if rest else b""
        follows = reader.eof and b"\r\nWARC-Type: request\r\n" in head[:2000]
        return record + (rest[: len(rest) - len(reader.unused_data)] if follows else b"")

    def _file_name(self, at: datetime) -> str:
        return f"servanda-{at.astimezone(UTC):%Y-%m-%d}-{os.getpid()}-{self._writer}.warc.gz"

    def _begin(self, path: Path, at: datetime) -> None:
        """Make the file, with the record that says what it is, and make its name durable."""
        path.parent.mkdir(parents=True, exist_ok=True)
        _append(path, description(path.name, at))
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _read(self, place: Place) -> bytes:
        if Path(place.file).name != place.file:
            raise ArchiveError("this is no file name of the archive")
        with (self._folder / place.file).open("rb") as file:
            file.seek(place.offset)
            data = file.read(place.length)
        if len(data) != place.length:
            raise ArchiveError(f"the file ends after {len(data)} of {place.length} bytes")
        return gzip.decompress(data)


def _append(path: Path, data: bytes) -> int:
    """Write to the end of a file and sync it; the offset at which ``data`` begins.

    What a failed write has left is cut off again, so that the next record does not follow half of one.
    """
    with path.open("ab", buffering=0) as file:
        offset = file.seek(0, os.SEEK_END)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(offset)
            raise
    return offset
