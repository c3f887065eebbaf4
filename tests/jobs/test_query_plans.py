"""What a poll asks of the database is found by index: no question of it walks through a ledger.

SQLite tells for each question how it will be answered. ``SCAN`` of a table that grows with the history is
what makes the thousandth poll slower than the first. Of an INSERT it also tells scans for foreign keys that it
makes only while one is violated, so these are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from support.catalogues import feed_route, source
from support.press import GUARD_DEPLOYED, PressOffice

from jobs.collect import collect_source
from models import tables

FIRST_AT = datetime(2019, 6, 7, 12, tzinfo=UTC)
OF_FEW_ROWS = {"catalogue", "database", "decision", "monitored", "replay_clock", "subscription", "watcher"}
GROWING = set(tables.LEDGERS) - OF_FEW_ROWS
Statement = tuple[str, Any]


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """Every statement that is executed meanwhile."""
    seen: list[Statement] = []

    def note(_c: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def scanned(db: Connection, statement: Statement) -> set[str]:
    """The growing ledgers that answering a statement walks through; an alias ends in a number."""
    text, parameters = statement
    plan = db.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)
    steps = (re.match(r"SCAN (\w+?)(?:_\d+)?(?: |$)", row.detail) for row in plan)
    return {step[1] for step in steps if step} & GROWING


def test_no_question_of_a_poll_walks_through_a_ledger(monitor) -> None:  # type: ignore[no-untyped-def]
    office = PressOffice(monitor.site)
    monitor.catalogue({"us-state": source("us-state", feed_route(office.url))})
    for n in range(3):
        office.publish(f"day-{n}", f"Business of day {n}", FIRST_AT - timedelta(hours=3 - n))
    with monitor.at(FIRST_AT) as wiring:
        collect_source(wiring, "us-state")
    office.publish("guard", "On the border", FIRST_AT + timedelta(minutes=10), GUARD_DEPLOYED)
    with statements() as asked:
        for minutes in (30, 60):  # one new document, which is evidence; then nothing new
            with monitor.at(FIRST_AT + timedelta(minutes=minutes)) as wiring:
                outcome = collect_source(wiring, "us-state")
    assert outcome.polls[0].outcome == "unchanged"
    with monitor.at() as wiring, wiring.store.reading() as db:
        questions = [(text, given) for text, given in asked if text.startswith("SELECT")]
        found = {text: names for text, given in questions if (names := scanned(db, (text, given)))}
        walks = scanned(db, ("SELECT title FROM listing AS listing_1 WHERE url = 'x'", ()))
    assert walks == {"listing"}, "a walk is noticed"
    assert any("INSERT INTO evidence" in text for text, _ in asked), "evidence was found meanwhile"
    assert len(questions) > 20
    assert found == {}
