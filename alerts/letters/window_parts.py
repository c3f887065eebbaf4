"""Parts of the mails about a window: its condition, its duties, the other ways to count it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servanda.alerts.letters.letter import Entry, Paragraph, Section, entries
from servanda.alerts.letters.phrases.stored_sentences import translate_stored
from servanda.alerts.letters.phrases.verdict_words import condition_sentence, coverage_entry, verdict_in_short
from servanda.alerts.payloads.parts import ReadingBrief, WindowBrief
from servanda.alerts.payloads.window_payloads import WindowVerdict
from servanda.alerts.text.msgid import msgid
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.times import last_second
from servanda.alerts.text.translation import Words
from servanda.compliance.vocabulary import Condition, Duty, Phase

RELATIONS = {
    "same": msgid("the same answer"),
    "differs": msgid("another answer"),
    "not yet decidable": msgid("not yet decidable"),
}


def condition_paragraphs(
    window: WindowBrief, condition: Condition, phase: Phase, words: Words
) -> Iterator[Paragraph]:
    """What the condition means for the answer; nothing where the commitment is unconditional."""
    sentence = condition_sentence(window, condition, phase, words)
    if sentence is not None:
        yield Paragraph(sentence)


def duty_entries(duties: Iterable[Duty], payload: WindowVerdict, words: Words) -> Iterator[Entry]:
    """Unmet duties, an entry each; documents that are to be read once more are only counted."""
    again = 0
    for duty in duties:
        if duty.kind == "reread":
            again += 1
        else:
            yield duty_entry(duty, payload, words)
    if again:
        yield Entry(
            words.count(
                "{n} document is read once more after the window's end, for it may have been completed",
                "{n} documents are read once more after the window's end, for they may have been completed",
                again,
            )
        )


def duty_entry(duty: Duty, payload: WindowVerdict, words: Words) -> Entry:
    """An unmet duty, its times in the window's own zone."""
    window = payload.window
    source = next((c for c in payload.coverage if c.source == duty.source), None)
    if duty.kind == "settling":
        ends = words.moment(window.settles_at, window.zone)
        return Entry(words.say("late listings are awaited until {moment}", moment=ends))
    if duty.kind == "coverage" and source is not None:
        return coverage_entry(source, window, words)
    named = f"{one_line(source.title)}: " if source is not None else ""
    return Entry(named + translate_stored(duty.detail, words, window))


def other_readings(readings: tuple[ReadingBrief, ...], words: Words) -> Section | None:
    """The other ways to count, beside the primary one."""
    if not readings:
        return None
    counted = (reading_entry(reading, words) for reading in readings)
    return Section(words.say("Other ways to count"), (entries(counted, ""),))


def reading_entry(reading: ReadingBrief, words: Words) -> Entry:
    """One other way to count, with its own end and answer."""
    text = words.say(
        "{id}: ends {moment}; {relation} ({answer})",
        id=reading.id,
        moment=words.moment(last_second(reading.due_at), reading.zone),
        relation=words.say(RELATIONS[reading.relation]),
        answer=verdict_in_short(reading.value, words),
    )
    return Entry(text, (one_line(reading.note),) if reading.note else ())
