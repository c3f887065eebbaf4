"""The mails about a window: closing, ended, final word, correction."""

from __future__ import annotations

from collections.abc import Iterator

from alerts import sections as parts
from alerts import times
from alerts.briefs import ReadingBrief
from alerts.letter import Entries, Entry, Facts, Letter, Paragraph, Section, counted, entries
from alerts.model import Alert, AlertKind, WindowClosing, WindowVerdict
from alerts.plain import one_line
from alerts.verdict_words import condition_sentence, coverage_entry, ended, in_short, sentence
from alerts.words import Words
from compliance.vocabulary import Duty, Phase, Value

CLOSINGS_SHOWN = 8


def closing_letter(alert: Alert, payload: WindowClosing, words: Words) -> Letter:  # noqa: ARG001
    """A reminder: what is left, what was found, and what the readings have seen so far."""
    window, title = payload.window, one_line(payload.window.title)
    left = counted(times.days_left(alert.known_at, window.due_at, window.zone), "day")
    ends = times.moment(times.last_second(window.due_at), window.zone)
    known = Section(
        None,
        (
            Paragraph(
                f"The window ends {ends}. No announcement has been accepted so far. "
                f"{counted(len(payload.candidates), 'candidate waits', 'candidates wait')} for review."
            ),
            *_condition(payload),
            parts.window_facts(window),
        ),
    )
    return Letter(
        f"{left} left: {title}",
        f"{left} left, today counted: {title}",
        parts.sections(
            (
                known,
                parts.commitment(payload.instrument, payload.commitment),
                parts.candidates(payload.candidates),
                parts.coverage(payload.coverage, window),
                parts.since_when(alert, window.zone),
                parts.official_page(one_line(payload.instrument.title), payload.instrument.url),
            )
        ),
    )


def verdict_letter(alert: Alert, payload: WindowVerdict, words: Words) -> Letter:  # noqa: ARG001
    """What is known of the window, with everything that it rests on."""
    subject, headline = _titles(alert.kind, payload)
    lead = _flag(payload) if _is_flag(alert.kind, payload) else _answer(alert.kind, payload)
    known = Section(None, (*lead, *_condition(payload), parts.window_facts(payload.window)))
    return Letter(
        subject,
        headline,
        parts.sections(
            (
                known,
                parts.commitment(payload.instrument, payload.commitment),
                _accepted(payload),
                parts.candidates(payload.candidates),
                None if _is_flag(alert.kind, payload) else _unmet(payload),
                parts.coverage(payload.coverage, payload.window),
                _closed_later(payload),
                _other_readings(payload.readings),
                _decided(payload),
                _condition_recording(payload),
                parts.since_when(alert, payload.window.zone),
                parts.official_page(one_line(payload.instrument.title), payload.instrument.url),
            )
        ),
    )


def _titles(kind: AlertKind, payload: WindowVerdict) -> tuple[str, str]:
    """Subject and headline."""
    title, short = one_line(payload.window.title), in_short(payload.value, payload.late_by_days)
    if _is_flag(kind, payload):
        return f"Window ended, no announcement accepted: {title}", f"No announcement accepted: {title}"
    name = {AlertKind.FINAL_WORD: "Final word", AlertKind.CORRECTION: "Correction"}.get(kind, "Window ended")
    return f"{name}, {short}: {title}", f"{name}: {short}"


def _is_flag(kind: AlertKind, payload: WindowVerdict) -> bool:
    return kind is AlertKind.WINDOW_ENDED and payload.value is Value.UNVERIFIED


def _flag(payload: WindowVerdict) -> Iterator[Paragraph | Entries]:
    """The flag: ended, nothing accepted, absence not provable yet; every unmet duty, and until when."""
    window = payload.window
    listed = [d for d in payload.duties if d.kind in ("coverage", "canary", "unread")]
    waiting = ", ".join(str(c.evidence) for c in payload.candidates) or "none"
    yield Paragraph(f"{ended(window)}. No announcement has been accepted. Absence is not yet provable:")
    yield Entries(
        (
            *(_duty(duty, payload) for duty in listed),
            Entry(f"candidates waiting: {waiting}"),
            Entry(f"answer by {times.moment(window.settles_at, window.zone)}"),
        )
    )


def _answer(kind: AlertKind, payload: WindowVerdict) -> Iterator[Paragraph]:
    if kind is AlertKind.CORRECTION and payload.previous is not None:
        yield Paragraph(_corrected(payload.previous, payload))
    if payload.phase in (Phase.ELAPSED, Phase.SETTLED):
        yield Paragraph(f"{ended(payload.window)}. {sentence(payload)}")
    else:
        yield Paragraph(sentence(payload))
    if not payload.final:
        yield Paragraph(
            f"This is not final: answer by {times.moment(payload.window.settles_at, payload.window.zone)}."
        )


def _corrected(previous: Value, payload: WindowVerdict) -> str:
    """What was said before, and what of it no longer stands."""
    before, now = in_short(previous), in_short(payload.value, payload.late_by_days)
    if previous is payload.value:
        return f"You were told, as the final word: {before}. It is no longer final."
    return f"You were told: {before}. That no longer stands. It is now: {now}."


def _condition(payload: WindowVerdict | WindowClosing) -> Iterator[Paragraph]:
    phase = payload.phase if isinstance(payload, WindowVerdict) else Phase.OPEN
    words = condition_sentence(payload.window, payload.condition, phase)
    if words is not None:
        yield Paragraph(words)


def _accepted(payload: WindowVerdict) -> Section | None:
    if not payload.accepted:
        return None
    return Section("Accepted evidence", (entries(map(parts.document, payload.accepted), ""),))


def _unmet(payload: WindowVerdict) -> Section | None:
    """Every duty that is unmet, in the window's own zone."""
    if not payload.duties:
        return None
    intro = "Before absence may be claimed, each of these must be done:"
    found = (_duty(duty, payload) for duty in payload.duties)
    return Section("What is still missing", (Paragraph(intro), entries(found, "")))


def _duty(duty: Duty, payload: WindowVerdict) -> Entry:
    source = next((c for c in payload.coverage if c.source == duty.source), None)
    if duty.kind == "settling":
        ends = times.moment(payload.window.settles_at, payload.window.zone)
        return Entry(f"late listings are awaited until {ends}")
    if duty.kind == "coverage" and source is not None:
        return coverage_entry(source, payload.window)
    named = f"{one_line(source.title)}: " if source is not None else ""
    return Entry(named + one_line(duty.detail))


def _closed_later(payload: WindowVerdict) -> Section | None:
    """The gaps that there were, the last hours of each source aside, and which reading closed each."""
    zone = payload.window.zone
    found = [(source, one) for source in payload.coverage for one in source.closings]
    if not found:
        return None
    shown = [
        Entry(
            f"{one_line(source.title)}: {times.stretch(one.interval, zone)}",
            (f"by reading {one.poll} of {one.route}, {times.moment(one.read_at, zone)}",),
        )
        for source, one in found[:CLOSINGS_SHOWN]
    ]
    if len(found) > CLOSINGS_SHOWN:
        shown.append(Entry(f"and {len(found) - CLOSINGS_SHOWN} more"))
    return Section("Not seen in time, and seen by a later reading", (entries(shown, ""),))


def _other_readings(readings: tuple[ReadingBrief, ...]) -> Section | None:
    """The other ways to count, beside the primary one."""
    if not readings:
        return None
    relations = {
        "same": "the same answer",
        "differs": "another answer",
        "not yet decidable": "not yet decidable",
    }
    found = (
        Entry(
            f"{one.id}: ends {times.moment(times.last_second(one.due_at), one.zone)}; "
            f"{relations[one.relation]} ({in_short(one.value)})",
            (one_line(one.note),) if one.note else (),
        )
        for one in readings
    )
    return Section("Other ways to count", (entries(found, ""),))


def _decided(payload: WindowVerdict) -> Section:
    tolerance = payload.greatest_gap
    gaps = (
        "none"
        if tolerance is None
        else f"gaps of up to {times.length(tolerance)}, never in the last 48 hours"
    )
    rows = [
        ("Verdict", f"{payload.value.value}{', final' if payload.final else ', not final'}"),
        ("Policy", one_line(payload.policy)),
        ("Tolerance", gaps),
    ]
    if payload.previous is not None:
        rows.insert(1, ("Before", payload.previous.value))
    return Section("How this was decided", (Facts(tuple(rows)),))


def _condition_recording(payload: WindowVerdict) -> Section | None:
    commands = parts.condition_commands(payload.window, payload.condition)
    if commands is None:
        return None
    return Section("To record the condition", (commands,))
