"""How routes and sources have done: what is asked of the ledgers, on each database, and by which index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select

from servanda.compliance.intervals import Interval, IntervalSet
from servanda.compliance.publication import PublicationTime
from servanda.models import tables
from servanda.models.polls import poll_history, polls
from servanda.models.polls import route_health as health
from servanda.models.polls.polls import Failure, PollRecord, PollStatus
from servanda.models.publication_columns import published_columns
from servanda.models.store import Store

START = datetime(2019, 6, 7, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = "America/Mexico_City"
TIMEOUT = Failure("unreachable", "timeout", "no answer within 20 s")
CHALLENGE = Failure("blocked", "challenge", "it asks whether we are human")


def at(hours: float) -> datetime:
    return START + hours * HOUR


def poll(
    hours: float, what: Failure | PollStatus = "read", *, route: str = "listing", items: int = 10
) -> PollRecord:
    failure = what if isinstance(what, Failure) else None
    outcome: PollStatus = "failed" if isinstance(what, Failure) else what
    return PollRecord("us-state", route, at(hours), at(hours + 0.1), outcome, failure, 1, items, 0, "digest")


def record(store: Store, *rows: PollRecord) -> None:
    with store.writing() as db:
        polls.load_catalogue(db, "digest", "{}", START)
        for row in rows:
            polls.record_poll(db, row)


LATER = at(9999)


def history(store: Store, as_of: datetime = LATER, route: str = "listing") -> health.RouteHistory:
    with store.reading() as db:
        return health.route_history(db, "us-state", route, as_of)


def test_a_route_that_was_never_polled(store: Store) -> None:
    record(store, poll(1, route="feed"))
    assert history(store) == health.RouteHistory(None, None, None, (), ())


def test_a_route_that_fails_since_it_was_last_read(store: Store) -> None:
    record(
        store,
        poll(1),
        poll(2, "unchanged", items=0),
        poll(3, TIMEOUT),
        poll(4, CHALLENGE),
        poll(5, route="feed"),
    )
    found = history(store)
    assert found.last is not None
    assert (found.last.started_at, found.last.outcome, found.last.failure) == (at(4), "failed", CHALLENGE)
    assert (found.last_valid_at, found.failing_since) == (at(2.1), at(3))
    assert found.valid_began == (at(2), at(1)), "the newest first"
    assert found.rows_a_page == (10,), "what was unchanged shows nothing"


def test_a_route_that_was_never_read_fails_since_its_first_poll(store: Store) -> None:
    record(store, poll(1, TIMEOUT), poll(2, TIMEOUT))
    assert (history(store).last_valid_at, history(store).failing_since) == (None, at(1))


def test_a_route_that_is_read_again_fails_no_more_and_the_past_stays_known(store: Store) -> None:
    record(store, poll(1), poll(2, TIMEOUT), poll(3))
    assert history(store).failing_since is None
    assert history(store, at(2.5)).failing_since == at(2)
    assert history(store, at(2.05)).failing_since is None, "that poll had not ended"


def test_polls_of_one_instant_are_told_apart_by_their_order(store: Store) -> None:
    record(store, poll(1, TIMEOUT), poll(1))
    assert history(store).failing_since is None
    record(store, poll(1, CHALLENGE))
    assert history(store).failing_since == at(1)


def test_rows_are_those_of_the_newest_pages_alone(store: Store) -> None:
    asked = replace(poll(3, items=400), pages=20, asked=Interval(at(-900), at(-800)))
    record(store, poll(1, items=12), replace(poll(2, items=27), pages=3), asked, replace(poll(4), pages=0))
    assert history(store).rows_a_page == (9, 12)


def test_only_the_last_readings_are_looked_at(store: Store) -> None:
    record(store, *(poll(n, items=n) for n in range(1, 60)))
    assert history(store).rows_a_page == tuple(range(59, 38, -1))
    assert len(history(store).valid_began) == 20


def test_the_last_failure_stays_known_when_it_is_over(store: Store) -> None:
    record(store, poll(1, TIMEOUT, route="feed"), poll(2, CHALLENGE), poll(3), poll(3, route="feed"))
    with store.reading() as db:
        assert health.last_failure(db, "us-state", at(9)) == health.LastFailure("listing", at(2.1), CHALLENGE)
        assert health.last_failure(db, "us-state", at(2)) == health.LastFailure("feed", at(1.1), TIMEOUT)
        assert health.last_failure(db, "mx-sre", at(9)) is None


def test_what_has_failed_since_a_moment_is_told_by_route_as_it_last_did(store: Store) -> None:
    record(store, poll(1, TIMEOUT, route="feed"), poll(2, TIMEOUT), poll(3, CHALLENGE), poll(4))
    with store.reading() as db:
        assert health.failed_since(db, ["us-state"], at(2)) == [("us-state", "listing", CHALLENGE)]
        assert health.failed_since(db, ["mx-sre"], at(0)) == []


def listed(store: Store, known_at: datetime, *said: tuple[str, PublicationTime]) -> None:
    """What a listing said; a title's first word names its document."""
    record(store, poll((known_at - START) / HOUR))
    with store.writing() as db:
        number = db.execute(select(func.max(tables.poll.c.id))).scalar_one()
        for title, published in said:
            name = {"source": "us-state", "scheme": "name", "value": title.split()[0]}
            alias = tables.document_alias
            known = select(alias.c.document).where(alias.c.value == name["value"])
            document = db.execute(known).scalar_one_or_none()
            if document is None:
                made = insert(tables.document).values(source="us-state", first_seen_at=known_at)
                document = db.execute(made.returning(tables.document.c.id)).scalar_one()
                db.execute(insert(alias).values(document=document, **name))
            row = {"document": document, "poll": number, "digest": title, "title": title, "url": "https://a/"}
            db.execute(
                insert(tables.listing).values(known_at=known_at, **row, **published_columns(published))
            )


def day(text: str) -> PublicationTime:
    return PublicationTime.day(date.fromisoformat(text), ZONE)


@pytest.mark.parametrize(
    "why, said, expected",
    [
        ("nothing was listed", [], None),
        ("instants", [("a", at(-5)), ("b", at(-3)), ("c", at(-4))], "b"),
        ("a day and an instant of the day before", [("a", day("2019-06-07")), ("b", at(2))], "a"),
        ("an instant after the day began", [("a", day("2019-06-07")), ("b", at(9))], "b"),
        (
            "what is dated a year ahead is a slip",
            [("a", at(-5)), ("b", at(9000)), ("c", day("2020-01-01"))],
            "a",
        ),
    ],
)
def test_the_newest_item(store: Store, why: str, said: list[tuple[str, Any]], expected: str | None) -> None:
    stated = [(t, w if isinstance(w, PublicationTime) else PublicationTime.instant(w, ZONE)) for t, w in said]
    if stated:
        listed(store, at(10), *stated)
    with store.reading() as db:
        found = health.newest_item(db, "us-state", at(24))
    assert (found.title if found else None) == expected, why


def test_an_item_that_was_dated_anew_counts_as_it_is_dated_now(store: Store) -> None:
    listed(
        store,
        at(10),
        ("a first", PublicationTime.instant(at(9), ZONE)),
        ("b", PublicationTime.instant(at(1), ZONE)),
    )
    listed(store, at(11), ("a corrected", PublicationTime.instant(at(-99), ZONE)))
    with store.reading() as db:
        assert health.newest_item(db, "us-state", at(24)) == health.NewestItem(
            "b", PublicationTime.instant(at(1), ZONE)
        )
        found = health.newest_item(db, "us-state", at(10.5))
    assert found is not None
    assert found.title == "a first"


def test_no_question_walks_through_the_ledgers(store: Store) -> None:
    """SQLite tells how it answers: ``SCAN`` of one of our tables would grow with the history."""
    if store.engine.dialect.name != "sqlite":
        pytest.skip("the plans of PostgreSQL depend on how much there is")
    record(store, poll(1), poll(2, TIMEOUT), poll(3))
    asked: list[tuple[str, Sequence[object]]] = []
    event.listen(
        store.engine, "before_cursor_execute", lambda _c, _r, text, given, *_: asked.append((text, given))
    )
    history(store)
    gaps = IntervalSet((Interval(at(0), at(9)),))
    with store.reading() as db:
        health.last_failure(db, "us-state", at(9))
        health.newest_item(db, "us-state", at(9))
        health.failed_since(db, ["us-state"], at(1))
        poll_history.attempts(db, "us-state", ["listing"], gaps, lag=HOUR, reach=DAY, as_of=at(9))
        questions = [one for one in asked if one[0].startswith("SELECT")]
        assert len(questions) == 10
        steps = [
            row.detail
            for text, given in questions
            for row in db.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given)
        ]
    assert [step for step in steps if step.startswith(("SCAN poll", "SCAN listing", "SCAN document"))] == []
    assert sum("USING INDEX" in step for step in steps) >= len(questions)
