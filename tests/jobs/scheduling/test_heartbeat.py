"""What rounds leave behind: scheduled ones, those of a crontab, those typed by hand, and those that fail."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError
from support.catalogues import feed_route, source
from support.monitors import Monitor

from servanda.cli.commands import main
from servanda.jobs.bootstrap.system import SystemClock
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import wire
from servanda.jobs.scheduling import heartbeat as pulse
from servanda.jobs.scheduling.heartbeat import on_schedule
from servanda.jobs.scheduling.timetable import CRON, next_tick
from servanda.jobs.watchdog.heartbeat_files import Heartbeat, read_heartbeat, read_heartbeats, write_heartbeat
from servanda.models.findings import verdicts as findings
from servanda.models.store import StoreError

MINUTE = timedelta(minutes=1)


@pytest.fixture
def folder(monitor: Monitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the signs of life of a small monitor lie: one source whose address nobody answers."""
    monitor.catalogue({"us-state": source("us-state", feed_route("http://127.0.0.1:1/feed"))})
    monkeypatch.setenv("SERVANDA_PULSE", str(tmp_path / "pulse"))
    return tmp_path / "pulse"


def now() -> datetime:
    return SystemClock().now()


def left(folder: Path, job: str) -> Heartbeat:
    found = read_heartbeat(folder, job)
    assert found is not None
    return found


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., int]:
    def run(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["servanda", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        capsys.readouterr()
        return int(ended.value.code or 0)

    return run


# --- by a scheduler -------------------------------------------------------------------------------------------


def test_a_scheduled_round_says_that_it_works_and_by_when_the_next_one_is_due(folder: Path) -> None:
    began = now()
    with on_schedule("notify"):
        working = left(folder, "notify")
        assert (working.state, working.schedule, working.ended_at) == ("at_work", "airflow", None)
        assert working.due_at is not None and working.due_at - working.at >= pulse.LONGEST_MAIL_STEP
    ended = left(folder, "notify")
    assert (ended.state, ended.failure) == ("ended", None)
    assert ended.due_at == next_tick(CRON["notify"], ended.at)
    assert ended.ended_at is not None and began.replace(microsecond=0) <= ended.ended_at <= now()


def test_a_step_that_is_not_the_last_leaves_the_round_at_work(folder: Path) -> None:
    with on_schedule("collect", ends=False):
        pass
    assert left(folder, "collect").state == "at_work"
    with on_schedule("collect"):
        pass
    assert left(folder, "collect").state == "ended"


class Ticking(SystemClock):
    """An hour and a half passes between two looks at it."""

    def __init__(self, at: datetime) -> None:
        self.at, self.passed = at, 0.0

    def now(self) -> datetime:
        self.at += timedelta(minutes=90)
        return self.at

    def monotonic(self) -> float:
        self.passed += 90 * 60
        return self.passed


def test_a_round_that_makes_progress_says_so_and_one_that_hangs_does_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2026, 1, 31, 12, tzinfo=UTC)
    write_heartbeat(folder, Heartbeat("collect", "at_work", at, at + pulse.LONGEST_STEP, "airflow"))
    at_once = pulse.renew_heartbeat("collect")
    at_once("us-state: feed", 0, 1)
    assert left(folder, "collect").at == at, "once a minute is enough"
    monkeypatch.setattr(pulse, "SystemClock", lambda: Ticking(at))
    step = pulse.renew_heartbeat("collect")
    for _ in range(3):
        step("us-state: feed", 0, 1)
    renewed = left(folder, "collect")
    assert renewed.due_at == renewed.at + pulse.LONGEST_STEP
    assert renewed.at > at + timedelta(hours=2)
    write_heartbeat(folder, Heartbeat("collect", "ended", at, at, "airflow"))
    step("us-state: feed", 0, 1)
    assert left(folder, "collect").state == "ended", "a round that has ended is not at work"


def test_jobs_that_have_never_run_are_promised_by_the_first_that_does(folder: Path) -> None:
    """Else a job that is paused from the first day on would never be missed."""
    with on_schedule("collect"):
        pass
    assert {one.job: one.state for one in read_heartbeats(folder) if isinstance(one, Heartbeat)} == {
        "assess": "promised",
        "collect": "ended",
        "notify": "promised",
    }
    assess = left(folder, "assess")
    assert assess.due_at == next_tick(CRON["assess"], assess.at)
    with on_schedule("collect"):
        pass
    assert left(folder, "assess") == assess, "a promise is not renewed by those who do not keep it"


def test_an_instant_at_which_time_alone_changes_an_answer_is_promised_too(folder: Path) -> None:
    """So a scheduler whose triggerer died is missed at the deadline, and not the morning after."""
    soon = now().replace(microsecond=0) + 3 * MINUTE
    with on_schedule("assess") as wiring, wiring.store.writing() as db:
        findings.set_window_clock(db, [("further-actions-90d", soon)])
    assert left(folder, "assess").due_at == min(soon, next_tick(CRON["assess"], now()))


def test_an_instant_that_passed_while_the_round_went_on_is_due_already(folder: Path) -> None:
    at = now().replace(microsecond=0)
    with on_schedule("assess") as wiring, wiring.store.writing() as db:
        findings.set_window_clock(db, [("gone", at - 90 * MINUTE), ("further-actions-90d", at - MINUTE)])
    assert left(folder, "assess").due_at == at - MINUTE


def test_a_round_that_fails_says_why_and_since_when_until_one_does_not(folder: Path) -> None:
    for _ in range(2):
        with pytest.raises(RuntimeError), on_schedule("assess"):
            raise RuntimeError("the first line\nand what else was said")
    failed = left(folder, "assess")
    assert (failed.state, failed.failure) == ("ended", "RuntimeError: the first line")
    assert failed.failing_since is not None and failed.failing_since <= failed.at
    with on_schedule("assess"):
        working = left(folder, "assess")
        assert (working.state, working.failure, working.failing_since) == (
            "at_work",
            failed.failure,
            failed.failing_since,
        ), "at work again is not mended yet"
    assert (left(folder, "assess").failure, left(folder, "assess").failing_since) == (None, None)


@pytest.mark.parametrize(
    "url, why",
    [
        (
            "postgresql://nobody:hidden@127.0.0.1:1/none",
            "StoreError: the database at postgresql://nobody:***@127.0.0.1:1/none cannot be opened",
        ),
        ("sqlite:///{folder}/corrupt.db", "DatabaseError: file is not a database"),
        ("mysql://somewhere/else", "StoreError: "),
    ],
)
def test_a_round_that_finds_its_database_gone_leaves_a_sign_that_says_so(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, why: str
) -> None:
    (tmp_path / "corrupt.db").write_bytes(b"no database at all" * 100)
    monkeypatch.setenv("SERVANDA_DATABASE_URL", url.format(folder=tmp_path))
    with pytest.raises((StoreError, SQLAlchemyError)), on_schedule("notify"):
        raise AssertionError("it must not come so far")
    failed = left(folder, "notify")
    assert failed.failure is not None and failed.failure.startswith(why)
    assert "hidden" not in failed.failure
    assert failed.due_at == next_tick(CRON["notify"], failed.at)


def test_a_database_that_was_lost_and_made_anew_is_no_good_sign(folder: Path, tmp_path: Path) -> None:
    """The next round makes an empty one and finds nothing to complain of; nobody would be mailed any more."""
    with on_schedule("notify"):
        pass
    kept = left(folder, "notify").database
    assert kept is not None and left(folder, "notify").failure is None
    lost = tmp_path / "lost"
    lost.mkdir()
    for file in tmp_path.glob("servanda.db*"):
        file.rename(lost / file.name)
    for _ in range(2):
        with on_schedule("notify"):
            pass
        other = left(folder, "notify")
        assert other.failure is not None and other.failure.startswith("OtherDatabase: not the one of before")
        assert other.database == kept
    for file in tmp_path.glob("servanda.db*"):
        file.unlink()
    for file in lost.iterdir():
        file.rename(tmp_path / file.name)
    with on_schedule("notify"):
        pass
    assert left(folder, "notify").failure is None, "it was found again"


def test_what_was_asked_for_wrongly_says_nothing_of_the_monitor(folder: Path) -> None:
    with on_schedule("assess"):
        pass
    with pytest.raises(UsageError), on_schedule("assess"):
        raise UsageError("no such instrument")
    with pytest.raises(RuntimeError), on_schedule("assess"):
        raise RuntimeError("as a scheduler tells it") from UsageError("no such instrument")
    assert left(folder, "assess").failure is None


def test_a_folder_that_cannot_be_written_fails_no_round(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.write_text("a file where the folder should be")
    with on_schedule("notify") as wiring:
        assert wiring.store.mode == "live"
    assert "no sign of life could be left" in caplog.text


# --- from a crontab, and by hand ---------------------------------------------------------------------------------


def test_a_command_of_a_crontab_promises_its_next_run(folder: Path, typed: Callable[..., int]) -> None:
    assert typed("run", "--every", "6h") == 1, "its source does not answer; the round was done all the same"
    kept = left(folder, "run")
    assert (kept.state, kept.schedule) == ("ended", "every 6:00:00")
    assert kept.due_at == kept.at + timedelta(hours=6)
    for verb in ("assess", "notify", "collect"):
        typed(verb, "--every", "5m")
        assert left(folder, verb).due_at == left(folder, verb).at + 5 * MINUTE


def test_a_command_typed_by_hand_promises_nothing_and_leaves_a_schedules_promise(
    folder: Path, typed: Callable[..., int]
) -> None:
    assert typed("notify") == 0
    assert (left(folder, "notify").schedule, left(folder, "notify").due_at) == (None, None)
    promised = Heartbeat("notify", "ended", now() - 90 * MINUTE, now() - 75 * MINUTE, "airflow")
    write_heartbeat(folder, promised)
    assert typed("notify") == 0
    again = left(folder, "notify")
    assert again.due_at == left(folder, "notify").due_at
    assert (again.schedule, again.state) == ("airflow", "ended")
    assert again.due_at is not None and again.due_at < now(), "the schedule is dead, whatever is typed"


@pytest.mark.parametrize(
    "arguments",
    [
        ("collect", "--source", "us-state"),
        ("collect", "--dry-run"),
        ("collect", "--since", "2019-06-07"),
        ("assess", "--dry-run"),
        ("assess", "--instrument", "us-mexico-2019"),
    ],
)
def test_a_part_of_a_round_is_no_sign_of_the_whole(
    folder: Path, typed: Callable[..., int], arguments: tuple[str, ...]
) -> None:
    typed("notify")
    typed(*arguments)
    assert {path.name for path in folder.iterdir()} == {"notify.json"}
    assert typed(*arguments, "--every", "5m") == 2


def test_a_replay_leaves_none(folder: Path, typed: Callable[..., int]) -> None:
    """Its clock stands, and nobody waits for it."""
    typed("run", "--now", "2019-09-06T04:00:00Z")
    typed("notify")
    assert not folder.exists()


def test_a_command_whose_database_is_gone_says_so_unless_it_was_to_be_a_replay(
    folder: Path, typed: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "corrupt.db").write_bytes(b"no database at all" * 100)
    monkeypatch.setenv("SERVANDA_DATABASE_URL", f"sqlite:///{tmp_path}/corrupt.db")
    assert typed("notify", "--now", "2019-09-06T04:00:00Z") == 2
    assert not folder.exists()
    assert typed("notify", "--every", "5m") == 2
    kept = left(folder, "notify")
    assert kept.failure == "DatabaseError: file is not a database"
    assert kept.due_at == kept.at + 5 * MINUTE


# --- for a web page ----------------------------------------------------------------------------------------------


def test_what_a_web_page_says_of_the_monitor_is_fit_for_anybody(folder: Path) -> None:
    at = datetime(2026, 1, 31, 12, tzinfo=UTC)
    failure = "OperationalError: connection to 10.0.0.5 refused"
    write_heartbeat(folder, Heartbeat("notify", "ended", at, at + 15 * MINUTE, "airflow", at, failure, at))
    (folder / "assess.json").write_text("{")
    assert json.loads(json.dumps(pulse.heartbeat_health(folder, at + 60 * MINUTE))) == {
        "ok": False,
        "now": "2026-01-31T13:00:00Z",
        "problems": [
            {
                "about": "assess",
                "kind": "unreadable",
                "words": "the sign of life of assess cannot be read: the monitor's own host says more",
            },
            {
                "about": "notify",
                "kind": "silent",
                "words": "notify is silent since 2026-01-31 12:00 UTC; its next sign of life was due at "
                "2026-01-31 12:15 UTC, 45 minutes ago. Its last round failed: OperationalError",
            },
        ],
        "pulses": [
            {
                "job": "notify",
                "state": "ended",
                "at": "2026-01-31T12:00:00Z",
                "due_at": "2026-01-31T12:15:00Z",
                "schedule": "airflow",
                "ended_at": "2026-01-31T12:00:00Z",
                "failure": "OperationalError",
                "failing_since": "2026-01-31T12:00:00Z",
                "database": None,
            }
        ],
        "unreadable": [{"job": "assess", "why": "the monitor's own host says more"}],
    }
    (folder / "assess.json").unlink()
    assert pulse.heartbeat_health(folder, at)["ok"]


def test_the_store_error_of_a_missing_database_is_a_failure_of_the_round(folder: Path) -> None:
    with pytest.raises(StoreError), pulse.with_heartbeat("assess", wire(), pulse.repeating_schedule(MINUTE)):
        raise AssertionError("there is no database")
    assert "there is no database at" in str(left(folder, "assess").failure)
