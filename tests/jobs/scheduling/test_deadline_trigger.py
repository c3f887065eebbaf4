"""The trigger fires once for each instant that has passed, and waits for whatever is not there."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from servanda.hosting.airflow_services import DEADLINE_TRIGGER
from servanda.models.findings.verdicts import set_window_clock
from servanda.models.store import create_store

pytestmark = pytest.mark.airflow


@pytest.fixture(scope="module")
def trigger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The class. Airflow writes its settings on import: let it do so in a folder of ours."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_HOME", str(tmp_path_factory.mktemp("airflow")))
        from servanda.jobs.scheduling.deadline_trigger import NextDeadline

        yield NextDeadline


def set_clock(url: str, mode: Any = "live", **seconds_from_now: float) -> None:
    """Make the database; then set each window's next instant so many seconds from then."""
    store = create_store(url, mode=mode, now=datetime.now(UTC))
    with store.writing() as db:
        now = datetime.now(UTC)
        set_window_clock(db, [(window, now + timedelta(seconds=s)) for window, s in seconds_from_now.items()])
    store.close()


async def fired(trigger: Any, seconds: float, count: int = 99) -> list[tuple[str, float]]:
    """The windows that fire within some seconds, each with its lateness."""
    events: list[tuple[str, float]] = []

    async def listen() -> None:
        async for event in trigger(poll_seconds=0.1).run():
            late = (datetime.now(UTC) - datetime.fromisoformat(event.payload["at"])).total_seconds()
            events.append((event.payload["window"], late))
            if len(events) == count:
                return

    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(listen(), seconds)
    return events


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("SERVANDA_DATABASE_URL", database_url)
    return database_url


def test_an_instant_ahead_fires_when_it_comes_and_once(trigger: Any, url: str) -> None:
    set_clock(url, soon=1.0)
    (event,) = asyncio.run(fired(trigger, 3))
    assert event[0] == "soon"
    assert 0 <= event[1] < 1


def test_what_passed_before_the_start_fires_at_once_and_together(trigger: Any, url: str) -> None:
    set_clock(url, old=-300, older=-900)
    assert [window for window, _ in asyncio.run(fired(trigger, 1))] == ["older"]


def test_an_instant_that_nobody_clears_does_not_hide_a_later_one(trigger: Any, url: str) -> None:
    set_clock(url, stale=-300, soon=1.0)
    assert [window for window, _ in asyncio.run(fired(trigger, 5, count=2))] == ["stale", "soon"]


def test_a_replay_never_fires(trigger: Any, url: str) -> None:
    set_clock(url, "replay", old=-300)
    assert asyncio.run(fired(trigger, 0.5)) == []


def test_a_database_that_is_missing_is_waited_for_and_not_made(
    trigger: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "later.db"
    monkeypatch.setenv("SERVANDA_DATABASE_URL", f"sqlite:///{file}")

    async def scene() -> list[tuple[str, float]]:
        listening = asyncio.create_task(fired(trigger, 5, count=1))
        await asyncio.sleep(0.4)
        assert not file.exists()
        await asyncio.to_thread(set_clock, f"sqlite:///{file}", old=-1)
        return await listening

    assert [window for window, _ in asyncio.run(scene())] == ["old"]


def test_a_nonsensical_setting_is_waited_out(trigger: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVANDA_DATABASE_URL", "mysql://nowhere/x")
    assert asyncio.run(fired(trigger, 0.5)) == []


def test_the_embedded_airflow_knows_its_class_path(trigger: Any) -> None:
    assert trigger().serialize()[0] == DEADLINE_TRIGGER


def test_it_can_be_written_down_and_made_again() -> None:
    """As Airflow does it, in a process that knows the path alone."""
    program = (
        "from servanda.jobs.scheduling.deadline_trigger import NextDeadline as N; from importlib import import_module as i; "
        "path, arguments = N(3.5).serialize(); module, name = path.rsplit('.', 1); "
        "print(getattr(i(module), name)(**arguments).serialize() == N(3.5).serialize())"
    )
    done = subprocess.run((sys.executable, "-c", program), capture_output=True, text=True, check=True)
    assert done.stdout.strip().endswith("True")
