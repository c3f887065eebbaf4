"""What response headers say of the time, and which instant of ours stands beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from servanda.scrapers.exchange import Exchange, Headers
from servanda.scrapers.stated_time import our_time_beside, stated_time

AT = datetime(2019, 9, 5, 12, 0, 0, 400_000, tzinfo=UTC)
NOON = datetime(2019, 9, 5, 12, tzinfo=UTC)
DATE = ("Date", "Thu, 05 Sep 2019 12:00:00 GMT")
EXCHANGE = Exchange("https://a.example/", "https://a.example/", (), 200, "OK", (DATE,), b"", b"", "", AT, 2.0)

CASES: list[tuple[str, Headers, tuple[datetime, datetime] | None]] = [
    ("a date", (DATE,), (NOON, NOON)),
    ("in other letters", (("dATE", DATE[1]),), (NOON, NOON)),
    ("a copy from a cache", (DATE, ("Age", "3600")), (NOON, NOON + timedelta(hours=1))),
    ("an age that is none", (DATE, ("Age", "-5")), (NOON, NOON)),
    ("no date", (("Server", "x"),), None),
    ("words", (("Date", "yesterday"),), None),
    ("the second of two, the first is none", (("Date", ""), DATE), (NOON, NOON)),
    ("a clock that was never set", (("Date", "Thu, 01 Jan 1970 00:00:10 GMT"),), None),
    ("an impossible day", (("Date", "Thu, 35 Sep 2019 12:00:00 GMT"),), None),
]


@pytest.mark.parametrize(("headers", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_response_states_when_it_was_made(
    headers: Headers, expected: tuple[datetime, datetime] | None
) -> None:
    stated = stated_time(headers)
    assert (None if stated is None else (stated.made_at, stated.now_at)) == expected


@pytest.mark.parametrize(
    ("date", "ahead"),
    [
        ("12:00:00", 0.0),
        ("12:00:02", 0.0),
        ("11:59:59", 0.4),
        ("12:00:03", -0.6),
        ("11:00:00", 3599.4),
    ],
    ids=[
        "in the second in which it was asked",
        "while it was answered",
        "the second before",
        "after",
        "an hour old",
    ],
)
def test_the_nearest_instant_of_the_exchange_stands_beside_it(date: str, ahead: float) -> None:
    exchange = replace(EXCHANGE, headers=(("Date", f"Thu, 05 Sep 2019 {date} GMT"),))
    stated = stated_time(exchange.headers)
    assert stated is not None
    assert (our_time_beside(exchange, stated) - stated.now_at).total_seconds() == pytest.approx(ahead)
