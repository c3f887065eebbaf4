"""The analysts' mail: what waits for their answer, what has waited longest first."""

from __future__ import annotations

from servanda.alerts.letters import common_sections as parts
from servanda.alerts.letters.letter import Commands, Entry, Letter, Paragraph, Section, entries
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.decision_payloads import ReviewWaiting
from servanda.alerts.payloads.parts import WaitingBrief, WindowBrief
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.translation import Words, msgid
from servanda.compliance.vocabulary import Review

WINDOWS_SHOWN = 5

AGAIN = {
    Review.ACCEPTED: msgid("Was accepted; its document was edited, withdrawn or matched anew since"),
    Review.ACCEPTED_IN_PART: msgid(
        "Was accepted in part; its document was edited, withdrawn or matched anew since"
    ),
    Review.REJECTED: msgid("Was rejected; its document was edited or matched anew since"),
}
"""Why something that was answered before waits again."""


def review_letter(alert: Alert, payload: ReviewWaiting, words: Words) -> Letter:
    """Each document with its passage, its official page and its kept bytes, and how to answer."""
    title, many = one_line(payload.instrument.title), len(payload.waiting)
    headline = words.count(
        "{n} document waits for review: {title}", "{n} documents wait for review: {title}", many, title=title
    )
    zone = payload.instrument.zone
    return Letter(
        headline,
        headline,
        parts.drop_missing(
            (
                _known(alert, payload, words),
                _waiting(payload, words),
                _answer(payload, words),
                _windows(payload, words),
                parts.timing_section(alert, zone, words),
                parts.official_page(title, payload.instrument.url, words),
            )
        ),
    )


def _known(alert: Alert, payload: ReviewWaiting, words: Words) -> Section:
    """Since when, what follows from it, and which windows settle without an answer."""
    oldest = words.moment(payload.waiting[0].since, payload.instrument.zone)
    said = [words.say("The first of these has waited since {moment}.", moment=oldest)]
    said.append(
        words.say(
            "Until a person answers, none of them counts, and one that was published inside its window "
            "keeps absence from being proven."
        )
    )
    settling = (
        words.say(
            "The window “{window}” settles {moment}: what is not answered by then leaves it unverified.",
            window=one_line(window.title),
            moment=words.moment(window.settles_at, window.zone),
        )
        for window in _windows_of(payload)
        if alert.known_at < window.settles_at
    )
    return Section(None, (Paragraph(" ".join(said)), *map(Paragraph, settling)))


def _waiting(payload: ReviewWaiting, words: Words) -> Section:
    found = (_entry(one, payload.instrument.zone, words) for one in payload.waiting)
    return Section(words.say("Waiting, the longest first"), (entries(found, ""),))


def _entry(one: WaitingBrief, zone: str, words: Words) -> Entry:
    """A document as other mails list it, with what it is about and since when it waits."""
    shown = parts.document(one.document, words)
    about = one.commitment.id if one.window is None else f"{one_line(one.window.title)} ({one.window.id})"
    lines = [words.say("About: {what}", what=about)]
    lines.append(words.say("Waits since {moment}", moment=words.moment(one.since, zone)))
    if one.review in AGAIN:
        lines.append(words.say(AGAIN[one.review]))
    return Entry(shown.text, (*shown.lines, *lines), shown.quotation, shown.link)


def _answer(payload: ReviewWaiting, words: Words) -> Section:
    only = payload.waiting[0].document.evidence if len(payload.waiting) == 1 else None
    how = words.say("Read each on its official page, then accept it as what was due, or reject it:")
    commands = (*parts.review_commands(only).lines, "servanda review list")
    return Section(words.say("To review it"), (Paragraph(how), Commands(commands)))


def _windows(payload: ReviewWaiting, words: Words) -> Section | None:
    """The windows that wait for an answer, with what their dates follow from."""
    blocks = tuple(parts.window_facts(window, words) for window in _windows_of(payload))
    return Section(words.say("The window"), blocks) if blocks else None


def _windows_of(payload: ReviewWaiting) -> list[WindowBrief]:
    """Each window once, the first WINDOWS_SHOWN of them."""
    found = {one.window.id: one.window for one in payload.waiting if one.window is not None}
    return list(found.values())[:WINDOWS_SHOWN]
