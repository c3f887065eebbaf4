"""A database of before there were checks: what it holds is proven from the kept bytes before anything is told."""

from __future__ import annotations

import pytest
from support.doubtful import ENDED_AT, EXPIRED, READINGS, TALKS, ShortDesk
from support.monitors import Monitor

from servanda.jobs.assess import assess

pytestmark = pytest.mark.slow


@pytest.fixture
def desk(monitor: Monitor) -> ShortDesk:
    return ShortDesk(monitor, reread="[]")


def forget_checks(desk: ShortDesk) -> None:
    """As an older release has left it: nothing was ever checked."""
    with desk.monitor.at() as wiring, wiring.store.engine.connect() as db, db.begin():
        for table in ("repeated_text", "standing_text", "text_line", "document_check"):
            db.exec_driver_sql(f"DROP TRIGGER {table}_no_delete")
            db.exec_driver_sql(f"DELETE FROM {table}")


def test_what_was_stored_unchecked_is_checked_from_its_bytes(desk: ShortDesk) -> None:
    desk.put(TALKS)
    desk.instead["talks"] = EXPIRED
    desk.read(*READINGS)
    said = desk.doubtful()
    assert set(said) == {TALKS.title}
    forget_checks(desk)
    assert desk.doubtful() == {}
    with desk.monitor.at(ENDED_AT) as wiring:
        assess(wiring)
    assert desk.doubtful() == said, "the publisher was not asked"


def test_bytes_that_are_damaged_leave_a_doubt(desk: ShortDesk) -> None:
    desk.put(TALKS)
    desk.read(*READINGS)
    forget_checks(desk)
    for archive in (desk.monitor.folder / "archive").glob("*.warc.gz"):
        archive.write_bytes(archive.read_bytes()[:40])
    with desk.monitor.at(ENDED_AT) as wiring:
        assess(wiring)
    assert "what was kept of it cannot be read" in desk.doubtful()[TALKS.title]


def test_what_is_checked_is_not_read_again(desk: ShortDesk) -> None:
    desk.put(TALKS)
    desk.read(*READINGS)
    before = desk.rows("SELECT count(*) AS n FROM document_check")
    with desk.monitor.at(ENDED_AT) as wiring:
        assess(wiring)
    assert desk.rows("SELECT count(*) AS n FROM document_check") == before
