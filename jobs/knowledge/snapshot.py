"""What was known of instruments and windows at one moment. Reads what a verdict needs, decides nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from sqlalchemy import Connection

from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.intervals import IntervalSet
from servanda.compliance.publication import StatedTime
from servanda.compliance.shortlist import ShortlistedDocument
from servanda.compliance.verdicts import judge
from servanda.compliance.vocabulary import (
    Condition,
    EvidenceFact,
    LateCoverage,
    MissingCanary,
    UnreadDocument,
    Verdict,
    WindowFacts,
)
from servanda.compliance.windows import count_window
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.knowledge.shortlists import load_shortlists
from servanda.jobs.knowledge.sources import SourceKnowledge, load_source_knowledge
from servanda.models.documents.stated_times import count_dated_inside, stated_times
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings import verdicts as findings
from servanda.models.findings.evidence import EvidenceRow


@dataclass(frozen=True)
class Knowledge:
    """What was known at one moment of an instrument, or of one of its windows, and of their sources."""

    as_of: datetime
    coverage: Mapping[str, IntervalSet]
    evidence: tuple[EvidenceRow, ...]
    unread: tuple[UnreadDocument, ...]
    conditions: Mapping[str, Condition]
    canaries: tuple[MissingCanary, ...] = ()
    closings: Mapping[str, dict[str, tuple[LateCoverage, ...]]] = field(default_factory=dict)
    shortlists: Mapping[str, tuple[ShortlistedDocument, ...]] = field(default_factory=dict)
    identified: Mapping[str, int] = field(default_factory=dict)
    stated: Mapping[int, tuple[StatedTime, ...]] = field(default_factory=dict)

    @cached_property
    def _rows(self) -> Mapping[str, Sequence[EvidenceRow]]:
        """The evidence by commitment."""
        found: dict[str, list[EvidenceRow]] = defaultdict(list)
        for row in self.evidence:
            found[row.commitment].append(row)
        return found

    def _facts_of(self, window: Window) -> tuple[EvidenceFact, ...]:
        """The evidence for a window: what a rule found for it, and every candidate for its commitment, for
        whichever of the commitment's windows a rule named it."""
        rows = self._rows.get(window.commitment, ())
        return tuple(
            replace(row.fact, stated=self.stated.get(row.document, ()))
            for row in rows
            if row.window == window.id or row.candidate
        )

    def of_window(self, catalogue: Catalogue, window: Window) -> WindowFacts:
        return WindowFacts(
            sources=tuple(catalogue.source(source).terms for source in window.sources),
            coverage={s: self.coverage.get(s, IntervalSet()) for s in window.sources},
            evidence=self._facts_of(window),
            unread=self.unread,
            condition=self.conditions.get(window.id, Condition.UNKNOWN),
            canaries=self.canaries,
            closings=self.closings.get(window.id, {}),
            shortlist=self.shortlists.get(window.id, ()),
            identified=self.identified.get(window.id, 0),
        )


def load_knowledge(db: Connection, instrument: Instrument, sources: SourceKnowledge) -> Knowledge:
    """What was known of one instrument, beside what was known of sources at the same moment."""
    evidence = evidence_rows.evidence(db, sources.as_of, instrument=instrument.id)
    conditions = findings.conditions(db, sources.as_of, [window.id for window in instrument.windows])
    return _knowledge(db, sources, instrument, instrument.windows, evidence, conditions)


def load_window_knowledge(
    db: Connection, catalogue: Catalogue, instrument: Instrument, window: Window, as_of: datetime
) -> Knowledge:
    """What was known of one window."""
    sources = load_source_knowledge(db, catalogue, as_of, (window,))
    evidence = evidence_rows.evidence(db, as_of, instrument=instrument.id, commitment=window.commitment)
    conditions = findings.conditions(db, as_of, [window.id])
    return _knowledge(db, sources, instrument, (window,), evidence, conditions)


def load_all_knowledge(db: Connection, catalogue: Catalogue, as_of: datetime) -> dict[str, Knowledge]:
    """What was known of every instrument; each kind of fact is asked for once."""
    windows = [window for instrument in catalogue.instruments for window in instrument.windows]
    sources = load_source_knowledge(db, catalogue, as_of, windows)
    conditions = findings.conditions(db, as_of)
    evidence: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in evidence_rows.evidence(db, as_of):
        evidence[row.instrument].append(row)
    return {
        one.id: _knowledge(db, sources, one, one.windows, evidence[one.id], conditions)
        for one in catalogue.instruments
    }


def _knowledge(
    db: Connection,
    known: SourceKnowledge,
    instrument: Instrument,
    windows: Sequence[Window],
    evidence: Sequence[EvidenceRow],
    conditions: Mapping[str, Condition],
) -> Knowledge:
    sources = {source for window in windows for source in window.sources}
    unread = known.unread_of(sources)
    return Knowledge(
        as_of=known.as_of,
        coverage={source: known.coverage.get(source, IntervalSet()) for source in sources},
        evidence=tuple(evidence),
        unread=unread,
        conditions=conditions,
        canaries=known.canaries_of(sources),
        closings={window.id: known.late_coverage_of(window) for window in windows},
        shortlists=load_shortlists(db, instrument, windows, evidence, unread, known.as_of),
        identified=_identified(db, windows, known.as_of),
        stated=stated_times(db, known.as_of, [row.document for row in evidence if row.candidate]),
    )


def _identified(db: Connection, windows: Sequence[Window], as_of: datetime) -> dict[str, int]:
    """How many documents were ever listed inside each window that has opened."""
    terms = ((window, count_window(window, window.primary)) for window in windows)
    return {
        window.id: count_dated_inside(db, as_of, window.sources, term)
        for window, term in terms
        if term.opens_at <= as_of
    }


def verdict_of(knowledge: Knowledge, catalogue: Catalogue, window: Window) -> Verdict:
    """The verdict on a window from what was known."""
    return judge(window, knowledge.of_window(catalogue, window), knowledge.as_of)
