"""When analysts are told what waits, at and around each instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from servanda.compliance.review_reminders import AFTER_DAYS, WaitingEvidence, next_review, review_due

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
SINCE = datetime(2019, 8, 1, 12, tzinfo=UTC)
SETTLES = datetime(2019, 9, 7, 16, tzinfo=UTC)
ONE = WaitingEvidence(31, "further-actions-90d", SINCE, SETTLES)
OTHER = replace(ONE, evidence=32, since=SINCE + 12 * HOUR)


@pytest.mark.parametrize(
    "why, at, told_at, due",
    [
        ("a second before it has waited a day", SINCE + DAY - SECOND, None, None),
        ("when it has waited a day", SINCE + DAY, None, SINCE + DAY),
        ("once that was told", SINCE + DAY + HOUR, SINCE + DAY, None),
        ("a second before the third day", SINCE + 3 * DAY - SECOND, SINCE + DAY, None),
        ("at the third day", SINCE + 3 * DAY, SINCE + DAY, SINCE + 3 * DAY),
        ("at the seventh", SINCE + 7 * DAY, SINCE + 3 * DAY, SINCE + 7 * DAY),
        ("away until the eighth: one mail", SINCE + 8 * DAY, None, SINCE + 7 * DAY),
        ("then no more", SINCE + 30 * DAY, SINCE + 7 * DAY, None),
        ("until it settles in two days", SETTLES - 48 * HOUR - SECOND, SINCE + 7 * DAY, None),
        ("which is told", SETTLES - 48 * HOUR, SINCE + 7 * DAY, SETTLES - 48 * HOUR),
        ("once", SETTLES - HOUR, SETTLES - 48 * HOUR, None),
    ],
)
def test_when_it_is_told_that_something_waits(
    why: str, at: datetime, told_at: datetime | None, due: datetime | None
) -> None:
    assert review_due([ONE], AFTER_DAYS, told_at, at) == due, why


def test_what_comes_in_the_last_two_days_is_told_at_once() -> None:
    late = replace(ONE, since=SETTLES - 5 * HOUR)
    assert review_due([late], AFTER_DAYS, None, late.since) == late.since


def test_what_comes_after_it_settled_waits_its_day() -> None:
    late = replace(ONE, since=SETTLES)
    assert review_due([late], AFTER_DAYS, None, SETTLES + HOUR) is None
    assert next_review([late], AFTER_DAYS, SETTLES + HOUR) == SETTLES + DAY


def test_each_that_waits_is_told_and_an_answer_makes_nothing_due() -> None:
    first = review_due([ONE, OTHER], AFTER_DAYS, None, SINCE + DAY)
    assert first == SINCE + DAY
    assert review_due([ONE, OTHER], AFTER_DAYS, first, OTHER.since + DAY) == OTHER.since + DAY
    assert review_due([ONE], AFTER_DAYS, OTHER.since + DAY, OTHER.since + DAY + HOUR) is None
    assert review_due([], AFTER_DAYS, None, SETTLES) is None


def test_the_distances_are_settable_and_there_may_be_none() -> None:
    assert review_due([ONE], (2,), None, SINCE + DAY) is None
    assert review_due([ONE], (2,), None, SINCE + 2 * DAY) == SINCE + 2 * DAY
    assert next_review([ONE], (), SINCE) == SETTLES - 48 * HOUR
    assert next_review([replace(ONE, settles_at=None)], (), SINCE) is None


def test_the_next_instant_is_the_first_that_is_still_to_come() -> None:
    assert next_review([ONE, OTHER], AFTER_DAYS, SINCE) == SINCE + DAY
    assert next_review([ONE, OTHER], AFTER_DAYS, SINCE + DAY) == OTHER.since + DAY
