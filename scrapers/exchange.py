"""What passes between us and a publisher, and the ways in which it goes wrong.

A frozen ``Exchange`` is one HTTP request and response, kept whole whatever came of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response.

    ``wire`` is the response body as transferred (still content-encoded, transfer coding removed);
    ``body`` the same after content decoding; ``sha256`` (hex) covers ``body``. Where no response came, or not
    a whole one, ``failure`` says why: ``status`` may be None then, ``body`` is empty, and ``wire`` is what
    came. After redirects each hop is an exchange of its own, and ``final_url`` equals ``url``.
    """

    url: str
    final_url: str
    request_headers: Headers
    status: int | None
    reason: str
    headers: Headers
    wire: bytes
    body: bytes
    sha256: str
    at: datetime
    seconds: float
    failure: str | None = None

    def header(self, name: str) -> str | None:
        """The first response header of that name, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request sends back: the ETag and Last-Modified of the last valid reading."""

    etag: str | None = None
    last_modified: str | None = None


class ScrapeError(Exception):
    """A reading failed. ``kind`` names the failure; ``reason`` is a sentence for a person.

    ``answer``: the response whose status is the failure, for readers of interfaces that say more in its body.
    """

    family: Literal["unreachable", "blocked", "unrecognised"]

    def __init__(self, kind: str, reason: str, answer: Exchange | None = None) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason
        self.answer = answer


class Unreachable(ScrapeError):
    """No usable response came: wait, and try again."""

    family = "unreachable"


class Blocked(ScrapeError):
    """The publisher answered with something other than its page: look at it."""

    family = "blocked"


class Unrecognised(ScrapeError):
    """The page is not what its reader understands: fix the reader."""

    family = "unrecognised"


class Fetch(Protocol):
    """Get one page, following redirects, politely. Every hop is handed to the recorder it was made with.

    Returns the last exchange: 200, or 304 where ``validators`` were given. Raises Unreachable or Blocked.
    """

    def __call__(
        self, url: str, *, pause_seconds: float, validators: Validators | None = None
    ) -> Exchange: ...


Recorder = Callable[[Exchange], None]


@dataclass(slots=True)
class Recording:
    """A recorder that keeps what it was told, in order."""

    exchanges: list[Exchange] = field(default_factory=list)

    def __call__(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
