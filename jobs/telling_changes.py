"""A change of a document that is evidence → the alerts that tell it. Decides nothing but whom it concerns."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from alerts.briefs import AnswerBrief, ChangedDocument, ContentBrief, PassageBrief, TouchedEvidence
from alerts.model import AlertKind, DocumentChange
from compliance.edits import changed_paragraphs, passage_after
from compliance.histories import Step
from compliance.vocabulary import Instrument
from instruments.catalogue import Catalogue
from jobs.telling import commitment_brief, counted_brief, instrument_brief, new_alert
from jobs.wiring import Wiring
from models import evidence_rows, polls, versions
from models.alert_rows import NewAlert
from models.captures import Capture
from models.evidence_rows import EvidenceRow
from models.observations import exchange_of
from models.versions import VersionRow

KINDS = {
    "edited": AlertKind.DOCUMENT_EDITED,
    "withdrawn": AlertKind.DOCUMENT_WITHDRAWN,
    "restored": AlertKind.DOCUMENT_RESTORED,
}


def change_alerts(db: Connection, wiring: Wiring, document: int, step: Step) -> list[NewAlert]:
    """One alert for each monitored instrument for which the document is evidence; none for near misses.

    Before an instrument is monitored all there is belongs to its baseline.
    """
    now = wiring.now
    rows = [row for row in evidence_rows.evidence(db, now, document=document) if not row.near_miss]
    if not rows:
        return []
    contents = {v.id: v for v in versions.versions(db, document, now)}
    answer = exchange_of(db, step.observation)
    monitored = polls.monitored_since(db)
    return [
        _alert(wiring, instrument, touched, step, contents, answer)
        for instrument in wiring.catalogue.instruments
        if instrument.id in monitored and (touched := [r for r in rows if r.instrument == instrument.id])
    ]


def _alert(
    wiring: Wiring,
    instrument: Instrument,
    rows: Sequence[EvidenceRow],
    step: Step,
    contents: dict[int, VersionRow],
    answer: Capture,
) -> NewAlert:
    first = rows[0]
    source = wiring.catalogue.source(first.source)
    before = contents.get(step.before or 0)
    after = contents.get(step.version or 0)
    edited = step.kind == "edited"
    old, new = (None if v is None else v.text for v in (before, after))
    payload = DocumentChange(
        instrument=instrument_brief(instrument),
        document=ChangedDocument(first.document, first.title, first.url, first.published),
        evidence=tuple(_touched(wiring.catalogue, instrument, r, new if edited else None) for r in rows),
        source_title=source.title,
        publisher=source.publisher,
        language=first.language,
        before=_content(before),
        after=_content(after),
        answer=AnswerBrief(
            answer.id,
            answer.at,
            answer.status,
            answer.sha256,
            f"{answer.place.file}, offset {answer.place.offset}",
        ),
        changes=changed_paragraphs(old, new) if edited and old and new else (),
    )
    return new_alert(
        KINDS[step.kind],
        f"{instrument.id}:{step.observation}",
        payload,
        subject=f"document:{first.document}",
        instrument=instrument.id,
        cause=("observation", step.observation),
        now=wiring.now,
        effective_at=step.at,
    )


def _touched(
    catalogue: Catalogue, instrument: Instrument, row: EvidenceRow, text: str | None
) -> TouchedEvidence:
    """``text``: what stands now, None where that is not asked."""
    commitment = next(c for c in instrument.commitments if c.id == row.commitment)
    window = next((w for w in instrument.windows if w.id == row.window), None)
    passages = [] if text is None else [passage_after(span.text, text) for span in row.spans]
    return TouchedEvidence(
        evidence=row.id,
        commitment=commitment_brief(commitment),
        window=counted_brief(catalogue, window) if window else None,
        candidate=row.candidate,
        review=row.review,
        passages=tuple(PassageBrief(p.before, p.after) for p in passages),
    )


def _content(version: VersionRow | None) -> ContentBrief | None:
    if version is None:
        return None
    return ContentBrief(
        digest=version.digest,
        title=version.title,
        first_seen_at=version.first_seen_at,
        last_seen_at=version.last_seen_at,
        exchange=version.exchange,
        sha256=version.sha256,
        capture=version.capture,
    )
