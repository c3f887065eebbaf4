"""The numbers of a stretch of time: what was covered, read and found, and what is still to come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from servanda.alerts.payloads.parts import WindowBrief
from servanda.alerts.payloads.period_figures import PeriodFigures, SourceFigures
from servanda.compliance.instrument import Instrument
from servanda.compliance.intervals import Interval, IntervalSet, between
from servanda.compliance.vocabulary import Review
from servanda.compliance.watchers import Watcher
from servanda.instruments.catalogue import Catalogue
from servanda.instruments.routes import Source
from servanda.jobs.alerting.payload_parts import counted_brief
from servanda.jobs.knowledge.sources import missing_canaries
from servanda.models.alerts.period_figures import documents_read, new_matches
from servanda.models.documents.unread_documents import unread_documents
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings import verdicts as findings
from servanda.models.polls import polls


def watched_instruments(catalogue: Catalogue, watcher: Watcher) -> frozenset[str]:
    """The instruments that somebody watches, by any of their subscriptions; all, where they name none."""
    named = {slug for wanted in watcher.subscriptions for slug in wanted.instruments}
    everything = not watcher.subscriptions or any(not wanted.instruments for wanted in watcher.subscriptions)
    return frozenset(i.id for i in catalogue.instruments if everything or i.id in named)


class FigureCache:
    """The numbers for each set of instruments and stretch of time, each counted once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._counted: dict[tuple[frozenset[str], datetime, datetime], PeriodFigures] = {}

    def numbers(
        self, db: Connection, instruments: frozenset[str], from_at: datetime, until_at: datetime
    ) -> PeriodFigures:
        key = (instruments, from_at, until_at)
        if key not in self._counted:
            self._counted[key] = count_period_figures(db, self.catalogue, instruments, from_at, until_at)
        return self._counted[key]


def count_period_figures(
    db: Connection, catalogue: Catalogue, instruments: frozenset[str], from_at: datetime, until_at: datetime
) -> PeriodFigures:
    """What was done for these instruments from then up to then, by what was known at ``until_at``."""
    chosen = [i for i in catalogue.instruments if i.id in instruments]
    sources = [s for s in catalogue.sources if any(s.id in i.sources for i in chosen)]
    ids = [source.id for source in sources]
    return PeriodFigures(
        from_at=from_at,
        until_at=until_at,
        sources=count_source_figures(db, chosen, sources, from_at, until_at),
        documents_read=documents_read(db, ids, from_at, until_at),
        matches=new_matches(db, instruments, from_at, until_at),
        evidence_waiting=_waiting(db, instruments, until_at),
        windows=_unsettled(db, catalogue, chosen, until_at),
        unread=_unread(db, sources, until_at),
        canaries_missing=sum(canary.source in ids for canary in missing_canaries(db, catalogue, until_at)),
    )


def count_source_figures(
    db: Connection,
    instruments: Iterable[Instrument],
    sources: Iterable[Source],
    from_at: datetime,
    until_at: datetime,
) -> tuple[SourceFigures, ...]:
    """What readings have seen of each source's time, of those that existed in it."""
    begun = min((i.published_at for i in instruments), default=from_at)
    every = list(sources)
    covered = polls.coverage_by_source(db, until_at, {source.id for source in every})
    figures = []
    for source in every:
        bounds = provable_interval(source, max(begun, from_at - _behind(source)), until_at)
        if bounds is not None:
            gaps = covered.get(source.id, IntervalSet()).gaps(bounds).intervals
            figures.append(SourceFigures(source.id, source.title, source.zone, gaps))
    return tuple(figures)


def provable_interval(source: Source, from_at: datetime, until_at: datetime) -> Interval | None:
    """The part of a time that readings can have covered by its end; None where there is none.

    Items may appear as late as the source's lag, and readings come at its cadence, or one later: up to then
    nothing is amiss, as for a window's gaps (``jobs.knowledge.sources.SourceKnowledge.late_coverage_of``).
    The same was left out at the end of the time before, so that nothing falls between two.
    """
    existed = source.existence
    return between(
        max(from_at, existed.from_at),
        min(until_at - _behind(source), existed.until_at),
    )


def _unread(db: Connection, sources: Iterable[Source], until_at: datetime) -> int:
    """Documents that are unread by then, but for those published so late that they need not be read yet."""
    reach = {source.id: until_at - _behind(source) for source in sources}
    rows = unread_documents(db, until_at, reach.keys())
    return sum(row.published.interval.from_at < reach[row.source] for row in rows)


def _behind(source: Source) -> timedelta:
    return source.terms.lag + 2 * source.terms.cadence


def _waiting(db: Connection, instruments: frozenset[str], as_of: datetime) -> int:
    rows = evidence_rows.evidence_to_review(db, as_of)
    return sum(row.review is Review.WAITING and row.instrument in instruments for row in rows)


def _unsettled(
    db: Connection, catalogue: Catalogue, instruments: Iterable[Instrument], as_of: datetime
) -> tuple[WindowBrief, ...]:
    """The windows whose answer is still to come, the nearest end first."""
    briefs = []
    for window in (w for i in instruments for w in i.windows):
        judged = findings.last_verdict(db, window.id, as_of)
        brief = counted_brief(catalogue, window)
        if brief.settles_at > as_of and not (judged is not None and judged.verdict.final):
            briefs.append(brief)
    return tuple(sorted(briefs, key=lambda brief: (brief.due_at, brief.id)))
