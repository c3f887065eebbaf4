"""What was known of sources at one moment: the same for every window that requires them, and read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from servanda.compliance.instrument import Window
from servanda.compliance.intervals import Interval, IntervalSet, between
from servanda.compliance.late_coverage import CoverageClaim, find_late_coverage
from servanda.compliance.vocabulary import LateCoverage, MissingCanary, UnreadDocument
from servanda.compliance.windows import count_window
from servanda.instruments.catalogue import Catalogue
from servanda.instruments.routes import Source
from servanda.models.documents import unread_documents as unread_duties
from servanda.models.documents.closing_looks import awaited_looks
from servanda.models.documents.stated_times import stated_times
from servanda.models.polls import canaries, polls
from servanda.models.polls import coverage_claims as claims


class _OfSource(Protocol):
    @property
    def source(self) -> str: ...


Fact = TypeVar("Fact", bound=_OfSource)
Numbered = Mapping[str, Sequence[tuple[int, Fact]]]
"""Facts by source, each with its place among all."""


@dataclass(frozen=True, slots=True)
class SourceKnowledge:
    """``late``: for each source and ended window's interval, what later readings covered."""

    as_of: datetime
    coverage: Mapping[str, IntervalSet]
    unread: Numbered[UnreadDocument]
    canaries: Numbered[MissingCanary]
    late: Mapping[tuple[str, Interval], tuple[LateCoverage, ...]]

    def unread_of(self, sources: Collection[str]) -> tuple[UnreadDocument, ...]:
        return _facts_of(self.unread, sources)

    def canaries_of(self, sources: Collection[str]) -> tuple[MissingCanary, ...]:
        """The canaries of these sources that were missing."""
        return _facts_of(self.canaries, sources)

    def late_coverage_of(self, window: Window) -> dict[str, tuple[LateCoverage, ...]]:
        """For each required source, which later readings closed gaps of the window; none before it ended."""
        interval = count_window(window, window.primary).interval
        return {s: self.late[s, interval] for s in window.sources if (s, interval) in self.late}


def load_source_knowledge(
    db: Connection, catalogue: Catalogue, as_of: datetime, windows: Iterable[Window]
) -> SourceKnowledge:
    """What was known at ``as_of`` of the sources that the windows require."""
    windows = tuple(windows)
    required = {source for window in windows for source in window.sources}
    return SourceKnowledge(
        as_of=as_of,
        coverage=polls.coverage_by_source(db, as_of, required),
        unread=_numbered(_unread(db, catalogue, windows, required, as_of)),
        canaries=_numbered(missing_canaries(db, catalogue, as_of, required)),
        late=_late_coverage(db, catalogue, windows, as_of),
    )


def _unread(
    db: Connection,
    catalogue: Catalogue,
    windows: Iterable[Window],
    required: Collection[str],
    as_of: datetime,
) -> list[UnreadDocument]:
    """What was not read, and, where windows have ended, what was not read again since."""
    unread = list(unread_duties.unread_documents(db, as_of, required))
    terms = [(window, count_window(window, window.primary).due_at) for window in windows]
    ended = [(window, due_at) for window, due_at in terms if due_at <= as_of]
    if ended:
        theirs = {source for window, _ in ended for source in window.sources}
        known = {document.document for document in unread}
        ids, last = [window.id for window, _ in ended], max(due_at for _, due_at in ended)
        looks = awaited_looks(db, as_of, theirs, ids, last)
        unread += [
            look
            for look, route in looks
            if look.document not in known and _can_change(catalogue.source(look.source), route)
        ]
    stated = stated_times(db, as_of, [one.document for one in unread])
    return [replace(one, stated=stated.get(one.document, ())) for one in unread]


def _can_change(source: Source, route: str) -> bool:
    """Whether documents of a route can be read again; of one that the catalogue no longer has, yes."""
    return all(one.documents_change for one in source.routes if one.id == route)


def _numbered(facts: Iterable[Fact]) -> Numbered[Fact]:
    found: dict[str, list[tuple[int, Fact]]] = defaultdict(list)
    for place, fact in enumerate(facts):
        found[fact.source].append((place, fact))
    return found


def _facts_of(facts: Numbered[Fact], sources: Collection[str]) -> tuple[Fact, ...]:
    """Those of some sources, in the order in which all stood."""
    numbered = (entry for source in set(sources) for entry in facts.get(source, ()))
    return tuple(fact for _, fact in sorted(numbered, key=itemgetter(0)))


def missing_canaries(
    db: Connection, catalogue: Catalogue, as_of: datetime, sources: Collection[str] | None = None
) -> tuple[MissingCanary, ...]:
    """The declared canaries of these sources (None: of all) that their readers, when last looking, missed."""
    missed = [look for look in canaries.latest_canary_checks(db, as_of, sources) if not look.found]
    if not missed:
        return ()
    declared = {
        (source.id, route.id, canary.document)
        for source in catalogue.sources
        for route in source.live_routes
        for canary in route.canaries
    }
    return tuple(
        MissingCanary(look.source, look.route, look.canary, look.known_at)
        for look in missed
        if (look.source, look.route, look.canary) in declared
    )


def _late_coverage(
    db: Connection, catalogue: Catalogue, windows: Iterable[Window], as_of: datetime
) -> dict[tuple[str, Interval], tuple[LateCoverage, ...]]:
    """What later readings covered of the ended windows; windows of equal dates are asked about together."""
    required: dict[Interval, set[str]] = defaultdict(set)
    for window in windows:
        term = count_window(window, window.primary)
        if term.due_at <= as_of:
            required[term.interval].update(window.sources)
    found = {}
    for interval, sources in required.items():
        for source, known in claims.coverage_claims(db, sources, interval, as_of).items():
            late = _late_coverage_of(catalogue.source(source), interval, known)
            if late is not None:
                found[source, interval] = late
    return found


def _late_coverage_of(
    source: Source, interval: Interval, known: Iterable[CoverageClaim]
) -> tuple[LateCoverage, ...] | None:
    """None where the source did not exist in the interval."""
    bounds = between(
        max(interval.from_at, source.existence.from_at), min(interval.until_at, source.existence.until_at)
    )
    terms = source.terms
    return None if bounds is None else find_late_coverage(known, bounds, terms.lag + 2 * terms.cadence)
