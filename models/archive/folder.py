"""The bytes of every exchange, in a folder of WARC files that any web archive's tools read.

One gzipped file for each UTC day and writer; nobody else ever writes to it, so that several processes can
archive into one folder at once. Files are only appended to: what stands before a crash stays readable.

A body that an earlier record holds already, byte for byte as transferred, is not written again: its exchange
becomes a ``revisit`` record, which names that record and where it lies. The archive alone gives it back.
"""

from __future__ import annotations

import gzip
import os
import re
import secrets
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from warcio.exceptions import ArchiveLoadFailed

from servanda.models.archive.warc_reading import (
    BadRecord,
    StoredBytes,
    WarcRecord,
    decode_record,
    fill_revisit,
    parse_record,
)
from servanda.models.archive.warc_writing import (
    Archivable,
    EarlierRecord,
    Fields,
    exchange_records,
    warcinfo_record,
)

LONGEST_REQUEST = 1 << 16
"""A request record is far shorter: an address and a dozen headers."""


class ArchiveError(Exception):
    """A place of the archive does not hold what was put there; the message names file, offset and why."""


@dataclass(frozen=True, slots=True)
class RecordLocation:
    """Where a record lies: file name in the archive's folder, first byte, number of bytes (gzipped)."""

    file: str
    offset: int
    length: int

    def __str__(self) -> str:
        return f"{self.file} {self.offset} {self.length}"

    @classmethod
    def named(cls, text: str) -> RecordLocation:
        """A place as ``str`` writes it; BadRecord for anything else."""
        parts = text.split(" ")
        if len(parts) != 3 or not all(re.fullmatch("[0-9]{1,18}", part) for part in parts[1:]):
            raise BadRecord(f"{text[:200]!r} names no place of an archive")
        return cls(parts[0], int(parts[1]), int(parts[2]))


class Archive:
    """A folder of WARC files. Safe for threads, and for several processes on one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._writer = secrets.token_hex(4)

    def store(self, exchange: Archivable, *, earlier: EarlierRecord | None = None) -> RecordLocation:
        """Put an exchange on disk; it is there, flushed and synced, when this returns.

        ``earlier``: what ``holding`` or ``unmodified`` found, for a revisit.
        """
        packed = list(exchange_records(exchange, earlier))
        with self._lock:
            path = self.folder / self._file_name(exchange.at)
            if not path.exists():
                self._begin(path, exchange.at)
            offset = _append(path, b"".join(packed))
        return RecordLocation(path.name, offset, len(packed[0]))

    def load(self, place: RecordLocation, *, sha256: str | None = None) -> StoredBytes:
        """What a place holds, checked against its digests, and against ``sha256`` of the body where given.

        The bytes of a revisit come from the record that it refers to. Raises ArchiveError where a file is
        missing or too short, or anything in it is not as it was stored; of a revisit it names both places.
        """
        record = self._record(place)
        if record.kind == "identical" and record.earlier is not None:
            record = self._filled(record, place, record.earlier.where)
        try:
            found = decode_record(record)
        except (zlib.error, ValueError) as error:
            raise _damaged(place, error) from error
        if sha256 is not None and found.sha256 != sha256:
            raise _damaged(place, f"the body's SHA-256 is {found.sha256}, not {sha256}")
        return found

    def holding(self, place: RecordLocation, wire: bytes) -> EarlierRecord | None:
        """The record at a place, for a revisit to refer to; None unless it holds exactly these bytes.

        Read back from the disk, so that nothing ever comes to rest on a record that is damaged or gone.
        """
        record = self._sound(place)
        return _named(record, place) if record and record.wire == wire else None

    def unmodified(
        self, place: RecordLocation, etag: str | None, last_modified: str | None
    ) -> EarlierRecord | None:
        """The record at a place, for a 304 to refer to: None unless these validators are taken from it."""
        record = self._sound(place)
        if record is None or record.status != 200 or (etag is None and last_modified is None):
            return None
        said = {name.lower(): value for name, value in reversed(record.headers)}
        agrees = etag in (None, said.get("etag")) and last_modified in (None, said.get("last-modified"))
        return _named(record, place) if agrees else None

    def copy_to(
        self, target: Path, places: Iterable[RecordLocation], at: datetime, said: Fields = ()
    ) -> None:
        """Write the exchanges at ``places`` into one new WARC file: each response with its request.

        ``said``: more fields of the record that describes the file. What fails leaves no file.
        """
        with target.open("xb") as out:
            try:
                out.write(warcinfo_record(target.name, at, said))
                for place in places:
                    out.write(self._packed(place))
            except BaseException:
                target.unlink()
                raise

    def _filled(self, revisit: WarcRecord, place: RecordLocation, where: str) -> WarcRecord:
        try:
            return fill_revisit(revisit, self._record(RecordLocation.named(where)))
        except ArchiveError as error:
            raise _damaged(place, f"a revisit of {error}") from error
        except BadRecord as error:
            raise _damaged(place, f"a revisit of {where}: {error}") from error

    def _sound(self, place: RecordLocation) -> WarcRecord | None:
        """The whole response at a place, None where there is none or it is damaged."""
        try:
            record = self._record(place)
        except ArchiveError:
            return None
        return record if record.kind == "response" else None

    def _record(self, place: RecordLocation) -> WarcRecord:
        try:
            return parse_record(self._read(place))
        except (ArchiveError, ArchiveLoadFailed, OSError, EOFError, zlib.error, ValueError) as error:
            raise _damaged(place, error) from error

    def _packed(self, place: RecordLocation) -> bytes:
        """The record at a place as it lies there, and the request record that follows it."""
        with (self.folder / place.file).open("rb") as file:
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
        _append(path, warcinfo_record(path.name, at))
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _read(self, place: RecordLocation) -> bytes:
        if Path(place.file).name != place.file:
            raise ArchiveError("this is no file name of the archive")
        with (self.folder / place.file).open("rb") as file:
            file.seek(place.offset)
            data = file.read(place.length)
        if len(data) != place.length:
            raise ArchiveError(f"the file ends after {len(data)} of {place.length} bytes")
        return gzip.decompress(data)


def _named(record: WarcRecord, place: RecordLocation) -> EarlierRecord:
    return EarlierRecord(record.record_id, record.url, record.date, str(place))


def _damaged(place: RecordLocation, why: object) -> ArchiveError:
    return ArchiveError(f"{place.file} at {place.offset}: {why}")


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
