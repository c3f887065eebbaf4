"""robots.txt, as RFC 9309 has it: what a publisher asks of automatic readers, read by protego."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Protocol

from protego import Protego

from servanda.network.clock import Clock
from servanda.scrapers.exchange import ScrapeError

KEPT_SECONDS = 12 * 3600.0
"""RFC 9309, 2.4: not longer than a day. What another process remembers may be as old again."""

FAILURE_KEPT_SECONDS = 300.0
"""A host that does not answer is left alone this long; each of its documents would try again otherwise."""

PARSED_BYTES = 500 * 1024
"""RFC 9309, 2.5: at least this much is read."""

MOST_CRAWL_DELAY = 30.0
STRANGER = "another-robot"
_AGENT_FIELDS = ("user-agent", "useragent", "user agent")


@dataclass(frozen=True, slots=True)
class RobotsRules:
    """What one host asks of us. ``crawl_delay`` in seconds, 0 where it asks for none, at most 30."""

    product: str
    parsed: Protego | None
    closed_because: str | None = None

    def refusal(self, url: str) -> str | None:
        """Why ``url`` must not be read, as a sentence; None where it may."""
        if self.closed_because is not None:
            return self.closed_because
        if self.parsed is None or self.parsed.can_fetch(url, self.product):
            return None
        return f"robots.txt asks {self.product} not to read {url}"

    @property
    def crawl_delay(self) -> float:
        asked = self.parsed.crawl_delay(self.product) if self.parsed is not None else None
        return min(asked or 0.0, MOST_CRAWL_DELAY)


def parse_rules(body: bytes, product: str) -> RobotsRules:
    """The rules in a robots.txt for the product named ``product``."""
    text = body[:PARSED_BYTES].decode("utf-8-sig", "replace")
    return RobotsRules(product, Protego.parse(_without_strangers(text, product.lower())))


def rules_without_file(failure: ScrapeError, product: str) -> RobotsRules:
    """The rules where robots.txt could not be had (RFC 9309, 2.3.1).

    4xx and redirects that lead nowhere: there is none, all is allowed. 5xx: all is forbidden. Raises
    ``failure`` itself where the host did not answer at all: then its pages cannot be read either.
    """
    if failure.kind.startswith("http_5"):
        return RobotsRules(product, None, closed_because=f"robots.txt could not be read ({failure.reason})")
    if failure.kind.startswith(("http_", "redirect", "challenge")):
        return RobotsRules(product, None)
    raise failure


def _without_strangers(text: str, product: str) -> str:
    """The same file with all robots but us under one name.

    A parser keeps each rule for each robot named above it; thousands of both, which a hostile file can hold,
    would cost their product in time and memory.
    """
    lines = []
    for line in text.splitlines():
        field = line.strip().lower()
        form = next((form for form in _AGENT_FIELDS if field.startswith(form)), None)
        if form is not None:
            named = field[len(form) :].split("#")[0].strip(": \t").split("/")[0].strip()
            known = named if named in ("*", product) else STRANGER
            line = f"User-agent: {known}"
        lines.append(line)
    return "\n".join(lines)


@dataclass(slots=True)
class _Entry:
    """What is known of one host, and since when, by both of the clock's times."""

    lock: Lock
    outcome: RobotsRules | ScrapeError | None = None
    at: datetime | None = None
    second: float = 0.0

    def is_fresh(self, clock: Clock) -> bool:
        if self.outcome is None or self.at is None:
            return False
        kept = KEPT_SECONDS if _is_final(self.outcome) else FAILURE_KEPT_SECONDS
        ages = ((clock.now() - self.at).total_seconds(), clock.monotonic() - self.second)
        return all(0 <= age < kept for age in ages)


def _is_final(outcome: RobotsRules | ScrapeError) -> bool:
    return isinstance(outcome, RobotsRules) and outcome.closed_because is None


class RobotsMemory(Protocol):
    """Keeps robots.txt from one process to the next, so that a poll does not ask for it each time.

    A body is the file's; empty where a host has none, which allows everything.
    """

    def recall(self, origin: str, not_before: datetime) -> bytes | None: ...

    def remember(self, origin: str, body: bytes, at: datetime) -> None: ...


class RobotsCache:
    """The rules of each origin (scheme, host, port), read once a day; thread-safe, one reader per origin."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._entries: dict[str, _Entry] = {}

    def rules(self, origin: str, read: Callable[[], RobotsRules]) -> RobotsRules:
        """The rules of ``origin``, from ``read`` where none are fresh. Raises what ``read`` raised."""
        with self._lock:
            entry = self._entries.setdefault(origin, _Entry(Lock()))
        with entry.lock:
            if not entry.is_fresh(self._clock):
                try:
                    entry.outcome = read()
                except ScrapeError as failure:
                    entry.outcome = failure
                entry.at, entry.second = self._clock.now(), self._clock.monotonic()
            outcome = entry.outcome
        if isinstance(outcome, ScrapeError):
            raise type(outcome)(outcome.kind, outcome.reason)
        assert outcome is not None
        return outcome
