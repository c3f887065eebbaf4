"""How sources stand before they are polled, on each database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, insert

from servanda.models import tables
from servanda.models.documents import recheck_queue as reread
from servanda.models.documents.reading_queue import queue_documents
from servanda.models.polls.route_state import RouteState, save_route_state
from servanda.models.polls.source_standing import SourceStanding, source_standings
from servanda.models.store import Store

NOW = datetime(2019, 9, 6, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
KINDS = ("source_blind", "source_recovered")
NOTHING = SourceStanding(unread=False, due=False, planned=False, last_alert=None)


def polled(db: Connection, *sources: str) -> None:
    for source in sources:
        for route in ("feed", "listing"):
            save_route_state(db, source, route, RouteState(None, None, (), False, None, None, None, NOW))


def document(db: Connection, source: str) -> int:
    added = insert(tables.document).values(source=source, first_seen_at=NOW).returning(tables.document.c.id)
    return int(db.execute(added).scalar_one())


def alert(db: Connection, source: str, kind: str) -> None:
    row = {
        "dedup_key": f"{source} {kind}", "kind": kind, "subject": f"source:{source}", "cause_kind": "poll",
        "cause": 1, "payload": {}, "effective_at": NOW, "known_at": NOW,
    }  # fmt: skip
    db.execute(insert(tables.alert), row)


def standing(store: Store, *sources: str) -> dict[str, SourceStanding]:
    with store.reading() as db:
        return source_standings(db, sources, KINDS, NOW)


def test_nothing_waits_at_a_source_that_was_only_polled(store: Store) -> None:
    with store.writing() as db:
        polled(db, "us-state", "mx-sre")
    assert standing(store, "us-state", "mx-sre") == {"us-state": NOTHING, "mx-sre": NOTHING}


def test_a_source_that_was_never_polled_or_is_not_asked_about_is_left_out(store: Store) -> None:
    with store.writing() as db:
        polled(db, "us-state", "mx-sre")
    assert set(standing(store, "us-state", "us-new")) == {"us-state"}
    assert standing(store) == {}


def test_what_waits_is_told_of_its_own_source(store: Store) -> None:
    with store.writing() as db:
        polled(db, "us-state", "mx-sre")
        queue_documents(db, "mx-sre", [document(db, "mx-sre")])
    found = standing(store, "us-state", "mx-sre")
    assert (found["us-state"].unread, found["mx-sre"].unread) == (False, True)


@pytest.mark.parametrize("due_at, due", [(NOW - SECOND, True), (NOW, True), (NOW + SECOND, False)])
def test_a_document_is_due_from_its_instant_on(store: Store, due_at: datetime, due: bool) -> None:
    with store.writing() as db:
        polled(db, "us-state", "mx-sre")
        reread.schedule_recheck(db, document(db, "us-state"), "us-state", due_at)
    found = standing(store, "us-state", "mx-sre")
    assert (found["us-state"].due, found["us-state"].planned) == (due, True)
    assert found["mx-sre"] == NOTHING


def test_the_newest_alert_of_the_kinds_asked_for_is_told(store: Store) -> None:
    with store.writing() as db:
        polled(db, "us-state", "us-states")
        alert(db, "us-states", "source_blind")
        for kind in ("source_blind", "source_recovered", "clock_doubted"):
            alert(db, "us-state", kind)
    found = standing(store, "us-state", "us-states")
    assert found["us-state"].last_alert == "source_recovered"
    assert found["us-states"].last_alert == "source_blind"
