"""The mails about a document: new evidence for a commitment, and a candidate for an awaited announcement."""

from __future__ import annotations

from servanda.alerts.letters import common_sections as parts
from servanda.alerts.letters.letter import (
    LISTED,
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
from servanda.alerts.letters.phrases.stored_sentences import translate_stored
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.document_payloads import EvidencePayload
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.text.msgid import msgid
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.translation import Words
from servanda.compliance.vocabulary import ChecklistPart

PARTS = {
    "issued_by_party": msgid("issued by the government of a party, or quotes one"),
    "concerns_all_parties": msgid("concerns all parties of the window"),
    "completed_and_new": msgid("says that new terms are completed, adopted or announced"),
    "published_in_window": msgid("published inside the window"),
}
"""The parts of the announcement checklist, as statements about a document."""


def evidence_letter(alert: Alert, payload: EvidencePayload, words: Words) -> Letter:
    """What was published, the passages that matched, and where the recorded bytes are."""
    title = one_line(payload.document.title)
    candidate = alert.kind is AlertKind.CANDIDATE
    headline = (
        words.say("Candidate announcement: {title}", title=title)
        if candidate
        else words.say("New evidence: {title}", title=title)
    )
    return parts.letter_of(
        headline,
        _known(payload, candidate, words),
        Section(words.say("Official page"), (link(payload.document.url),)),
        _passages(payload, words),
        parts.commitment(payload.instrument, payload.commitment, words),
        _matches(payload, words),
        _window(payload, words),
        _checklist(payload, words),
        _to_review(payload, words) if candidate else None,
        _repeated(payload, words),
        _source(alert, payload, words),
        _kept(payload, words),
    )


def _known(payload: EvidencePayload, candidate: bool, words: Words) -> Section:
    published = words.say(
        "{publisher} published “{title}” on {moment}.",
        publisher=one_line(payload.publisher),
        title=one_line(payload.document.title),
        moment=words.publication(payload.document.published),
    )
    return Section(None, (Paragraph(published), Paragraph(_meaning(payload, candidate, words))))


def _meaning(payload: EvidencePayload, candidate: bool, words: Words) -> str:
    if not candidate and payload.matches:
        named = [payload.commitment.id, *(match.commitment.id for match in payload.matches)]
        return words.say(
            "It speaks of the commitments {commitments}. Nobody has reviewed it yet.",
            commitments=words.list_of(named),
        )
    if not candidate:
        return words.say(
            "It speaks of the commitment {commitment}. Nobody has reviewed it yet.",
            commitment=payload.commitment.id,
        )
    if payload.window is None:
        return words.say(
            "It may be the announcement that a window waits for; it counts once a person accepts it."
        )
    return words.say(
        "It may be the announcement that the window “{window}” waits for; "
        "it counts once a person accepts it.",
        window=one_line(payload.window.title),
    )


def _passages(payload: EvidencePayload, words: Words) -> Section:
    quoted = tuple(quotation(text, payload.language) for text in payload.quotes[:LISTED])
    none = Paragraph(words.say("No passage is quoted."))
    return Section(words.say("What it says"), quoted or (none,))


def _matches(payload: EvidencePayload, words: Words) -> Section | None:
    """What else it is evidence of, each with a passage and a review of its own."""
    if not payload.matches:
        return None
    matches = (
        Entry(
            words.say("Evidence {evidence}: {of}", evidence=match.evidence, of=match.commitment.id),
            quotation=quotation(match.quotes[-1], payload.language) if match.quotes else None,
        )
        for match in payload.matches
    )
    return Section(words.say("It also speaks of"), (entries(matches, ""),))


def _window(payload: EvidencePayload, words: Words) -> Section | None:
    if payload.window is None:
        return None
    return Section(words.say("The window"), (parts.window_facts(payload.window, words),))


def _checklist(payload: EvidencePayload, words: Words) -> Section | None:
    if not payload.checklist:
        return None
    parts_met = (_part(part, payload, words) for part in payload.checklist)
    return Section(words.say("Is it the announcement?"), (entries(parts_met, ""),))


def _part(part: ChecklistPart, payload: EvidencePayload, words: Words) -> Entry:
    """One part; what shows that it was published in time is a date of ours, not a passage."""
    quoted = part.passage if part.id != "published_in_window" else None
    statement = words.say(PARTS[part.id])
    answer = (
        words.say("Yes: {statement}", statement=statement)
        if part.holds
        else words.say("No: {statement}", statement=statement)
    )
    passage = None if quoted is None else quotation(quoted, payload.language)
    return Entry(answer, (translate_stored(part.why, words, payload.window),), passage)


def _to_review(payload: EvidencePayload, words: Words) -> Section:
    how = words.say("Read it on its official page, then accept it as what was due, or reject it:")
    commands = parts.review_commands(payload.document.evidence)
    return Section(words.say("To review it"), (Paragraph(how), commands))


def _source(alert: Alert, payload: EvidencePayload, words: Words) -> Section:
    zone = payload.document.published.zone
    facts = (
        (words.say("Source"), f"{one_line(payload.source_title)}, {one_line(payload.publisher)}"),
        (words.say("Published"), words.publication(payload.document.published)),
        (words.say("Language"), words.language_name(payload.language)),
        (words.say("Known since"), words.moment(alert.known_at, zone)),
    )
    return Section(words.say("Source, and since when"), (Facts(facts),))


def _kept(payload: EvidencePayload, words: Words) -> Section:
    rows = [
        (words.say("Evidence"), str(payload.document.evidence)),
        (words.say("Score"), words.say("{score} of 1", score=words.number(payload.score, 2))),
        ("SHA-256", payload.sha256),
    ]
    if payload.capture is not None:
        rows.append((words.say("Recorded"), one_line(payload.capture)))
    show = Commands((parts.show_command(payload.sha256),))
    return Section(words.say("How it is kept"), (Facts(tuple(rows)), show))


def _repeated(payload: EvidencePayload, words: Words) -> Section | None:
    """Where else it stands; each is evidence of its own, and is told here alone."""
    if not payload.repeated:
        return None
    documents = (parts.document(document, words) for document in payload.repeated)
    return Section(words.say("The same is published here too"), (entries(documents, ""),))
