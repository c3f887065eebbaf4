"""The mails that say what is known of a window: ended, final word, correction."""

from __future__ import annotations

from collections.abc import Iterator

from servanda.alerts.letters import common_sections as parts
from servanda.alerts.letters.decision_letters import decision_section
from servanda.alerts.letters.flow_section import flow_section
from servanda.alerts.letters.letter import (
    Commands,
    Entries,
    Entry,
    Facts,
    Letter,
    Paragraph,
    Section,
    entries,
)
from servanda.alerts.letters.phrases.stored_sentences import translate_stored
from servanda.alerts.letters.phrases.verdict_words import (
    ended_sentence,
    verdict_in_short,
    verdict_name,
    verdict_sentence,
)
from servanda.alerts.letters.window_parts import condition_paragraphs, duty_entries, other_readings
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.window_payloads import WindowVerdict
from servanda.alerts.text.msgid import msgid
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.translation import Words
from servanda.compliance.vocabulary import Phase, VerdictValue

CLOSINGS_SHOWN = 8

NAMES = {
    AlertKind.WINDOW_ENDED: msgid("Window ended"),
    AlertKind.FINAL_WORD: msgid("Final word"),
    AlertKind.CORRECTION: msgid("Correction"),
}


def verdict_letter(alert: Alert, payload: WindowVerdict, words: Words) -> Letter:
    """What is known of the window, with everything that it rests on."""
    subject, headline = _titles(alert.kind, payload, words)
    flag = _is_flag(alert.kind, payload)
    return parts.letter_of(
        headline,
        _known(alert.kind, payload, words),
        decision_section(payload.decision, payload.window.zone, words) if payload.decision else None,
        parts.commitment(payload.instrument, payload.commitment, words),
        _accepted(payload, words),
        parts.candidates(payload.candidates, words),
        None if flag else _unmet(payload, words),
        flow_section(payload.flow, payload.window.id, words),
        parts.coverage(payload.coverage, payload.window, words),
        _closed_later(payload, words),
        other_readings(payload.readings, words),
        _decided(payload, words),
        _condition_recording(payload, words),
        parts.timing_section(alert, payload.window.zone, words),
        parts.instrument_page(payload.instrument, words),
        subject=subject,
    )


def _titles(kind: AlertKind, payload: WindowVerdict, words: Words) -> tuple[str, str]:
    """Subject and headline."""
    title = one_line(payload.window.title)
    if _is_flag(kind, payload):
        return (
            words.say("Window ended, no announcement accepted: {title}", title=title),
            words.say("No announcement accepted: {title}", title=title),
        )
    name, short = words.say(NAMES[kind]), verdict_in_short(payload.value, words, payload.late_by_days)
    return (
        words.say("{name}, {answer}: {title}", name=name, answer=short, title=title),
        words.say("{name}: {answer}", name=name, answer=short),
    )


def _is_flag(kind: AlertKind, payload: WindowVerdict) -> bool:
    return kind is AlertKind.WINDOW_ENDED and payload.value is VerdictValue.UNVERIFIED


def _known(kind: AlertKind, payload: WindowVerdict, words: Words) -> Section:
    lead = _flag(payload, words) if _is_flag(kind, payload) else _answer(kind, payload, words)
    condition = condition_paragraphs(payload.window, payload.condition, payload.phase, words)
    return Section(None, (*lead, *condition, parts.window_facts(payload.window, words)))


def _flag(payload: WindowVerdict, words: Words) -> Iterator[Paragraph | Entries]:
    """The flag: ended, nothing accepted, absence not provable yet; every unmet duty, and until when."""
    window = payload.window
    listed = [d for d in payload.duties if d.kind not in ("candidate", "settling")]
    waiting = ", ".join(str(c.evidence) for c in payload.candidates) or words.say("none")
    answer_by = words.moment(window.settles_at, window.zone)
    unproven = words.say("No announcement has been accepted. Absence is not yet provable:")
    yield Paragraph(f"{ended_sentence(window, words)} {unproven}")
    yield Entries(
        (
            *duty_entries(listed, payload, words),
            Entry(words.say("candidates waiting: {numbers}", numbers=waiting)),
            Entry(words.say("answer by {moment}", moment=answer_by)),
        )
    )


def _answer(kind: AlertKind, payload: WindowVerdict, words: Words) -> Iterator[Paragraph]:
    if kind is AlertKind.CORRECTION and payload.previous is not None:
        yield Paragraph(_corrected(payload.previous, payload, words))
    if payload.phase in (Phase.ELAPSED, Phase.SETTLED):
        yield Paragraph(f"{ended_sentence(payload.window, words)} {verdict_sentence(payload, words)}")
    else:
        yield Paragraph(verdict_sentence(payload, words))
    if not payload.final:
        answer_by = words.moment(payload.window.settles_at, payload.window.zone)
        yield Paragraph(words.say("This is not final: answer by {moment}.", moment=answer_by))


def _corrected(previous: VerdictValue, payload: WindowVerdict, words: Words) -> str:
    """What was said before, and what of it no longer stands."""
    before, now = (
        verdict_in_short(previous, words),
        verdict_in_short(payload.value, words, payload.late_by_days),
    )
    if previous is payload.value:
        return words.say("You were told, as the final word: {before}. It is no longer final.", before=before)
    return words.say(
        "You were told: {before}. That no longer stands. It is now: {now}.", before=before, now=now
    )


def _accepted(payload: WindowVerdict, words: Words) -> Section | None:
    if not payload.accepted:
        return None
    documents = (parts.document(document, words) for document in payload.accepted)
    show = parts.kept_commands(payload.accepted)
    commands = (Commands(show),) if show else ()
    return Section(words.say("Accepted evidence"), (entries(documents, ""), *commands))


def _unmet(payload: WindowVerdict, words: Words) -> Section | None:
    """Every duty that is unmet, in the window's own zone."""
    if not payload.duties:
        return None
    intro = words.say("Before absence may be claimed, each of these must be done:")
    unmet = duty_entries(payload.duties, payload, words)
    return Section(words.say("What is still missing"), (Paragraph(intro), entries(unmet, "")))


def _closed_later(payload: WindowVerdict, words: Words) -> Section | None:
    """The gaps that there were, the last hours of each source aside, and which reading closed each."""
    zone = payload.window.zone
    closings = [(source, closing) for source in payload.coverage for closing in source.closings]
    if not closings:
        return None
    shown = [
        Entry(
            f"{one_line(source.title)}: {words.stretch(closing.interval, zone)}",
            (
                words.say(
                    "by reading {number} of {route}, {moment}",
                    number=closing.poll,
                    route=closing.route,
                    moment=words.moment(closing.read_at, zone),
                ),
            ),
        )
        for source, closing in closings[:CLOSINGS_SHOWN]
    ]
    if len(closings) > CLOSINGS_SHOWN:
        shown.append(Entry(words.count("and {n} more", "and {n} more", len(closings) - CLOSINGS_SHOWN)))
    return Section(words.say("Not seen in time, and seen by a later reading"), (entries(shown, ""),))


def _decided(payload: WindowVerdict, words: Words) -> Section:
    tolerance = payload.greatest_gap
    gaps = (
        words.say("none, every gap counts")
        if tolerance is None
        else words.say("gaps of up to {length}, never in the last 48 hours", length=words.length(tolerance))
    )
    rows = [
        (
            words.say("Verdict"),
            verdict_name(payload.value, words, final=payload.final, late_by_days=payload.late_by_days),
        ),
        (words.say("Policy"), translate_stored(payload.policy, words)),
        (words.say("Tolerance"), gaps),
    ]
    if payload.previous is not None:
        rows.insert(1, (words.say("Before"), verdict_name(payload.previous, words)))
    return Section(words.say("How this was decided"), (Facts(tuple(rows)),))


def _condition_recording(payload: WindowVerdict, words: Words) -> Section | None:
    commands = parts.missing_condition_commands(payload.window, payload.condition)
    if commands is None:
        return None
    return Section(words.say("To record the condition"), (commands,))
