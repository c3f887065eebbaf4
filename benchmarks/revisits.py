"""A day of polls whose publisher answers each with the same page in full: what it leaves in the archive.

``python -m benchmarks.revisits`` prints it, beside the same answers each written whole. The publisher is
asked without conditions, as if it ignored them; nothing is read out of the pages.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.measuring import bytes_under
from benchmarks.monitor import open_monitor
from benchmarks.pages import read_at
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.documents.archiving import archive_exchanges
from servanda.models.archive.folder import Archive
from servanda.models.polls import polls
from servanda.models.polls.polls import PollRecord
from servanda.scrapers.exchange import Exchange, Recording


@dataclass
class Kept:
    """``cpu``: seconds for archiving alone, ``stored``: bytes on disk."""

    cpu: float = 0.0
    stored: int = 0


@dataclass
class Day:
    """``received``: bytes on the wire, of ``exchanges`` responses."""

    exchanges: int = 0
    received: int = 0
    whole: Kept = field(default_factory=Kept)
    revisits: Kept = field(default_factory=Kept)


def measure(folder: Path, feeds: Sequence[str], times: int) -> Day:
    """Ask for each feed so many times, and archive every answer in both ways."""
    day = Day()
    whole = Archive(folder / "whole")
    with open_monitor(folder, feeds, read_at()) as wiring:
        for _ in range(times):
            for number, url in enumerate(feeds):
                recording = Recording()
                wiring.fetcher.session(recording)(url, pause_seconds=0)
                _keep(wiring, f"press-{number}", recording.exchanges, whole, day)
        day.revisits.stored = bytes_under(wiring.settings.archive)
    day.whole.stored = bytes_under(folder / "whole")
    return day


def _keep(wiring: Wiring, source: str, exchanges: Sequence[Exchange], whole: Archive, day: Day) -> None:
    day.exchanges += len(exchanges)
    day.received += sum(len(exchange.wire) for exchange in exchanges)
    begun = time.process_time()
    for exchange in exchanges:
        whole.store(exchange)
    between = time.process_time()
    placed = archive_exchanges(wiring.ledger, wiring.archive, exchanges, (source, "feed"))
    day.revisits.cpu += time.process_time() - between
    day.whole.cpu += between - begun
    now = wiring.now
    poll = PollRecord(source, "feed", now, now, "read", None, 1, 0, 0, wiring.catalogue.digest)
    with wiring.store.writing() as db:
        poll_id = polls.record_poll(db, poll)
        for record in placed:
            polls.record_exchange(db, poll_id, None, record)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--times", type=int, required=True)
    options.add_argument("--feed", action="append", required=True)
    given = options.parse_args()
    print(json.dumps(asdict(measure(given.folder, given.feed, given.times))))


if __name__ == "__main__":
    main()
