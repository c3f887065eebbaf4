"""Time as it is handed to whatever waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, Protocol

Monotonic = Callable[[], float]
"""Seconds from a start that means nothing; it never goes back and never stands still."""


class Uptime(NamedTuple):
    """How long a machine has run: a name of its start, and the seconds since, asleep or awake."""

    boot: str
    seconds: float


class Clock(Protocol):
    """Time for code that waits.

    ``now`` is an aware UTC instant and may stand still (a replay); ``monotonic`` is in seconds and goes on
    in any case, so that durations and pauses are measured with it alone.
    """

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...

    def uptime(self) -> Uptime | None:
        """How long the machine has run; None where it does not tell, or where time is not the machine's."""
