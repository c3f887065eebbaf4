"""Pages of the desk beside Datasette serving the same tables: time to first byte, statements, bytes.

``python -m benchmarks.desk.comparison --folder FOLDER [--datasette PROGRAM]``, over a ledger that
``python -m benchmarks.desk.ledger`` wrote. Both serve on loopback, and are asked in turns in one run.
"""

from __future__ import annotations

import argparse
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
import uvicorn
from sqlalchemy import event
from sqlalchemy.engine import Engine

from benchmarks.desk.ledger import desk_settings
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.web.app import create_app
from servanda.web.desk.door import Door

PAIRS = (
    ("the overview", "", "current_verdict?_size=50"),
    ("windows of one verdict", "?verdict=unverified", "current_verdict?_size=50&value=unverified"),
    ("documents", "documents", "current_listing?_size=50&_sort_desc=from_at"),
    (
        "documents of a source",
        "documents?source=press-3",
        "current_listing?_size=50&source=press-3&_sort_desc=from_at",
    ),
    ("search", "search?q=migration+trade", "document_search?_size=50&_search=migration+trade"),
    ("one window", "instrument-3/w3-0", "verdict?window=w3-0"),
    ("one document", "documents/5000", "listing?document=5000"),
)
"""A page of the desk beside the page of Datasette that shows the rows it rests on."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds to the first byte, and bytes of the page."""

    times: tuple[float, ...]
    size: int

    @property
    def middle(self) -> float:
        return statistics.median(self.times)

    @property
    def high(self) -> float:
        return sorted(self.times)[max(0, round(0.95 * len(self.times)) - 1)]


def measure(session: requests.Session, url: str) -> tuple[float, int]:
    begun = time.perf_counter()
    with session.get(url, stream=True, timeout=300) as answer:
        first = time.perf_counter() - begun
        answer.raise_for_status()
        return first * 1000, len(answer.content)


@contextmanager
def serving(wiring: Wiring) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(create_app(wiring, Door()), lifespan="off", log_level="warning")
        server = uvicorn.Server(config)
        running = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        running.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        server.should_exit = True
        running.join()


@contextmanager
def datasette(program: str, database: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = ("--setting", "sql_time_limit_ms", "60000", "--setting", "suggest_facets", "off")
    command = [program, "serve", "-p", str(port), *settings, str(database)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        base = f"http://127.0.0.1:{port}/"
        for _ in range(300):
            try:
                requests.get(base, timeout=60)
                break
            except requests.ConnectionError:
                time.sleep(0.2)
        yield f"{base}{database.stem}/"
    finally:
        process.terminate()
        process.wait()


def count_statements(session: requests.Session, url: str) -> int:
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        measure(session, url)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(seen)


def compare(ours: str, theirs: str | None, rounds: int) -> None:
    print("page                      statements    bytes   p50 ms   p95 ms   beside Datasette (p50, p95)")
    session = requests.Session()
    for name, page, table in PAIRS:
        statements = count_statements(session, ours + page)
        pairs = [
            (measure(session, ours + page), measure(session, theirs + table) if theirs else None)
            for _ in range(rounds)
        ]
        desk = Measured(tuple(one[0] for one, _ in pairs), pairs[-1][0][1])
        other = Measured(tuple(o[0] for _, o in pairs if o), 0) if theirs else None
        print(_line(name, statements, desk, other), flush=True)


def _line(name: str, statements: int, desk: Measured, other: Measured | None) -> str:
    said = f"{name:<25} {statements:>10} {desk.size:>8} {desk.middle:>8.0f} {desk.high:>8.0f}"
    if other is None:
        return said
    ratios = f"{desk.middle / other.middle:.2f}, {desk.high / other.high:.2f}"
    return f"{said}   {other.middle:>6.0f} {other.high:>6.0f} ms: {ratios}"


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.desk.comparison", description=__doc__)
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--datasette", default=None, metavar="PROGRAM")
    options.add_argument("--rounds", type=int, default=20)
    given = options.parse_args(arguments)
    with wire(settings=desk_settings(given.folder)) as wiring, serving(wiring) as ours:
        if given.datasette is None:
            compare(ours, None, given.rounds)
            return
        with datasette(given.datasette, given.folder / "servanda.db") as theirs:
            compare(ours, theirs, given.rounds)


if __name__ == "__main__":
    main()
