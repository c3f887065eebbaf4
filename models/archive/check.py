"""What lies in a file of the archive between the records that somebody names."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO

PIECE = 1 << 16
HEAD = 400
"""The type of a record stands in the first bytes of it."""

GZIP_BITS = zlib.MAX_WBITS | 16
OF_EXCHANGES = frozenset({"response", "revisit", "metadata"})
"""The types of the records at which places point. Requests follow them; a file begins with a description."""


@dataclass(frozen=True, slots=True)
class UnreferencedRecords:
    """``orphans``: exchanges that nobody names. ``unreadable``: bytes that are no records."""

    orphans: int = 0
    unreadable: int = 0


def find_unreferenced(path: Path, named: Iterable[tuple[int, int]]) -> UnreferencedRecords:
    """What a file holds besides the named records, given as (offset, length) in their order.

    An interrupted run leaves such: what it had stored and not recorded yet, or half of a record. Memory is
    bounded, whatever the file holds.
    """
    orphans = unreadable = cursor = 0
    with path.open("rb") as file:
        size = file.seek(0, 2)
        for offset, length in chain(named, [(size, 0)]):
            if offset > cursor:
                found = _between(file, cursor, min(offset, size))
                orphans += found.orphans
                unreadable += found.unreadable
            cursor = max(cursor, offset + length)
    return UnreferencedRecords(orphans, unreadable)


def _between(file: IO[bytes], start: int, end: int) -> UnreferencedRecords:
    """What a stretch holds, up to the first member that is broken."""
    orphans, at = 0, start
    while at < end:
        file.seek(at)
        found = _member(file, end - at)
        if found is None:
            break
        kind, length = found
        orphans += kind in OF_EXCHANGES
        at += length
    return UnreferencedRecords(orphans, end - at)


def _member(file: IO[bytes], limit: int) -> tuple[str, int] | None:
    """Type and packed length of the gzip member that begins here; None where it does not end in bounds."""
    unpacking, head, read = zlib.decompressobj(GZIP_BITS), b"", 0
    data = b""
    while not unpacking.eof:
        if not data:
            data = file.read(min(PIECE, limit - read))
            read += len(data)
            if not data:
                return None
        try:
            piece = unpacking.decompress(data, PIECE)
        except zlib.error:
            return None
        head += piece[: HEAD - len(head)]
        data = unpacking.unconsumed_tail
    kind = re.search(rb"^WARC-Type: ([a-z]+)\r$", head, re.MULTILINE)
    return (kind[1].decode() if kind else "", read - len(unpacking.unused_data))
