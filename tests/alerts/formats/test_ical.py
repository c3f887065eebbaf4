"""The calendar of windows: read again by a strict parser, kept apart from what titles may hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from servanda.alerts.formats.ical import WindowEntry, calendar_of
from servanda.alerts.payloads.parts import InstrumentBrief, ReadingBrief, WindowBrief
from servanda.alerts.text.translation import words
from servanda.compliance.vocabulary import Condition, Phase, VerdictValue

WASHINGTON = "America/New_York"
DUE_AT = datetime(2019, 9, 6, 4, tzinfo=UTC)
ENTRY = WindowEntry(
    instrument=InstrumentBrief(
        "us-mexico-2019",
        "U.S.-Mexico Joint Declaration",
        "https://www.state.gov/us-mexico-joint-declaration/",
        date(2019, 6, 7),
        WASHINGTON,
    ),
    window=WindowBrief(
        "further-actions-90d",
        "Further actions announced within 90 days",
        "7 June 2019 + 90 calendar days, day of publication not counted, America/New_York: "
        "ends 5 September 2019 23:59:59",
        WASHINGTON,
        datetime(2019, 6, 7, 4, tzinfo=UTC),
        DUE_AT,
        datetime(2019, 9, 8, 4, tzinfo=UTC),
        "if necessary",
    ),
    reminders=(30, 7, 1),
    value=VerdictValue.PENDING,
    phase=Phase.OPEN,
    final=False,
    condition=Condition.UNKNOWN,
    late_by_days=None,
    candidates=2,
    readings=(
        ReadingBrief(
            "mexico-city", DUE_AT + timedelta(hours=1), "America/Mexico_City", "same", VerdictValue.PENDING
        ),
        ReadingBrief(
            "anchor-12-june",
            DUE_AT + timedelta(days=5),
            WASHINGTON,
            "not yet decidable",
            VerdictValue.PENDING,
            "He said so.",
        ),
    ),
    revision=4,
    changed_at=datetime(2019, 8, 1, 12, tzinfo=UTC),
)
DUE, ANSWER = (f"{what}.further-actions-90d.us-mexico-2019@servanda" for what in ("due", "answer"))
OTHER = "reading.anchor-12-june.further-actions-90d.us-mexico-2019@servanda"


def made(*entries: WindowEntry, language: Any = "en", replay: bool = False) -> bytes:
    return calendar_of(entries or (ENTRY,), "What is due", words(language), replay=replay)


def parsed(content: bytes) -> dict[str, Any]:
    """Every event by its UID; the lines and the components are checked as RFC 5545 has them."""
    assert content.endswith(b"\r\n") and b"\n" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    content.decode("utf-8")
    calendar = Calendar.from_ical(content)
    for component in calendar.walk():
        assert component.errors == []
        required: Iterable[str] = component.required
        singletons: Iterable[str] = component.singletons
        assert [key for key in required if key not in component] == []
        assert [key for key in singletons if isinstance(component.get(key), list)] == []
    assert (str(calendar["version"]), str(calendar["prodid"])) == ("2.0", "-//Servanda//commitments//EN")
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def test_a_window_is_a_whole_day_in_the_count_of_its_own_zone() -> None:
    """In UTC it ends on 6 September: a calendar that showed that would be a day late."""
    due = parsed(made())[DUE]
    assert (due.decoded("dtstart"), due.decoded("dtend")) == (date(2019, 9, 5), date(2019, 9, 6))
    assert due["dtstart"].params["value"] == due["dtend"].params["value"] == "DATE"
    assert str(due["summary"]) == "Due: Further actions announced within 90 days – still open"
    assert str(due["description"]).split("\n") == [
        "U.S.-Mexico Joint Declaration",
        ENTRY.window.derivation,
        "Known: still open",
        "The condition “if necessary” is recorded neither as met nor as not met.",
        "2 candidates wait for review.",
        "Answer by 8 September 2019, 00:00:00 Washington (04:00:00 UTC)",
        "Counted otherwise (mexico-city): ends 5 September 2019, 23:59:59 Mexico City (6 September 2019, 04:59:59 UTC).",
        "Counted otherwise (anchor-12-june): ends 10 September 2019, 23:59:59 Washington "
        "(11 September 2019, 03:59:59 UTC). He said so.",
        ENTRY.instrument.url,
        "servanda window further-actions-90d",
    ]
    assert due["url"] == ENTRY.instrument.url
    assert (due["transp"], due["categories"].cats) == ("TRANSPARENT", ["us-mexico-2019"])


def test_the_alarms_are_the_reminders_and_ring_no_more_once_the_window_has_ended() -> None:
    due = parsed(made())[DUE]
    triggers = [alarm.decoded("trigger") for alarm in due.walk("VALARM")]
    assert triggers == [timedelta(days=-29), timedelta(days=-6), timedelta(0)]
    ended = parsed(made(replace(ENTRY, phase=Phase.ELAPSED, value=VerdictValue.UNVERIFIED)))[DUE]
    assert list(ended.walk("VALARM")) == []


def test_the_answer_and_another_last_day_are_events_of_their_own() -> None:
    events = parsed(made())
    assert events.keys() == {DUE, ANSWER, OTHER}, "a reading that ends on the same day is no other day"
    assert events[ANSWER].decoded("dtstart") == ENTRY.window.settles_at
    assert "dtend" not in events[ANSWER]
    assert events[OTHER].decoded("dtstart") == date(2019, 9, 10)
    assert str(events[OTHER]["summary"]).startswith("Another way to count: ")
    assert events[OTHER]["status"] == "TENTATIVE"
    assert list(events[OTHER].walk("VALARM")) == []


@pytest.mark.parametrize(
    "change, status",
    [
        ({}, "TENTATIVE"),
        ({"condition": Condition.MET}, "CONFIRMED"),
        ({"window": replace(ENTRY.window, condition=None)}, "CONFIRMED"),
        ({"condition": Condition.NOT_MET, "value": VerdictValue.NOT_TRIGGERED}, "CANCELLED"),
        ({"value": None, "phase": Phase.PENDING}, "TENTATIVE"),
        ({"value": VerdictValue.ANNOUNCED_LATE, "late_by_days": 4, "condition": Condition.MET}, "CONFIRMED"),
    ],
)
def test_the_status_says_whether_something_is_due(change: dict[str, Any], status: str) -> None:
    assert parsed(made(replace(ENTRY, **change)))[DUE]["status"] == status


def test_the_revision_is_the_sequence_and_its_instant_the_last_change() -> None:
    for event in parsed(made()).values():
        assert event["sequence"] == 4
        assert event.decoded("last-modified") == event.decoded("dtstamp") == ENTRY.changed_at


def test_calendars_are_named_and_ask_to_be_read_again() -> None:
    calendar = Calendar.from_ical(made(replay=True))
    assert str(calendar["x-wr-calname"]) == str(calendar["name"]) == "REPLAY – reconstructed: What is due"
    assert calendar.decoded("refresh-interval") == timedelta(hours=6)
    assert calendar["refresh-interval"].params["value"] == "DURATION"
    assert b"X-PUBLISHED-TTL:PT6H" in made()
    assert all(str(e["summary"]).startswith("REPLAY – reconstructed: ") for e in calendar.walk("VEVENT"))


def test_it_can_be_had_in_spanish_with_the_same_events() -> None:
    spanish = parsed(made(language="es"))
    assert spanish.keys() == parsed(made()).keys()
    assert "8 de septiembre de 2019" in str(spanish[DUE]["description"])


def test_the_same_windows_give_the_same_bytes_and_none_a_calendar_that_is_empty() -> None:
    assert made() == made()
    assert parsed(calendar_of((), "Nothing", words("en"), replay=False)) == {}


@pytest.mark.parametrize(
    "hostile",
    [
        "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil",
        'a;b,c\\nd\\,e"f:g',
        "\x00\x07\x1b]0;title\x07",
        "\u202egnp.exe\u2066",
        "END:VCALENDAR",
        "🦊" * 400,
        "\u2028UID:evil\u2029\x85\x0b\x0c",
        "é" * 74 + "ñ" * 100,
        "",
    ],
)
def test_no_title_can_end_an_event_or_begin_one(hostile: str) -> None:
    entry = replace(
        ENTRY,
        window=replace(ENTRY.window, title=hostile, condition=hostile),
        instrument=replace(ENTRY.instrument, title=hostile, url=f"javascript:{hostile}"),
        readings=tuple(replace(one, note=hostile) for one in ENTRY.readings),
    )
    content = calendar_of((entry,), hostile, words("en"), replay=False)
    events = parsed(content)
    assert events.keys() == {DUE, ANSWER, OTHER}
    assert all("url" not in event for event in events.values())
    for event in events.values():
        assert event.keys() <= {
            "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "SUMMARY", "DESCRIPTION", "STATUS", "TRANSP",
            "CATEGORIES", "DTSTART", "DTEND",
        }  # fmt: skip
        assert not [c for c in str(event["summary"]) if ord(c) < 32 or c in "\u202e\u2066\u2028"]
