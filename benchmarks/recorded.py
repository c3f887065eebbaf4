"""Recorded feeds replayed at the times of their capture: ``python -m benchmarks.recorded``.

The real job reads each capture from a site on loopback, at a moment of a replay. Each line of the table is a
reading: what it listed, how much publication time was covered before and after it, and the gaps in between.
After each third capture an older copy is served, as really happened, which must move nothing. The recordings
are no part of this repository; where they are not laid out beside it, this says so and ends.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.monitor import open_monitor
from benchmarks.pages import article_page
from benchmarks.report import table
from servanda.jobs.collect import collect_source
from servanda.jobs.views.coverage import coverage

RECORDINGS = Path(__file__).parents[2] / "shared" / "real"
FEEDS = {
    "state_gov_press_releases_rss": "www.state.gov",
    "whitehouse_briefing_room_rss": "www.whitehouse.gov",
}
AN_HOUR = timedelta(hours=1)
Stretches = list[tuple[datetime, datetime]]


@dataclass(frozen=True)
class Step:
    """One reading of the replay: when, and which of the captures is served."""

    at: datetime
    capture: int
    is_old_copy: bool = False


@dataclass(frozen=True)
class Taken:
    """What came of it. ``before`` and ``after`` are the stretches of publication time that are covered."""

    step: Step
    items: int
    new: int
    said: str
    before: Stretches
    after: Stretches


class _Site:
    """A site on loopback that answers its feed's address with ``feed``, and any other with some article."""

    feed = b""

    def __init__(self) -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                is_feed = self.path == "/feed/"
                body = site.feed if is_feed else article_page("light", 0, 1)
                self.send_response(404 if self.path == "/robots.txt" else 200)
                self.send_header("Content-Type", "application/rss+xml" if is_feed else "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@contextmanager
def running_site() -> Iterator[_Site]:
    site = _Site()
    threading.Thread(target=site.server.serve_forever, daemon=True).start()
    yield site
    site.server.shutdown()


def timeline(captured: list[datetime]) -> list[Step]:
    """Every capture; after each third the one before it again, and 14 minutes later the right one."""
    steps: list[Step] = []
    for number, at in enumerate(captured):
        steps.append(Step(at, number))
        following = captured[number + 1] if number + 1 < len(captured) else at + AN_HOUR
        if number % 3 == 2 and following - at > timedelta(minutes=16):
            steps.append(Step(at + timedelta(minutes=1), number - 1, is_old_copy=True))
            steps.append(Step(at + timedelta(minutes=15), number))
    return steps


def replay(recording: Path, host: str, folder: Path) -> list[Taken]:
    """Read every step by the real job. ``host`` is the recorded site's, whose links are led to ours."""
    files = sorted(json.loads((recording / "MANIFEST.json").read_text())["files"], key=_captured_at)
    steps = timeline([_captured_at(file) for file in files])
    with running_site() as site:
        bodies = [_at_home((recording / file["file"]).read_bytes(), host, site.url) for file in files]
        return [_take(step, bodies[step.capture], site, folder) for step in steps]


def _take(step: Step, body: bytes, site: _Site, folder: Path) -> Taken:
    site.feed = body
    with open_monitor(folder, [f"{site.url}/feed/"], step.at) as wiring:
        before = _covered(coverage(wiring.ledger, wiring.catalogue, step.at)[0])
        outcome = collect_source(wiring, "press-0").polls[0]
        after = _covered(coverage(wiring.ledger, wiring.catalogue, step.at)[0])
    said = f"nothing: {outcome.failure.kind}" if outcome.failure else outcome.covered
    return Taken(step, outcome.items, outcome.new_documents, said, before, after)


def _captured_at(file: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(file["captured_at"])


def _at_home(body: bytes, host: str, url: str) -> bytes:
    return body.replace(f"https://{host}".encode(), url.encode())


def _covered(view: dict[str, Any]) -> Stretches:
    return [(datetime.fromisoformat(i["from"]), datetime.fromisoformat(i["until"])) for i in view["covered"]]


def gaps(covered: Stretches) -> Stretches:
    """What lies between the stretches."""
    return [(one[1], other[0]) for one, other in pairwise(covered)]


def told(taken: list[Taken]) -> str:
    """The table of all steps, and the gaps that are left at the end."""
    header = ("step", "read at (UTC)", "items", "new", "covered before", "covered after", "gaps", "it proves")
    rows = [
        (
            str(number),
            one.step.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
            str(one.items),
            str(one.new),
            _hours(one.before),
            _hours(one.after),
            f"{len(gaps(one.after))}, {_hours(gaps(one.after))}",
            one.said,
        )
        for number, one in enumerate(taken, start=1)
    ]
    left = (
        f"  not covered: {a:%Y-%m-%d %H:%M:%S} to {b:%Y-%m-%d %H:%M:%S}" for a, b in gaps(taken[-1].after)
    )
    return "\n".join((table(header, rows), *left))


def _hours(stretches: Stretches) -> str:
    return f"{sum((until - start for start, until in stretches), timedelta(0)) / AN_HOUR:.2f} h"


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks.recorded", description=__doc__)
    options.add_argument("--recordings", type=Path, default=RECORDINGS, help="the folder that holds them")
    given = options.parse_args()
    for name, host in FEEDS.items():
        if not (given.recordings / name).is_dir():
            print(f"{name}: not replayed, there are no recordings at {given.recordings / name}")
            continue
        with tempfile.TemporaryDirectory(prefix="servanda-") as folder:
            taken = replay(given.recordings / name, host, Path(folder))
        moved = [one for one in taken if one.step.is_old_copy and one.before != one.after]
        print(f"{name}, a lag of 1 h and a longest silence of 5 days\n\n{told(taken)}\n")
        if moved:
            raise SystemExit(f"an older copy moved coverage at {moved[0].step.at}")


if __name__ == "__main__":
    main()
