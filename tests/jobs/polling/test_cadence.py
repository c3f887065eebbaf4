"""How the end of a window bears on polling."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from servanda.jobs.polling.cadence import PollingWindow, backfill_start, cadence_for_windows

DUE = datetime(2019, 9, 6, 4, tzinfo=UTC)
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
WINDOW = PollingWindow("window", DUE - 91 * DAY, DUE, DUE + 30 * HOUR)

CADENCES = [
    ("weeks before: as declared", DAY, DUE - 30 * DAY, DAY),
    ("just more than a week before: as declared", DAY, DUE - 7 * DAY - SECOND, DAY),
    ("a week before: twice as often", DAY, DUE - 7 * DAY, DAY / 2),
    ("just more than two days before: still twice", DAY, DUE - 48 * HOUR - SECOND, DAY / 2),
    ("two days before: six times as often", DAY, DUE - 48 * HOUR, DAY / 6),
    ("after the end, while it settles: six times as often", DAY, DUE + 20 * HOUR, DAY / 6),
    (
        "never more than every quarter of an hour",
        30 * timedelta(minutes=1),
        DUE - HOUR,
        timedelta(minutes=15),
    ),
    ("what is denser by itself stays so", timedelta(minutes=5), DUE - HOUR, timedelta(minutes=5)),
]


@pytest.mark.parametrize("why, cadence, now, expected", CADENCES, ids=[case[0] for case in CADENCES])
def test_the_cadence_near_an_end(why: str, cadence: timedelta, now: datetime, expected: timedelta) -> None:
    assert cadence_for_windows(cadence, [WINDOW], now) == expected, why


def test_without_a_window_the_cadence_is_as_declared() -> None:
    assert cadence_for_windows(DAY, [], DUE) == DAY


def test_the_nearest_of_several_ends_counts() -> None:
    later = PollingWindow("window", DUE, DUE + 60 * DAY, DUE + 61 * DAY)
    assert cadence_for_windows(DAY, [later, WINDOW], DUE - HOUR) == DAY / 6


def test_a_sweep_begins_two_days_before_the_end() -> None:
    assert backfill_start([WINDOW], DUE - 48 * HOUR - SECOND) is None
    assert backfill_start([WINDOW], DUE - 48 * HOUR) == WINDOW.opens_at
    assert backfill_start([WINDOW], DUE + HOUR) == WINDOW.opens_at


def test_a_sweep_goes_back_to_the_oldest_window_that_ends() -> None:
    longer = PollingWindow("window", DUE - 200 * DAY, DUE, DUE + 30 * HOUR)
    assert backfill_start([WINDOW, longer], DUE) == longer.opens_at
