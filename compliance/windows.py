"""When a window opens, ends and settles, and how that is derived from the text."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from servanda.compliance.instrument import Reading, Window
from servanda.compliance.intervals import Interval
from servanda.compliance.publication import Precision, PublicationTime, StatedTime, start_of_day
from servanda.compliance.vocabulary import Phase, SourceTerms

_CALENDAR_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


@dataclass(frozen=True, slots=True)
class CivilDuration:
    """An ISO 8601 duration in whole calendar units, as agreements state them."""

    years: int
    months: int
    days: int

    @classmethod
    def parse(cls, text: str) -> CivilDuration:
        """Read ``P90D``, ``P6M``, ``P1Y2M`` or ``P2W``; ValueError names what would be valid."""
        match = _CALENDAR_DURATION.fullmatch(text)
        if match is None or not any(match.groups()):
            raise ValueError(f"{text!r} is not an ISO 8601 calendar duration such as P90D, P6M or P1Y")
        years, months, weeks, days = (int(part or 0) for part in match.groups())
        if years + months + weeks + days == 0:
            raise ValueError(f"{text!r} is an empty duration")
        return cls(years, months, weeks * 7 + days)

    def after(self, on: date) -> date:
        """The civil date this long after ``on``; a month's missing day becomes its last day."""
        months = on.year * 12 + on.month - 1 + self.years * 12 + self.months
        year, month = divmod(months, 12)
        day = min(on.day, calendar.monthrange(year, month + 1)[1])
        return date(year, month + 1, day) + timedelta(days=self.days)

    def __str__(self) -> str:
        parts = ((self.years, "year"), (self.months, "month"), (self.days, "calendar day"))
        return " and ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in parts if n)


@dataclass(frozen=True, slots=True)
class CountedWindow:
    """A window counted by one reading: ``[opens_at, due_at)`` and the civil day it ends with."""

    opens_at: datetime
    due_at: datetime
    last_on: date
    zone: str
    derivation: str

    @property
    def interval(self) -> Interval:
        return Interval(self.opens_at, self.due_at)

    @property
    def first_on(self) -> date:
        """The civil day on which it opens."""
        return self.opens_at.astimezone(ZoneInfo(self.zone)).date()


def count_window(window: Window, reading: Reading) -> CountedWindow:
    """Count the window from the reading's anchor day, which is day zero unless the window counts it."""
    duration = CivilDuration.parse(window.duration)
    last_on = duration.after(reading.anchor_on) - timedelta(days=1 if window.count_anchor_day else 0)
    return CountedWindow(
        opens_at=start_of_day(reading.anchor_on, reading.zone),
        due_at=start_of_day(last_on + timedelta(days=1), reading.zone),
        last_on=last_on,
        zone=reading.zone,
        derivation=_derivation(window, reading, duration, last_on),
    )


def settles_at(term: CountedWindow, sources: tuple[SourceTerms, ...]) -> datetime:
    """When waiting for late listings ends: the greatest lag plus cadence after the end."""
    return term.due_at + max((s.lag + s.cadence for s in sources), default=timedelta(0))


def phase(term: CountedWindow, settles: datetime, now: datetime) -> Phase:
    """Where ``now`` lies in the life of the window."""
    if now < term.opens_at:
        return Phase.PENDING
    if now < term.due_at:
        return Phase.OPEN
    return Phase.ELAPSED if now < settles else Phase.SETTLED


def next_instant(window: Window, sources: tuple[SourceTerms, ...], now: datetime) -> datetime | None:
    """The next instant after ``now`` at which time alone changes an answer or calls for a reminder.

    The ends of the other readings count too; None once nothing more can change by time.
    """
    term = count_window(window, window.primary)
    instants = {term.opens_at, term.due_at, settles_at(term, sources)}
    instants.update(at for days in window.reminders if (at := reminder_at(term, days)) > term.opens_at)
    for reading in window.readings:
        other = count_window(window, reading)
        instants.update((other.due_at, settles_at(other, sources)))
    return min((instant for instant in instants if instant > now), default=None)


def reminder_at(term: CountedWindow, days: int) -> datetime:
    """The instant of the T−``days`` reminder: so many civil days before the end, at the start of the day."""
    return start_of_day(term.last_on + timedelta(days=1 - days), term.zone)


def is_within(published: PublicationTime, term: CountedWindow) -> bool:
    """Whether something was published inside the window.

    A date is compared as a civil date in its publisher's zone with the window's last day. A month or a
    year is inside where it overlaps: it can support "announced" once a person accepts it, never absence.
    """
    if published.precision is Precision.INSTANT:
        assert published.at is not None
        return term.interval.contains(published.at)
    return published.civil_on <= term.last_on and published.next_on > term.first_on


def was_ever_within(published: PublicationTime, stated: Iterable[StatedTime], term: CountedWindow) -> bool:
    """Whether any time that was ever stated of something lies inside the window."""
    return is_within(published, term) or any(is_within(one.published, term) for one in stated)


def days_late(published: PublicationTime, term: CountedWindow) -> int:
    """Civil days between the window's last day and the publication, at least 1 for something late."""
    if published.at is not None:
        return max(1, (published.at.astimezone(ZoneInfo(term.zone)).date() - term.last_on).days)
    return max(1, (published.civil_on - term.last_on).days)


def _derivation(window: Window, reading: Reading, duration: CivilDuration, last_on: date) -> str:
    anchor = window.anchor.event if reading.anchor_on == window.anchor.on else "the anchor"
    counted = "counted" if window.count_anchor_day else "not counted"
    return (
        f"{long_date(reading.anchor_on)} + {duration}, day of {anchor} {counted}, {reading.zone}: "
        f"ends {long_date(last_on)} 23:59:59"
    )


def long_date(on: date) -> str:
    """``5 September 2019``."""
    return f"{on.day} {calendar.month_name[on.month]} {on.year}"
