"""Gather what a verdict needs from the ledgers. Reads, decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.intervals import IntervalSet, between
from servanda.compliance.late_coverage import find_late_coverage
from servanda.compliance.verdicts import judge
from servanda.compliance.vocabulary import (
    Condition,
    LateCoverage,
    MissingCanary,
    UnreadDocument,
    Verdict,
    Window,
    WindowFacts,
)
from servanda.compliance.windows import count_window
from servanda.instruments.catalogue import Catalogue
from servanda.models.documents import unread_documents as unread_duties
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings import verdicts as findings
from servanda.models.findings.evidence import EvidenceRow
from servanda.models.polls import canaries, polls
from servanda.models.polls import coverage_claims as claims


@dataclass(frozen=True)
class Knowledge:
    """What was known of everything at one moment, read in one transaction."""

    as_of: datetime
    coverage: Mapping[str, IntervalSet]
    evidence: tuple[EvidenceRow, ...]
    unread: tuple[UnreadDocument, ...]
    conditions: Mapping[str, Condition]
    canaries: tuple[MissingCanary, ...] = ()
    closings: Mapping[str, dict[str, tuple[LateCoverage, ...]]] = field(default_factory=dict)

    def of_window(self, catalogue: Catalogue, window: Window) -> WindowFacts:
        return WindowFacts(
            sources=tuple(catalogue.source(source).terms for source in window.sources),
            coverage={s: self.coverage.get(s, IntervalSet()) for s in window.sources},
            evidence=tuple(e.fact for e in self.evidence if e.window == window.id),
            unread=self.unread,
            condition=self.conditions.get(window.id, Condition.UNKNOWN),
            canaries=self.canaries,
            closings=self.closings.get(window.id, {}),
        )


def load_knowledge(db: Connection, catalogue: Catalogue, as_of: datetime) -> Knowledge:
    """What was known at ``as_of``; coverage and unread documents of the sources that a window requires."""
    required = {source for i in catalogue.instruments for window in i.windows for source in window.sources}
    return Knowledge(
        as_of=as_of,
        coverage=polls.coverage_by_source(db, as_of, required),
        evidence=tuple(evidence_rows.evidence(db, as_of)),
        unread=unread_duties.unread_documents(db, as_of, required),
        conditions=findings.conditions(db, as_of),
        canaries=missing_canaries(db, catalogue, as_of),
        closings={
            window.id: late_coverage_of(db, catalogue, window, as_of)
            for instrument in catalogue.instruments
            for window in instrument.windows
        },
    )


def missing_canaries(db: Connection, catalogue: Catalogue, as_of: datetime) -> tuple[MissingCanary, ...]:
    """The declared canaries that their readers, when last looking, did not find."""
    declared = {
        (source.id, route.id, canary.document)
        for source in catalogue.sources
        for route in source.live_routes
        for canary in route.canaries
    }
    return tuple(
        MissingCanary(look.source, look.route, look.canary, look.known_at)
        for look in canaries.latest_canary_checks(db, as_of)
        if not look.found and (look.source, look.route, look.canary) in declared
    )


def late_coverage_of(
    db: Connection, catalogue: Catalogue, window: Window, as_of: datetime
) -> dict[str, tuple[LateCoverage, ...]]:
    """For each required source, which later readings closed gaps of the window; nothing before it ended."""
    term = count_window(window, window.primary)
    if as_of < term.due_at:
        return {}
    rows = claims.coverage_claims(db, window.sources, term.interval, as_of)
    found = {}
    for source in (catalogue.source(s) for s in window.sources):
        bounds = between(
            max(term.opens_at, source.existence.from_at), min(term.due_at, source.existence.until_at)
        )
        terms = source.terms
        if bounds is not None and source.id in rows:
            in_time = terms.lag + 2 * terms.cadence
            found[source.id] = find_late_coverage(rows[source.id], bounds, in_time)
    return found


def verdict_of(knowledge: Knowledge, catalogue: Catalogue, window: Window) -> Verdict:
    """The verdict on a window from what was known."""
    return judge(window, knowledge.of_window(catalogue, window), knowledge.as_of)
