"""What one poll takes before and after a long history: ``python -m benchmarks.growth`` prints it."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks.history import Length, write_history
from benchmarks.measuring import Costs
from benchmarks.monitor import collect_all, open_monitor
from benchmarks.pages import SPACING, read_at
from benchmarks.publisher import set_edition
from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.wiring import Wiring


class _Site:
    """The one feed, its edition, and the moment the replay has reached."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url, self.edition, self.now = folder, url, 0, read_at()
        self.feeds = [f"{url}/light/feed-0.xml"]

    def costs(self, repetitions: int) -> Costs:
        return Costs(
            unchanged=self._median(repetitions, self._half_an_hour_later, collect_all),
            one_new=self._median(repetitions, self._one_release_later, collect_all),
            assess=self._median(repetitions, self._half_an_hour_later, assess),
        )

    def _median(
        self, repetitions: int, move_on: Callable[[], datetime], work: Callable[[Wiring], object]
    ) -> float:
        taken = []
        for _ in range(repetitions):
            self.now = move_on()
            with open_monitor(self.folder, self.feeds, self.now) as wiring:
                begun = time.process_time()
                work(wiring)
                taken.append(time.process_time() - begun)
        return median(taken)

    def _half_an_hour_later(self) -> datetime:
        return self.now + timedelta(minutes=30)

    def _one_release_later(self) -> datetime:
        self.edition += 1
        set_edition(self.url, self.edition)
        return max(self.now, read_at(self.edition - 1)) + SPACING


def measure(folder: Path, url: str, length: Length, repetitions: int) -> tuple[Costs, Costs]:
    """The costs with next to no history, and with one of ``length``."""
    site = _Site(folder, url)
    with open_monitor(folder, site.feeds, site.now) as wiring:
        collect_all(wiring)
        assess(wiring)
    site.costs(1)  # what is compiled or made when it is first used is nobody's growth
    before = site.costs(repetitions)
    with open_monitor(folder, site.feeds, site.now) as wiring:
        write_history(wiring, length)
    return before, site.costs(repetitions)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--site", required=True)
    options.add_argument("--documents", type=int, required=True)
    options.add_argument("--polls", type=int, required=True)
    options.add_argument("--repetitions", type=int, required=True)
    given = options.parse_args()
    length = Length(given.documents, given.polls)
    before, after = measure(given.folder, given.site, length, given.repetitions)
    print(json.dumps({"before": asdict(before), "after": asdict(after)}))


if __name__ == "__main__":
    main()
