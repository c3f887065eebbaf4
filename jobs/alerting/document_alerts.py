"""A change of a document that is evidence → the alerts that tell it. Decides nothing but whom it concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from servanda.alerts.payloads.document_payloads import DocumentChange
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.parts import (
    AffectedEvidence,
    AnswerBrief,
    ChangedDocument,
    ContentBrief,
    FurtherChange,
    PassageBrief,
)
from servanda.compliance.document_history import HistoryStep
from servanda.compliance.instrument import Instrument
from servanda.compliance.text_diff import changed_paragraphs, trace_passage
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.alerting.payload_parts import commitment_of_evidence, instrument_brief, window_of_evidence
from servanda.jobs.alerting.window_alerts import new_alert
from servanda.models.alerts.alerts import NewAlert
from servanda.models.captures.captures import Capture
from servanda.models.documents import versions
from servanda.models.documents.observations import exchange_of
from servanda.models.documents.versions import VersionRow
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings.evidence import EvidenceRow
from servanda.models.polls import polls

DocumentStep = tuple[int, HistoryStep]
"""A document, and a step of its history that is to be told."""

KINDS = {
    "edited": AlertKind.DOCUMENT_EDITED,
    "withdrawn": AlertKind.DOCUMENT_WITHDRAWN,
    "restored": AlertKind.DOCUMENT_RESTORED,
}


@dataclass(frozen=True, slots=True)
class _Change:
    """A step of a document's history, with the evidence that rests on it, its contents, and the answer."""

    document: int
    step: HistoryStep
    rows: tuple[EvidenceRow, ...]
    contents: dict[int, VersionRow]
    answer: Capture

    def before(self) -> VersionRow | None:
        return self.contents.get(self.step.before or 0)

    def after(self) -> VersionRow | None:
        return self.contents.get(self.step.version or 0)

    def of(self, instrument: Instrument) -> _Change | None:
        """The same, with the evidence for one instrument; None where it is evidence for nothing there."""
        rows = tuple(row for row in self.rows if row.instrument == instrument.id)
        return replace(self, rows=rows) if rows else None


def change_alerts(
    db: Connection, catalogue: Catalogue, document: int, step: HistoryStep, now: datetime
) -> list[NewAlert]:
    """One alert for each monitored instrument for which the document is evidence; none for near misses.

    Before an instrument is monitored all there is belongs to its baseline.
    """
    return [
        _alert(catalogue, instrument, changes, now)
        for instrument, changes in _by_instrument(db, catalogue, [(document, step)], now)
    ]


def combined_change_alerts(
    db: Connection, catalogue: Catalogue, steps: Sequence[DocumentStep], now: datetime
) -> list[NewAlert]:
    """The same of several documents of one source: one alert for all that were withdrawn, one for all that
    are back. A site that answers "not found" to everything is one event."""
    by_kind: dict[str, list[DocumentStep]] = defaultdict(list)
    for document, step in steps:
        by_kind[step.kind].append((document, step))
    return [
        _alert(catalogue, instrument, changes, now)
        for of_kind in by_kind.values()
        for instrument, changes in _by_instrument(db, catalogue, of_kind, now)
    ]


def _by_instrument(
    db: Connection, catalogue: Catalogue, steps: Sequence[DocumentStep], now: datetime
) -> Iterator[tuple[Instrument, list[_Change]]]:
    changes = [change for document, step in steps if (change := _change(db, document, step, now))]
    monitored = polls.monitored_since(db) if changes else {}
    for instrument in catalogue.instruments:
        concerned = [part for change in changes if (part := change.of(instrument)) is not None]
        if instrument.id in monitored and concerned:
            yield instrument, concerned


def _change(db: Connection, document: int, step: HistoryStep, now: datetime) -> _Change | None:
    """A step with all that tells of it; None where the document is evidence for nothing."""
    evidence = evidence_rows.evidence(db, now, document=document)
    rows = tuple(row for row in evidence if not row.near_miss)
    if not rows:
        return None
    contents = {v.id: v for v in versions.versions(db, document, now)}
    return _Change(document, step, rows, contents, exchange_of(db, step.observation))


def _alert(
    catalogue: Catalogue, instrument: Instrument, changes: Sequence[_Change], now: datetime
) -> NewAlert:
    """The alert of one step, or of several of a kind; the first of them is told in full."""
    first, *also = changes
    step, row = first.step, first.rows[0]
    source = catalogue.source(row.source)
    before, after = first.before(), first.after()
    edited = step.kind == "edited"
    old, new = (None if v is None else v.text for v in (before, after))
    payload = DocumentChange(
        instrument=instrument_brief(instrument),
        document=_document(first),
        evidence=tuple(
            _affected(catalogue, instrument, r, new if edited else None)
            for change in changes
            for r in change.rows
        ),
        source_title=source.title,
        publisher=source.publisher,
        language=row.language,
        before=_content(before),
        after=_content(after),
        answer=_answer(first.answer),
        changes=changed_paragraphs(old, new) if edited and old and new else (),
        also=tuple(_also(change) for change in also),
    )
    return new_alert(
        KINDS[step.kind],
        f"{instrument.id}:{step.observation}",
        payload,
        subject=f"source:{source.id}" if also else f"document:{row.document}",
        instrument=instrument.id,
        cause=("observation", step.observation),
        now=now,
        effective_at=min(change.step.at for change in changes),
    )


def _also(change: _Change) -> FurtherChange:
    return FurtherChange(
        document=_document(change),
        evidence=tuple(row.id for row in change.rows),
        before=_content(change.before()),
        answer=_answer(change.answer),
        since=change.step.at,
    )


def _document(change: _Change) -> ChangedDocument:
    row = change.rows[0]
    return ChangedDocument(row.document, row.title, row.url, row.published)


def _answer(answer: Capture) -> AnswerBrief:
    capture = f"{answer.place.file}, offset {answer.place.offset}"
    return AnswerBrief(answer.id, answer.at, answer.status, answer.sha256, capture)


def _affected(
    catalogue: Catalogue, instrument: Instrument, row: EvidenceRow, text: str | None
) -> AffectedEvidence:
    """``text``: what stands now, None where that is not asked."""
    passages = [] if text is None else [trace_passage(span.text, text) for span in row.spans]
    return AffectedEvidence(
        evidence=row.id,
        commitment=commitment_of_evidence(instrument, row),
        window=window_of_evidence(catalogue, instrument, row),
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
