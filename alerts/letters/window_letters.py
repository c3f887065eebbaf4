"""The mail that reminds of a window's end."""

from __future__ import annotations

from servanda.alerts.letters import common_sections as parts
from servanda.alerts.letters.flow_section import flow_section
from servanda.alerts.letters.letter import Letter, Paragraph, Section
from servanda.alerts.letters.window_parts import condition_paragraphs
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.window_payloads import WindowClosing
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.times import days_left, last_second
from servanda.alerts.text.translation import Words
from servanda.compliance.vocabulary import Phase


def closing_letter(alert: Alert, payload: WindowClosing, words: Words) -> Letter:
    """A reminder: what is left, what was found, and what the readings have seen so far."""
    window, title = payload.window, one_line(payload.window.title)
    left = days_left(alert.known_at, window.due_at, window.zone)
    return parts.letter_of(
        words.count(
            "{n} day left, today counted: {title}", "{n} days left, today counted: {title}", left, title=title
        ),
        _known(payload, words),
        parts.commitment(payload.instrument, payload.commitment, words),
        parts.candidates(payload.candidates, words),
        flow_section(payload.flow, window.id, words),
        parts.coverage(payload.coverage, window, words),
        parts.timing_section(alert, window.zone, words),
        parts.instrument_page(payload.instrument, words),
        subject=words.count("{n} day left: {title}", "{n} days left: {title}", left, title=title),
    )


def _known(payload: WindowClosing, words: Words) -> Section:
    window = payload.window
    known = words.count(
        "The window ends {moment}. No announcement has been accepted so far. {n} candidate waits for review.",
        "The window ends {moment}. No announcement has been accepted so far. {n} candidates wait for review.",
        len(payload.candidates),
        moment=words.moment(last_second(window.due_at), window.zone),
    )
    condition = condition_paragraphs(window, payload.condition, Phase.OPEN, words)
    return Section(None, (Paragraph(known), *condition, parts.window_facts(window, words)))
