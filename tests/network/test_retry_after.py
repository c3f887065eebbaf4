"""When a server asks us to come again: seconds, dates, and what is neither."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from servanda.network.retry_after import http_date, retry_after

NOW = datetime(2019, 9, 6, 4, tzinfo=UTC)
AT_FOUR, AT_FIVE = "Fri, 06 Sep 2019 04:00:00 GMT", "Fri, 06 Sep 2019 05:00:00 GMT"
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)

WAITS = [
    ("nothing is asked", None, None, None),
    ("an empty value asks nothing", "", None, None),
    ("nor do blanks", "  ", None, None),
    ("no time at all", "0", None, timedelta(0)),
    ("seconds", "90", None, 90 * SECOND),
    ("seconds between blanks", " 90 ", None, 90 * SECOND),
    ("the longest that is read, some thirty years", "9" * 9, None, 999_999_999 * SECOND),
    ("a digit more is no wait", "9" * 10, None, None),
    ("four hundred digits are none either", "9" * 400, None, None),
    ("a sign is not in the grammar", "-5", None, None),
    ("nor is a plus", "+5", None, None),
    ("nor are fractions", "1.5", None, None),
    ("digits of another script are no seconds", "٣٠", None, None),
    ("words", "soon", None, None),
    ("a date that is to come", AT_FIVE, None, HOUR),
    ("a second ahead", "Fri, 06 Sep 2019 04:00:01 GMT", None, SECOND),
    ("this very second", AT_FOUR, None, timedelta(0)),
    ("a date that has passed", "Fri, 06 Sep 2019 03:00:00 GMT", None, timedelta(0)),
    ("an offset is understood", "Fri, 06 Sep 2019 01:00:00 -0400", None, HOUR),
    ("a date without a zone states no instant", "Fri, 06 Sep 2019 05:00:00", None, None),
    ("nor does one whose zone is unknown", "Fri, 06 Sep 2019 05:00:00 -0000", None, None),
    ("a day that there is not", "Fri, 31 Sep 2019 05:00:00 GMT", None, None),
    ("the server's own clock is an hour behind ours", AT_FOUR, "Fri, 06 Sep 2019 03:00:00 GMT", HOUR),
    ("and an hour ahead", AT_FIVE, AT_FIVE, timedelta(0)),
    ("its own date cannot be read: ours stands in", AT_FIVE, "now", HOUR),
    ("its own date has no zone: ours stands in", AT_FIVE, "Fri, 06 Sep 2019 05:00:00", HOUR),
    ("seconds are counted from now, whatever its date", "90", AT_FIVE, 90 * SECOND),
]


@pytest.mark.parametrize("why, value, date, wait", WAITS, ids=[case[0] for case in WAITS])
def test_how_long_to_wait(why: str, value: str | None, date: str | None, wait: timedelta | None) -> None:
    assert retry_after(value, NOW, date) == wait, why


ENDLESS = [
    "Fri, 01 Jan 99999999999999999999 00:00:00 GMT",
    "Fri, 99999999999999999999 Sep 2019 05:00:00 GMT",
    "Fri, 06 Sep 2019 99999999999999999999:00:00 GMT",
    "Fri, 06 Sep 2019 05:00:99999999999999999999 GMT",
    "Fri, 06 Sep 2019 05:00:00 +99999999999999999999",
]


@pytest.mark.parametrize("value", ENDLESS)
def test_a_date_whose_numbers_have_no_bounds_states_nothing(value: str) -> None:
    assert http_date(value) is None
    assert retry_after(value, NOW) is None
    assert retry_after(AT_FIVE, NOW, value) == HOUR, "as the server's own date it is passed over"


def test_the_last_date_that_there_is() -> None:
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert retry_after("Fri, 31 Dec 9999 23:59:59 GMT", NOW) == end - NOW
    assert retry_after("Fri, 31 Dec 9999 23:59:59 -0100", NOW) == end - NOW + HOUR, "past it, in UTC"
