from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from servanda.alerts.text.times import days_left, last_second
from servanda.alerts.text.translation import ENGLISH
from servanda.compliance.intervals import BEGINNING, END, Interval
from servanda.compliance.publication import Precision, PublicationTime

WASHINGTON, MEXICO_CITY = "America/New_York", "America/Mexico_City"
DUE_AT = datetime(2019, 9, 6, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone", "words"),
    [
        (
            last_second(DUE_AT),
            WASHINGTON,
            "5 September 2019, 23:59:59 Washington (6 September 2019, 03:59:59 UTC)",
        ),
        (DUE_AT, WASHINGTON, "6 September 2019, 00:00:00 Washington (04:00:00 UTC)"),
        (DUE_AT, MEXICO_CITY, "5 September 2019, 23:00:00 Mexico City (6 September 2019, 04:00:00 UTC)"),
        (DUE_AT, "UTC", "6 September 2019, 04:00:00 UTC"),
        (DUE_AT, "Europe/Kyiv", "6 September 2019, 07:00:00 Kyiv (04:00:00 UTC)"),
    ],
)
def test_an_instant_is_told_where_it_counts_and_in_utc(at: datetime, zone: str, words: str) -> None:
    assert ENGLISH.moment(at, zone) == words


def test_both_hours_of_the_autumn_change_are_told_apart() -> None:
    first, second = datetime(2019, 11, 3, 5, 30, tzinfo=UTC), datetime(2019, 11, 3, 6, 30, tzinfo=UTC)
    assert ENGLISH.moment(first, WASHINGTON) == "3 November 2019, 01:30:00 Washington (05:30:00 UTC)"
    assert ENGLISH.moment(second, WASHINGTON) == "3 November 2019, 01:30:00 Washington (06:30:00 UTC)"


@pytest.mark.parametrize(
    ("at", "days"),
    [
        (datetime(2019, 9, 5, 3, 59, 59, tzinfo=UTC), 2),
        (datetime(2019, 9, 5, 4, tzinfo=UTC), 1),
        (datetime(2019, 9, 6, 3, 59, 59, tzinfo=UTC), 1),
        (DUE_AT, 0),
        (DUE_AT + timedelta(days=3), 0),
        (datetime(2019, 8, 7, 4, tzinfo=UTC), 30),
    ],
)
def test_days_left_count_civil_days_with_today(at: datetime, days: int) -> None:
    assert days_left(at, DUE_AT, WASHINGTON) == days


@pytest.mark.parametrize(
    ("published", "words"),
    [
        (PublicationTime.day(date(2019, 9, 5), MEXICO_CITY), "5 September 2019 (date only, Mexico City)"),
        (
            PublicationTime.instant(datetime(2019, 9, 10, 22, 15, tzinfo=UTC), WASHINGTON),
            "10 September 2019, 18:15:00 Washington (22:15:00 UTC)",
        ),
        (
            PublicationTime(Precision.MONTH, WASHINGTON, on=date(2019, 9, 1)),
            "September 2019 (no day stated, Washington)",
        ),
        (
            PublicationTime(Precision.YEAR, WASHINGTON, on=date(2019, 1, 1)),
            "2019 (no day stated, Washington)",
        ),
    ],
)
def test_a_publication_is_told_as_exactly_as_it_was_stated(published: PublicationTime, words: str) -> None:
    assert ENGLISH.publication(published) == words


def test_open_intervals_have_words_for_their_ends() -> None:
    assert (
        ENGLISH.stretch(Interval(BEGINNING, DUE_AT), "UTC")
        == "the beginning to 6 September 2019, 04:00:00 UTC"
    )
    assert ENGLISH.stretch(Interval(DUE_AT, END), "UTC") == "6 September 2019, 04:00:00 UTC to no end known"


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (timedelta(hours=1), "1 hour"),
        (timedelta(days=2, minutes=30), "2 days and 30 minutes"),
        (timedelta(minutes=90), "1 hour and 30 minutes"),
        (timedelta(seconds=10), "less than a minute"),
    ],
)
def test_tolerances_have_words(of: timedelta, words: str) -> None:
    assert ENGLISH.length(of) == words


def test_a_zone_is_named_by_its_city() -> None:
    assert ENGLISH.city("America/Argentina/Buenos_Aires") == "Buenos Aires"
