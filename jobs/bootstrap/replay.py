"""What is different in a replay: its clock, and the words above all that it says."""

from __future__ import annotations

from datetime import datetime

from servanda.jobs.bootstrap.system import SystemClock
from servanda.network.clock import Uptime

REPLAY_BANNER = "REPLAY – reconstructed"


class FrozenClock(SystemClock):
    """A replay's clock: ``now`` stands where ``--now`` put it; pacing still takes its time."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def uptime(self) -> Uptime | None:
        return None
