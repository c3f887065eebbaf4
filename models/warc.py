"""Exchanges as records of WARC 1.1 (ISO 28500:2017), and back. Pure: bytes and values only.

A response is a ``response`` record and the ``request`` record that belongs to it; an exchange without any
response is a ``metadata`` record that says why. Payload digests are SHA-256 (hex) of the bytes as
transferred.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Protocol
from urllib.parse import quote, urlsplit
from uuid import uuid4

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

FAILURE_FIELD = "Servanda-Failure"
"""A named field of our own (readers must ignore those they do not know): why a response is of no use."""

REMOVED_PREFIX = "X-Archive-Orig-"
"""``Transfer-Encoding`` is kept under this name: the coding is removed, a record that named it would lie."""

FIELDS_TYPE = "application/warc-fields"
GZIP_MAGIC = b"\x1f\x8b"
URL_CHARACTERS = "%/:?#[]@!$&'()*+,;=~"
GZIP_BITS = zlib.MAX_WBITS | 16
Headers = tuple[tuple[str, str], ...]


class BadRecord(ValueError):
    """Bytes that are no record of ours, or not as they were written."""


class Archivable(Protocol):
    """What is kept of one exchange. Header text is Latin-1, as it came; ``wire`` is the body as transferred,
    still content-encoded, its transfer coding removed. ``status`` None: no response came."""

    @property
    def url(self) -> str: ...
    @property
    def status(self) -> int | None: ...
    @property
    def reason(self) -> str: ...
    @property
    def request_headers(self) -> Headers: ...
    @property
    def headers(self) -> Headers: ...
    @property
    def wire(self) -> bytes: ...
    @property
    def at(self) -> datetime: ...
    @property
    def failure(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """What a place holds. ``body`` is ``wire`` after content decoding, empty where the exchange failed.

    ``sha256`` (hex) covers ``body``; ``failure`` says why an exchange was of no use, None where it was not.
    """

    url: str
    status: int | None
    headers: Headers
    wire: bytes
    body: bytes
    sha256: str
    at: datetime
    failure: str | None


# --- writing --------------------------------------------------------------------------------------


def records(exchange: Archivable) -> Iterator[bytes]:
    """The gzipped records of an exchange; the first one is its place."""
    named = {"WARC-Record-ID": _record_id(), "WARC-Target-URI": _target(exchange.url)}
    failure = exchange.failure or ("no response came" if exchange.status is None else None)
    if failure is not None:
        named[FAILURE_FIELD] = _one_line(failure)
    if exchange.status is None:
        fields = f"failure: {named[FAILURE_FIELD]}\r\n".encode()
        yield _record("metadata", FIELDS_TYPE, exchange.at, named, b"", fields)
        return
    status_line = f"HTTP/1.1 {exchange.status} {exchange.reason}"
    head = _head(status_line, tuple((_kept_name(name), value) for name, value in exchange.headers))
    yield _record("response", "application/http;msgtype=response", exchange.at, named, head, exchange.wire)
    asked = {
        "WARC-Record-ID": _record_id(),
        "WARC-Target-URI": named["WARC-Target-URI"],
        "WARC-Concurrent-To": named["WARC-Record-ID"],
    }
    parts = urlsplit(named["WARC-Target-URI"])
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = _head(f"GET {target} HTTP/1.1", exchange.request_headers)
    yield _record("request", "application/http;msgtype=request", exchange.at, asked, head, b"")


def description(name: str, at: datetime) -> bytes:
    """The record that a file begins with."""
    fields = b"software: Servanda\r\nformat: WARC File Format 1.1\r\n"
    return _record(
        "warcinfo", FIELDS_TYPE, at, {"WARC-Record-ID": _record_id(), "WARC-Filename": name}, b"", fields
    )


def _record(
    kind: str, content_type: str, at: datetime, named: dict[str, str], head: bytes, payload: bytes
) -> bytes:
    """One gzipped record. The HTTP head is written byte for byte, as it was received or sent."""
    fields = {
        "WARC-Type": kind,
        "WARC-Date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        **named,
        "WARC-Payload-Digest": _digest(payload),
        "WARC-Block-Digest": _digest(head + payload),
    }
    block = BytesIO(head + payload)
    headers = StatusAndHeaders("", list(fields.items()), protocol="WARC/1.1")
    record = ArcWarcRecord("warc", kind, headers, block, None, content_type, len(head) + len(payload))
    packed = BytesIO()
    WARCWriter(packed, gzip=True, warc_version="1.1").write_record(record)
    return packed.getvalue()


def _head(first_line: str, headers: Headers) -> bytes:
    lines = [first_line, *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(_one_line(line) for line in lines).encode("latin-1", "replace")


def _kept_name(name: str) -> str:
    return REMOVED_PREFIX + name if name.lower() == "transfer-encoding" else name


def _target(url: str) -> str:
    return quote(url, safe=URL_CHARACTERS, errors="replace")


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _record_id() -> str:
    return f"<urn:uuid:{uuid4()}>"


def _one_line(text: str) -> str:
    """Without control characters, so that no text can begin a header or a record of its own."""
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]+", " ", text)


# --- reading --------------------------------------------------------------------------------------


def parsed(data: bytes) -> StoredBytes:
    """A record, unpacked, as what was stored."""
    record = next(iter(ArchiveIterator(BytesIO(data), no_record_parse=True)), None)
    if record is None or record.rec_type not in ("response", "metadata"):
        raise BadRecord("no response and no failure is recorded here")
    block = bytes(record.raw_stream.read())
    head, _, wire = block.partition(b"\r\n\r\n") if record.rec_type == "response" else (b"", b"", block)
    for field, data in (("WARC-Payload-Digest", wire), ("WARC-Block-Digest", block)):
        stated = record.rec_headers.get_header(field)
        if stated != _digest(data):
            raise BadRecord(f"{field} is stated as {stated}, and is {_digest(data)}")
    status, headers = _parsed_head(head)
    failure = record.rec_headers.get_header(FAILURE_FIELD)
    if status is None:
        wire = b""
    body = b"" if failure is not None else _decoded(wire, headers)
    return StoredBytes(
        url=record.rec_headers.get_header("WARC-Target-URI"),
        status=status,
        headers=headers,
        wire=wire,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
        failure=failure,
    )


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
