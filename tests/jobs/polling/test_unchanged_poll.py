"""What a poll that brings nothing new costs the database: few statements, and what a run knows asked once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select
from support.catalogues import feed_route, source
from support.press import PressOffice

from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.collect import SourceOutcome, begin_run, read_source
from servanda.models import tables
from servanda.models.polls.route_state import route_state

FIRST_AT = datetime(2019, 6, 10, 12, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
SOURCES = [f"us-{n}" for n in range(3)]


@dataclass
class Asked:
    """The statements that were executed, and how many transactions they stood in."""

    statements: list[str] = field(default_factory=list)
    transactions: int = 0


@contextmanager
def asked_of(wiring: Wiring) -> Iterator[Asked]:
    """What is asked meanwhile, without what only begins a transaction."""
    asked, engine = Asked(), wiring.store.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "SET LOCAL", "SELECT pg_advisory", "PRAGMA")):
            asked.statements.append(statement)

    def begun(_connection: Any) -> None:
        asked.transactions += 1

    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "begin", begun)
    yield asked
    event.remove(engine, "before_cursor_execute", note)
    event.remove(engine, "begin", begun)


@pytest.fixture
def offices(any_monitor: Any) -> list[PressOffice]:
    """The press offices of three sources, each of which has published six releases."""
    every = [PressOffice(any_monitor.site, f"/{name}/feed") for name in SOURCES]
    any_monitor.catalogue(
        {name: source(name, feed_route(o.url)) for name, o in zip(SOURCES, every, strict=True)}
    )
    for name, office in zip(SOURCES, every, strict=True):
        for n in range(6):
            at = FIRST_AT - timedelta(hours=18 - 2 * n)  # none gets due to be read again
            office.publish(f"{name}-day-{n}", f"Business {n} of {name}", at)
    return every


def counts(wiring: Wiring) -> dict[str, int]:
    """How many rows each ledger of a poll holds."""
    with wiring.ledger.reading() as (db, _):
        return {
            table.name: db.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (tables.poll, tables.exchange, tables.coverage)
        }


def polled(monitor: Any) -> tuple[list[SourceOutcome], list[Asked]]:
    """A second run over all sources, half an hour after the first; what each source took."""
    with monitor.at(FIRST_AT) as wiring:
        run = begin_run(wiring, SOURCES)
        assert [read_source(run, name).failures for name in SOURCES] == [()] * 3
    outcomes, taken = [], []
    with monitor.at(FIRST_AT + HALF_HOUR) as wiring:
        run = begin_run(wiring, SOURCES)
        for name in SOURCES:
            before = counts(wiring)
            with asked_of(wiring) as asked:
                outcomes.append(read_source(run, name))
            taken.append(asked)
            added = {table: n - before[table] for table, n in counts(wiring).items()}
            assert added["poll"] == added["exchange"] == added["coverage"] == 1, "nothing is left unrecorded"
            with wiring.ledger.reading() as (db, now):
                state = route_state(db, name, "feed")
            assert state is not None
            assert (state.last_valid_at, len(state.items)) == (now, 6)
            assert state.next_due_at > now
    return outcomes, taken


UNCHANGED = {
    "304": (True, "unchanged", 7, 2),
    "the same bytes": (False, "read", 13, 4),
}
"""By what the publisher answers: whether it heeds conditions, the poll's outcome, and the greatest number of
statements and of transactions."""


@pytest.mark.parametrize("answer", UNCHANGED)
def test_a_poll_that_brings_nothing_asks_little(
    any_monitor: Any, offices: list[PressOffice], answer: str
) -> None:
    conditional, outcome, statements, transactions = UNCHANGED[answer]
    for office in offices:
        any_monitor.site.pages[office.path].conditional = conditional
    outcomes, (first, *others) = polled(any_monitor)
    assert [o.polls[0].outcome for o in outcomes] == [outcome] * 3
    for asked in others:
        assert len(asked.statements) <= statements, asked.statements
        assert asked.transactions <= transactions
    once_a_run = len(first.statements) - len(others[0].statements)
    assert 0 < once_a_run <= 3, first.statements  # how sources stand, robots.txt, what is left to be matched


def test_what_a_run_asks_once_does_not_grow_with_its_sources(
    any_monitor: Any, offices: list[PressOffice]
) -> None:
    with any_monitor.at(FIRST_AT) as wiring:
        run = begin_run(wiring, SOURCES)
        for name in SOURCES:
            read_source(run, name)
    with any_monitor.at(FIRST_AT + HALF_HOUR) as wiring, asked_of(wiring) as asked:
        run = begin_run(wiring, SOURCES)
        for name in SOURCES:
            read_source(run, name)
    for table in ("decision.kind", "unread", "FROM alert", "FROM screening", "robots"):
        assert sum(table in statement for statement in asked.statements) <= 1, table
