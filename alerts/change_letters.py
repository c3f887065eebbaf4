"""The mails about a document that changed after it was found to be evidence: edited, withdrawn, restored."""

from __future__ import annotations

from collections.abc import Iterator

from alerts import sections as parts
from alerts import times
from alerts.briefs import ContentBrief, PassageBrief, TouchedEvidence
from alerts.evidence_letters import LANGUAGES
from alerts.letter import (
    LISTED,
    Block,
    Commands,
    Entry,
    Facts,
    Letter,
    Paragraph,
    Section,
    entries,
    link,
    quotation,
)
from alerts.model import Alert, AlertKind, DocumentChange
from alerts.plain import one_line
from alerts.words import Words
from compliance.vocabulary import Review

CHANGE_LIMIT = 400

NAMES = {
    AlertKind.DOCUMENT_EDITED: "Edited",
    AlertKind.DOCUMENT_WITHDRAWN: "Withdrawn",
    AlertKind.DOCUMENT_RESTORED: "Restored",
}

REVIEWS = {
    Review.WAITING: "nobody has reviewed it yet",
    Review.ACCEPTED: "accepted",
    Review.ACCEPTED_IN_PART: "accepted in part",
    Review.REJECTED: "rejected",
    Review.NOT_ASKED: "no review is asked for",
}


def change_letter(alert: Alert, payload: DocumentChange, words: Words) -> Letter:  # noqa: ARG001
    """What changed, what became of the passages, and where both contents are kept."""
    headline = f"{NAMES[alert.kind]}: {one_line(payload.document.title)}"
    edited = alert.kind is AlertKind.DOCUMENT_EDITED
    return Letter(
        headline,
        headline,
        parts.sections(
            (
                _told(alert, payload),
                Section("Official page", (link(payload.document.url),)),
                _passages(payload) if edited else None,
                _changes(payload) if edited else None,
                _evidence(payload),
                _look_again(payload, edited),
                _source(alert, payload),
                _kept(payload),
            )
        ),
    )


def _told(alert: Alert, payload: DocumentChange) -> Section:
    zone = payload.document.published.zone
    what = f"“{one_line(payload.document.title)}”, published {times.publication(payload.document.published)},"
    found = times.moment(payload.answer.at, zone)
    if alert.kind is AlertKind.DOCUMENT_EDITED:
        said = f"{what} reads otherwise than before. The new content was first seen on {found}."
    elif alert.kind is AlertKind.DOCUMENT_WITHDRAWN:
        first = times.moment(alert.effective_at, zone)
        said = f"{what} is no longer at its address. It was found gone on {first}, and again on {found}."
    else:
        same = payload.before and payload.after and payload.before.digest == payload.after.digest
        as_before = "with the content that it had before" if same else "with another content"
        said = f"{what} is back at its address, {as_before}. It was seen again on {found}."
    return Section(None, (Paragraph(said), Paragraph(_meaning(payload))))


def _meaning(payload: DocumentChange) -> str:
    reviewed = any(e.review not in (Review.WAITING, Review.NOT_ASKED) for e in payload.evidence)
    if reviewed:
        return "It is evidence in this monitor. What was decided about it stands until a person looks again."
    return "It is evidence in this monitor. Nobody has reviewed it yet."


def _passages(payload: DocumentChange) -> Section:
    found = [p for evidence in payload.evidence for p in evidence.passages]
    unique = tuple(dict.fromkeys(found))
    blocks = [block for p in unique[:LISTED] for block in _passage(p, payload.language)]
    return Section("The passages that matched", tuple(blocks) or (Paragraph("No passage is quoted."),))


def _passage(passage: PassageBrief, language: str) -> Iterator[Block]:
    if passage.after == passage.before:
        yield Paragraph("This one stands unchanged:")
        yield quotation(passage.before, language)
        return
    yield Paragraph("Before:")
    yield quotation(passage.before, language)
    if passage.after is None:
        yield Paragraph("Now: nothing like it stands there.")
    else:
        yield Paragraph("Now:")
        yield quotation(passage.after, language)


def _changes(payload: DocumentChange) -> Section:
    lines = (Entry(one_line(_change(line), CHANGE_LIMIT)) for line in payload.changes)
    return Section("What changed", (entries(lines, "No paragraph of the text; see the recorded pages."),))


def _change(line: str) -> str:
    """A line of ``compliance.edits.changed_paragraphs`` in words."""
    sign, _, text = line.partition(" ")
    return {"-": "gone: ", "+": "new: "}.get(sign, "") + text


def _evidence(payload: DocumentChange) -> Section:
    return Section("What rests on it", (entries(map(_touched, payload.evidence), ""),))


def _touched(evidence: TouchedEvidence) -> Entry:
    kind = "Candidate" if evidence.candidate else "Evidence"
    about = evidence.commitment.id
    if evidence.window is not None:
        about = f"{one_line(evidence.window.title)} ({evidence.window.id})"
    review = f"Review: {REVIEWS[evidence.review]}"
    lines = (review,) if evidence.window is None else (review, f"Derivation: {evidence.window.derivation}")
    return Entry(f"{kind} {evidence.evidence}: {about}", lines, quotation(evidence.commitment.quote, "en"))


def _look_again(payload: DocumentChange, edited: bool) -> Section:
    """An edited document is matched again, and what that gives has a number of its own."""
    several = len(payload.evidence) > 1
    look = f"servanda document {payload.document.id}"
    answer = parts.review_commands(None if several else payload.evidence[0].evidence)
    commands = Commands((look, "servanda review list")) if edited else Commands((look, *answer.lines))
    return Section("To look again", (commands,))


def _source(alert: Alert, payload: DocumentChange) -> Section:
    zone = payload.document.published.zone
    rows = (
        ("Source", f"{one_line(payload.source_title)}, {one_line(payload.publisher)}"),
        ("Instrument", f"{one_line(payload.instrument.title)} ({payload.instrument.id})"),
        ("Language", LANGUAGES.get(payload.language, payload.language)),
        ("True since", times.moment(alert.effective_at, zone)),
        ("Known since", times.moment(alert.known_at, zone)),
    )
    return Section("Source, and since when", (Facts(rows),))


def _kept(payload: DocumentChange) -> Section:
    zone = payload.document.published.zone
    before, after, answer = payload.before, payload.after, payload.answer
    same = before is not None and after is not None and before.digest == after.digest
    blocks = [] if before is None else [_content("Unchanged" if same else "Before", before, zone)]
    if after is not None and not same:
        blocks.append(_content("Now", after, zone))
    if after is None or after.exchange != answer.exchange:
        status = "no response" if answer.status is None else f"status {answer.status}"
        recorded = (("Recorded", one_line(answer.capture)), ("SHA-256", answer.sha256))
        blocks.append(Facts((("Answer", f"capture {answer.exchange}, {status}"), *recorded)))
    return Section("How it is kept", tuple(blocks))


def _content(name: str, content: ContentBrief, zone: str) -> Facts:
    return Facts(
        (
            (name, f"capture {content.exchange}"),
            ("First seen", times.moment(content.first_seen_at, zone)),
            ("Last seen", times.moment(content.last_seen_at, zone)),
            ("Recorded", one_line(content.capture)),
            ("SHA-256", content.sha256),
            ("Content", content.digest),
        )
    )
