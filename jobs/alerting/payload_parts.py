"""What the catalogue and the ledgers say, as far as an alert tells it. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from servanda.alerts.payloads.parts import (
    CommitmentBrief,
    CountBrief,
    CoverageBrief,
    DocumentBrief,
    FlowBrief,
    InstrumentBrief,
    ReadingBrief,
    SourceBrief,
    WindowBrief,
)
from servanda.compliance.instrument import Commitment, Instrument, Window
from servanda.compliance.vocabulary import Verdict
from servanda.compliance.windows import CountedWindow, count_window, settles_at
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.knowledge.confirmed_routes import counts_toward_coverage
from servanda.jobs.knowledge.snapshot import Knowledge
from servanda.models.findings.evidence import EvidenceRow


def instrument_brief(instrument: Instrument) -> InstrumentBrief:
    return InstrumentBrief(
        instrument.id, instrument.title, instrument.urls[0], instrument.published_on, instrument.zone
    )


def commitment_brief(commitment: Commitment) -> CommitmentBrief:
    return CommitmentBrief(commitment.id, commitment.quote, commitment.kind)


def commitment_of(instrument: Instrument, window: Window) -> CommitmentBrief:
    """The commitment that a window is about."""
    return commitment_brief(next(c for c in instrument.commitments if c.id == window.commitment))


def window_brief(window: Window, verdict: Verdict) -> WindowBrief:
    return _dated_brief(window, verdict, verdict.settles_at)


def count_brief(window: Window) -> CountBrief:
    """How the primary reading counts."""
    reading = window.primary
    return CountBrief(
        anchor_on=reading.anchor_on,
        event=window.anchor.event if reading.anchor_on == window.anchor.on else None,
        duration=window.duration,
        anchor_counted=window.count_anchor_day,
        zone=reading.zone,
    )


def counted_brief(catalogue: Catalogue, window: Window) -> WindowBrief:
    """What a verdict would say of the window's dates, which depend on no fact."""
    term = count_window(window, window.primary)
    return _dated_brief(
        window, term, settles_at(term, tuple(catalogue.source(s).terms for s in window.sources))
    )


def _dated_brief(window: Window, dates: Verdict | CountedWindow, settles_at: datetime) -> WindowBrief:
    return WindowBrief(
        id=window.id,
        title=window.title,
        derivation=dates.derivation,
        zone=window.zone,
        opens_at=dates.opens_at,
        due_at=dates.due_at,
        settles_at=settles_at,
        condition=window.condition,
        count=count_brief(window),
    )


def commitment_of_evidence(instrument: Instrument, row: EvidenceRow) -> CommitmentBrief:
    """The commitment that a document is evidence of."""
    return commitment_brief(next(c for c in instrument.commitments if c.id == row.commitment))


def window_of_evidence(catalogue: Catalogue, instrument: Instrument, row: EvidenceRow) -> WindowBrief | None:
    """The window that a document is evidence for, None where it is for none that the instrument has."""
    window = next((w for w in instrument.windows if w.id == row.window), None)
    return None if window is None else counted_brief(catalogue, window)


def document_brief(catalogue: Catalogue, row: EvidenceRow) -> DocumentBrief:
    """Evidence with its passages and its kept bytes."""
    return DocumentBrief(
        row.id,
        row.title,
        row.url,
        row.published,
        source_title=source_title(catalogue, row.source),
        language=row.language,
        quotes=quotes_of(row),
        sha256=row.sha256,
    )


def quotes_of(row: EvidenceRow) -> tuple[str, ...]:
    """The passages that matched; last the one that announces something, where there is one."""
    matched = [span.text for span in row.spans]
    announced = [p.passage for p in row.checklist if p.id == "completed_and_new" and p.passage]
    return tuple(dict.fromkeys([*(text for text in matched if text not in announced), *announced]))


def document_briefs(
    catalogue: Catalogue, knowledge: Knowledge, ids: Sequence[int]
) -> tuple[DocumentBrief, ...]:
    """The evidence of these numbers."""
    return tuple(document_brief(catalogue, row) for row in knowledge.evidence if row.id in ids)


def source_title(catalogue: Catalogue, source_id: str) -> str:
    """The title of a source; its id where the catalogue has it no longer."""
    return next((s.title for s in catalogue.sources if s.id == source_id), source_id)


def source_brief(catalogue: Catalogue, source_id: str, confirmed: frozenset[str]) -> SourceBrief:
    """A monitored source, by its live routes. ``confirmed``: the routes that people have confirmed."""
    source = catalogue.source(source_id)
    routes = [r for r in source.routes if not r.retired]
    return SourceBrief(
        source.id,
        source.title,
        counting=tuple(r.id for r in routes if counts_toward_coverage(source, r, confirmed)),
        others=tuple(r.id for r in routes if not counts_toward_coverage(source, r, confirmed)),
    )


def coverage_briefs(catalogue: Catalogue, verdict: Verdict) -> tuple[CoverageBrief, ...]:
    return tuple(
        CoverageBrief(c.source, catalogue.source(c.source).title, c.complete, c.gaps, c.closings)
        for c in verdict.coverage
    )


def flow_brief(window: Window, verdict: Verdict) -> FlowBrief | None:
    """How the window's documents came through the steps of the search."""
    if verdict.flow is None:
        return None
    return FlowBrief(**asdict(verdict.flow), by_rules_alone=window.absence == "rules-alone")


def reading_briefs(window: Window, verdict: Verdict) -> tuple[ReadingBrief, ...]:
    """The other ways to count."""
    by_id = {reading.id: reading for reading in window.readings}
    return tuple(
        ReadingBrief(r.id, r.due_at, by_id[r.id].zone, r.relation, r.value, by_id[r.id].note)
        for r in verdict.readings
    )


def policy_of(verdict: Verdict) -> str:
    """What makes evidence count, as the verdict says it."""
    return next(reason for reason in verdict.reasons if reason.startswith("evidence counts by"))
