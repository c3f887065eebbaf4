from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.window_cases import WASHINGTON

from servanda.compliance.coverage import (
    CoveredInterval,
    NoCoverage,
    listing_covers,
    newest_first_run,
    query_covers,
    untolerated_gaps,
)
from servanda.compliance.intervals import BEGINNING, EVER, Interval, IntervalSet
from servanda.compliance.publication import Precision, PublicationTime

NOON = datetime(2019, 8, 10, 12, tzinfo=UTC)
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)


def ago(hours: float) -> PublicationTime:
    return PublicationTime.instant(NOON - timedelta(hours=hours), WASHINGTON)


def on(day: int) -> PublicationTime:
    return PublicationTime.day(date(2019, 8, day), WASHINGTON)


def covers(
    items: list[PublicationTime],
    *,
    lag: timedelta = HOUR,
    silence: timedelta = 5 * DAY,
    existed: Interval = EVER,
    reached_end: bool = False,
) -> CoveredInterval | NoCoverage:
    return listing_covers(
        items, read_at=NOON, lag=lag, longest_silence=silence, existed=existed, reached_end=reached_end
    )


def interval(result: CoveredInterval | NoCoverage) -> tuple[datetime, datetime]:
    assert isinstance(result, CoveredInterval), result
    return result.interval.from_at, result.interval.until_at


class Terms(TypedDict, total=False):
    """What a case may say of its source."""

    lag: timedelta
    silence: timedelta


Case = tuple[str, list[int], Terms, tuple[int, int, int, int]]
CASES: list[Case] = [
    ("from just after the oldest item to the reading less the lag", [1, 2, 3], {}, (-3, +1, -1, 0)),
    ("an item pinned on top is left out", [90, 1, 2, 3, 4, 5, 6], {}, (-6, 1, -1, 0)),
    ("an old item pinned in the middle widens nothing", [1, 2, 90, 3, 4, 5, 6], {}, (-6, 1, -1, 0)),
    ("an old item bumped to the top", [50, 1, 2, 3], {}, (-3, 1, -1, 0)),
    ("equal timestamps keep their order", [1, 2, 2, 2, 3], {}, (-3, 1, -1, 0)),
    ("an old item pinned below a long silence is cut off", [1, 2, 3, 400], {}, (-3, 1, -1, 0)),
    ("the lag bounds the end", [1, 2, 30], {"lag": 12 * HOUR}, (-30, 1, -12, 0)),
    ("the longest silence bounds the end", [60, 61, 62], {"silence": 2 * DAY}, (-62, 1, -12, 0)),
]


@pytest.mark.parametrize("why, items, given, expected", CASES, ids=[case[0] for case in CASES])
def test_what_a_listing_covers(
    why: str, items: list[int], given: Terms, expected: tuple[int, int, int, int]
) -> None:
    from_hours, from_seconds, until_hours, until_seconds = expected
    assert interval(covers([ago(n) for n in items], **given)) == (
        NOON + from_hours * HOUR + from_seconds * SECOND,
        NOON + until_hours * HOUR + until_seconds * SECOND,
    ), why


def test_at_date_precision_coverage_starts_after_the_oldest_day() -> None:
    from_at, until_at = interval(covers([on(9), on(8), on(8), on(7)]))
    assert from_at == datetime(2019, 8, 8, 4, tzinfo=UTC), "7 August may have more items below the fold"
    assert until_at == NOON - HOUR


def test_a_listing_read_to_its_end_covers_the_whole_past() -> None:
    from_at, _ = interval(covers([ago(1), ago(2)], reached_end=True))
    assert from_at == BEGINNING


def test_coverage_stays_within_the_sources_existence() -> None:
    existed = Interval(NOON - 10 * HOUR, NOON - 2 * HOUR)
    assert interval(covers([ago(3), ago(20)], existed=existed)) == (existed.from_at, existed.until_at)


NOTHING = [
    ("no items", []),
    ("a single item has no order", [1]),
    ("oldest first has no newest-first order", [5, 4, 3, 2, 1]),
    ("a shuffled listing", [3, 9, 1, 8, 2, 7]),
    ("all items are younger than the lag", [0.1, 0.2, 0.3]),
]


@pytest.mark.parametrize("why, items", NOTHING, ids=[case[0] for case in NOTHING])
def test_what_covers_nothing_and_says_why(why: str, items: list[float]) -> None:
    result = covers([ago(n) for n in items])
    assert isinstance(result, NoCoverage), why
    assert result.reason


def test_a_month_in_the_listing_proves_no_absence() -> None:
    month = PublicationTime(Precision.MONTH, WASHINGTON, on=date(2019, 8, 1))
    assert isinstance(covers([ago(1), month]), NoCoverage)


@given(st.lists(st.integers(0, 30), max_size=9))
def test_the_run_is_the_longest_and_never_gets_newer(hours: list[int]) -> None:
    items = [ago(n) for n in hours]
    run = newest_first_run(items)
    assert run == sorted(run)
    assert all(hours[a] <= hours[b] for a, b in pairwise(run))
    length, oldest = _longest_by_brute_force(hours)
    assert len(run) == length
    assert not run or hours[run[-1]] == oldest, "of equally long runs, one that reaches back least"


def _longest_by_brute_force(hours: list[int]) -> tuple[int, int]:
    """The greatest length of a run, and how far back the least far-reaching run of that length goes."""
    runs = [
        picked
        for chosen in range(1, 2 ** len(hours))
        if (picked := [h for i, h in enumerate(hours) if chosen >> i & 1]) == sorted(picked)
    ]
    longest = max(map(len, runs), default=0)
    return longest, min((run[-1] for run in runs if len(run) == longest), default=0)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=12), st.floats(0, 48))
def test_nothing_is_claimed_beyond_the_items_or_the_lag(hours: list[float], lag: float) -> None:
    items = [ago(n) for n in hours]
    result = covers(items, lag=lag * HOUR)
    if isinstance(result, CoveredInterval):
        assert result.interval.from_at > min(item.interval.from_at for item in items)
        assert result.interval.until_at <= NOON - lag * HOUR


def test_a_rolled_over_feed_leaves_a_gap_by_itself() -> None:
    first, second = covers([ago(n) for n in range(20, 30)]), covers([ago(n) for n in range(1, 11)])
    assert isinstance(first, CoveredInterval)
    assert isinstance(second, CoveredInterval)
    union = IntervalSet.of([Interval(first.interval.from_at, NOON - 19 * HOUR), second.interval])
    assert union.gaps(Interval(NOON - 25 * HOUR, NOON - 2 * HOUR)).intervals == (
        Interval(NOON - 19 * HOUR, NOON - 10 * HOUR + SECOND),
    )


@pytest.mark.parametrize(
    "why, stated, found, covered",
    [("the count agrees", 3, 3, True), ("a document is missing", 4, 3, False), ("one too many", 2, 3, False)],
)
def test_a_dated_query_covers_its_range_if_the_count_agrees(
    why: str, stated: int, found: int, covered: bool
) -> None:
    asked = Interval(NOON - 10 * DAY, NOON + 5 * DAY)
    result = query_covers(asked, read_at=NOON, lag=DAY, existed=EVER, stated=stated, found=found)
    assert isinstance(result, CoveredInterval) is covered, why
    if isinstance(result, CoveredInterval):
        assert result.interval == Interval(NOON - 10 * DAY, NOON - DAY)


def test_tolerance_never_applies_to_the_last_48_hours() -> None:
    bounds = Interval(NOON - 90 * DAY, NOON)
    early, late = Interval(NOON - 60 * DAY, NOON - 60 * DAY + HOUR), Interval(NOON - DAY, NOON - DAY + HOUR)
    gaps = IntervalSet.of([early, late])
    assert untolerated_gaps(gaps, bounds, timedelta(0)) == (early, late)
    assert untolerated_gaps(gaps, bounds, 2 * HOUR) == (late,)
