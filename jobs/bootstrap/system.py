"""The machine's clock and environment, for what must start without the rest: the watchdog.

Together with ``jobs.bootstrap.wiring`` the only module that reads either.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

from servanda.network.clock import Uptime

_KERNEL = Path("/proc/uptime"), Path("/proc/sys/kernel/random/boot_id")
"""Where Linux says how long it has run, and since which start. What sets the clock does not change them."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def uptime(self) -> Uptime | None:
        try:
            seconds, boot = (path.read_text(encoding="ascii").split()[0] for path in _KERNEL)
            return Uptime(boot, float(seconds))
        except (OSError, ValueError, IndexError):
            return None


def inherited_environment() -> dict[str, str]:
    """The environment as it was given to us."""
    return dict(os.environ)
