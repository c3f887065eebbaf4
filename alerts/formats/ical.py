"""Windows as a calendar (RFC 5545): when each is due, when the answer is, and other ways to count.

Pure: the same windows give the same bytes. Texts from the catalogue and the web are made plain, and the
library escapes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from servanda.alerts.formats.mail import REPLAY
from servanda.alerts.letters.phrases.derivations import derivation
from servanda.alerts.letters.phrases.verdict_words import condition_sentence, verdict_in_short
from servanda.alerts.payloads.parts import InstrumentBrief, ReadingBrief, WindowBrief
from servanda.alerts.text import sanitising as plain
from servanda.alerts.text.times import last_second
from servanda.alerts.text.translation import Words
from servanda.compliance.vocabulary import ENDED_PHASES, Condition, Phase, VerdictValue

REFRESH = timedelta(hours=6)
"""How often calendars are asked to come back."""

DOMAIN = "servanda"
"""What ends every UID; the rest of it are the slugs of instrument and window, which never change."""


@dataclass(frozen=True, slots=True)
class WindowEntry:
    """A window and what was last recorded of it. ``value`` None: it was not judged yet.

    ``reminders``: days before the end. ``revision`` grows, and ``changed_at`` moves, with every change.
    """

    instrument: InstrumentBrief
    window: WindowBrief
    reminders: tuple[int, ...]
    value: VerdictValue | None
    phase: Phase
    final: bool
    condition: Condition
    late_by_days: int | None
    candidates: int
    readings: tuple[ReadingBrief, ...]
    revision: int
    changed_at: datetime


def calendar_of(entries: Iterable[WindowEntry], name: str, words: Words, *, replay: bool) -> bytes:
    """The calendar as bytes: UTF-8, CRLF."""
    calendar = Calendar()
    calendar.add("prodid", "-//Servanda//commitments//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    title = plain.one_line(f"{words.say(REPLAY)}: {name}" if replay else name)
    for key in ("name", "x-wr-calname"):
        calendar.add(key, title)
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        for event in _events(entry, words, replay):
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(entry: WindowEntry, words: Words, replay: bool) -> Iterator[Event]:
    yield _due(entry, words, replay)
    yield _settling(entry, words, replay)
    for reading in entry.readings:
        if _last_on(reading.due_at, reading.zone) != _last_on(entry.window.due_at, entry.window.zone):
            yield _other_count(entry, reading, words, replay)


def _due(entry: WindowEntry, words: Words, replay: bool) -> Event:
    """The last day of the window, all day: the count is in civil days of its own zone."""
    summary = words.say("Due: {title}", title=plain.one_line(entry.window.title))
    event = _event(entry, "due", f"{summary} – {_standing(entry, words)}", words, replay)
    _all_day(event, _last_on(entry.window.due_at, entry.window.zone))
    if entry.phase not in ENDED_PHASES:
        for days in sorted(set(entry.reminders), reverse=True):
            event.add_component(_alarm(summary, days))
    return event


def _settling(entry: WindowEntry, words: Words, replay: bool) -> Event:
    """The instant by which the monitor answers."""
    title = plain.one_line(entry.window.title)
    event = _event(entry, "answer", words.say("Answer due: {title}", title=title), words, replay)
    event.add("dtstart", entry.window.settles_at)
    return event


def _other_count(entry: WindowEntry, reading: ReadingBrief, words: Words, replay: bool) -> Event:
    title = plain.one_line(entry.window.title)
    summary = words.say("Another way to count: {title}", title=title)
    event = _event(entry, f"reading.{reading.id}", summary, words, replay)
    _all_day(event, _last_on(reading.due_at, reading.zone))
    return event


def _event(entry: WindowEntry, what: str, summary: str, words: Words, replay: bool) -> Event:
    """What all events of a window share."""
    event = Event()
    event.add("uid", f"{what}.{entry.window.id}.{entry.instrument.id}@{DOMAIN}")
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.revision)
    event.add("summary", plain.one_line(f"{words.say(REPLAY)}: {summary}" if replay else summary))
    event.add("description", "\n".join(_lines(entry, words)))
    event.add("status", _status(entry, what))
    event.add("transp", "TRANSPARENT")
    event.add("categories", [plain.one_line(entry.instrument.id)])
    if url := plain.link(entry.instrument.url):
        event.add("url", url)
    return event


def _status(entry: WindowEntry, what: str) -> str:
    """Cancelled once nothing was due; tentative while the text leaves open whether, or by another count."""
    if entry.value is VerdictValue.NOT_TRIGGERED:
        return "CANCELLED"
    open_condition = entry.window.condition is not None and entry.condition is Condition.UNKNOWN
    return "TENTATIVE" if open_condition or what.startswith("reading.") else "CONFIRMED"


def _all_day(event: Event, on: date) -> None:
    event.add("dtstart", on)
    event.add("dtend", on + timedelta(days=1))


def _alarm(summary: str, days: int) -> Alarm:
    """At the start of the day of the T−``days`` reminder, where the calendar's owner is."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta(days=1 - days))
    return alarm


def _standing(entry: WindowEntry, words: Words) -> str:
    if entry.value is None:
        return words.say("not judged yet")
    return verdict_in_short(entry.value, words, entry.late_by_days)


def _lines(entry: WindowEntry, words: Words) -> Iterator[str]:
    window = entry.window
    yield plain.one_line(entry.instrument.title)
    yield plain.one_line(derivation(window, words))
    yield words.say("Known: {standing}", standing=_standing(entry, words))
    condition = condition_sentence(window, entry.condition, entry.phase, words)
    if condition is not None:
        yield plain.one_line(condition, plain.QUOTE_LIMIT)
    if entry.candidates:
        yield words.count(
            "{n} candidate waits for review.", "{n} candidates wait for review.", entry.candidates
        )
    yield words.say("Answer by {moment}", moment=words.moment(window.settles_at, window.zone))
    for reading in entry.readings:
        ends = words.moment(last_second(reading.due_at), reading.zone)
        note = f" {plain.one_line(reading.note)}" if reading.note else ""
        yield words.say("Counted otherwise ({reading}): ends {ends}.", reading=reading.id, ends=ends) + note
    if url := plain.link(entry.instrument.url):
        yield url
    yield f"servanda window {window.id}"


def _last_on(due_at: datetime, zone: str) -> date:
    """The civil day that a window ends with."""
    return last_second(due_at).astimezone(ZoneInfo(zone)).date()
