"""The wiring of the real jobs under a clock that a test moves on, kept open over many runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from support.monitors import Monitor

from servanda.demo.replay import ReplayClock
from servanda.jobs.bootstrap.wiring import Wiring


@dataclass
class Moving:
    """``wiring`` is at ``now``; pauses pass at once."""

    wiring: Wiring
    clock: ReplayClock

    @property
    def now(self) -> datetime:
        return self.clock.present

    def move_to(self, now: datetime) -> None:
        self.clock.present = now
        self.wiring.store.move_replay_to(now)


@contextmanager
def moving(monitor: Monitor, begin: datetime) -> Iterator[Moving]:
    """``monitor`` is the fixture of that name; ``begin`` the present at first."""
    with monitor.at(begin) as opened:
        clock = ReplayClock(begin)
        wiring = Wiring(opened.settings, opened.catalogue, opened.store, clock)
        try:
            yield Moving(wiring, clock)
        finally:
            wiring.hang_up()
