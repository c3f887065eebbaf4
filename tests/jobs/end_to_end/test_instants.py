"""Time goes on while a publisher is read: nothing is known before its bytes came, and what one transaction
records becomes known at one instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Select, event, func, select
from support.catalogues import feed_route, source
from support.press import GUARD_DEPLOYED, PressOffice

from servanda.demo.replay import ReplayClock
from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.collect import SourceOutcome, collect_source
from servanda.models import tables

START = datetime(2019, 6, 10, 12, tzinfo=UTC)
SOURCE = "us-state"
HOUR = timedelta(hours=1)
BECAME_KNOWN = ("known_at", "finished_at", "first_seen_at")
"""The columns that say when a row of a ledger became known."""


class PassingClock(ReplayClock):
    """A second passes at each look at it."""

    def now(self) -> datetime:
        self.present += timedelta(seconds=1)
        return self.present


class Recorded:
    """For each transaction the instants at which its rows became known, and the tables that they stand in."""

    def __init__(self) -> None:
        self.instants: dict[Any, set[datetime]] = defaultdict(set)
        self.tables: set[str] = set()

    def note(self, db: Connection, clause: Any, many: Any, one: Any, _options: Any) -> None:
        if not getattr(clause, "is_insert", False):
            return
        for row in many or [one]:
            for column in BECAME_KNOWN:
                if column in row:
                    self.instants[db.get_transaction()].add(row[column])
                    self.tables.add(clause.table.name)


@contextmanager
def recorded_in(wiring: Wiring) -> Iterator[Recorded]:
    recorded = Recorded()
    event.listen(wiring.store.engine, "before_execute", recorded.note)
    yield recorded
    event.remove(wiring.store.engine, "before_execute", recorded.note)


@pytest.fixture
def wiring(any_monitor: Any) -> Iterator[Wiring]:
    office = PressOffice(any_monitor.site)
    any_monitor.catalogue({SOURCE: source(SOURCE, feed_route(office.url))})
    with any_monitor.at(START) as opened:
        passing = Wiring(opened.settings, opened.catalogue, opened.store, PassingClock(START))
        yield passing
        passing.hang_up()


def read_for_a_day(wiring: Wiring, office: PressOffice) -> list[SourceOutcome]:
    """A baseline; then news, an edit, and a release that leaves the feed and is gone."""
    for n in range(4):
        office.publish(f"day-{n}", f"Business of day {n}", START - (12 - n) * HOUR)
    office.publish("border", "On the border", START - 5 * HOUR, GUARD_DEPLOYED)
    outcomes = [collect_source(wiring, SOURCE)]
    assess(wiring)

    wiring.clock.present += 7 * HOUR  # type: ignore[attr-defined]
    office.publish("again", "More on the border", START + 6 * HOUR, GUARD_DEPLOYED)
    edited = office.site.pages["/border/"]
    edited.body = edited.body.replace(b"six thousand", b"seven thousand")
    outcomes.append(collect_source(wiring, SOURCE))

    wiring.clock.present += 8 * HOUR  # type: ignore[attr-defined]
    office.site.pages["/day-2/"].status = 410
    feed = office.site.pages[office.path]
    before, _, after = feed.body.partition(b"<item><title>Business of day 2")
    feed.body = before + after.partition(b"</item>")[2]
    outcomes.append(collect_source(wiring, SOURCE))
    return outcomes


@pytest.fixture
def read(any_monitor: Any, wiring: Wiring) -> tuple[Wiring, Recorded]:
    with recorded_in(wiring) as recorded:
        first, second, third = read_for_a_day(wiring, PressOffice(any_monitor.site))
    assert (first.read_documents, second.read_documents, second.edited_documents) == (5, 1, 1)
    assert (second.new_evidence > 0, third.failures) == (True, ())
    return wiring, recorded


def test_what_a_transaction_records_becomes_known_at_one_instant(read: tuple[Wiring, Recorded]) -> None:
    _, recorded = read
    assert recorded.tables >= {
        "poll", "document", "listing", "coverage", "canary", "version", "extraction", "screening", "evidence",
        "alert",
    }  # fmt: skip
    assert len(recorded.instants) > 6
    assert [instants for instants in recorded.instants.values() if len(instants) > 1] == []


_read, _seen, _made = tables.exchange.c, tables.observation.c, tables.version.c


def of_poll(poll: Any, known_at: Any) -> Select[Any]:
    """When rows of a poll became known, with the instants of its exchanges."""
    return select(known_at, _read.at).join_from(poll.table, tables.exchange, _read.poll == poll)


def of_version(version: Any, known_at: Any) -> Select[Any]:
    """When rows about a version became known, with the instant of the exchange that first held it."""
    query = select(known_at, func.min(_read.at, type_=_read.at.type)).select_from(version.table)
    query = query.join(tables.observation, _seen.version == version)
    return query.join(tables.exchange, _read.id == _seen.exchange).group_by(
        *version.table.primary_key, known_at
    )


CAME_FROM = {
    "poll": of_poll(tables.poll.c.id, tables.poll.c.finished_at).where(_read.document.is_(None)),
    "coverage": of_poll(tables.coverage.c.poll, tables.coverage.c.known_at).where(_read.document.is_(None)),
    "listing": of_poll(tables.listing.c.poll, tables.listing.c.known_at).where(_read.document.is_(None)),
    "canary": of_poll(tables.canary.c.poll, tables.canary.c.known_at).where(_read.document.is_(None)),
    "version": of_version(_made.id, _made.known_at),
    "extraction": of_version(tables.extraction.c.version, tables.extraction.c.known_at),
    "screening": of_version(tables.screening.c.version, tables.screening.c.known_at),
    "evidence": of_version(tables.evidence.c.version, tables.evidence.c.known_at),
    "alert of a change": select(tables.alert.c.known_at, _read.at)
    .join(tables.observation, _seen.id == tables.alert.c.cause)
    .join(tables.exchange, _read.id == _seen.exchange)
    .where(tables.alert.c.cause_kind == "observation"),
}


def test_nothing_is_known_before_the_bytes_came_that_it_rests_on(read: tuple[Wiring, Recorded]) -> None:
    wiring, _ = read
    with wiring.ledger.reading() as (db, _):
        rows = {name: db.execute(query).all() for name, query in CAME_FROM.items()}
    assert [name for name, pairs in rows.items() if not pairs] == []
    early = {name for name, pairs in rows.items() for known_at, at in pairs if known_at < at}
    assert early == set()


def test_a_later_transaction_has_a_later_instant(read: tuple[Wiring, Recorded]) -> None:
    _, recorded = read
    instants = [instant for (instant,) in recorded.instants.values()]
    assert instants == sorted(set(instants))
