"""The drill: back up in the middle of the work, lose all, bring it back; nothing is lost, no mail comes twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from support.catalogues import feed_route, source
from support.databases import database_on
from support.monitors import Monitor
from support.press import GUARD_DEPLOYED, PressOffice

from servanda.hosting.metadata_database import find_binaries
from servanda.jobs.assess import assess
from servanda.jobs.backups.copying import back_up
from servanda.jobs.backups.restoring import release_mail, restore
from servanda.jobs.bootstrap.settings import read_settings
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import wire
from servanda.jobs.captures.verify import verify
from servanda.jobs.collect import collect_source
from servanda.jobs.notify import NotifyOutcome, notify
from servanda.jobs.watchers.membership import add_watcher
from servanda.models import tables

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)


def run() -> NotifyOutcome:
    with wire(opening="create") as wiring:
        collect_source(wiring, "us-a")
        assess(wiring)
        return notify(wiring)


def subjects(folder: Path) -> list[str]:
    return sorted(
        line
        for path in folder.glob("*.eml")
        for line in path.read_text().splitlines()
        if line.startswith("Subject:")
    )


@contextmanager
def other_database(request: pytest.FixtureRequest, url: str, tmp_path: Path) -> Iterator[str]:
    """An empty database of the same kind as another."""
    if url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path}/restored/servanda.db"
        return
    with database_on(request.getfixturevalue("postgres_server"), "template0") as made:
        yield made


@pytest.fixture
def office(any_monitor: Monitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PressOffice:
    monkeypatch.setenv("PATH", f"{find_binaries()}:{os.environ['PATH']}")
    monkeypatch.setenv("SERVANDA_SECRET_FILE", str(tmp_path / "secret"))
    office = PressOffice(any_monitor.site)
    office.publish("ordinary", "An ordinary day", datetime.now(UTC) - timedelta(hours=5))
    started = f"{datetime.now(UTC) - 10 * DAY:%Y-%m-%d}"
    any_monitor.catalogue({"us-a": source("us-a", feed_route(office.url))}, published_on=started)
    (tmp_path / "secret").write_text("x" * 40)
    (tmp_path / "secret").chmod(0o600)
    with wire(opening="create") as wiring:
        add_watcher(wiring.ledger, "ana@example.org")
    return office


def test_a_lost_monitor_comes_back_whole_and_mails_nothing_twice(
    office: PressOffice, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    with wire() as wiring:
        back_up(wiring, tmp_path / "backup")
    office.publish("guard", "National Guard deployed", datetime.now(UTC), GUARD_DEPLOYED)
    assert run().sent == 1, "the side that lives on tells of it"
    told_until = datetime.now(UTC)
    with other_database(request, read_settings().database_url, tmp_path) as url:
        for name, value in (
            ("DATABASE_URL", url), ("ARCHIVE", tmp_path / "restored" / "archive"), ("OUTBOX", tmp_path / "restored" / "outbox"),
            ("SECRET_FILE", tmp_path / "restored" / "secret"),
        ):  # fmt: skip
            monkeypatch.setenv(f"SERVANDA_{name}", str(value))
        restore(read_settings(), tmp_path / "backup")
        assert (tmp_path / "restored" / "secret").stat().st_mode & 0o777 == 0o600
        with wire() as wiring:
            found = verify(wiring.ledger, wiring.archive)
            assert (found.damaged_captures, found.orphans) == (0, 0)
            assert found.captures > 0
        held = run()
        assert held.held is not None and "servanda mail release" in held.held
        assert subjects(tmp_path / "restored" / "outbox") == []
        with wire() as wiring:
            release_mail(wiring, "Ana", "the other is gone", told_until + DAY)
            assert notify(wiring).sent == 0
        office.publish("more", "National Guard deployed again", datetime.now(UTC) + DAY, GUARD_DEPLOYED)
        with wire() as wiring, wiring.store.reading() as db:
            assert db.execute(select(func.count()).select_from(tables.mail_hold)).scalar_one() == 2


def test_without_a_word_on_the_other_side_what_waits_is_mailed(
    office: PressOffice, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    with wire() as wiring:
        back_up(wiring, tmp_path / "backup")
    with other_database(request, read_settings().database_url, tmp_path) as url:
        monkeypatch.setenv("SERVANDA_DATABASE_URL", url)
        monkeypatch.setenv("SERVANDA_ARCHIVE", str(tmp_path / "restored" / "archive"))
        monkeypatch.setenv("SERVANDA_SECRET_FILE", str(tmp_path / "restored" / "secret"))
        restore(read_settings(), tmp_path / "backup")
        office.publish("guard", "National Guard deployed", datetime.now(UTC), GUARD_DEPLOYED)
        assert run().sent == 0
        with wire() as wiring:
            assert release_mail(wiring, "Ana", "the other is gone", None) == 0
            assert notify(wiring).sent == 1


def test_nothing_is_overwritten(office: PressOffice, tmp_path: Path) -> None:
    run()
    with wire() as wiring:
        back_up(wiring, tmp_path / "backup")
        with pytest.raises(UsageError, match="exists already; valid: a new folder"):
            back_up(wiring, tmp_path / "backup")
    with pytest.raises(UsageError, match=r"SERVANDA_ARCHIVE: .* is not empty"):
        restore(read_settings(), tmp_path / "backup")
    with pytest.raises(UsageError, match=r"is no backup: it has no backup\.json"):
        restore(read_settings(), tmp_path)
