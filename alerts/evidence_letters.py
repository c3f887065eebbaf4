"""The mails about a document: new evidence for a commitment, and a candidate for an awaited announcement."""

from __future__ import annotations

from alerts import sections as parts
from alerts import times
from alerts.letter import LISTED, Entry, Facts, Letter, Paragraph, Section, entries, link, quotation
from alerts.model import Alert, AlertKind, EvidencePayload
from alerts.plain import one_line
from alerts.words import Words
from compliance.vocabulary import ChecklistPart

PARTS = {
    "issued_by_party": "issued by the government of a party, or quotes one",
    "concerns_all_parties": "concerns all parties of the window",
    "completed_and_new": "says that new terms are completed, adopted or announced",
    "published_in_window": "published inside the window",
}
"""The parts of the announcement checklist, as statements about a document."""

LANGUAGES = {"en": "English", "es": "Spanish"}


def evidence_letter(alert: Alert, payload: EvidencePayload, words: Words) -> Letter:  # noqa: ARG001
    """What was published, the passages that matched, and where the recorded bytes are."""
    title = one_line(payload.document.title)
    candidate = alert.kind is AlertKind.CANDIDATE
    name = "Candidate announcement" if candidate else "New evidence"
    return Letter(
        f"{name}: {title}",
        f"{name}: {title}",
        parts.sections(
            (
                _known(payload, candidate),
                Section("Official page", (link(payload.document.url),)),
                _passages(payload),
                parts.commitment(payload.instrument, payload.commitment),
                _window(payload),
                _checklist(payload),
                _to_review(payload) if candidate else None,
                _source(alert, payload),
                _kept(payload),
            )
        ),
    )


def _known(payload: EvidencePayload, candidate: bool) -> Section:
    published = times.publication(payload.document.published)
    said = f"{one_line(payload.publisher)} published “{one_line(payload.document.title)}” on {published}."
    if candidate:
        window = "a window" if payload.window is None else f"the window “{one_line(payload.window.title)}”"
        meaning = f"It may be the announcement that {window} waits for; it counts once a person accepts it."
    else:
        meaning = f"It speaks of the commitment {payload.commitment.id}. Nobody has reviewed it yet."
    return Section(None, (Paragraph(said), Paragraph(meaning)))


def _passages(payload: EvidencePayload) -> Section:
    quoted = tuple(quotation(text, payload.language) for text in payload.quotes[:LISTED])
    return Section("What it says", quoted or (Paragraph("No passage is quoted."),))


def _window(payload: EvidencePayload) -> Section | None:
    return None if payload.window is None else Section("The window", (parts.window_facts(payload.window),))


def _checklist(payload: EvidencePayload) -> Section | None:
    if not payload.checklist:
        return None
    found = (_part(part, payload.language) for part in payload.checklist)
    return Section("Is it the announcement?", (entries(found, ""),))


def _part(part: ChecklistPart, language: str) -> Entry:
    passage = None if part.passage is None else quotation(part.passage, language)
    return Entry(f"{'Yes' if part.holds else 'No'}: {PARTS[part.id]}", (one_line(part.why),), passage)


def _to_review(payload: EvidencePayload) -> Section:
    return Section(
        "To review it",
        (
            Paragraph("Read it on its official page, then accept it as what was due, or reject it:"),
            parts.review_commands(payload.document.evidence),
        ),
    )


def _source(alert: Alert, payload: EvidencePayload) -> Section:
    zone = payload.document.published.zone
    return Section(
        "Source, and since when",
        (
            Facts(
                (
                    ("Source", f"{one_line(payload.source_title)}, {one_line(payload.publisher)}"),
                    ("Published", times.publication(payload.document.published)),
                    ("Language", LANGUAGES.get(payload.language, payload.language)),
                    ("Known since", times.moment(alert.known_at, zone)),
                )
            ),
        ),
    )


def _kept(payload: EvidencePayload) -> Section:
    rows = [
        ("Evidence", str(payload.document.evidence)),
        ("Score", f"{payload.score:.2f} of 1"),
        ("SHA-256", payload.sha256),
    ]
    if payload.capture is not None:
        rows.append(("Recorded", one_line(payload.capture)))
    return Section("How it is kept", (Facts(tuple(rows)),))
