"""A run that is killed in the middle and started again ends in the same state as one that was not."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from support.catalogues import listing_route, source
from support.listing_pages import Release, publish
from support.monitors import Monitor
from support.state import canonical

from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.collect import collect_source
from servanda.jobs.delivery.sending import LEASE
from servanda.jobs.notify import notify
from servanda.jobs.watchers.membership import add_watcher

pytestmark = pytest.mark.slow

BASELINE = datetime(2019, 9, 4, 18, tzinfo=UTC)
NOW = datetime(2019, 9, 6, 18, tzinfo=UTC)
LATER = NOW + LEASE + timedelta(minutes=1)
"""When a mail that a killed sender had taken is free again."""
SOURCES = ("us-state", "mx-sre")


class Killed(BaseException):
    """Stands for the end of the process: nothing in the product may catch it."""


def releases(until: datetime) -> list[Release]:
    days = [Release(f"day-{n}", f"Business of day {n}", f"2019-09-0{n}T12:00:00-04:00") for n in range(1, 7)]
    telling = [
        Release("guard", "On the border", "2019-09-05T09:00:00-04:00", "Mexico deployed its National Guard on the border, as the Secretary noted with thanks today."),
        Release("joint", "Joint statement", "2019-09-05T10:00:00-04:00", "The United States and Mexico announced additional measures on migration in the capital today."),
    ]  # fmt: skip
    return [r for r in (*days, *telling) if datetime.fromisoformat(r.at) <= until]


def day(wiring: Wiring) -> None:
    """A day's work."""
    for slug in SOURCES:
        collect_source(wiring, slug)
    assess(wiring)
    notify(wiring)


@contextmanager
def killed_at_commit(number: int, *, before: bool) -> Iterator[Callable[[], int]]:
    """End the process at its n-th commit: just before it, or just after."""
    seen = 0

    def commit(connection: object) -> None:
        nonlocal seen
        seen += 1
        if seen == number and before:
            raise Killed

    def released(connection: object, *_: object) -> None:
        if seen == number and not before:
            raise Killed

    event.listen(Engine, "commit", commit)
    event.listen(Engine, "begin", released)
    try:
        yield lambda: seen
    finally:
        event.remove(Engine, "commit", commit)
        event.remove(Engine, "begin", released)


@pytest.fixture
def begun(monitor: Monitor) -> Path:
    """A monitor after its baseline, kept aside so that each case can start from it."""
    url = monitor.site.url
    monitor.catalogue({s: source(s, listing_route(f"{url}/{s}/"), lag="PT12H") for s in SOURCES})
    for slug in SOURCES:
        publish(monitor.site, f"/{slug}/", releases(BASELINE))
    with monitor.at(BASELINE) as wiring:
        add_watcher(wiring.ledger, "ana@example.org")
        add_watcher(wiring.ledger, "ben@example.org")
        day(wiring)
    for slug in SOURCES:
        publish(monitor.site, f"/{slug}/", releases(NOW))
    kept = monitor.folder / "kept"
    for name in ("servanda.db", "archive", "outbox"):
        _copy(monitor.folder / name, kept / name)
    return kept


def _copy(origin: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if origin.is_dir():
        shutil.copytree(origin, target, dirs_exist_ok=True)
    else:
        shutil.copy(origin, target)


def start_again(folder: Path, kept: Path) -> None:
    for name in ("servanda.db", "servanda.db-wal", "servanda.db-shm"):
        (folder / name).unlink(missing_ok=True)
    for name in ("archive", "outbox"):
        shutil.rmtree(folder / name, ignore_errors=True)
    for name in ("servanda.db", "archive", "outbox"):
        _copy(kept / name, folder / name)


def test_killed_at_any_commit_and_started_again_it_ends_in_the_same_state(
    monitor: Monitor, begun: Path
) -> None:
    with killed_at_commit(0, before=True) as commits, monitor.at(NOW) as wiring:
        day(wiring)
        total = commits()
    with monitor.at(LATER) as wiring:
        day(wiring)
        undisturbed = canonical(wiring)
    assert '"final_word"' in undisturbed or '"window_ended"' in undisturbed
    assert '"candidate"' in undisturbed
    assert total > 15
    for number in range(1, total + 1):
        for before in (True, False):
            start_again(monitor.folder, begun)
            with killed_at_commit(number, before=before):
                try:
                    with monitor.at(NOW) as wiring:
                        day(wiring)
                except Killed:
                    pass
            with monitor.at(LATER) as wiring:
                day(wiring)
                assert canonical(wiring) == undisturbed, (
                    f"commit {number}, {'before' if before else 'after'} it"
                )


def test_killed_outright_in_the_middle_of_a_page_it_goes_on_and_loses_nothing(
    monitor: Monitor, begun: Path
) -> None:
    with monitor.at(NOW) as wiring:
        day(wiring)
        undisturbed = canonical(wiring)
    start_again(monitor.folder, begun)
    reached, page = threading.Event(), monitor.site.pages.pop("/mx-sre/joint/")

    def hold(path: str) -> None:
        if path == "/mx-sre/joint/":
            reached.set()
            threading.Event().wait(60)

    monitor.site.fallback = hold
    command = [sys.executable, "-m", "servanda.cli", "run", "--now", NOW.isoformat()]
    running = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL, start_new_session=True)
    assert reached.wait(60), "the run asked for the document"
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    monitor.site.fallback = lambda path: None
    monitor.site.pages["/mx-sre/joint/"] = page
    again = subprocess.run(command, env=os.environ, capture_output=True, text=True, timeout=120)
    assert again.returncode == 0, again.stderr
    with monitor.at() as wiring:
        assert canonical(wiring) == undisturbed
