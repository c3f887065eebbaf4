"""What a response says of the time: when it was made, and what the time was where it came from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from servanda.scrapers.exchange import Exchange, Headers

WHOLE_SECOND = timedelta(seconds=1)
"""A ``Date`` leaves out the part of its second that has passed."""

OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
"""HTTP is not older; a clock that was never set says so."""


@dataclass(frozen=True, slots=True)
class StatedTime:
    """``made_at``: when the publisher made the answer (``Date``). ``now_at``: the time by its clock when the
    answer left (``Date``, and the ``Age`` that a cache adds). Both may be up to a second early."""

    made_at: datetime
    now_at: datetime


def stated_time(headers: Headers) -> StatedTime | None:
    """What a response's headers say of the time (RFC 9110, 6.6.1; RFC 9111, 5.1); None where they do not."""
    made_at = _instant(_values(headers, "date"))
    if made_at is None:
        return None
    ages = _values(headers, "age")
    age = int(ages[0]) if ages and re.fullmatch(r"\d{1,9}", ages[0].strip()) else 0
    return StatedTime(made_at, made_at + timedelta(seconds=age))


def our_time_beside(exchange: Exchange, stated: StatedTime) -> datetime:
    """What our clock said when the publisher's said ``now_at``: the nearest instant of the exchange."""
    earliest, latest = exchange.at, exchange.at + timedelta(seconds=exchange.seconds)
    until = stated.now_at + WHOLE_SECOND
    if stated.now_at <= latest and earliest <= until:
        return stated.now_at
    return earliest - WHOLE_SECOND if until < earliest else latest


def _values(headers: Headers, name: str) -> list[str]:
    return [value for key, value in headers if key.lower() == name]


def _instant(values: Iterable[str]) -> datetime | None:
    for value in values:
        try:
            found = parsedate_to_datetime(value)
            found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        if found >= OLDEST:
            return found
    return None
