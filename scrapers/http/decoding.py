"""Content decoding with a bound, so that a small transfer cannot become a large body."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from servanda.scrapers.exchange import Unreachable

GZIP_BITS = zlib.MAX_WBITS | 16
GZIP_MAGIC = b"\x1f\x8b"
STEP_BYTES = 1 << 18
MOST_MEMBERS = 100
"""A gzip body may consist of several members; no publisher sends more, an attacker may send millions."""


def decode_body(wire: bytes, coding: str, limit: int) -> bytes:
    """The body behind a ``Content-Encoding``, at most ``limit`` bytes.

    Raises Unreachable: ``too_large`` for a plain body over the limit, ``bomb`` for an encoded one,
    ``bad_encoding`` for a coding that was not asked for and for data that is not what it says or stops early.
    """
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        if len(wire) > limit:
            raise Unreachable("too_large", f"the body has {len(wire)} bytes, {limit} are allowed")
        return wire
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise Unreachable("bad_encoding", f"the body is encoded as {coding[:60]!r}, which was not asked for")
    return _gathered(_inflated(wire, _window_bits(wire, coding)), limit)


def _gathered(pieces: Iterator[bytes], limit: int) -> bytes:
    body = bytearray()
    try:
        for piece in pieces:
            body += piece
            if len(body) > limit:
                raise Unreachable("bomb", f"the body unpacks to more than {limit} bytes")
    except zlib.error as error:
        raise Unreachable("bad_encoding", f"the body does not unpack: {error}") from error
    return bytes(body)


def _window_bits(wire: bytes, coding: str) -> int:
    """``deflate`` means zlib (RFC 9110, 8.4.1.2); some servers send it raw, which the first bytes show."""
    if coding != "deflate":
        return GZIP_BITS
    has_header = len(wire) >= 2 and wire[0] & 0x0F == 8 and int.from_bytes(wire[:2], "big") % 31 == 0
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS


def _inflated(wire: bytes, bits: int) -> Iterator[bytes]:
    """The decoded pieces, member after member; what follows the last one is padding and is left out."""
    rest = wire
    for _ in range(MOST_MEMBERS):
        if not rest:
            return
        decoder = zlib.decompressobj(bits)
        yield from _member(decoder, rest)
        rest = decoder.unused_data
        if bits != GZIP_BITS or not rest.startswith(GZIP_MAGIC):
            return
    if rest:
        raise Unreachable("bad_encoding", f"the body has more than {MOST_MEMBERS} gzip members")


def _member(decoder: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    while not decoder.eof:
        piece = decoder.decompress(data, STEP_BYTES)
        data = decoder.unconsumed_tail
        if not piece and not data and not decoder.eof:
            raise Unreachable("bad_encoding", "the encoded body stops before its end")
        yield piece
