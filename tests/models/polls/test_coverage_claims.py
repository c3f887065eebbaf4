"""The union of coverage rows, made in SQL, against the interval algebra, on each database."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from servanda.compliance.intervals import EVER, Interval, IntervalSet
from servanda.models.polls import polls
from servanda.models.polls.polls import PollRecord
from servanda.models.store import Store

START = datetime(2019, 6, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOURCES = ("us-state", "mx-sre")
Row = tuple[str, Interval, datetime]


def hours(first: float, last: float) -> Interval:
    return Interval(START + first * HOUR, START + last * HOUR)


def recorded(store: Store, rows: list[Row]) -> None:
    with store.writing() as db:
        polls.load_catalogue(db, "digest", "{}", START)
        record = PollRecord("us-state", "feed", START, START, "read", None, 1, 1, 0, "digest")
        poll = polls.record_poll(db, record)
        for source, interval, known_at in rows:
            polls.record_coverage(db, poll, source, "feed", interval, "a test", known_at)


def expected(rows: list[Row], source: str, as_of: datetime) -> IntervalSet:
    return IntervalSet.of(interval for s, interval, known_at in rows if s == source and known_at <= as_of)


SHAPES = [
    ("nothing", []),
    ("one", [hours(0, 1)]),
    ("two with a gap of a microsecond", [hours(0, 1), Interval(START + HOUR + timedelta(microseconds=1), START + 2 * HOUR)]),
    ("two that touch", [hours(0, 1), hours(1, 2)]),
    ("one inside another, and one after the inner", [hours(0, 9), hours(1, 2), hours(3, 4), hours(9.5, 10)]),
    ("the same twice", [hours(0, 1), hours(0, 1)]),
    ("the same beginning, the longer first", [hours(0, 5), hours(0, 1), hours(4, 6)]),
    ("recorded backwards", [hours(8, 9), hours(4, 8), hours(0, 1)]),
    ("the whole past", [Interval(EVER.from_at, START), hours(1, 2)]),
]  # fmt: skip


@pytest.mark.parametrize("why, intervals", SHAPES, ids=[shape[0] for shape in SHAPES])
def test_the_union_in_sql_is_that_of_the_algebra(store: Store, why: str, intervals: list[Interval]) -> None:
    rows = [("us-state", interval, START) for interval in intervals]
    recorded(store, rows)
    with store.reading() as db:
        assert polls.coverage_of_source(db, "us-state", START) == IntervalSet.of(intervals), why
        covered = polls.coverage_by_source(db, START)
    assert covered.get("us-state", IntervalSet()) == IntervalSet.of(intervals), why


def test_the_union_in_sql_is_that_of_the_algebra_for_hundreds_of_rows(store: Store) -> None:
    chance = random.Random(90)
    rows: list[Row] = []
    for _ in range(400):
        first = chance.randint(0, 400)
        known_at = START + chance.randint(0, 10) * HOUR
        rows.append((chance.choice(SOURCES), hours(first, first + chance.randint(1, 4)), known_at))
    recorded(store, rows)
    with store.reading() as db:
        for n in range(0, 11, 2):
            as_of = START + n * HOUR
            wanted = {source: expected(rows, source, as_of) for source in SOURCES}
            assert polls.coverage_by_source(db, as_of) == {s: c for s, c in wanted.items() if c}
            assert polls.coverage_by_source(db, as_of, ["mx-sre"]).keys() <= {"mx-sre"}
            assert {s: polls.coverage_of_source(db, s, as_of) for s in SOURCES} == wanted


@pytest.mark.parametrize("since", [-1, 0, 1, 1.5, 2, 4, 5, 9, 20])
def test_what_is_asked_since_an_instant_is_exact_after_it(store: Store, since: float) -> None:
    intervals = [hours(0, 1), hours(1, 2), hours(1.5, 4), hours(5, 9)]
    recorded(store, [("us-state", interval, START) for interval in intervals])
    at = START + since * HOUR
    after = Interval(at, START + 50 * HOUR)
    with store.reading() as db:
        found = polls.coverage_of_source(db, "us-state", START, since=at)
    assert found.within(after) == IntervalSet.of(intervals).within(after)
