"""What a run asks once of its sources: it is asked again where the run itself, or time, changes the answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from support.catalogues import feed_route, source
from support.moving import moving
from support.plans import statements
from support.press import PressOffice

from servanda.jobs.collect import begin_run, read_source
from servanda.jobs.polling.standings import FRESH_SECONDS, UNKNOWN, SourceStandings
from servanda.models import tables
from servanda.models.alerts import alerts as alert_rows

START = datetime(2019, 6, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOURCES = ("us-a", "us-b")


def offices(monitor: Any) -> list[PressOffice]:
    """The press offices of two sources, each of which has published three releases."""
    every = [PressOffice(monitor.site, f"/{name}/feed") for name in SOURCES]
    monitor.catalogue({n: source(n, feed_route(o.url)) for n, o in zip(SOURCES, every, strict=True)})
    for name, office in zip(SOURCES, every, strict=True):
        for n in range(3):
            office.publish(f"{name}-{n}", f"Business {n} of {name}", START - (12 - n) * HOUR)
    return every


def read_all(monitor: Any, now: datetime) -> None:
    with monitor.at(now) as wiring:
        run = begin_run(wiring, SOURCES)
        assert [read_source(run, name).failures for name in SOURCES] == [(), ()]


def test_it_is_asked_once_for_all_and_again_after_a_minute(monitor: Any) -> None:
    offices(monitor)
    read_all(monitor, START)
    with moving(monitor, START + HOUR) as moved, statements() as asked:
        standings = SourceStandings(moved.wiring.ledger, SOURCES)

        def questions() -> int:
            asked.clear()
            for name in SOURCES:
                assert standings.of(name).planned
            return sum("FROM reread" in text for text, _ in asked)

        assert [questions(), questions()] == [1, 0]
        moved.clock.sleep(FRESH_SECONDS)
        assert [questions(), questions()] == [1, 0]
        standings.forget("us-b")
        assert [questions(), questions()] == [1, 0]


def test_at_a_source_that_was_never_polled_everything_is_looked_for(monitor: Any) -> None:
    offices(monitor)
    with monitor.at(START) as wiring:
        assert SourceStandings(wiring.ledger, SOURCES).of("us-a") == UNKNOWN


def test_a_plan_that_was_lost_is_made_again_for_every_source_of_a_run(any_monitor: Any) -> None:
    offices(any_monitor)
    read_all(any_monitor, START)
    per_source = select(tables.reread.c.source, func.count()).group_by(tables.reread.c.source)
    with any_monitor.at() as wiring, wiring.store.writing() as db:
        db.execute(delete(tables.reread))
    read_all(any_monitor, START + HOUR)
    with any_monitor.at() as wiring, wiring.store.reading() as db:
        assert {row.source: row[1] for row in db.execute(per_source)} == {"us-a": 3, "us-b": 3}


def test_a_source_may_go_blind_and_recover_in_one_run(any_monitor: Any) -> None:
    first, second = (PressOffice(any_monitor.site, f"/{n}/feed") for n in (1, 2))
    other = feed_route(second.url).replace("id: feed", "id: other")
    any_monitor.catalogue({"us-a": source("us-a", feed_route(first.url), other)})
    for office in (first, second):
        office.publish("one", "Business of the day", START - 12 * HOUR)
    pages = [any_monitor.site.pages[office.path] for office in (first, second)]
    for hours, statuses in ((0, (200, 200)), (1, (404, 404)), (26, (404, 200))):
        for page, status in zip(pages, statuses, strict=True):
            page.status = status
        with any_monitor.at(START + hours * HOUR) as wiring:
            read_source(begin_run(wiring, ["us-a"]), "us-a")
    with any_monitor.at() as wiring, wiring.store.reading() as db:
        told = [stored.alert.kind for stored in alert_rows.alerts(db)]
    assert told == ["source_blind", "source_recovered"]


def test_what_is_left_unread_is_read_by_a_run_whose_poll_brings_nothing(any_monitor: Any) -> None:
    offices(any_monitor)
    page = any_monitor.site.pages["/us-a-1/"]
    page.status = 503
    with any_monitor.at(START) as wiring:
        assert read_source(begin_run(wiring, SOURCES), "us-a").unread_documents == 1
    page.status = 200
    with any_monitor.at(START + 5 * HOUR) as wiring:
        outcome = read_source(begin_run(wiring, SOURCES), "us-a")
    assert (outcome.polls[0].outcome, outcome.read_documents) == ("unchanged", 1)
