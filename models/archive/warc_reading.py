"""Records of our archive, unpacked and checked: the way back from ``models.archive.warc_writing``. Pure.

Nothing is believed that a record states of itself: each digest is computed anew.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Literal

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord

from servanda.models.archive.location import BadRecord
from servanda.models.archive.warc_writing import (
    FAILURE_FIELD,
    GZIP_MAGIC,
    NOT_MODIFIED,
    REMOVED_PREFIX,
    WHERE_FIELD,
    EarlierRecord,
    Headers,
    digest_field,
)

GZIP_BITS = zlib.MAX_WBITS | 16
RecordKind = Literal["response", "identical", "not_modified", "failure"]
"""What a record is to us: a whole response, a revisit of either profile, or the reason why none came."""


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """What a place holds. ``body`` is ``wire`` after content decoding, empty where the exchange failed.

    ``sha256`` (hex) covers ``body``; ``failure`` says why an exchange was of no use, None where it was not.
    ``refers_to`` is set for a revisit: the record that holds the bytes or, for a 304, those called unchanged.
    """

    url: str
    status: int | None
    headers: Headers
    wire: bytes
    body: bytes
    sha256: str
    at: datetime
    failure: str | None
    refers_to: EarlierRecord | None = None


@dataclass(frozen=True, slots=True)
class WarcRecord:
    """One record, its block checked. ``wire`` is empty in a revisit, whose ``earlier`` record may hold it.

    ``payload_digest`` is what the record states: of ``wire``, or of what the earlier one must hold.
    """

    kind: RecordKind
    record_id: str
    url: str
    date: str
    status: int | None
    headers: Headers
    wire: bytes
    payload_digest: str | None
    failure: str | None
    earlier: EarlierRecord | None


def parse_record(data: bytes) -> WarcRecord:
    """An unpacked record of an exchange. BadRecord where it is none, or one of its digests does not agree."""
    record = next(iter(ArchiveIterator(BytesIO(data), no_record_parse=True)), None)
    if record is None or record.rec_type not in ("response", "revisit", "metadata"):
        raise BadRecord("no response and no failure is recorded here")
    kind = _kind(record)
    block = bytes(record.raw_stream.read())
    head, _, wire = block.partition(b"\r\n\r\n") if kind != "failure" else (b"", b"", block)
    _compare(record, "WARC-Block-Digest", block)
    if kind in ("response", "failure"):
        _compare(record, "WARC-Payload-Digest", wire)
    elif wire:
        raise BadRecord("a revisit holds a body of its own")
    status, headers = _parsed_head(head)
    return WarcRecord(
        kind=kind,
        record_id=_field(record, "WARC-Record-ID"),
        url=_field(record, "WARC-Target-URI"),
        date=_field(record, "WARC-Date"),
        status=status,
        headers=headers,
        wire=wire if status is not None else b"",
        payload_digest=record.rec_headers.get_header("WARC-Payload-Digest"),
        failure=record.rec_headers.get_header(FAILURE_FIELD),
        earlier=_earlier(record) if kind in ("identical", "not_modified") else None,
    )


def fill_revisit(revisit: WarcRecord, held: WarcRecord) -> WarcRecord:
    """A revisit with the bytes of the record that it refers to; BadRecord where that is another one."""
    earlier = revisit.earlier
    if earlier is None or held.kind != "response":
        raise BadRecord("what is revisited here is no response")
    found = (held.record_id, held.url, held.date)
    if found != (earlier.record_id, earlier.url, earlier.date):
        raise BadRecord(f"the record {earlier.record_id} was expected here, and this is {held.record_id}")
    if digest_field(held.wire) != revisit.payload_digest:
        raise BadRecord(f"these are not the bytes of the revisit, which states {revisit.payload_digest}")
    return replace(revisit, wire=held.wire)


def decode_record(record: WarcRecord) -> StoredBytes:
    """What was stored, decoded; of a revisit once ``fill_revisit`` has filled it."""
    body = b"" if record.failure is not None else _decoded(record.wire, record.headers)
    return StoredBytes(
        url=record.url,
        status=record.status,
        headers=record.headers,
        wire=record.wire,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        at=datetime.fromisoformat(record.date),
        failure=record.failure,
        refers_to=record.earlier,
    )


def _kind(record: ArcWarcRecord) -> RecordKind:
    if record.rec_type == "revisit":
        is_304 = record.rec_headers.get_header("WARC-Profile") == NOT_MODIFIED
        return "not_modified" if is_304 else "identical"
    return "response" if record.rec_type == "response" else "failure"


def _earlier(record: ArcWarcRecord) -> EarlierRecord:
    return EarlierRecord(
        record_id=_field(record, "WARC-Refers-To"),
        url=_field(record, "WARC-Refers-To-Target-URI"),
        date=_field(record, "WARC-Refers-To-Date"),
        where=_field(record, WHERE_FIELD),
    )


def _field(record: ArcWarcRecord, name: str) -> str:
    value = record.rec_headers.get_header(name)
    if not value:
        raise BadRecord(f"{name} is not stated")
    return str(value)


def _compare(record: ArcWarcRecord, field: str, data: bytes) -> None:
    stated = record.rec_headers.get_header(field)
    if stated != digest_field(data):
        raise BadRecord(f"{field} is stated as {stated}, and is {digest_field(data)}")


def _parsed_head(head: bytes) -> tuple[int | None, Headers]:
    if not head:
        return None, ()
    first_line, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(": ")[::2] for line in lines)
    headers = tuple((name.removeprefix(REMOVED_PREFIX), value) for name, value in pairs)
    return int(first_line.split(" ")[1]), headers


def _decoded(wire: bytes, headers: Headers) -> bytes:
    """The body; what was stored as good had been decoded within bounds before, so there is none here."""
    stated = (value for name, value in headers if name.lower() == "content-encoding")
    coding = next(stated, "").strip().lower()
    if not wire or coding in ("", "identity"):
        return wire
    if coding == "deflate":
        try:
            return zlib.decompress(wire)
        except zlib.error:
            return zlib.decompress(wire, -zlib.MAX_WBITS)
    if coding not in ("gzip", "x-gzip"):
        raise BadRecord(f"the body is encoded as {coding[:60]!r}")
    return b"".join(_gzip_members(wire))


def _gzip_members(wire: bytes) -> Iterator[bytes]:
    """The members' contents; what follows the last one is padding."""
    while True:
        member = zlib.decompressobj(GZIP_BITS)
        yield member.decompress(wire)
        if not member.eof:
            raise BadRecord("the encoded body stops before its end")
        wire = member.unused_data
        if not wire.startswith(GZIP_MAGIC):
            return
