"""What is asked of a route: the newest, days that somebody wants, or what a window that ends still lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.catalogues import federal_register_route, listing_route, source, write_catalogue

from servanda.compliance.intervals import Interval, IntervalSet
from servanda.instruments.catalogue import load_catalogue
from servanda.instruments.routes import Source
from servanda.jobs.polling.plan import (
    HEAL_BACK,
    DateRange,
    plan_backfill,
    plan_poll,
    plan_range,
    routes_to_read,
)
from servanda.models.polls.route_state import RouteState

NOW = datetime(2019, 9, 4, 18, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EARLIEST = datetime(2019, 6, 7, 4, tzinfo=UTC)


@pytest.fixture
def press(tmp_path: Path) -> Source:
    archive = federal_register_route("https://a.example/old").replace("id: api", "id: old")
    routes = (
        listing_route("https://a.example/"),
        federal_register_route("https://a.example/api"),
        archive + "    on_demand: true\n",
    )
    folder = write_catalogue(tmp_path / "catalogue", {"us-state": source("us-state", *routes, lag="PT12H")})
    return load_catalogue(folder).source("us-state")


def state() -> RouteState:
    return RouteState(
        etag='"1"', last_modified=None, items=(), reached_end=False, newest_at=None, last_valid_at=NOW - DAY,
        failing_since=None, next_due_at=NOW, read_whole_at=NOW - DAY + HOUR,
    )  # fmt: skip


def until(at: datetime) -> IntervalSet:
    return IntervalSet((Interval(EARLIEST, at),))


def test_an_archive_is_read_only_where_days_are_asked_for(press: Source) -> None:
    assert [r.id for r in routes_to_read(press, None, ranged=False)] == ["listing", "api"]
    assert [r.id for r in routes_to_read(press, None, ranged=True)] == ["listing", "api", "old"]
    assert [r.id for r in routes_to_read(press, ["old"], ranged=False)] == ["old"]


CASES = [
    ("all is covered: the newest, if it changed", until(NOW), None, True),
    ("only the last hours are open: the same", until(NOW - 20 * HOUR), NOW - 20 * HOUR, True),
    ("a hole of the last days: back to it, whatever the page says",
     IntervalSet((Interval(EARLIEST, NOW - 5 * DAY), Interval(NOW - 4 * DAY, NOW))), NOW - 5 * DAY, False),
    ("a hole older than a week is not gone back to",
     IntervalSet((Interval(EARLIEST, NOW - 30 * DAY), Interval(NOW - 8 * DAY, NOW))), None, True),
    ("nothing is covered: back a week at most", IntervalSet(), NOW - HEAL_BACK, True),
]  # fmt: skip


@pytest.mark.parametrize("why, covered, back_to, conditional", CASES, ids=[case[0] for case in CASES])
def test_the_ordinary_poll(
    press: Source, why: str, covered: IntervalSet, back_to: datetime | None, conditional: bool
) -> None:
    plan = plan_poll(press, press.route("listing"), state(), covered, now=NOW, earliest=EARLIEST)
    assert (plan.ask.back_to, plan.asked) == (back_to, None), why
    assert (plan.ask.validators is not None) is conditional, why


@pytest.mark.parametrize(
    ("changes", "closing", "conditional", "why"),
    [
        ({"read_whole_at": NOW - DAY + timedelta(seconds=1)}, False, True, "read in full within the day"),
        ({"read_whole_at": NOW - DAY}, False, False, "read in full a day ago: unchanged proves no more"),
        ({"read_whole_at": None}, False, False, "nobody knows when it was read in full"),
        ({}, True, False, "a final word rests on it"),
        ({"distrusted": True}, False, False, "it said unchanged, and was not"),
    ],
)
def test_unchanged_is_asked_for_only_where_it_proves_something(
    press: Source, changes: dict[str, Any], closing: bool, conditional: bool, why: str
) -> None:
    known = replace(state(), **changes)
    route = press.route("listing")
    plan = plan_poll(press, route, known, until(NOW), now=NOW, earliest=EARLIEST, closing=closing)
    assert (plan.ask.validators is not None) is conditional, why


def test_a_person_asks_for_whole_days_of_the_publisher(press: Source) -> None:
    plan = plan_range(press, DateRange(date(2019, 7, 1), date(2019, 7, 2)), now=NOW, earliest=EARLIEST)
    first, after = datetime(2019, 7, 1, 4, tzinfo=UTC), datetime(2019, 7, 3, 4, tzinfo=UTC)
    assert (plan.ask.back_to, plan.ask.until, plan.asked) == (first, after, Interval(first, after))
    assert plan.ask.validators is None
    since_the_first = plan_range(press, DateRange(until=date(2019, 7, 2)), now=NOW, earliest=EARLIEST)
    assert since_the_first.ask.back_to == EARLIEST


def test_a_sweep_reads_a_live_route_up_to_the_newest_and_an_archive_no_further_than_its_gaps(
    press: Source,
) -> None:
    gaps = Interval(NOW - 40 * DAY, NOW - 30 * DAY)
    live, old = (plan_backfill(press.route(route), gaps, NOW) for route in ("api", "old"))
    assert (live.ask.back_to, live.ask.until, live.asked) == (gaps.from_at, None, Interval(gaps.from_at, NOW))
    assert (old.ask.back_to, old.ask.until, old.asked) == (gaps.from_at, gaps.until_at, gaps)
