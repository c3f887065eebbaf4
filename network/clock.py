"""Time as it is handed to whatever waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

Monotonic = Callable[[], float]
"""Seconds from a start that means nothing; it never goes back and never stands still."""


class Clock(Protocol):
    """Time for code that waits.

    ``now`` is an aware UTC instant and may stand still (a replay); ``monotonic`` is in seconds and goes on
    in any case, so that durations and pauses are measured with it alone.
    """

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...
