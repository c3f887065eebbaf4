from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from support.window_cases import DUE, MEXICO_CITY, WASHINGTON, make_window, terms

from servanda.compliance.instrument import Reading
from servanda.compliance.publication import Precision, PublicationTime
from servanda.compliance.vocabulary import Phase
from servanda.compliance.windows import (
    CivilDuration,
    count_window,
    days_late,
    is_within,
    next_instant,
    phase,
    settles_at,
)

SECOND = timedelta(seconds=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "why, duration, anchor, zone, last_on, due_at",
    [
        ("90 days from 7 June, Washington", "P90D", "2019-06-07", WASHINGTON, "2019-09-05", "2019-09-06T04:00:00"),
        ("the same in Mexico City ends an hour later", "P90D", "2019-06-07", MEXICO_CITY, "2019-09-05", "2019-09-06T05:00:00"),
        ("45 days from 7 June", "P45D", "2019-06-07", WASHINGTON, "2019-07-22", "2019-07-23T04:00:00"),
        ("counted from 12 June", "P90D", "2019-06-12", WASHINGTON, "2019-09-10", "2019-09-11T04:00:00"),
        ("over the end of daylight saving time", "P90D", "2019-09-06", WASHINGTON, "2019-12-05", "2019-12-06T05:00:00"),
        ("over a leap day", "P30D", "2020-02-10", WASHINGTON, "2020-03-11", "2020-03-12T04:00:00"),
        ("a month from 31 January is the last of February", "P1M", "2021-01-31", "UTC", "2021-02-28", "2021-03-01T00:00:00"),
        ("a year from a leap day", "P1Y", "2020-02-29", "UTC", "2021-02-28", "2021-03-01T00:00:00"),
        ("two weeks", "P2W", "2021-01-01", "UTC", "2021-01-15", "2021-01-16T00:00:00"),
        ("months and days", "P1M10D", "2021-11-25", "UTC", "2022-01-04", "2022-01-05T00:00:00"),
    ],
)  # fmt: skip
def test_counting(why: str, duration: str, anchor: str, zone: str, last_on: str, due_at: str) -> None:
    reading = Reading("r", date.fromisoformat(anchor), zone, primary=True)
    term = count_window(make_window(duration=duration, readings=(reading,)), reading)
    assert term.last_on == date.fromisoformat(last_on), why
    assert term.due_at == utc(due_at), why


def test_the_anchor_day_counts_where_the_window_says_so() -> None:
    window = make_window(count_anchor_day=True)
    assert count_window(window, window.primary).last_on == date(2019, 9, 4)


def test_the_derivation_says_how_the_end_was_counted() -> None:
    window = make_window()
    assert count_window(window, window.primary).derivation == (
        "7 June 2019 + 90 calendar days, day of publication not counted, America/New_York: "
        "ends 5 September 2019 23:59:59"
    )


@pytest.mark.parametrize("text", ["", "P", "90D", "P90", "PT5H", "P1.5D", "P0D", "-P1D", "P90D "])
def test_a_duration_that_is_none_is_refused_with_what_would_be_valid(text: str) -> None:
    with pytest.raises(ValueError, match=r"P90D|empty"):
        CivilDuration.parse(text)


@pytest.mark.parametrize(
    "now, expected",
    [
        (utc("2019-06-07T04:00:00") - SECOND, Phase.PENDING),
        (utc("2019-06-07T04:00:00"), Phase.OPEN),
        (DUE - SECOND, Phase.OPEN),
        (DUE, Phase.ELAPSED),
        (DUE + SECOND, Phase.ELAPSED),
        (DUE + timedelta(hours=36) - SECOND, Phase.ELAPSED),
        (DUE + timedelta(hours=36), Phase.SETTLED),
    ],
)
def test_phases_on_both_sides_of_every_boundary(now: datetime, expected: Phase) -> None:
    window = make_window()
    term = count_window(window, window.primary)
    sources = (terms("state"), terms("sre", lag=timedelta(hours=1)))
    assert settles_at(term, sources) == DUE + timedelta(hours=36), "greatest lag (12 h) plus cadence (1 d)"
    assert phase(term, settles_at(term, sources), now) is expected


@pytest.mark.parametrize(
    "why, published, inside",
    [
        ("the instant the window opens", PublicationTime.instant(utc("2019-06-07T04:00:00"), WASHINGTON), True),
        ("a second before it opens", PublicationTime.instant(utc("2019-06-07T03:59:59"), WASHINGTON), False),
        ("the last second", PublicationTime.instant(DUE - SECOND, WASHINGTON), True),
        ("the end itself", PublicationTime.instant(DUE, WASHINGTON), False),
        ("the last day, by date, in Washington", PublicationTime.day(date(2019, 9, 5), WASHINGTON), True),
        ("the last day, by date, in Mexico City", PublicationTime.day(date(2019, 9, 5), MEXICO_CITY), True),
        ("the day after, by date", PublicationTime.day(date(2019, 9, 6), WASHINGTON), False),
        ("the first day, by date", PublicationTime.day(date(2019, 6, 7), WASHINGTON), True),
        ("the day before, by date", PublicationTime.day(date(2019, 6, 6), WASHINGTON), False),
        ("the month of the end supports an announcement", PublicationTime(Precision.MONTH, WASHINGTON, on=date(2019, 9, 1)), True),
        ("the month after does not", PublicationTime(Precision.MONTH, WASHINGTON, on=date(2019, 10, 1)), False),
        ("the year", PublicationTime(Precision.YEAR, WASHINGTON, on=date(2019, 1, 1)), True),
    ],
)  # fmt: skip
def test_inside_the_window(why: str, published: PublicationTime, inside: bool) -> None:
    window = make_window()
    assert is_within(published, count_window(window, window.primary)) is inside, why


def test_half_past_midnight_in_washington_is_late_there_and_in_time_in_mexico_city() -> None:
    window = make_window()
    published = PublicationTime.instant(utc("2019-09-06T04:30:00"), WASHINGTON)
    washington, mexico_city, from_12_june = (count_window(window, r) for r in window.readings)
    assert not is_within(published, washington)
    assert is_within(published, mexico_city)
    assert is_within(published, from_12_june)
    assert days_late(published, washington) == 1


def test_a_date_is_never_midnight_utc() -> None:
    published = PublicationTime.day(date(2019, 9, 5), WASHINGTON)
    assert published.interval.from_at == utc("2019-09-05T04:00:00")
    assert published.interval.until_at == utc("2019-09-06T04:00:00")


def test_every_instant_at_which_time_alone_matters_is_visited_once() -> None:
    window = make_window()
    sources = (terms("state"), terms("sre"))
    visited: list[datetime] = []
    now = utc("2019-06-01T00:00:00")
    while (following := next_instant(window, sources, now)) is not None:
        assert following > now
        visited.append(following)
        now = following
    assert utc("2019-06-07T04:00:00") in visited, "the opening"
    assert [utc("2019-08-07T04:00:00"), utc("2019-08-30T04:00:00"), utc("2019-09-05T04:00:00")] == [
        at for at in visited if utc("2019-08-01T00:00:00") < at < DUE
    ], "the reminders at T-30, T-7 and T-1"
    assert {DUE, utc("2019-09-06T05:00:00"), utc("2019-09-11T04:00:00")} < set(visited), "each reading's end"
