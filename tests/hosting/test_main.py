"""What ``make run`` does before and after Airflow: it prepares, refuses, shows, and says where things are."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from support.catalogues import feed_route, source
from support.monitors import Monitor
from support.press import PressOffice

from servanda.hosting.airflow_settings import Secrets
from servanda.hosting.first_run import StatusBoard
from servanda.hosting.main import main, prepare, service_environment, show_addresses, show_results
from servanda.jobs.bootstrap.settings import Settings, read_settings
from servanda.jobs.bootstrap.wiring import wire
from servanda.jobs.collect import collect_source
from servanda.jobs.views.watchers import watcher_list

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def live(monitor: Monitor) -> Any:
    """A monitor whose second source has lost its page."""
    office = PressOffice(monitor.site)
    office.publish("ordinary", "An ordinary day", datetime.now(UTC))
    missing = feed_route(f"{monitor.site.url}/missing")
    monitor.catalogue({"us-a": source("us-a", feed_route(office.url)), "us-b": source("us-b", missing)})
    return monitor


def screen() -> tuple[Console, io.StringIO]:
    shown = io.StringIO()
    return Console(file=shown, width=200), shown


def test_the_first_run_makes_the_database_and_adds_the_operator_once(
    live: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVANDA_OPERATOR", "on-call@example.org")
    for _ in range(2):
        prepare(read_settings())
    with wire() as wiring:
        (row,) = watcher_list(wiring.ledger)
    assert (row["address"], row["operator"]) == ("on-call@example.org", True)


@pytest.mark.parametrize(
    "name, value, complaint",
    [
        ("SERVANDA_OPERATOR", "nobody", "SERVANDA_OPERATOR: "),
        ("SERVANDA_NOW", "2019-06-07T12:00:00Z", "SERVANDA_NOW is set"),
        ("SERVANDA_ALLOW_HOSTS", "somewhere", "SERVANDA_ALLOW_HOSTS"),
        ("SERVANDA_CATALOGUE", "/nowhere", "the folder does not exist"),
        ("SERVANDA_DATABASE_URL", "mysql://x/y", "valid: sqlite, postgresql"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_started(
    live: Any,
    name: str,
    value: str,
    complaint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("SERVANDA_AIRFLOW_HOME", str(live.folder / "airflow"))
    assert main() == 2
    assert complaint in capsys.readouterr().err
    assert not (live.folder / "airflow").exists()


def test_a_replay_is_not_scheduled(
    live: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with live.at(datetime(2019, 6, 7, 12, tzinfo=UTC)):
        pass
    assert main() == 2
    assert "is a replay" in capsys.readouterr().err


def test_the_services_get_paths_that_hold_in_any_folder() -> None:
    settings = Settings(
        database_url="sqlite:///var/x.db",
        archive=Path("var/archive"),
        cache=Path("var/cache"),
        catalogue=Path("mine"),
    )
    given = service_environment(settings, {"PATH": "/bin", "SERVANDA_ARCHIVE": "var/archive"})
    here = Path.cwd()
    assert given["SERVANDA_DATABASE_URL"] == f"sqlite:///{here}/var/x.db"
    assert given["SERVANDA_ARCHIVE"] == f"{here}/var/archive"
    assert given["SERVANDA_CACHE"] == f"{here}/var/cache"
    assert given["SERVANDA_OUTBOX"] == f"{here}/var/outbox"
    assert given["SERVANDA_CATALOGUE"] == f"{here}/mine"
    assert given["PATH"] == "/bin"


def test_the_password_of_another_database_is_handed_on_whole() -> None:
    url = "postgresql+psycopg://ana:s3cret%40@db/servanda"
    assert service_environment(Settings(database_url=url), {})["SERVANDA_DATABASE_URL"] == url


def test_sources_that_failed_are_named_and_the_others_are_not(live: Any) -> None:
    console, shown = screen()
    with wire(opening="create") as wiring:
        for slug in ("us-a", "us-b"):
            collect_source(wiring, slug)
        show_results(wiring, LONG_AGO, console)
    text = shown.getvalue()
    assert "further-actions-90d" in text
    assert "national-guard" in text
    assert "not read: us-b/feed: unreachable: " in text
    assert "not read: us-a" not in text
    assert "make demo" not in text


def test_where_no_source_could_be_reached_it_says_so_and_points_to_the_demo(live: Any) -> None:
    live.site.down = True
    console, shown = screen()
    with wire(opening="create") as wiring:
        collect_source(wiring, "us-b")
        show_results(wiring, LONG_AGO, console)
    assert "No source could be reached" in shown.getvalue()
    assert "`make demo`" in shown.getvalue()


@pytest.mark.parametrize(
    "smtp_url, where",
    [
        ("smtp://ana:s3cret@mail.example.org:2525", "sent through mail.example.org:2525"),
        (None, "1 .eml files in "),
    ],
)
def test_it_says_where_the_mails_are_and_how_to_log_in(
    tmp_path: Path, smtp_url: str | None, where: str
) -> None:
    class Services:
        class api:
            base = "http://127.0.0.1:8081"

    (tmp_path / "1.eml").touch()
    console, shown = screen()
    settings = Settings(smtp_url=smtp_url, outbox=tmp_path)
    show_addresses(settings, "http://127.0.0.1:8081", Secrets("", "", "", "pass"), console)
    assert where in shown.getvalue()
    assert "http://localhost:8081  (user admin, password pass)" in shown.getvalue()
    assert "s3cret" not in shown.getvalue()


def test_without_a_terminal_each_change_is_one_line() -> None:
    console, shown = screen()
    board = StatusBoard(console)
    with board.shown():
        for state in ("at work", "at work", "done"):
            board.put("  us-a", state)
    assert shown.getvalue().splitlines() == ["  us-a: at work", "  us-a: done"]


def test_on_a_terminal_the_states_stay_in_one_table() -> None:
    shown = io.StringIO()
    board = StatusBoard(Console(file=shown, width=80, force_terminal=True, color_system=None))
    with board.shown():
        board.put("  us-a", "at work")
        board.put("  us-b", "failed")
        board.put("  us-a", "done")
    last = shown.getvalue().split("\x1b[2K")[-1]
    assert [line.split() for line in last.splitlines()[:2]] == [["us-a", "done"], ["us-b", "failed"]]
