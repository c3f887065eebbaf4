"""How a source does: each rule on both sides of its boundary."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from servanda.compliance.publication import PublicationTime
from servanda.compliance.source_health import (
    describe_row_drop,
    describe_silence,
    duration_in_words,
    observed_cadence,
    source_state,
)

NOW = datetime(2019, 9, 1, 12, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    "why, read_daily, ever_polled, failing_for, blind_for, expected",
    [
        ("an archive is read on demand alone", False, True, DAY, 2 * DAY, "not_read_daily"),
        ("nothing was tried yet", True, False, None, None, "never_read"),
        ("all its routes were read", True, True, None, None, "ok"),
        ("a route fails that proves nothing", True, True, 9 * DAY, None, "failing"),
        ("one failure of what proves it", True, True, SECOND, SECOND, "failing"),
        ("a second before the threshold", True, True, DAY - SECOND, DAY - SECOND, "failing"),
        ("at the threshold", True, True, DAY, DAY, "blind"),
    ],
)
def test_the_state_of_a_source(
    why: str, read_daily: bool, ever_polled: bool, failing_for: timedelta, blind_for: timedelta, expected: str
) -> None:
    state = source_state(
        read_daily=read_daily,
        ever_polled=ever_polled,
        failing_since=NOW - failing_for if failing_for else None,
        blind_since=NOW - blind_for if blind_for else None,
        blind_after=DAY,
        now=NOW,
    )
    assert state == expected, why


@pytest.mark.parametrize(
    "hours, expected",
    [([], None), ([3], None), ([3, 5], 2), ([0, 1, 2, 50], 1), ([50, 2, 1, 0], 1), ([0, 1, 4], 2)],
)
def test_the_observed_cadence_is_the_median_pause_in_whatever_order(
    hours: list[int], expected: int | None
) -> None:
    found = observed_cadence([NOW + n * HOUR for n in hours])
    assert found == (None if expected is None else expected * HOUR)


@pytest.mark.parametrize(
    "rows, suspected",
    [
        ([], False),
        ([10] * 6, False),
        ([8, *[10] * 5], False),  # a fifth less: not more than that
        ([7.9, *[10] * 5], True),
        ([1, *[10] * 4], False),  # four readings are no normal yet
        ([30, *[10] * 9], False),
        ([10, *[10] * 11, *[30] * 9], False),  # the median, not the greatest
        ([6, *[7] * 20, *[100] * 9], False),  # older than the last twenty: no normal any more
    ],
)
def test_fewer_rows_than_normal_are_a_suspicion(rows: list[float], suspected: bool) -> None:
    found = describe_row_drop(rows)
    assert (found is not None) == suspected
    if found is not None:
        assert found == "7.9 rows a page, where 10 are normal: its reader may miss some"


NOON = PublicationTime.instant(NOW - 5 * DAY, "America/New_York")


@pytest.mark.parametrize(
    "newest, longest, expected",
    [
        (None, DAY, None),
        (NOON, 5 * DAY, None),
        (NOON, 5 * DAY - SECOND, "no item for 5 days, longest normal silence is 4 days 23 hours"),
        (
            PublicationTime.day(date(2019, 8, 20), "America/Mexico_City"),
            5 * DAY,
            "no item for 12 days 7 hours, longest normal silence is 5 days",
        ),
    ],
)
def test_silence_is_told_from_the_moment_at_which_nothing_is_covered_any_more(
    newest: PublicationTime | None, longest: timedelta, expected: str | None
) -> None:
    assert describe_silence(newest, longest, NOW) == expected


@pytest.mark.parametrize(
    "length, expected",
    [
        (timedelta(), "0 minutes"),
        (59 * SECOND, "0 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (HOUR, "1 hour"),
        (timedelta(hours=23, minutes=59, seconds=59), "23 hours 59 minutes"),
        (DAY, "1 day"),
        (2 * DAY + HOUR + timedelta(minutes=40), "2 days 1 hour"),
    ],
)
def test_lengths_in_words_are_rounded_down(length: timedelta, expected: str) -> None:
    assert duration_in_words(length) == expected
