"""One contender, once, in a process of its own: ``python -m benchmarks.contender`` prints what it took."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from benchmarks.pages import read_at
from benchmarks.processes import cpu_of_all

RE_POLL_AFTER = timedelta(minutes=30)
Read = Callable[[], int]


@dataclass(frozen=True)
class Work:
    """What the reading itself took, its process's start left out. Seconds; documents newly stored.

    ``cpu`` is that of the process and of all that it started.
    """

    cpu: float
    wall: float
    documents: int


@contextmanager
def plain(folder: Path, feeds: list[str], *, conditional: bool, extract: bool) -> Iterator[Read]:
    from benchmarks.plain_loop import open_table, read_feeds

    db = open_table(folder)
    yield lambda: read_feeds(db, feeds, conditional=conditional, extract=extract)
    db.close()


@contextmanager
def servanda(folder: Path, feeds: list[str], *, again: bool) -> Iterator[Read]:
    from benchmarks.monitor import collect_all, open_monitor

    with open_monitor(folder, feeds, read_at() + (RE_POLL_AFTER if again else timedelta(0))) as wiring:
        yield lambda: collect_all(wiring)


PLAIN_LOOPS = {
    "plain": {"conditional": False, "extract": True},
    "plain, conditional": {"conditional": True, "extract": True},
    "plain, no extraction": {"conditional": False, "extract": False},
}


def opened(name: str, folder: Path, feeds: list[str], *, again: bool) -> AbstractContextManager[Read]:
    """The contender of that name, ready to read."""
    if name == "servanda":
        return servanda(folder, feeds, again=again)
    return plain(folder, feeds, **PLAIN_LOOPS[name])


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("name")
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--feed", action="append", required=True)
    options.add_argument("--again", action="store_true")
    given = options.parse_args()
    with opened(given.name, given.folder, given.feed, again=given.again) as read:
        cpu, wall = cpu_of_all(), time.perf_counter()
        documents = read()
        work = Work(cpu_of_all() - cpu, time.perf_counter() - wall, documents)
    print(json.dumps(asdict(work)))


if __name__ == "__main__":
    main()
