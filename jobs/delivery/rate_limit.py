"""How fast mails may go: so many a minute, so many an hour, whoever sends them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from servanda.jobs.bootstrap.rates import NOT_AT_ALL, RateLimit
from servanda.models.delivery.attempts import latest_attempts
from servanda.network.clock import Clock


def wait_for(limits: Iterable[RateLimit], tries: Sequence[datetime], now: datetime) -> timedelta:
    """How long to wait before the next mail, after these tries, the newest first."""
    full = (tries[limit.mails - 1] + limit.within - now for limit in limits if len(tries) >= limit.mails)
    return max([NOT_AT_ALL, *full])


class RateLimiter:
    """The limits as one sender keeps them: by the ledger, which knows of other senders too.

    In a replay the ledger's time stands still, so there the sender goes by its own tries.
    """

    def __init__(self, limits: tuple[RateLimit, ...], clock: Clock, *, replay: bool) -> None:
        self._limits, self._clock = limits, clock
        self._most = max((limit.mails for limit in limits), default=0)
        self._own: deque[datetime] | None = deque(maxlen=self._most) if replay else None

    def record_attempt(self) -> None:
        """A mail is about to be tried."""
        if self._limits and self._own is not None:
            self._own.appendleft(_running(self._clock))

    def time_to_wait(self, db: Connection, now: datetime) -> timedelta:
        """How long to wait before the next mail."""
        if not self._limits:
            return NOT_AT_ALL
        if self._own is not None:
            return wait_for(self._limits, tuple(self._own), _running(self._clock))
        return wait_for(self._limits, latest_attempts(db, self._most), now)


def _running(clock: Clock) -> datetime:
    """An instant on a clock that never stands still; what it counts from means nothing."""
    return datetime.min.replace(tzinfo=UTC) + timedelta(seconds=clock.monotonic())
