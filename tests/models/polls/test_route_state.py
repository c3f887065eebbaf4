"""The state of each route, on each database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from servanda.compliance.publication import PublicationTime
from servanda.models.polls.route_state import (
    RouteState,
    due_routes,
    route_state,
    save_route_state,
    save_route_times,
)
from servanda.models.store import Store

NOW = datetime(2019, 9, 6, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
READ = RouteState(
    etag='"a"',
    last_modified=None,
    items=(PublicationTime.instant(NOW - HOUR, "UTC"), PublicationTime.instant(NOW - 2 * HOUR, "UTC")),
    reached_end=True,
    newest_at=NOW - HOUR,
    last_valid_at=NOW,
    failing_since=None,
    next_due_at=NOW + HOUR,
)


def test_a_state_comes_back_as_it_was_saved_last(store: Store) -> None:
    with store.writing() as db:
        assert route_state(db, "us-state", "feed") is None
        save_route_state(db, "us-state", "feed", replace(READ, items=(), etag=None))
        save_route_state(db, "us-state", "feed", READ)
    with store.reading() as db:
        assert route_state(db, "us-state", "feed") == READ
        assert route_state(db, "us-state", "listing") is None


def test_a_poll_without_a_reading_changes_its_times_and_nothing_else(store: Store) -> None:
    later = replace(READ, last_valid_at=NOW + HOUR, failing_since=NOW, next_due_at=NOW + 2 * HOUR)
    with store.writing() as db:
        for route in ("feed", "listing"):
            save_route_state(db, "us-state", route, READ)
        save_route_times(db, "us-state", "feed", replace(later, items=(), etag=None, reached_end=False))
    with store.reading() as db:
        assert route_state(db, "us-state", "feed") == later
        assert route_state(db, "us-state", "listing") == READ, "another route is left alone"


def test_a_route_is_due_at_its_instant_and_one_never_polled_is(store: Store) -> None:
    with store.writing() as db:
        save_route_state(db, "us-state", "feed", READ)
    pairs = [("us-state", "feed"), ("us-state", "listing")]
    with store.reading() as db:
        assert due_routes(db, pairs, NOW + HOUR - timedelta(seconds=1)) == pairs[1:]
        assert due_routes(db, pairs, NOW + HOUR) == pairs
