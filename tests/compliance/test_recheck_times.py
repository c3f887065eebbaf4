from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from servanda.compliance.intervals import END
from servanda.compliance.publication import PublicationTime
from servanda.compliance.recheck_times import DAILY, WEEKLY, next_recheck_at, recheck_interval, retry_at

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = datetime(2019, 9, 6, 12, tzinfo=UTC)
AGES = (6 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY)
SECOND = timedelta(seconds=1)
AT_NOON = PublicationTime.instant(NOON, "UTC")
ON_THE_DAY = PublicationTime.day(date(2019, 9, 6), "UTC")

CASES = [
    ("fresh: after six hours", NOON + HOUR, NOON + HOUR, None, 6 * HOUR),
    ("just before an age", NOON + HOUR, NOON + 6 * HOUR - SECOND, None, 6 * HOUR),
    ("at an age: the next one", NOON + HOUR, NOON + 6 * HOUR + SECOND, None, DAY),
    ("ages that passed meanwhile are not made up for", NOON + HOUR, NOON + 5 * DAY, None, 7 * DAY),
    ("past the last age: never", NOON + HOUR, NOON + 31 * DAY, None, None),
    ("first read years later: never", NOON + 900 * DAY, NOON + 900 * DAY, None, None),
    ("evidence of an open window: daily", NOON + HOUR, NOON + 4 * DAY, DAILY, 4 * DAY + DAILY),
    ("an age may come sooner than the day", NOON + HOUR, NOON + HOUR, DAILY, 6 * HOUR),
    ("evidence goes on past the last age", NOON + HOUR, NOON + 60 * DAY, WEEKLY, 60 * DAY + WEEKLY),
]  # fmt: skip


@pytest.mark.parametrize("why, first, looked, every, after", CASES, ids=[case[0] for case in CASES])
def test_when_to_look_again(
    why: str, first: datetime, looked: datetime, every: timedelta | None, after: timedelta | None
) -> None:
    found = next_recheck_at(AT_NOON, first, looked, AGES, every)
    if after is None:
        assert found == END, why
    else:
        assert abs(found - (NOON + after)) <= SECOND, why


def test_a_day_counts_from_its_end_or_from_the_first_reading() -> None:
    midnight = NOON + 12 * HOUR
    assert next_recheck_at(ON_THE_DAY, NOON, NOON, AGES, None) == NOON + 6 * HOUR, (
        "it was read at noon already"
    )
    later = midnight + HOUR
    assert next_recheck_at(ON_THE_DAY, later, later, AGES, None) == midnight + 6 * HOUR


def test_a_time_that_is_still_to_come_counts_from_the_first_reading() -> None:
    year = PublicationTime.instant(NOON + 300 * DAY, "UTC")
    assert next_recheck_at(year, NOON, NOON, AGES, None) == NOON + 6 * HOUR


def test_no_ages_and_no_evidence_is_never() -> None:
    assert next_recheck_at(AT_NOON, NOON, NOON, (), None) == END


@pytest.mark.parametrize(
    "windows, every",
    [
        ([], None),
        ([None], WEEKLY),
        ([True], WEEKLY),
        ([False], DAILY),
        ([True, False, None], DAILY),
        ([True, None], WEEKLY),
    ],
)
def test_how_often_evidence_is_looked_at(windows: list[bool | None], every: timedelta | None) -> None:
    assert recheck_interval(windows) == every


@pytest.mark.parametrize(
    "unseen, wait",
    [(HOUR, HOUR), (4 * HOUR, HOUR), (8 * HOUR, 2 * HOUR), (4 * DAY, DAY), (40 * DAY, DAY)],
)
def test_what_cannot_be_read_is_tried_ever_more_seldom(unseen: timedelta, wait: timedelta) -> None:
    assert retry_at(NOON - unseen, NOON) == NOON + wait
