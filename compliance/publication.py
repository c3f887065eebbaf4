"""When something was published, as exactly as its publisher said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from servanda.compliance.intervals import RESOLUTION, Interval


class Precision(StrEnum):
    INSTANT = "instant"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class PublicationTime:
    """When something was published, as exactly as its publisher said.

    ``at`` is set for an instant; ``on`` (the first day of the period) otherwise. ``zone`` is the
    publisher's; a date is a civil date there and never becomes midnight UTC.
    """

    precision: Precision
    zone: str
    at: datetime | None = None
    on: date | None = None

    def __post_init__(self) -> None:
        if (self.precision is Precision.INSTANT) != (self.at is not None) or (self.at is None) == (
            self.on is None
        ):
            raise ValueError(f"an instant has `at`, a date has `on`, got {self!r}")
        if self.at is not None and self.at.tzinfo is None:
            raise ValueError(f"a publication instant must be aware, got {self.at!r}")

    @classmethod
    def instant(cls, at: datetime, zone: str) -> PublicationTime:
        return cls(Precision.INSTANT, zone, at=at)

    @classmethod
    def day(cls, on: date, zone: str) -> PublicationTime:
        return cls(Precision.DAY, zone, on=on)

    @property
    def interval(self) -> Interval:
        """The instants that this statement allows: one second for an instant, the civil period else."""
        if self.at is not None:
            return Interval(self.at, self.at + RESOLUTION)
        assert self.on is not None
        return Interval(start_of_day(self.on, self.zone), start_of_day(self.next_on, self.zone))

    @property
    def next_on(self) -> date:
        """The first civil day after the stated period (of the day itself for an instant)."""
        first = self.civil_on
        if self.precision is Precision.YEAR:
            return date(first.year + 1, 1, 1)
        if self.precision is Precision.MONTH:
            return date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return first + timedelta(days=1)

    @property
    def civil_on(self) -> date:
        """The civil date in the publisher's zone (the first of the period for a month or year)."""
        if self.at is not None:
            return self.at.astimezone(ZoneInfo(self.zone)).date()
        assert self.on is not None
        return self.on

    def __str__(self) -> str:
        if self.at is not None:
            return self.at.astimezone(ZoneInfo(self.zone)).isoformat()
        form = {Precision.DAY: "%Y-%m-%d", Precision.MONTH: "%Y-%m", Precision.YEAR: "%Y"}[self.precision]
        return self.civil_on.strftime(form)


@dataclass(frozen=True, slots=True)
class StatedTime:
    """A publication time as a listing stated it (``poll``: in that reading) or as a page did (``poll``
    None)."""

    published: PublicationTime
    known_at: datetime
    poll: int | None


def start_of_day(on: date, zone: str) -> datetime:
    """The first instant of a civil day in ``zone``, in UTC."""
    return datetime.combine(on, time.min, ZoneInfo(zone)).astimezone(UTC)
