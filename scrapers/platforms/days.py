"""Civil days that a dated query asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from servanda.compliance.intervals import RESOLUTION, Interval
from servanda.compliance.publication import start_of_day
from servanda.instruments.routes import Source
from servanda.scrapers.route_reading import ReadRequest

DEFAULT_REACH = timedelta(days=7)
"""How far back a query goes that is not told."""


@dataclass(frozen=True, slots=True)
class RequestedDays:
    """Publication dates asked for, both inclusive."""

    first: date
    last: date

    def halves(self) -> tuple[RequestedDays, RequestedDays]:
        """The later and the earlier half, in the order of a listing. There must be two days or more."""
        middle = self.first + (self.last - self.first) // 2
        return RequestedDays(middle + timedelta(days=1), self.last), RequestedDays(self.first, middle)

    def newest(self, most: int) -> RequestedDays:
        """The last ``most`` days of these; all where there are no more."""
        return RequestedDays(max(self.first, self.last - timedelta(days=most - 1)), self.last)

    def interval(self, zone: str) -> Interval:
        """The instants of these days in ``zone``."""
        return Interval(start_of_day(self.first, zone), start_of_day(self.last + timedelta(days=1), zone))

    def __iter__(self) -> Iterator[date]:
        """Newest first."""
        return (self.last - timedelta(days=n) for n in range((self.last - self.first).days + 1))

    def __contains__(self, on: date) -> bool:
        return self.first <= on <= self.last


def days_asked(source: Source, ask: ReadRequest) -> RequestedDays:
    """The civil days, in the source's zone, that ``back_to`` … ``until`` touches; ``until`` is exclusive."""
    zone = ZoneInfo(source.zone)
    last = (ask.until - RESOLUTION if ask.until is not None else ask.now).astimezone(zone).date()
    back_to = ask.back_to if ask.back_to is not None else ask.now - DEFAULT_REACH
    return RequestedDays(min(back_to.astimezone(zone).date(), last), last)
