"""When digests go: at an hour of the day, or of one weekday, by the watcher's own clock. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from servanda.compliance.watchers import Profile

DigestFrequency = Literal["daily", "weekly"]

_DAY = timedelta(days=1)


def next_slot(pace: DigestFrequency, profile: Profile, after: datetime) -> datetime:
    """The first slot later than ``after``, in UTC."""
    on = _civil_day(after, profile) - _DAY
    while (slot := _slot_on(on, profile)) <= after or not _is_day_of(pace, on, profile):
        on += _DAY
    return slot


def last_slot(pace: DigestFrequency, profile: Profile, at: datetime) -> datetime:
    """The newest slot that is not later than ``at``, in UTC."""
    on = _civil_day(at, profile) + _DAY
    while (slot := _slot_on(on, profile)) > at or not _is_day_of(pace, on, profile):
        on -= _DAY
    return slot


def slot_before(pace: DigestFrequency, profile: Profile, slot: datetime) -> datetime:
    """The slot that came before another: where the period ends that ``slot`` closes, it began."""
    return last_slot(pace, profile, slot - timedelta(microseconds=1))


def slot_name(pace: str, slot: datetime) -> str:
    """``daily-20190905T120000Z``: the same slot has the same name, whatever the zone was that gave it."""
    return f"{pace}-{slot.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _civil_day(at: datetime, profile: Profile) -> date:
    return at.astimezone(ZoneInfo(profile.zone)).date()


def _is_day_of(pace: DigestFrequency, on: date, profile: Profile) -> bool:
    return pace == "daily" or on.weekday() == profile.weekday


def _slot_on(on: date, profile: Profile) -> datetime:
    """The hour on a civil day. Of one that the clock shows twice the first counts; for one that it skips the
    offset before the change does, so that the slot comes as long after midnight as ever.
    """
    return datetime.combine(on, time(profile.hour), ZoneInfo(profile.zone)).astimezone(UTC)
