"""The plan of rereading, on each database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from servanda.compliance.intervals import END
from servanda.models import tables
from servanda.models.documents import recheck_queue as reread
from servanda.models.store import Store

NOW = datetime(2019, 9, 6, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def add_documents(store: Store, number: int) -> None:
    with store.writing() as db:
        rows = [{"source": "us-state", "first_seen_at": NOW} for _ in range(number)]
        db.execute(insert(tables.document), rows)


def due_at(store: Store, document: int) -> datetime | None:
    with store.reading() as db:
        return reread.recheck_due_at(db, document)


def test_a_look_is_planned_moved_forward_and_put_off(store: Store) -> None:
    add_documents(store, 1)
    with store.writing() as db:
        reread.schedule_recheck(db, 1, "us-state", NOW + 5 * HOUR, etag='"a"')
    with store.writing() as db:
        reread.due_sooner(db, 1, NOW + HOUR)
    assert due_at(store, 1) == NOW + HOUR
    with store.writing() as db:
        reread.due_sooner(db, 1, NOW + 2 * HOUR)
    assert due_at(store, 1) == NOW + HOUR, "a look is never put off by haste"
    with store.writing() as db:
        reread.due_later(db, 1, NOW + 9 * HOUR)
    assert due_at(store, 1) == NOW + 9 * HOUR
    with store.writing() as db:
        reread.schedule_recheck(db, 1, "us-state", END)
    assert due_at(store, 1) is None


def test_haste_plans_nothing_for_what_was_never_read(store: Store) -> None:
    add_documents(store, 1)
    with store.writing() as db:
        reread.due_sooner(db, 1, NOW)
    assert due_at(store, 1) is None


def test_what_is_planned_stays_when_the_rest_is_planned_anew(store: Store) -> None:
    add_documents(store, 2)
    with store.writing() as db:
        reread.schedule_recheck(db, 1, "us-state", NOW)
        reread.schedule_missing_rechecks(db, "us-state", [(1, END), (2, NOW + HOUR)])
    assert (due_at(store, 1), due_at(store, 2)) == (NOW, NOW + HOUR)


def test_a_source_of_which_nothing_was_read_has_lost_nothing(store: Store) -> None:
    add_documents(store, 2)
    with store.reading() as db:
        assert not reread.is_queue_lost(db, "us-state")
