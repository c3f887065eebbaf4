"""The machine's clock and environment, for what must start without the rest: the watchdog.

Together with ``jobs.bootstrap.wiring`` the only module that reads either.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def inherited_environment() -> dict[str, str]:
    """The environment as it was given to us."""
    return dict(os.environ)
