"""Read a source: poll its routes, keep what they say, read the documents behind new items.

Gather over the network first, then record in one transaction a poll; a run killed in between has lost a
request, not a fact. A source's failure is an outcome, never an exception: the other sources go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from servanda.instruments.routes import Canary, Route, Source
from servanda.jobs.bootstrap.progress import OnStep, no_progress
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.documents.fetching import fetch_documents
from servanda.jobs.documents.rechecking import RecheckOutcome, recheck_documents
from servanda.jobs.matching.screening import screen
from servanda.jobs.polling.backfill import routes_to_backfill
from servanda.jobs.polling.crosscheck import day_of
from servanda.jobs.polling.plan import DateRange, routes_to_read
from servanda.jobs.polling.poll import PollOutcome, gather_poll, record_gathered_poll, summarise_poll
from servanda.models.polls import canaries, polls
from servanda.models.polls import coverage_claims as claims

LOOK_AGAIN_AFTER = timedelta(hours=6)
"""A canary that could not be looked for, for the route failed, is looked for again after this."""


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """What came of reading one source."""

    source: str
    polls: tuple[PollOutcome, ...]
    read_documents: int = 0
    unread_documents: int = 0
    reread_documents: int = 0
    edited_documents: int = 0
    gone_documents: int = 0
    new_evidence: int = 0
    new_alerts: int = 0

    @property
    def failures(self) -> tuple[str, ...]:
        return tuple(f"{p.route}: {p.failure}" for p in self.polls if p.failure)

    @property
    def failed(self) -> bool:
        return bool(self.failures)

    @property
    def new_documents(self) -> int:
        return sum(p.new_documents for p in self.polls)


def due_sources(wiring: Wiring) -> dict[str, tuple[str, ...]]:
    """The sources that are due now, each with its due routes; those of a closing sweep are."""
    catalogue, now = wiring.catalogue, wiring.now
    pairs = [(s.id, r.id) for s in catalogue.sources for r in s.live_routes]
    with wiring.store.reading() as db:
        found = polls.due_routes(db, pairs, now)
        for source in catalogue.sources:
            for on_demand in (False, True):
                swept = routes_to_backfill(db, catalogue, source, now, on_demand=on_demand)
                found += [(source.id, route.id) for route in swept]
    found = list(dict.fromkeys(found))
    return {source: tuple(r for s, r in found if s == source) for source in dict(found)}


def collect_source(
    wiring: Wiring,
    source_id: str,
    *,
    routes: Sequence[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    dry_run: bool = False,
    on_step: OnStep = no_progress,
) -> SourceOutcome:
    """Read a source once.

    ``routes`` None: all live ones; with ``since`` or ``until`` (civil days in the source's zone, both
    inclusive) all that reach back. ``dry_run`` reads the routes and keeps nothing.
    """
    source, span = wiring.catalogue.source(source_id), DateRange(since, until)
    chosen = routes_to_read(source, routes, ranged=span.asks)
    if dry_run:
        shown = tuple(summarise_poll(route, gather_poll(wiring, source, route, span)) for route in chosen)
        return SourceOutcome(source_id, shown)
    recorded = _poll(wiring, source, chosen, span, on_step)
    if not span.asks:
        recorded += _further(wiring, source, routes, on_step)
    outcomes = tuple(outcome for outcome, _ in recorded)
    if not recorded:
        return SourceOutcome(source_id, outcomes)
    _, last_poll = recorded[-1]
    articles = fetch_documents(wiring, source, last_poll, on_step)
    again = recheck_documents(wiring, source, last_poll, on_step) if _answers(outcomes) else RecheckOutcome()
    screened = screen(wiring, after_the_last=True)
    return SourceOutcome(
        source_id,
        outcomes,
        read_documents=articles.read,
        unread_documents=articles.unread,
        reread_documents=again.reread,
        edited_documents=again.edited,
        gone_documents=again.gone,
        new_evidence=screened.evidence,
        new_alerts=screened.alerts + again.alerts,
    )


def _answers(outcomes: Sequence[PollOutcome]) -> bool:
    """Whether the publisher gave a page to any poll: where none came, its documents are left in peace."""
    return any(o.failure is None or o.failure.family == "unrecognised" for o in outcomes)


def _poll(
    wiring: Wiring, source: Source, routes: Sequence[Route], span: DateRange, on_step: OnStep
) -> list[tuple[PollOutcome, int]]:
    """Poll routes one after the other; what came of each, and the number under which it is on record."""
    recorded: list[tuple[PollOutcome, int]] = []
    for n, route in enumerate(routes):
        on_step(f"{source.id}: {route.id}", n, len(routes))
        recorded += _read(wiring, source, route, span)
    return recorded


def _read(wiring: Wiring, source: Source, route: Route, span: DateRange) -> list[tuple[PollOutcome, int]]:
    """Poll a route. Where a sweep failed, the newest is read even so: old pages must not hide it."""
    gathered = gather_poll(wiring, source, route, span)
    recorded = [record_gathered_poll(wiring, source, route, gathered)]
    swept = gathered.plan.asked is not None and not span.asks
    if swept and gathered.failure is not None and not route.on_demand:
        recorded.append(record_gathered_poll(wiring, source, route, gather_poll(wiring, source, route, span)))
    return recorded


def _further(
    wiring: Wiring, source: Source, routes: Sequence[str] | None, on_step: OnStep
) -> Iterator[tuple[PollOutcome, int]]:
    """After the ordinary polls: archives, where a window that ends has gaps; and canaries that are due."""
    if routes is None:
        with wiring.store.reading() as db:
            archives = routes_to_backfill(db, wiring.catalogue, source, wiring.now, on_demand=True)
        yield from _poll(wiring, source, archives, DateRange(), on_step)
    for route, span in _canaries_due(wiring, source, routes):
        on_step(f"{source.id}: {route.id}, a canary of {span.since}", 0, 1)
        sought = next(day_of(c, source) for c in route.canaries if c.published_on == span.since)
        yield record_gathered_poll(
            wiring, source, route, gather_poll(wiring, source, route, span, sought=sought)
        )


def _canaries_due(
    wiring: Wiring, source: Source, routes: Sequence[str] | None
) -> list[tuple[Route, DateRange]]:
    """The days on which canaries stand that were not looked for within their time."""
    now = wiring.now
    kept = [r for r in source.live_routes if r.canaries and (routes is None or r.id in routes)]
    if not kept:
        return []
    with wiring.store.reading() as db:
        looked = {
            (k.route, k.canary): k.known_at for k in canaries.latest_canary_checks(db, now, [source.id])
        }
        found = [
            (route, DateRange(canary.published_on, canary.published_on))
            for route in kept
            for canary in route.canaries
            if day_of(canary, source).until_at + source.lag <= now
            and _is_due(looked.get((route.id, canary.document)), route, now)
            and not _was_asked(db, source, route, canary, now)
        ]
    return list(dict.fromkeys(found))


def _is_due(looked_at: datetime | None, route: Route, now: datetime) -> bool:
    return looked_at is None or now - looked_at >= route.canary_every


def _was_asked(db: Connection, source: Source, route: Route, canary: Canary, now: datetime) -> bool:
    """Whether the route was asked a short while ago and could not answer: a look would stand on record."""
    day = day_of(canary, source)
    return claims.last_asked_for(db, source.id, route.id, day.from_at, now - LOOK_AGAIN_AFTER) is not None
