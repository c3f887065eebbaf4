"""What the embedded Airflow needs as long as it runs: a sign of life, and room on the disk."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.waiting import wait_for

from servanda.hosting import airflow_process
from servanda.hosting.airflow_api import Backlog
from servanda.hosting.airflow_process import Component
from servanda.hosting.housekeeping import describe_backlog, remove_old_logs, sign_of_life
from servanda.jobs.watchdog.diagnosis import find_problems

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

BACKLOGS = [
    ("nothing waits", Backlog(0, None), None),
    ("many wait for a moment", Backlog(40, NOW - MINUTE), None),
    ("an hour", Backlog(1, NOW - HOUR), None),
    ("a minute more", Backlog(40, NOW - HOUR - MINUTE), "Backlog: 40 runs wait, the oldest for 61 minutes"),
]


@pytest.mark.parametrize(("backlog", "said"), [c[1:] for c in BACKLOGS], ids=[c[0] for c in BACKLOGS])
def test_runs_that_wait_for_more_than_an_hour_are_told(backlog: Backlog, said: str | None) -> None:
    assert describe_backlog(backlog, NOW) == said


def test_the_watchdog_hears_what_is_wrong_with_airflow_and_since_when() -> None:
    first = sign_of_life(None, "ComponentEnds: scheduler", NOW)
    later = sign_of_life(first, "ComponentEnds: scheduler", NOW + 5 * MINUTE)
    (problem,) = find_problems([later], NOW + 5 * MINUTE)
    assert problem.words == "airflow has been failing since 2026-03-01 12:00 UTC: ComponentEnds: scheduler"
    mended = sign_of_life(later, None, NOW + 6 * MINUTE)
    assert find_problems([mended], NOW + 6 * MINUTE) == []
    (silent,) = find_problems([mended], NOW + HOUR)
    assert silent.kind == "silent", "a launcher that is gone is missed"


def test_logs_of_runs_go_by_age_and_others_stay(tmp_path: Path) -> None:
    for name, age in (("old", 200 * DAY), ("new", DAY)):
        log = tmp_path / "dag_id=collect" / f"run_id={name}" / "task_id=poll" / "attempt=1.log"
        log.parent.mkdir(parents=True)
        log.write_text("said")
        for path in (log, *log.parents[:2]):
            os.utime(path, ((NOW - age).timestamp(),) * 2)
    services = tmp_path / "services" / "scheduler.log"
    services.parent.mkdir()
    services.write_text("kept")
    assert remove_old_logs(tmp_path, NOW - 180 * DAY) == 1
    assert [p.name for p in tmp_path.glob("dag_id=*/*")] == ["run_id=new"]
    assert services.exists()


def test_a_log_that_grows_too_long_is_set_aside_while_the_process_writes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(airflow_process, "LONGEST_LOG_BYTES", 1000)
    writer = "import time\nfor n in range(600):\n    print('x' * 99, n, flush=True); time.sleep(0.01)"
    one = Component("writer", (sys.executable, "-c", writer), tmp_path / "writer.log")
    one.start(os.environ, tmp_path, 0.0)

    def rotated() -> bool:
        one.tend(os.environ, tmp_path, 0.0)
        return (tmp_path / "writer.old.log").exists() and 0 < one.log.stat().st_size <= 1100

    wait_for(rotated, "a log set aside and gone on with", 20)
    one.kill()
    assert b"\0" not in one.log.read_bytes(), "it appends to what is there"
