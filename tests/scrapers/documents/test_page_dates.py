"""The days that a page names."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from servanda.scrapers.documents.page_dates import MOST_DAYS, days_named

SEVENTH = date(2019, 6, 7)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("June 7, 2019", [SEVENTH]),
        ("Washington, JUNE 7 2019, 4 p.m.", [SEVENTH]),
        ("Jun. 7th, 2019", [SEVENTH]),
        ("Friday, 7 June 2019", [SEVENTH]),
        ("on the 7th of June 2019", [SEVENTH]),
        ("Ciudad de México, a 7 de junio de 2019.", [SEVENTH]),
        ("07 de junio del 2019", [SEVENTH]),
        ("1o de septiembre de 2019", [date(2019, 9, 1)]),
        ("7-jun-2019", [SEVENTH]),
        ("Junio 7, 2019", [SEVENTH]),
        ("2019-06-07T16:00:00-04:00", [SEVENTH]),
        ("/2019/06/07/", [SEVENTH]),
        ("DOF: 07/06/2019", [date(2019, 7, 6), SEVENTH]),
        ("07.06.2019", [date(2019, 7, 6), SEVENTH]),
        ("25/06/2019", [date(2019, 6, 25)]),
        ("30 February 2019", []),
        ("June 2019", []),
        ("7 people, 2019", []),
        ("no date", []),
        ("from June 7, 2019 to June 9, 2019", [SEVENTH, date(2019, 6, 9)]),
        ("1234-06-07 and 12019-06-07", []),
    ],
)
def test_the_ways_in_which_a_day_is_written(text: str, found: list[date]) -> None:
    assert list(days_named([text])) == sorted(found) or list(days_named([text])) == found


def test_only_so_many_are_kept() -> None:
    days = [SEVENTH + timedelta(days=n) for n in range(80)]
    assert days_named(day.isoformat() for day in days) == tuple(days[:MOST_DAYS])
