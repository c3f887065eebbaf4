"""What the process that reads documents is asked, and what it answers, over one socket.

A message is a tag of one byte, the length of what follows (eight bytes, big-endian), and that. Requests are
pickled, by us. Answers are JSON and are checked as what they come from: a process that a hostile document may
have taken over.
"""

from __future__ import annotations

import json
import pickle
import socket
import struct
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from servanda.scrapers.route_reading import Article

READY = b"r"
"""To the asker, empty: the process has started."""
SCAN = b"s"
"""To the reader: the scan of the documents to come (pickled)."""
DOCUMENT = b"d"
"""To the reader: a ``WorkerRequest`` (pickled)."""
ARTICLE = b"a"
"""An article, as JSON."""
REFUSED = b"u"
"""Family, kind and reason of a ScrapeError, as JSON strings."""
BROKEN = b"b"
"""The traceback of any other exception, as a JSON string."""

LONGEST_ANSWER = 16_000_000
"""Bytes. A text of a million characters, the most that is read, stays below it in any language."""

OUT_OF_MEMORY = 77
"""How the process ends where it finds no more memory."""

_HEAD = struct.Struct(">cQ")


class BadAnswer(Exception):
    """An answer that no reader of ours gives; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class WorkerRequest:
    """One document to be read. ``exchange`` and ``terms`` are those of ``scrapers.documents.extract``."""

    exchange: Any
    terms: Any
    item_title: str
    scanned: bool
    max_chars: int


def send(sock: socket.socket, tag: bytes, content: bytes = b"") -> None:
    sock.sendall(_HEAD.pack(tag, len(content)))
    sock.sendall(content)


def receive(
    sock: socket.socket, longest: int, *, before_each: Callable[[], object] = lambda: None
) -> tuple[bytes, bytes]:
    """The next message. EOFError where the other side is gone, BadAnswer where the message is too long."""
    tag, length = _HEAD.unpack(_exactly(sock, _HEAD.size, before_each))
    if length > longest:
        raise BadAnswer(f"{length} bytes, at most {longest} are taken")
    return tag, bytes(_exactly(sock, length, before_each))


def _exactly(sock: socket.socket, length: int, before_each: Callable[[], object]) -> bytearray:
    got = bytearray(length)
    view = memoryview(got)
    while view:
        before_each()
        count = sock.recv_into(view)
        if count == 0:
            raise EOFError
        view = view[count:]
    return got


def pack_json(value: object) -> bytes:
    return pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)


def article_as_json(article: Article) -> bytes:
    return json.dumps(asdict(article), default=_plain, ensure_ascii=False).encode("utf-8", "replace")


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"{value!r} is not part of an article")


def article_from_json(content: bytes) -> Article:
    """The article in an answer; BadAnswer where it is none."""
    try:
        return _article_type().validate_json(content, strict=True)  # type: ignore[no-any-return]
    except ValueError as error:
        raise BadAnswer(f"not an article: {str(error)[:300]}") from error


def strings_from_json(content: bytes, count: int) -> list[str]:
    """The strings in an answer; BadAnswer where they are not so many."""
    try:
        strings = json.loads(content)
    except ValueError as error:
        raise BadAnswer(f"not JSON: {str(error)[:300]}") from error
    if not (isinstance(strings, list) and len(strings) == count and all(isinstance(s, str) for s in strings)):
        raise BadAnswer(f"not {count} strings")
    return strings


@lru_cache(maxsize=1)
def _article_type() -> Any:
    from pydantic import TypeAdapter  # here, because only the asker needs it and it is slow to load

    return TypeAdapter(Article)
