"""What changed → the alert that tells it, with everything its mail will say. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from alerts.briefs import (
    CommitmentBrief,
    CoverageBrief,
    DocumentBrief,
    InstrumentBrief,
    ReadingBrief,
    SourceBrief,
    WindowBrief,
    WindowStanding,
)
from alerts.model import (
    AlertKind,
    EvidencePayload,
    NowMonitoring,
    Payload,
    WindowClosing,
    WindowVerdict,
    to_json,
)
from compliance.changes import Change
from compliance.vocabulary import ACCEPTED_REVIEWS, Commitment, Instrument, Review, Verdict, Window
from compliance.windows import count, settles_at
from instruments.catalogue import Catalogue
from jobs.confirming import counts
from jobs.facts import Knowledge
from models.alert_rows import CauseKind, NewAlert
from models.evidence_rows import EvidenceRow


def new_alert(
    kind: AlertKind,
    key: str,
    payload: Payload,
    *,
    subject: str,
    instrument: str | None,
    cause: tuple[CauseKind, int],
    now: datetime,
    effective_at: datetime | None = None,
) -> NewAlert:
    """An alert to be stored with its cause. ``key`` tells it from others of its kind, for ever."""
    return NewAlert(
        dedup_key=f"{kind.value}:{key}",
        kind=kind.value,
        instrument=instrument,
        subject=subject,
        cause_kind=cause[0],
        cause=cause[1],
        payload=to_json(payload),
        effective_at=effective_at or now,
        known_at=now,
    )


def monitoring_alert(
    catalogue: Catalogue,
    instrument: Instrument,
    verdicts: Sequence[Verdict],
    knowledge: Knowledge,
    cause: int,
    confirmed: frozenset[str],
) -> NewAlert:
    """The baseline: what already stands. ``confirmed``: the routes that people have confirmed."""
    told = [e for e in knowledge.evidence if e.instrument == instrument.id and not e.near_miss]
    payload = NowMonitoring(
        instrument=instrument_brief(instrument),
        commitments=tuple(commitment_brief(c) for c in instrument.commitments),
        windows=tuple(
            WindowStanding(window_brief(w, v), v.phase, v.value, v.final, v.condition)
            for w, v in zip(instrument.windows, verdicts, strict=True)
        ),
        sources=tuple(_source_brief(catalogue, s, confirmed) for s in instrument.sources),
        evidence_waiting=sum(e.review is Review.WAITING for e in told),
        evidence_accepted=sum(e.review in ACCEPTED_REVIEWS for e in told),
    )
    return new_alert(
        AlertKind.NOW_MONITORING,
        instrument.id,
        payload,
        subject=f"instrument:{instrument.id}",
        instrument=instrument.id,
        cause=("monitored", cause),
        now=knowledge.as_of,
    )


def evidence_alert(catalogue: Catalogue, instrument: Instrument, row: EvidenceRow, now: datetime) -> NewAlert:
    """New evidence for a commitment, or a candidate for a window."""
    source = catalogue.source(row.source)
    commitment = next(c for c in instrument.commitments if c.id == row.commitment)
    window = next((w for w in instrument.windows if w.id == row.window), None)
    payload = EvidencePayload(
        instrument=instrument_brief(instrument),
        commitment=commitment_brief(commitment),
        window=counted_brief(catalogue, window) if window else None,
        document=document_brief(row),
        source_title=source.title,
        publisher=source.publisher,
        language=row.language,
        quotes=tuple(span.text for span in row.spans),
        score=row.score,
        checklist=row.checklist,
        sha256=row.sha256,
        capture=f"{row.archive_file}, offset {row.archive_offset}",
    )
    kind = AlertKind.CANDIDATE if row.candidate else AlertKind.NEW_EVIDENCE
    return new_alert(
        kind,
        f"{instrument.id}:{row.commitment}:{row.document}",
        payload,
        subject=f"window:{row.window}" if row.candidate else f"commitment:{row.commitment}",
        instrument=instrument.id,
        cause=("evidence", row.id),
        now=now,
        effective_at=min(now, row.published.interval.from_at),
    )


def closing_alert(
    catalogue: Catalogue,
    instrument: Instrument,
    window: Window,
    verdict: Verdict,
    days: int,
    knowledge: Knowledge,
    cause: int,
) -> NewAlert:
    """The T−``days`` reminder."""
    payload = WindowClosing(
        instrument=instrument_brief(instrument),
        commitment=_commitment_of(instrument, window),
        window=window_brief(window, verdict),
        reminder_days=days,
        condition=verdict.condition,
        coverage=_coverage(catalogue, verdict),
        candidates=_documents(knowledge, verdict.candidates),
    )
    return new_alert(
        AlertKind.WINDOW_CLOSING,
        f"{window.id}:{verdict.due_at.isoformat()}:{days}",
        payload,
        subject=f"window:{window.id}",
        instrument=instrument.id,
        cause=("verdict", cause),
        now=knowledge.as_of,
    )


def verdict_alert(
    catalogue: Catalogue,
    instrument: Instrument,
    window: Window,
    previous: Verdict | None,
    verdict: Verdict,
    change: Change,
    knowledge: Knowledge,
    cause: int,
) -> NewAlert:
    """The flag (one for each end), the final word or a correction (one for each verdict row)."""
    kind = AlertKind(change.kind)
    payload = WindowVerdict(
        instrument=instrument_brief(instrument),
        commitment=_commitment_of(instrument, window),
        window=window_brief(window, verdict),
        phase=verdict.phase,
        value=verdict.value,
        previous=previous.value if previous else None,
        final=verdict.final,
        condition=verdict.condition,
        duties=verdict.duties,
        candidates=_documents(knowledge, verdict.candidates),
        accepted=_documents(knowledge, verdict.accepted),
        coverage=_coverage(catalogue, verdict),
        readings=_readings(window, verdict),
        late_by_days=verdict.late_by_days,
        absence_proven=verdict.absence_proven,
        policy=next(reason for reason in verdict.reasons if reason.startswith("evidence counts by")),
        greatest_gap=window.greatest_gap,
    )
    ended = kind is AlertKind.WINDOW_ENDED
    return new_alert(
        kind,
        f"{window.id}:{verdict.due_at.isoformat() if ended else cause}",
        payload,
        subject=f"window:{window.id}",
        instrument=instrument.id,
        cause=("verdict", cause),
        now=knowledge.as_of,
        effective_at=change.effective_at,
    )


def instrument_brief(instrument: Instrument) -> InstrumentBrief:
    return InstrumentBrief(
        instrument.id, instrument.title, instrument.urls[0], instrument.published_on, instrument.zone
    )


def commitment_brief(commitment: Commitment) -> CommitmentBrief:
    return CommitmentBrief(commitment.id, commitment.quote, commitment.kind)


def window_brief(window: Window, verdict: Verdict) -> WindowBrief:
    return WindowBrief(
        id=window.id,
        title=window.title,
        derivation=verdict.derivation,
        zone=window.zone,
        opens_at=verdict.opens_at,
        due_at=verdict.due_at,
        settles_at=verdict.settles_at,
        condition=window.condition,
    )


def counted_brief(catalogue: Catalogue, window: Window) -> WindowBrief:
    """What a verdict would say of the window's dates, which depend on no fact."""
    term = count(window, window.primary)
    return WindowBrief(
        id=window.id,
        title=window.title,
        derivation=term.derivation,
        zone=window.zone,
        opens_at=term.opens_at,
        due_at=term.due_at,
        settles_at=settles_at(term, tuple(catalogue.source(s).terms for s in window.sources)),
        condition=window.condition,
    )


def document_brief(row: EvidenceRow) -> DocumentBrief:
    return DocumentBrief(row.id, row.title, row.url, row.published)


def _commitment_of(instrument: Instrument, window: Window) -> CommitmentBrief:
    return commitment_brief(next(c for c in instrument.commitments if c.id == window.commitment))


def _source_brief(catalogue: Catalogue, source_id: str, confirmed: frozenset[str]) -> SourceBrief:
    source = catalogue.source(source_id)
    routes = [r for r in source.routes if not r.retired]
    return SourceBrief(
        source.id,
        source.title,
        counting=tuple(r.id for r in routes if counts(source, r, confirmed)),
        others=tuple(r.id for r in routes if not counts(source, r, confirmed)),
    )


def _coverage(catalogue: Catalogue, verdict: Verdict) -> tuple[CoverageBrief, ...]:
    return tuple(
        CoverageBrief(c.source, catalogue.source(c.source).title, c.complete, c.gaps, c.closings)
        for c in verdict.coverage
    )


def _documents(knowledge: Knowledge, ids: Sequence[int]) -> tuple[DocumentBrief, ...]:
    return tuple(document_brief(row) for row in knowledge.evidence if row.id in ids)


def _readings(window: Window, verdict: Verdict) -> tuple[ReadingBrief, ...]:
    by_id = {reading.id: reading for reading in window.readings}
    return tuple(
        ReadingBrief(r.id, r.due_at, by_id[r.id].zone, r.relation, r.value, by_id[r.id].note)
        for r in verdict.readings
    )
