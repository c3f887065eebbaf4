"""Calendar, feed and exports of a summer that was played: what they say, and that the same ledger says the same."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from icalendar import Calendar
from support.desk import FIRST_AT, GUARD, GUARD_AT, Desk
from support.monitors import Monitor

from servanda.cli.commands import main
from servanda.compliance.vocabulary import Condition
from servanda.jobs.assess import assess
from servanda.jobs.decisions import review
from servanda.jobs.views import status as views
from servanda.jobs.views.calendar import calendar
from servanda.jobs.views.events_feed import events
from servanda.jobs.views.export_formats import serialise_rows
from servanda.jobs.views.export_rows import KEYS, read_export_rows
from servanda.models import export as export_rows

ENDED_AT = datetime(2019, 9, 6, 4, tzinfo=UTC)
WINDOW, INSTRUMENT = "further-actions-90d", "us-mexico-2019"
DUE = f"due.{WINDOW}.{INSTRUMENT}@servanda"

Typed = Callable[..., tuple[int, bytes]]


def played(monitor: Monitor) -> Desk:
    """A baseline, a release that is evidence, and the end of the window."""
    made = Desk(monitor)
    made.begin()
    made.look(ENDED_AT)
    return made


@pytest.fixture
def desk(monitor: Monitor) -> Desk:
    return played(monitor)


@pytest.fixture
def judged(monitor: Monitor) -> Desk:
    """What costs less: a catalogue whose window was judged, and no source read."""
    made = Desk(monitor)
    with monitor.at(FIRST_AT) as wiring:
        assess(wiring)
    return made


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Typed:
    def run(*arguments: str) -> tuple[int, bytes]:
        monkeypatch.setattr(sys, "argv", ["servanda", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capfdbinary.readouterr()
        return int(ended.value.code or 0), said.out if not ended.value.code else said.err

    return run


def due(content: bytes) -> Any:
    (event,) = (e for e in Calendar.from_ical(content).walk("VEVENT") if e["uid"] == DUE)
    return event


def exported(desk: Desk, subject: str, **options: Any) -> list[dict[str, Any]]:
    with desk.monitor.at() as wiring:
        said = "".join(
            serialise_rows(
                read_export_rows(wiring.ledger, wiring.catalogue, subject, wiring.now, **options),
                KEYS[subject],
                "json",
            )
        )
    found: list[dict[str, Any]] = json.loads(said)
    return found


# --- the calendar ---------------------------------------------------------------------------------------------


def test_the_calendar_tells_of_each_window_and_the_same_ledger_the_same_bytes(desk: Desk) -> None:
    with desk.monitor.at() as wiring:
        first, of_one = (
            calendar(wiring.ledger, wiring.catalogue),
            calendar(wiring.ledger, wiring.catalogue, INSTRUMENT),
        )
    with desk.monitor.at() as wiring:
        assert (
            calendar(wiring.ledger, wiring.catalogue),
            calendar(wiring.ledger, wiring.catalogue, INSTRUMENT),
        ) == (first, of_one)
        with pytest.raises(LookupError, match=INSTRUMENT):
            calendar(wiring.ledger, wiring.catalogue, "no-such-instrument")
    event = due(first)
    assert event.decoded("dtstart") == date(2019, 9, 5)
    assert event["summary"].startswith("REPLAY – reconstructed: Due: ")
    assert "absence not proven" in event["summary"]
    assert due(of_one).to_ical() == event.to_ical()


def test_the_sequence_grows_and_its_instant_moves_whenever_something_changes(desk: Desk) -> None:
    def seen() -> tuple[int, datetime, bytes]:
        with desk.monitor.at() as wiring:
            event = due(calendar(wiring.ledger, wiring.catalogue))
        return int(event["sequence"]), event.decoded("last-modified"), bytes(event["description"].to_ical())

    steps = [seen()]
    with desk.monitor.at(ENDED_AT + timedelta(hours=1)) as wiring:
        assess(wiring)
    assert seen() == steps[0], "nothing changed"
    with desk.monitor.at(ENDED_AT + timedelta(hours=2)) as wiring:
        decision = review.decide_condition(
            wiring.catalogue, WINDOW, Condition.MET, by="Ana", reason="so it is"
        )
        assess(wiring, decision=decision)
    steps.append(seen())
    with desk.monitor.at(ENDED_AT + timedelta(days=9)) as wiring:
        assess(wiring)
    steps.append(seen())
    declared = desk.monitor.folder / "catalogue" / "declarations" / INSTRUMENT / "instrument.yml"
    declared.write_text(declared.read_text().replace("title: Further", "title: Other and further"))
    with desk.monitor.at(ENDED_AT + timedelta(days=10)):
        pass
    steps.append(seen())
    assert [one[0] for one in steps] == sorted({one[0] for one in steps})
    assert [one[1] for one in steps] == sorted({one[1] for one in steps})
    assert steps[-1][1] == ENDED_AT + timedelta(days=10)


def test_a_window_that_was_never_judged_is_due_all_the_same(monitor: Monitor) -> None:
    Desk(monitor)
    with monitor.at(FIRST_AT) as wiring:
        event = due(calendar(wiring.ledger, wiring.catalogue))
    assert "not judged yet" in event["summary"]
    assert event.decoded("dtstart") == date(2019, 9, 5)
    assert event.decoded("dtstamp") == FIRST_AT


# --- the feed -------------------------------------------------------------------------------------------------


def test_the_feed_tells_what_happened_newest_first_and_always_in_the_same_words(desk: Desk) -> None:
    with desk.monitor.at() as wiring:
        first = events(wiring.ledger, wiring.catalogue, base_url="https://monitor.example.org")
        of_one = feedparser.parse(
            events(wiring.ledger, wiring.catalogue, INSTRUMENT, "https://monitor.example.org")
        )
    with desk.monitor.at(ENDED_AT + timedelta(hours=3)) as wiring:
        assert events(wiring.ledger, wiring.catalogue, base_url="https://monitor.example.org") == first
        with pytest.raises(LookupError, match=INSTRUMENT):
            events(wiring.ledger, wiring.catalogue, "no-such-instrument")
    read = feedparser.parse(first)
    assert not read.bozo
    assert read.feed.links[0].href == "https://monitor.example.org/events.atom"
    kinds = [entry.tags[0].term for entry in read.entries]
    assert kinds[0] == "window_ended" and "new_evidence" in kinds
    assert [entry.updated for entry in read.entries] == sorted(
        (entry.updated for entry in read.entries), reverse=True
    )
    assert [entry.id for entry in of_one.entries] == [entry.id for entry in read.entries]
    assert of_one.feed.links[0].href == f"https://monitor.example.org/events/{INSTRUMENT}.atom"
    assert read.feed.id != of_one.feed.id
    evidence = next(entry for entry in read.entries if entry.tags[0].term == "new_evidence")
    assert GUARD.title in evidence.content[0].value


# --- exports ----------------------------------------------------------------------------------------------------


def test_every_subject_is_exported_whole_with_the_keys_it_declares(
    any_monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On each database, in chunks so small that there are several."""
    desk = played(any_monitor)
    monkeypatch.setattr(export_rows, "CHUNK", 2)
    with desk.monitor.at() as wiring:
        now = wiring.now
        for subject, keys in KEYS.items():
            found = list(read_export_rows(wiring.ledger, wiring.catalogue, subject, now))
            assert found, subject
            assert all(row.keys() == set(keys) for row in found), subject
            assert all(row["mode"] == "replay" for row in found), subject
            flat = (str, int, float, bool, type(None))
            assert all(isinstance(value, flat) for row in found for value in row.values()), subject
        assert calendar(wiring.ledger, wiring.catalogue).startswith(
            b"BEGIN:VCALENDAR"
        ) and b"<entry>" in events(wiring.ledger, wiring.catalogue)
        listed = {row["id"]: row for row in views.document_list(wiring.ledger, wiring.catalogue, now)}
    for row in exported(desk, "documents"):
        assert {key: listed[row["id"]][key] for key in row if key not in ("mode", "language")} == {
            key: value for key, value in row.items() if key not in ("mode", "language")
        }
    assert len(exported(desk, "documents")) == len(listed) == 6
    (evidence,) = exported(desk, "evidence")
    assert "National Guard" in evidence["passages"]
    assert [row["verdict"] for row in exported(desk, "verdicts")][-1] == "unverified"
    assert exported(desk, "alerts")[-1]["severity"] == "urgent"


def test_an_export_as_of_a_moment_knows_nothing_of_later(desk: Desk) -> None:
    with desk.monitor.at() as wiring:
        before = {
            subject: list(
                read_export_rows(wiring.ledger, wiring.catalogue, subject, GUARD_AT - timedelta(minutes=1))
            )
            for subject in KEYS
        }
    assert before["evidence"] == []
    assert len(before["documents"]) == 5
    assert {row["verdict"] for row in before["verdicts"]} == {"pending"}
    assert "window_ended" not in {row["kind"] for row in before["alerts"]}
    assert before["windows"][0]["phase"] == "open"


# --- as it is typed -----------------------------------------------------------------------------------------------


GIVEN = [
    (("calendar",), b"BEGIN:VCALENDAR\r\n"),
    (("calendar", "--instrument", INSTRUMENT, "--language", "es"), b"BEGIN:VCALENDAR\r\n"),
    (("feed",), b"<?xml version='1.0' encoding='utf-8'?>\n<feed "),
    (("feed", "--instrument", INSTRUMENT), b"<?xml version="),
    (("export", "windows"), b'"id","instrument",'),
    (("export", "documents", "--bom"), b'\xef\xbb\xbf"id","source",'),
    (("export", "alerts", "--format", "json"), b'[\n{"id": 1'),
    (("export", "coverage", "--format", "jsonl"), b'{"source": "us-state"'),
    (("export", "evidence", "--format", "json"), b"[]\n"),
]


def test_each_is_written_to_standard_output_or_to_a_file(judged: Desk, typed: Typed, tmp_path: Path) -> None:
    for number, (arguments, begins) in enumerate(GIVEN):
        code, said = typed(*arguments)
        assert (code, said[: len(begins)]) == (0, begins), arguments
        target = tmp_path / f"new-{number}" / "file"
        assert typed(*arguments, "--to", str(target)) == (0, b""), arguments
        assert target.read_bytes() == said
        assert typed(*arguments, "--to", str(target))[0] == 0, "it takes the place of the last one"
        assert [path.name for path in target.parent.iterdir()] == ["file"]


REFUSED = [
    (("calendar", "--instrument", "nowhere"), b"no instrument 'nowhere'; known: us-mexico-2019"),
    (("feed", "--instrument", "nowhere"), b"no instrument 'nowhere'; known: us-mexico-2019"),
    (("export", "everything"), b"'everything' is not one of 'windows', 'verdicts'"),
    (("export", "windows", "--format", "xml"), b"'xml' is not one of 'csv', 'json', 'jsonl'"),
    (("export", "windows", "--format", "json", "--bom"), b"--bom is for CSV"),
    (("export", "windows", "--as-of", "2031-01-01T00:00:00Z"), b"is still to come"),
    (("calendar", "--to", "{folder}/file/calendar.ics"), b"file: "),
]


def test_what_cannot_be_given_is_one_plain_message(judged: Desk, typed: Typed, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for arguments, message in REFUSED:
        code, said = typed(*(argument.format(folder=tmp_path) for argument in arguments))
        assert code == 2 and message in said, (arguments, said)
        assert b"Traceback" not in said


@pytest.mark.slow
def test_an_export_can_be_read_by_who_has_enough_after_a_line(judged: Desk) -> None:
    command = f"{sys.executable} -m servanda.cli export coverage | head -n 1"
    with os.popen(f"({command}) 2>&1") as pipe:
        said = pipe.read()
    assert next(csv.reader(io.StringIO(said))) == list(KEYS["coverage"])
    assert len(said.splitlines()) == 1
