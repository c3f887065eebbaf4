"""The mail that tells that a window is open: what is due until when, what is watched, when reminders come."""

from __future__ import annotations

from servanda.alerts.letters import common_sections as parts
from servanda.alerts.letters.letter import Entry, Facts, Letter, Paragraph, Section, entries
from servanda.alerts.letters.monitoring_letter import source_entry
from servanda.alerts.letters.phrases.stored_sentences import translate_stored
from servanda.alerts.letters.window_parts import condition_paragraphs, other_readings
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.window_payloads import WindowOpened
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.times import last_second
from servanda.alerts.text.translation import Words
from servanda.compliance.vocabulary import Phase


def opened_letter(alert: Alert, payload: WindowOpened, words: Words) -> Letter:
    """What is due by when, how that is derived, and on which sources the answer will rest."""
    window, title = payload.window, one_line(payload.window.title)
    return parts.letter_of(
        words.say("Window opened: {title}", title=title),
        _known(payload, words),
        parts.commitment(payload.instrument, payload.commitment, words),
        _sources(payload, words),
        parts.candidates(payload.candidates, words),
        _reminders(payload, words),
        other_readings(payload.readings, words),
        _decided(payload, words),
        parts.timing_section(alert, window.zone, words),
        parts.instrument_page(payload.instrument, words),
    )


def _known(payload: WindowOpened, words: Words) -> Section:
    window = payload.window
    known = words.say(
        "The window is open. What is due is to be announced by {moment}. No announcement has been accepted.",
        moment=words.moment(last_second(window.due_at), window.zone),
    )
    condition = condition_paragraphs(window, payload.condition, Phase.OPEN, words)
    return Section(None, (Paragraph(known), *condition, parts.window_facts(window, words)))


def _sources(payload: WindowOpened, words: Words) -> Section:
    intro = words.say(
        "These official sources are watched for it, and absence can be claimed only where readings of all "
        "of them cover the whole window:"
    )
    none = words.say("No source is required: absence cannot be claimed.")
    sources = (source_entry(source, words) for source in payload.sources)
    return Section(words.say("Sources"), (Paragraph(intro), entries(sources, none)))


def _reminders(payload: WindowOpened, words: Words) -> Section:
    """Each that is still to come, by its days before the end."""
    reminders = (
        Entry(
            words.count(
                "{n} day before the end: {moment}",
                "{n} days before the end: {moment}",
                reminder.days,
                moment=words.moment(reminder.at, payload.window.zone),
            )
        )
        for reminder in payload.reminders
    )
    none = words.say("None is to come.")
    return Section(words.say("Reminders"), (entries(reminders, none),))


def _decided(payload: WindowOpened, words: Words) -> Section:
    rows = ((words.say("Policy"), translate_stored(payload.policy, words)),)
    return Section(words.say("How this will be decided"), (Facts(rows),))
