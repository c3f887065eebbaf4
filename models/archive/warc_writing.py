"""Exchanges as records of WARC 1.1 (ISO 28500:2017), ready to be written. Pure: bytes and values only.

A response is a ``response`` record, or a ``revisit`` record where an earlier one holds what it would, and the
``request`` record that belongs to it; an exchange without any response is a ``metadata`` record that says
why. Payload digests are SHA-256 (hex) of the bytes as transferred. ``models.archive.warc_reading`` is the
way back.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import quote, urlsplit
from uuid import uuid4

FAILURE_FIELD = "Servanda-Failure"
"""A named field of our own (readers must ignore those they do not know): why a response is of no use."""

WHERE_FIELD = "Servanda-Refers-To-Place"
"""Another: where in its archive the record lies that a revisit refers to, as ``EarlierRecord.where``."""

IDENTICAL_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

REMOVED_PREFIX = "X-Archive-Orig-"
"""``Transfer-Encoding`` is kept under this name: the coding is removed, a record that named it would lie."""

GZIP_MAGIC = b"\x1f\x8b"
PACKED, AS_IT_IS = 6, 0
"""Levels of compression. The highest takes twice the time of the sixth for a hundredth of the size."""

MOSTLY_BODY = 8_000
"""Bytes of a record past which its head is of no weight."""

FIELDS_TYPE = "application/warc-fields"
URL_CHARACTERS = "%/:?#[]@!$&'()*+,;=~"
Fields = Sequence[tuple[str, str]]
Headers = tuple[tuple[str, str], ...]


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
class EarlierRecord:
    """A ``response`` record as a revisit names it: its id, address and date as they are written there.

    ``where`` is the archive's own word for where it lies.
    """

    record_id: str
    url: str
    date: str
    where: str


def exchange_records(exchange: Archivable, earlier: EarlierRecord | None = None) -> Iterator[bytes]:
    """The gzipped records of an exchange; the first one is its place.

    ``earlier``: a record that holds the very bytes of this body or, where the publisher answered 304, the
    bytes that it calls unchanged. The caller has compared them.
    """
    named = {"WARC-Record-ID": _record_id(), "WARC-Target-URI": _target(exchange.url)}
    failure = exchange.failure or ("no response came" if exchange.status is None else None)
    if failure is not None:
        named[FAILURE_FIELD] = _one_line(failure)
    if exchange.status is None:
        fields = f"failure: {named[FAILURE_FIELD]}\r\n".encode()
        yield _record("metadata", FIELDS_TYPE, exchange.at, named, b"", fields)
        return
    if earlier is None:
        head = _response_head(exchange)
        yield _record(
            "response", "application/http;msgtype=response", exchange.at, named, head, exchange.wire
        )
    else:
        yield _revisit(exchange, named, earlier)
    yield _request(exchange, named)


def warcinfo_record(name: str, at: datetime, said: Fields = ()) -> bytes:
    """The record that a file begins with; ``said`` are more of its fields (name, value)."""
    fields = [("software", "Servanda"), ("format", "WARC File Format 1.1"), *said]
    block = "".join(f"{key}: {_one_line(value)}\r\n" for key, value in fields).encode()
    named = {"WARC-Record-ID": _record_id(), "WARC-Filename": name}
    return _record("warcinfo", FIELDS_TYPE, at, named, b"", block)


def digest_field(data: bytes) -> str:
    """As the digest fields have it."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _revisit(exchange: Archivable, named: dict[str, str], earlier: EarlierRecord) -> bytes:
    """The head alone. Of a 304 nothing is left out, and its payload is the earlier one's: no digest of it."""
    fields = {
        **named,
        "WARC-Profile": NOT_MODIFIED if exchange.status == 304 else IDENTICAL_PAYLOAD,
        "WARC-Refers-To": earlier.record_id,
        "WARC-Refers-To-Target-URI": earlier.url,
        "WARC-Refers-To-Date": earlier.date,
        WHERE_FIELD: earlier.where,
    }
    if exchange.status != 304:
        fields |= {"WARC-Truncated": "length", "WARC-Payload-Digest": digest_field(exchange.wire)}
    head = _response_head(exchange)
    return _packed("revisit", "application/http;msgtype=response", exchange.at, fields, head)


def _request(exchange: Archivable, named: dict[str, str]) -> bytes:
    asked = {
        "WARC-Record-ID": _record_id(),
        "WARC-Target-URI": named["WARC-Target-URI"],
        "WARC-Concurrent-To": named["WARC-Record-ID"],
    }
    parts = urlsplit(named["WARC-Target-URI"])
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = _head(f"GET {target} HTTP/1.1", exchange.request_headers)
    return _record("request", "application/http;msgtype=request", exchange.at, asked, head, b"")


def _record(
    kind: str, content_type: str, at: datetime, named: dict[str, str], head: bytes, payload: bytes
) -> bytes:
    fields = {**named, "WARC-Payload-Digest": digest_field(payload)}
    return _packed(kind, content_type, at, fields, head + payload)


def _packed(kind: str, content_type: str, at: datetime, named: dict[str, str], block: bytes) -> bytes:
    """One gzipped record. The HTTP head in it is written byte for byte, as it was received or sent."""
    fields = {
        "WARC-Type": kind,
        "WARC-Date": at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        **named,
        "WARC-Block-Digest": digest_field(block),
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
    }
    lines = ["WARC/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    record = b"".join(("\r\n".join(lines).encode(), block, b"\r\n\r\n"))
    return gzip.compress(record, compresslevel=AS_IT_IS if _is_packed(block) else PACKED, mtime=0)


def _is_packed(block: bytes) -> bool:
    """Whether a block is mostly a body that came packed, which does not get smaller again."""
    return len(block) > MOSTLY_BODY and b"\r\n\r\n" + GZIP_MAGIC in block[:MOSTLY_BODY]


def _response_head(exchange: Archivable) -> bytes:
    status_line = f"HTTP/1.1 {exchange.status} {exchange.reason}"
    return _head(status_line, tuple((_kept_name(name), value) for name, value in exchange.headers))


def _head(first_line: str, headers: Headers) -> bytes:
    lines = [first_line, *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(_one_line(line) for line in lines).encode("latin-1", "replace")


def _kept_name(name: str) -> str:
    return REMOVED_PREFIX + name if name.lower() == "transfer-encoding" else name


def _target(url: str) -> str:
    return quote(url, safe=URL_CHARACTERS, errors="replace")


def _record_id() -> str:
    return f"<urn:uuid:{uuid4()}>"


def _one_line(text: str) -> str:
    """Without control characters, so that no text can begin a header or a record of its own."""
    return re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]+", " ", text)
