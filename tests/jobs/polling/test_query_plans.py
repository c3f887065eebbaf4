"""What a poll asks of the database is found by index: no question of it walks through a ledger.

SQLite tells for each question how it will be answered. ``SCAN`` of a table that grows with the history is
what makes the thousandth poll slower than the first.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from support.catalogues import feed_route, source
from support.monitors import Monitor
from support.plans import scanned, statements
from support.press import GUARD_DEPLOYED, PressOffice

from servanda.jobs.collect import collect_source

FIRST_AT = datetime(2019, 6, 7, 12, tzinfo=UTC)


def test_no_question_of_a_poll_walks_through_a_ledger(monitor: Monitor) -> None:
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
