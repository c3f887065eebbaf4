"""Instants, civil dates and intervals in words: in the zone that counts, with its name, and in UTC."""

from __future__ import annotations

from calendar import month_name
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from compliance.intervals import BEGINNING, END, RESOLUTION, Interval
from compliance.publication import Precision, Published
from compliance.windows import long_date as long_date

_CITIES = {"America/New_York": "Washington", "America/Mexico_City": "Mexico City", "UTC": "UTC"}
"""Zones whose capital is not their name."""


def city(zone: str) -> str:
    """The name under which people know a zone: ``Washington`` for America/New_York."""
    return _CITIES.get(zone) or zone.rpartition("/")[2].replace("_", " ")


def moment(at: datetime, zone: str) -> str:
    """``9 September 2019, 10:30:00 Washington (14:30:00 UTC)``, with the UTC date where it is another."""
    there, utc = at.astimezone(ZoneInfo(zone)), at.astimezone(UTC)
    if zone == "UTC":
        return f"{long_date(utc.date())}, {utc:%H:%M:%S} UTC"
    day = "" if there.date() == utc.date() else f"{long_date(utc.date())}, "
    return f"{local(at, zone)} ({day}{utc:%H:%M:%S} UTC)"


def local(at: datetime, zone: str) -> str:
    """``5 September 2019, 23:59:59 Washington``, for where UTC stands nearby."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{long_date(there.date())}, {there:%H:%M:%S} {city(zone)}"


def last_second(due_at: datetime) -> datetime:
    """The last instant of a half-open window, as people name its end."""
    return due_at - RESOLUTION


def days_left(at: datetime, due_at: datetime, zone: str) -> int:
    """Civil days from ``at`` to the end in ``zone``, today counted; 0 once it has ended."""
    last_on = last_second(due_at).astimezone(ZoneInfo(zone)).date()
    return max(0, (last_on - at.astimezone(ZoneInfo(zone)).date()).days + 1)


def publication(published: Published) -> str:
    """When something was published, as exactly as its publisher said and no more."""
    if published.at is not None:
        return moment(published.at, published.zone)
    on = published.civil_on
    if published.precision is Precision.DAY:
        return f"{long_date(on)} (date only, {city(published.zone)})"
    period = f"{month_name[on.month]} {on.year}" if published.precision is Precision.MONTH else str(on.year)
    return f"{period} (no day stated, {city(published.zone)})"


def stretch(interval: Interval, zone: str) -> str:
    """An interval in ``zone``; its last instant is exclusive."""
    start = "the beginning" if interval.from_at <= BEGINNING else moment(interval.from_at, zone)
    end = "no end known" if interval.until_at >= END else moment(interval.until_at, zone)
    return f"{start} to {end}"


def length(of: timedelta) -> str:
    """A tolerance in words: ``1 hour``, ``2 days and 30 minutes``."""
    minutes = round(of.total_seconds() / 60)
    parts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"))
    named = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in parts if n]
    return " and ".join(named) or "less than a minute"
