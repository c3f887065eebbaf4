"""When a digest is due by its reader's clock, on both sides of every boundary."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.alerts.routing.digest_schedule import (
    DigestFrequency,
    last_slot,
    next_slot,
    slot_before,
    slot_name,
)
from servanda.compliance.watchers import Profile

NEW_YORK, MEXICO_CITY = "America/New_York", "America/Mexico_City"
MOMENT = timedelta(microseconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def reader(zone: str, hour: int, weekday: int = 0) -> Profile:
    return Profile(zone=zone, hour=hour, weekday=weekday)


CASES = [
    ("the moment before it is still to come", "daily", reader("UTC", 8), "2019-09-05T07:59:59.999999Z", "2019-09-05T08:00Z"),
    ("at the slot itself the next one is a day away", "daily", reader("UTC", 8), "2019-09-05T08:00Z", "2019-09-06T08:00Z"),
    ("after it, too", "daily", reader("UTC", 8), "2019-09-05T08:00:00.000001Z", "2019-09-06T08:00Z"),
    ("in Washington eight is noon in UTC", "daily", reader(NEW_YORK, 8), "2019-09-05T11:00Z", "2019-09-05T12:00Z"),
    ("midnight belongs to the day that begins", "daily", reader(NEW_YORK, 0), "2019-09-05T03:59:59Z", "2019-09-05T04:00Z"),
    ("in winter the same hour is another in UTC", "daily", reader(NEW_YORK, 8), "2019-11-04T00:00Z", "2019-11-04T13:00Z"),
    ("02:00 is skipped in spring: the slot is the change itself", "daily", reader(NEW_YORK, 2), "2019-03-10T06:00Z", "2019-03-10T07:00Z"),
    ("and the day before it was an hour later in UTC", "daily", reader(NEW_YORK, 2), "2019-03-09T06:00Z", "2019-03-09T07:00Z"),
    ("and the day after it is an hour earlier", "daily", reader(NEW_YORK, 2), "2019-03-10T07:00Z", "2019-03-11T06:00Z"),
    ("01:00 comes twice in autumn: the first counts", "daily", reader(NEW_YORK, 1), "2019-11-03T04:00Z", "2019-11-03T05:00Z"),
    ("and the second is none", "daily", reader(NEW_YORK, 1), "2019-11-03T05:00Z", "2019-11-04T06:00Z"),
    ("a half-hour gap: 02:00 is 02:30", "daily", reader("Australia/Lord_Howe", 2), "2019-10-05T15:00Z", "2019-10-05T15:30Z"),
    ("leap day", "daily", reader("UTC", 8), "2024-02-28T09:00Z", "2024-02-29T08:00Z"),
    ("the year's end", "daily", reader("UTC", 8), "2019-12-31T09:00Z", "2020-01-01T08:00Z"),
    ("a zone of a quarter hour", "daily", reader("Asia/Kathmandu", 8), "2019-09-05T02:00Z", "2019-09-05T02:15Z"),
    ("Monday's, on the Sunday before", "weekly", reader("UTC", 8), "2019-09-08T23:00Z", "2019-09-09T08:00Z"),
    ("Monday's, at its moment", "weekly", reader("UTC", 8), "2019-09-09T08:00Z", "2019-09-16T08:00Z"),
    ("Monday there, Sunday in UTC", "weekly", reader("Pacific/Auckland", 8), "2019-09-08T12:00Z", "2019-09-08T20:00Z"),
    ("Sunday there, Monday in UTC", "weekly", reader(MEXICO_CITY, 23, 6), "2019-09-09T03:59Z", "2019-09-09T04:00Z"),
    ("a day that Samoa left out: its slot falls on the next", "daily", reader("Pacific/Apia", 8), "2011-12-29T18:00Z", "2011-12-30T18:00Z"),
    ("and there is one, not two", "daily", reader("Pacific/Apia", 8), "2011-12-30T18:00Z", "2011-12-31T18:00Z"),
]  # fmt: skip


@pytest.mark.parametrize("why, pace, profile, after, expected", CASES, ids=[case[0] for case in CASES])
def test_the_next_slot(why: str, pace: DigestFrequency, profile: Profile, after: str, expected: str) -> None:
    assert next_slot(pace, profile, at(after)) == at(expected), why


def test_the_last_slot_is_the_moment_itself_or_the_one_before() -> None:
    eight = reader(NEW_YORK, 8)
    slot = at("2019-09-05T12:00Z")
    assert last_slot("daily", eight, slot - MOMENT) == slot - timedelta(days=1)
    assert last_slot("daily", eight, slot) == slot
    assert last_slot("daily", eight, slot + timedelta(hours=23)) == slot
    assert last_slot("weekly", eight, slot) == at("2019-09-02T12:00Z")


def test_a_period_across_the_change_of_clocks_is_as_long_as_it_is() -> None:
    eight = reader(NEW_YORK, 8)
    spring, autumn = at("2019-03-10T12:00Z"), at("2019-11-03T13:00Z")
    assert spring - slot_before("daily", eight, spring) == timedelta(hours=23)
    assert autumn - slot_before("daily", eight, autumn) == timedelta(hours=25)


def test_a_slot_is_named_by_its_instant() -> None:
    slot = datetime(2019, 9, 5, 8, tzinfo=ZoneInfo(NEW_YORK))
    assert slot_name("daily", slot) == "daily-20190905T120000Z" == slot_name("daily", slot.astimezone(UTC))


@given(
    st.sampled_from(["daily", "weekly"]),
    st.sampled_from([NEW_YORK, MEXICO_CITY, "UTC", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo"]),
    st.integers(0, 23),
    st.integers(0, 6),
    st.datetimes(datetime(2015, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
)
def test_slots_follow_each_other_without_hole_or_overlap(
    pace: DigestFrequency, zone: str, hour: int, weekday: int, moment: datetime
) -> None:
    profile = reader(zone, hour, weekday)
    after, before = next_slot(pace, profile, moment), last_slot(pace, profile, moment)
    assert before <= moment < after
    assert slot_before(pace, profile, after) == before
    assert next_slot(pace, profile, before) == after
    days = timedelta(days=1 if pace == "daily" else 7)
    assert abs((after - before) - days) <= timedelta(hours=1)
    there = after.astimezone(ZoneInfo(zone))
    assert there.hour in (hour, (hour + 1) % 24), "the hour itself, or the one after a change of clocks"
    assert pace == "daily" or there.weekday() == weekday
