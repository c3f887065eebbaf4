"""How fast mails may go: so many a minute, so many an hour, whoever sends them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from models.outcomes import latest_tries
from scrapers.pacing import Clock

UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
VALID = "valid: mails a minute such as 30, or 30/minute, 500/hour, 2000/day, several by commas"
NOT_AT_ALL = timedelta(0)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``mails`` within any stretch of ``within``."""

    mails: int
    within: timedelta


def read_rate(text: str) -> tuple[Limit, ...]:
    """``30`` or ``30/minute, 500/hour``; ValueError says what is valid."""
    limits = []
    for part in text.split(","):
        number, _, unit = (one.strip() for one in part.partition("/"))
        within = UNITS.get(unit or "minute")
        if within is None or not (number.isascii() and number.isdecimal()) or not 0 < int(number) <= 10**6:
            raise ValueError(f"{part.strip()!r} is no rate; {VALID}")
        limits.append(Limit(int(number), within))
    return tuple(limits)


def wait_for(limits: Iterable[Limit], tries: Sequence[datetime], now: datetime) -> timedelta:
    """How long to wait before the next mail, after these tries, the newest first."""
    full = (tries[one.mails - 1] + one.within - now for one in limits if len(tries) >= one.mails)
    return max([NOT_AT_ALL, *full])


class Pace:
    """The limits as one sender keeps them: by the ledger, which knows of other senders too.

    In a replay the ledger's time stands still, so there the sender goes by its own tries.
    """

    def __init__(self, limits: tuple[Limit, ...], replay: bool) -> None:
        self._limits = limits
        self._most = max((one.mails for one in limits), default=0)
        self._own: deque[datetime] | None = deque(maxlen=self._most) if replay else None

    def note(self, clock: Clock) -> None:
        """A try is made."""
        if self._limits and self._own is not None:
            self._own.appendleft(_running(clock))

    def wait(self, db: Connection, clock: Clock) -> timedelta:
        """How long to wait before the next."""
        if not self._limits:
            return NOT_AT_ALL
        if self._own is not None:
            return wait_for(self._limits, tuple(self._own), _running(clock))
        return wait_for(self._limits, latest_tries(db, self._most), clock.now())


def _running(clock: Clock) -> datetime:
    """An instant on a clock that never stands still; what it counts from means nothing."""
    return datetime.min.replace(tzinfo=UTC) + timedelta(seconds=clock.monotonic())
