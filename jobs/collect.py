"""Read a source: poll its routes, keep what they say, read the documents behind new items.

Gather over the network first, then record in one transaction a poll; a run killed in between has lost a
request, not a fact. A source's failure is an outcome, never an exception: the other sources go on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from servanda.instruments.routes import Canary, Route, Source
from servanda.jobs.bootstrap.progress import OnStep, no_progress
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.documents.closing_looks import schedule_closing_looks
from servanda.jobs.documents.document_reader import DocumentReader
from servanda.jobs.documents.fetching import FetchOutcome, fetch_documents
from servanda.jobs.documents.intake import DocumentIntake
from servanda.jobs.documents.recheck_schedule import restore_schedule
from servanda.jobs.documents.rechecking import RecheckOutcome, recheck_documents
from servanda.jobs.knowledge.clock_trust import ClockUntrusted
from servanda.jobs.matching.screening import ScreeningOutcome, screen
from servanda.jobs.polling.backfill import routes_to_backfill
from servanda.jobs.polling.cadence import PollingWindows
from servanda.jobs.polling.clock_checks import confirm_clock
from servanda.jobs.polling.crosscheck import day_of
from servanda.jobs.polling.plan import DateRange, routes_to_read
from servanda.jobs.polling.poll import PollOutcome, gather_poll, is_clock_failure, summarise_poll
from servanda.jobs.polling.poller import Poller
from servanda.jobs.polling.recording import record_gathered_poll
from servanda.jobs.polling.standings import SourceStandings
from servanda.models.polls import canaries
from servanda.models.polls import coverage_claims as claims
from servanda.models.polls.route_state import due_routes

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


@dataclass(slots=True)
class CollectRun:
    """Sources that are read one after the other: what needs to be known once is asked once for all of them.

    ``screened``: whether what an earlier run may have left unmatched was looked for.
    """

    poller: Poller
    intake: DocumentIntake
    screened: bool = False


def begin_run(wiring: Wiring, sources: Collection[str]) -> CollectRun:
    """Begin to read these sources, each by ``read_source``."""
    ledger, catalogue = wiring.ledger, wiring.catalogue
    with suppress(ClockUntrusted):  # what is asked here is on record for the polls, which say so themselves
        confirm_clock(ledger, lambda: wiring.fetcher, catalogue)
    reader = DocumentReader(wiring.archive, wiring.article_reader, catalogue)
    windows, standings = PollingWindows(catalogue), SourceStandings(ledger, sources)
    poller = Poller(ledger, catalogue, wiring.fetcher, wiring.archive, windows, standings)
    return CollectRun(poller, DocumentIntake(ledger, wiring.fetcher, reader))


def due_sources(wiring: Wiring) -> dict[str, tuple[str, ...]]:
    """The sources that are due now, each with its due routes; those of a closing sweep are."""
    catalogue, windows = wiring.catalogue, PollingWindows(wiring.catalogue)
    pairs = [(s.id, r.id) for s in catalogue.sources for r in s.live_routes]
    with wiring.ledger.reading() as (db, now):
        due = due_routes(db, pairs, now)
        for source in catalogue.sources:
            for on_demand in (False, True):
                swept = routes_to_backfill(db, windows, source, now, on_demand=on_demand)
                due += [(source.id, route.id) for route in swept]
    due = list(dict.fromkeys(due))
    return {source: tuple(r for s, r in due if s == source) for source in dict(due)}


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
    """Read a source once, in a run of its own; ``read_source``."""
    run = begin_run(wiring, [source_id])
    return read_source(
        run, source_id, routes=routes, since=since, until=until, dry_run=dry_run, on_step=on_step
    )


def read_source(
    run: CollectRun,
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
    poller = run.poller
    source, span = poller.catalogue.source(source_id), DateRange(since, until)
    chosen = routes_to_read(source, routes, ranged=span.asks)
    if dry_run:
        shown = tuple(summarise_poll(gather_poll(poller, source, route, span)) for route in chosen)
        return SourceOutcome(source_id, shown)
    recorded = _poll(poller, source, chosen, span, on_step)
    if not span.asks:
        recorded += _further(poller, source, routes, on_step)
    outcomes = tuple(outcome for outcome, _ in recorded)
    if not recorded or any(is_clock_failure(outcome) for outcome in outcomes):
        return SourceOutcome(source_id, outcomes)
    _, last_poll = recorded[-1]
    fetched, rechecked = _read_documents(run, source, last_poll, outcomes, on_step)
    screened = _screen(run, anything_read=bool(fetched.read or rechecked.reread))
    return SourceOutcome(
        source_id,
        outcomes,
        read_documents=fetched.read,
        unread_documents=fetched.unread,
        reread_documents=rechecked.reread,
        edited_documents=rechecked.edited,
        gone_documents=rechecked.gone,
        new_evidence=screened.evidence,
        new_alerts=screened.alerts + rechecked.alerts,
    )


def _read_documents(
    run: CollectRun, source: Source, poll: int, outcomes: Sequence[PollOutcome], on_step: OnStep
) -> tuple[FetchOutcome, RecheckOutcome]:
    """Read what waits at a source: documents that were never read, then those due to be read again."""
    intake, standings = run.intake, run.poller.standings
    fetched, rechecked = FetchOutcome(0, 0), RecheckOutcome()
    if not standings.of(source.id).planned and restore_schedule(intake.ledger, source):
        standings.forget(source.id)
    if standings.of(source.id).unread or any(outcome.new_documents for outcome in outcomes):
        fetched = fetch_documents(intake, source, poll, on_step)
        standings.forget(source.id)
    ended_by = partial(run.poller.windows.ended, source.id)
    if _answers(outcomes) and schedule_closing_looks(intake.ledger, ended_by, source):
        standings.forget(source.id)
    if _answers(outcomes) and standings.of(source.id).due:
        rechecked = recheck_documents(intake, source, poll, on_step)
    return fetched, rechecked


def _screen(run: CollectRun, *, anything_read: bool) -> ScreeningOutcome:
    """Match what was read; at first also what a run that was killed may have left."""
    if run.screened and not anything_read:
        return ScreeningOutcome(0, 0)
    run.screened = True
    return screen(run.intake.ledger, run.intake.reader, after_the_last=True)


def _answers(outcomes: Sequence[PollOutcome]) -> bool:
    """Whether the publisher gave a page to any poll: where none came, its documents are left in peace."""
    return any(o.failure is None or o.failure.family == "unrecognised" for o in outcomes)


def _poll(
    poller: Poller, source: Source, routes: Sequence[Route], span: DateRange, on_step: OnStep
) -> list[tuple[PollOutcome, int]]:
    """Poll routes one after the other; what came of each, and the number under which it is on record."""
    recorded: list[tuple[PollOutcome, int]] = []
    for n, route in enumerate(routes):
        on_step(f"{source.id}: {route.id}", n, len(routes))
        recorded += _read(poller, source, route, span)
    return recorded


def _read(poller: Poller, source: Source, route: Route, span: DateRange) -> list[tuple[PollOutcome, int]]:
    """Poll a route. Where a sweep failed, the newest is read even so: old pages must not hide it."""
    gathered = gather_poll(poller, source, route, span)
    recorded = [record_gathered_poll(poller, gathered)]
    swept = gathered.start.plan.asked is not None and not span.asks
    if swept and gathered.failure is not None and not route.on_demand:
        recorded.append(record_gathered_poll(poller, gather_poll(poller, source, route, span)))
    return recorded


def _further(
    poller: Poller, source: Source, routes: Sequence[str] | None, on_step: OnStep
) -> Iterator[tuple[PollOutcome, int]]:
    """After the ordinary polls: archives, where a window that ends has gaps; and canaries that are due."""
    if routes is None:
        yield from _poll(poller, source, _archives_due(poller, source), DateRange(), on_step)
    for route, span in _canaries_due(poller, source, routes):
        on_step(f"{source.id}: {route.id}, a canary of {span.since}", 0, 1)
        sought = next(day_of(c, source) for c in route.canaries if c.published_on == span.since)
        yield record_gathered_poll(poller, gather_poll(poller, source, route, span, sought=sought))


def _archives_due(poller: Poller, source: Source) -> tuple[Route, ...]:
    if not any(route.on_demand for route in source.routes):
        return ()
    with poller.ledger.reading() as (db, now):
        return routes_to_backfill(db, poller.windows, source, now, on_demand=True)


def _canaries_due(
    poller: Poller, source: Source, routes: Sequence[str] | None
) -> list[tuple[Route, DateRange]]:
    """The days on which canaries stand that were not looked for within their time."""
    kept = [r for r in source.live_routes if r.canaries and (routes is None or r.id in routes)]
    if not kept:
        return []
    with poller.ledger.reading() as (db, now):
        checks = canaries.latest_canary_checks(db, now, [source.id])
        looked = {(k.route, k.canary): k.known_at for k in checks}
        due = [
            (route, DateRange(canary.published_on, canary.published_on))
            for route in kept
            for canary in route.canaries
            if day_of(canary, source).until_at + source.lag <= now
            and _is_due(looked.get((route.id, canary.document)), route, now)
            and not _was_asked(db, source, route, canary, now)
        ]
    return list(dict.fromkeys(due))


def _is_due(looked_at: datetime | None, route: Route, now: datetime) -> bool:
    return looked_at is None or now - looked_at >= route.canary_every


def _was_asked(db: Connection, source: Source, route: Route, canary: Canary, now: datetime) -> bool:
    """Whether the route was asked a short while ago and could not answer: a look would stand on record."""
    day = day_of(canary, source)
    return claims.last_asked_for(db, source.id, route.id, day.from_at, now - LOOK_AGAIN_AFTER) is not None
