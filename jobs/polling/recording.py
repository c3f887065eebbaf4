"""Record one poll, in one transaction: exchanges, items, coverage, what the next poll needs, alerts.

The transaction begins after the exchanges, and gives all that it records one instant.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from servanda.compliance.clocks import TOLERANCE
from servanda.compliance.intervals import Interval
from servanda.compliance.recheck_times import GONE_RECHECK_AFTER
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.documents.archiving import archive_exchange, archive_exchanges
from servanda.jobs.documents.observations import record_gone
from servanda.jobs.polling.cadence import PollingWindows, cadence_for_windows
from servanda.jobs.polling.clock_checks import record_look
from servanda.jobs.polling.coverage_claims import KnownCoverage
from servanda.jobs.polling.health_alerts import record_health_alerts
from servanda.jobs.polling.poll import GatheredPoll, PollOutcome, summarise_poll
from servanda.jobs.polling.poller import Poller
from servanda.models.documents import identity, listings
from servanda.models.documents import recheck_queue as reread
from servanda.models.documents.identity import IdentifiedDocuments
from servanda.models.polls import canaries, polls
from servanda.models.polls.clock_readings import set_misdated_aside
from servanda.models.polls.polls import ExchangeRecord, PollRecord
from servanda.models.polls.route_distrust import record_distrust
from servanda.models.polls.route_state import RouteState, save_route_state, save_route_times
from servanda.scrapers.route_reading import RouteReading, Unchanged

log = logging.getLogger(__name__)

RETRY_AFTER = timedelta(hours=1)
"""A route that failed is tried again after this, or after its cadence if that is shorter."""

SLACK = 0.05
"""A route is due a little before its cadence has passed, so that a daily run stays within its day."""


@dataclass(frozen=True, slots=True)
class _RecordedReading:
    """A poll on record: its number, its items' documents, and which of them are listed anew."""

    poll: int
    identified: IdentifiedDocuments
    listed_anew: list[int]


GoneExchange = tuple[int, ExchangeRecord]
"""A document, and the exchange by which its own page says that it is gone."""


def record_gathered_poll(poller: Poller, gathered: GatheredPoll) -> tuple[PollOutcome, int]:
    """Keep one poll; what came of it, and the number under which it is on record."""
    placed, gone = _archive(poller, gathered)
    if gathered.is_misdated:
        return _record_misdated(poller, gathered, placed)
    was_blind = poller.standings.was_told_blind(gathered.start.source.id)
    with poller.ledger.writing() as (db, now):
        _record_clocks(db, now, gathered)
        recorded = _record_reading(db, now, poller.catalogue, gathered)
        poll, listed_anew = recorded.poll, recorded.listed_anew
        reread.read_whole(db, listed_anew, now)
        _record_distrust(db, now, gathered, recorded)
        for exchange in placed:
            polls.record_exchange(db, poll, None, exchange)
        for document, exchange in gone:
            _record_gone(db, now, poller.catalogue, poll, document, exchange)
        _record_coverage(db, now, poll, gathered)
        _save_state(db, now, poller.windows, gathered)
        told = _record_health(db, now, poller.catalogue, gathered, poll, was_blind=was_blind)
    if told or listed_anew:
        poller.standings.forget(gathered.start.source.id)
    return summarise_poll(gathered, recorded.identified.new), poll


def _record_misdated(
    poller: Poller, gathered: GatheredPoll, placed: list[ExchangeRecord]
) -> tuple[PollOutcome, int]:
    """Keep a poll of which our clock is not believed: that it was, what was answered, and what clocks said.

    Nothing is planned or told by it: its instants may be years off.
    """
    with poller.ledger.writing() as (db, now):
        if gathered.look is not None:
            record_look(db, gathered.look)
        recorded = _record_reading(db, now, poller.catalogue, gathered)
        for exchange in placed:
            polls.record_exchange(db, recorded.poll, None, exchange)
    return summarise_poll(gathered), recorded.poll


def _record_clocks(db: Connection, now: datetime, gathered: GatheredPoll) -> None:
    """Record what clocks said; what was dated later than a clock that is believed is set aside."""
    if gathered.look is None:
        return
    record_look(db, gathered.look)
    if gathered.look.judgement.is_trusted and set_misdated_aside(db, now + TOLERANCE, now):
        log.warning("a wrong clock had dated readings later than %s: what they covered is set aside", now)


def _archive(poller: Poller, gathered: GatheredPoll) -> tuple[list[ExchangeRecord], list[GoneExchange]]:
    ledger, archive, start = poller.ledger, poller.archive, gathered.start
    asked_for = start.source.id, start.route.id
    placed = archive_exchanges(ledger, archive, gathered.exchanges, asked_for, start.answers)
    gone = [(document, archive_exchange(ledger, archive, seen)) for document, seen in gathered.check.gone]
    return placed, gone


def _record_reading(
    db: Connection, now: datetime, catalogue: Catalogue, gathered: GatheredPoll
) -> _RecordedReading:
    """Record the attempt and the items that it showed."""
    source, route = gathered.start.source, gathered.start.route
    result, items = gathered.result, gathered.items
    identified = identity.identify_items(db, source.id, items, now)
    record = PollRecord(
        source=source.id,
        route=route.id,
        started_at=gathered.start.at,
        finished_at=now,
        outcome=gathered.outcome,
        failure=gathered.failure,
        pages=result.pages if isinstance(result, RouteReading) else 0,
        items=len(items),
        new_documents=identified.new,
        catalogue=catalogue.digest,
        asked=gathered.start.plan.asked,
    )
    poll = polls.record_poll(db, record)
    listed_anew = listings.record_listings(
        db, poll, identified.documents, items, now, route=route.id, first_stands=route.first_date_stands
    )
    canaries.record_canary_checks(db, poll, gathered.check.looks, now)
    return _RecordedReading(poll, identified, listed_anew)


def _record_distrust(
    db: Connection, now: datetime, gathered: GatheredPoll, recorded: _RecordedReading
) -> None:
    """Record where a full reading shows that "unchanged" was wrong: new items that stood there then."""
    state, start = gathered.start.state, gathered.start
    if state is None or state.unchanged_at is None or not state.items or gathered.failure is not None:
        return
    until_at, oldest = state.unchanged_at - start.source.lag, min(p.interval.from_at for p in state.items)
    missed = [
        item.title
        for item, document in zip(gathered.items, recorded.identified.documents, strict=True)
        if document in recorded.identified.added
        and oldest <= item.published.interval.from_at
        and item.published.interval.until_at < until_at
    ]
    if missed:
        why = f"it said that nothing had changed, and {len(missed)} older items were new after: {missed[0]}"
        record_distrust(db, start.source.id, start.route.id, recorded.poll, why[:500], now)


def _record_gone(
    db: Connection, now: datetime, catalogue: Catalogue, poll: int, document: int, exchange: ExchangeRecord
) -> None:
    number = polls.record_exchange(db, poll, document, exchange)
    record_gone(db, catalogue, document, number, exchange.at, now=now)
    reread.due_later(db, document, exchange.at + GONE_RECHECK_AFTER)  # else it may be asked again at once


def _record_coverage(db: Connection, now: datetime, poll: int, gathered: GatheredPoll) -> None:
    """Record what the poll covers and nothing covered before; for the rest its poll is record enough."""
    source, route = gathered.start.source.id, gathered.start.route.id
    for covered in gathered.proof.covered:
        if not _is_covered(db, source, covered.interval, gathered.start.known, now):
            polls.record_coverage(db, poll, source, route, covered.interval, covered.basis, now)


def _is_covered(
    db: Connection, source: str, interval: Interval, known: KnownCoverage | None, now: datetime
) -> bool:
    """Whether nothing in an interval is new. What was covered when the poll began is covered still."""
    if known is not None and known.reaches(interval):
        return known.covered.includes(interval)
    return polls.coverage_of_source(db, source, now, since=interval.from_at).includes(interval)


def _save_state(db: Connection, now: datetime, windows: PollingWindows, gathered: GatheredPoll) -> None:
    """Save what the next poll of this route will need."""
    source, route = gathered.start.source.id, gathered.start.route.id
    result, before = gathered.result, gathered.start.state
    next_due = _next_due(windows, gathered, now)
    failing = gathered.failure is not None
    if isinstance(result, RouteReading) and not failing:
        save_route_state(
            db, source, route, _state_after(result, before, now, gathered.start.read_at, next_due)
        )
        return
    kept = before or RouteState(None, None, (), False, None, None, None, next_due)
    unchanged_at = (
        gathered.start.read_at if isinstance(result, Unchanged) and not failing else kept.unchanged_at
    )
    state = replace(
        kept,
        unchanged_at=unchanged_at,
        last_valid_at=kept.last_valid_at if failing else now,
        failing_since=(kept.failing_since or gathered.start.at) if failing else None,
        next_due_at=next_due,
    )
    save = save_route_state if before is None else save_route_times
    save(db, source, route, state)


def _next_due(windows: PollingWindows, gathered: GatheredPoll, now: datetime) -> datetime:
    start = gathered.start
    near = windows.current(start.source.id, now)
    wait = cadence_for_windows(start.route.cadence, near, now) * (1 - SLACK)
    return start.at + (wait if gathered.failure is None else min(wait, RETRY_AFTER))


def _state_after(
    reading: RouteReading, before: RouteState | None, now: datetime, read_at: datetime, next_due: datetime
) -> RouteState:
    return RouteState(
        etag=reading.validators.etag,
        last_modified=reading.validators.last_modified,
        items=tuple(item.published for item in reading.items),
        reached_end=reading.reached_end,
        newest_at=_later(newest_at(reading), before.newest_at if before else None),
        last_valid_at=now,
        failing_since=None,
        next_due_at=next_due,
        read_whole_at=read_at,
    )


def newest_at(reading: RouteReading) -> datetime | None:
    """The publication time of the newest item."""
    return max((item.published.interval.from_at for item in reading.items), default=None)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(one, other) if one and other else one or other


def _record_health(
    db: Connection,
    now: datetime,
    catalogue: Catalogue,
    gathered: GatheredPoll,
    poll: int,
    *,
    was_blind: bool,
) -> int:
    """Write the alert of a source that goes blind or recovers: neither can come of a valid poll of one that
    was not blind."""
    failed = gathered.failure is not None
    if not failed and not was_blind:
        return 0
    start = gathered.start
    return record_health_alerts(db, catalogue, start.source, start.route, poll, failed=failed, now=now)
