"""One scheduled or asked-for round of work, in the steps that a scheduler runs and may run again.

A round's steps hand on names and dates, never findings: what was found is read from the ledgers.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from servanda.compliance.vocabulary import ENDED_PHASES, Verdict, VerdictValue
from servanda.jobs.assess import AssessOutcome, assess
from servanda.jobs.bootstrap.progress import OnStep, no_progress
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.collect import SourceOutcome, collect_source, due_sources
from servanda.jobs.polling.host_locks import HostBusy, hold_hosts, hosts_of
from servanda.jobs.scheduling.requests import CollectRequest, read_assess, read_collect
from servanda.models.alerts import alerts as alert_rows
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings import verdicts as findings
from servanda.models.polls import polls
from servanda.models.store import redact_url

log = logging.getLogger(__name__)

TRIED_AGAIN = timedelta(seconds=15)
"""After which an order is tried again whose host another run reads."""

Order = dict[str, Any]
"""What one source is to be read for; plain JSON: source, routes, since, until, dry_run, asked_at."""

DAILY_AT = time(5, 17)
"""At this time (UTC) the scheduled round reads every source; at the others, those that are due."""


@dataclass(frozen=True, slots=True)
class PendingWork:
    """What the next steps should know of: hints, for they read the ledgers themselves."""

    evidence: int
    undecided: tuple[str, ...]
    alerts: int

    @property
    def calls_for_assessment(self) -> bool:
        return bool(self.evidence or self.undecided)


def plan_run(
    wiring: Wiring,
    asked: Mapping[str, Any],
    scheduled_at: datetime | None,
    asked_at: datetime | None = None,
) -> list[Order]:
    """The orders of a round. ``scheduled_at`` None: somebody asked for it, at ``asked_at``.

    What another run has read since it was asked for is left out: of requests that wait, one reads for all.

    Asked for: the sources named, or all. Scheduled: once a day all, else those with routes that are due, so
    that each route is read as often as its cadence says. UsageError for what cannot be asked.
    """
    refuse_replay(wiring)
    request = read_collect(asked, wiring.catalogue)
    chosen = request.chosen(wiring.catalogue)
    if scheduled_at is not None and scheduled_at.astimezone(UTC).time() != DAILY_AT:
        return [_order(request, source, routes, None) for source, routes in due_sources(wiring).items()]
    every = [s.id for s in wiring.catalogue.sources if s.live_routes or request.since or request.until]
    orders = [_order(request, source, None, asked_at) for source in chosen or every]
    return [order for order in orders if not is_done(wiring, order)]


def _order(
    request: CollectRequest, source: str, routes: tuple[str, ...] | None, asked_at: datetime | None
) -> Order:
    asked = request.model_dump(mode="json", include={"since", "until", "dry_run"})
    when = None if asked_at is None else asked_at.isoformat()
    return {"source": source, "routes": None if routes is None else list(routes), **asked, "asked_at": when}


def is_done(wiring: Wiring, order: Order) -> bool:
    """Whether another run has read all that is ordered since it was asked for; days and dry runs never."""
    if order["asked_at"] is None or order["routes"] or order["since"] or order["until"] or order["dry_run"]:
        return False
    asked_at, source = datetime.fromisoformat(order["asked_at"]), wiring.catalogue.source(order["source"])
    with wiring.ledger.reading() as (db, now):
        last = polls.last_polls(db, now)
    found = [last.get((source.id, route.id)) for route in source.live_routes]
    return bool(found) and all(poll is not None and poll.started_at >= asked_at for poll in found)


def run_order(wiring: Wiring, order: Order, on_step: OnStep = no_progress) -> SourceOutcome:
    """Read one source as ordered, unless another run just has; HostBusy where one reads its host."""
    source = wiring.catalogue.source(order["source"])
    hosts = hosts_of(source, order["routes"])
    with hold_hosts(wiring.settings.outbox / "hosts", hosts, wiring.clock):
        if is_done(wiring, order):
            return SourceOutcome(source.id, ())
        return collect_source(
            wiring,
            order["source"],
            routes=order["routes"],
            since=_day(order["since"]),
            until=_day(order["until"]),
            dry_run=order["dry_run"],
            on_step=on_step,
        )


def try_order(wiring: Wiring, order: Order, on_step: OnStep = no_progress) -> SourceOutcome | datetime:
    """The same; when to try again, where another run reads its host."""
    try:
        return run_order(wiring, order, on_step)
    except HostBusy as busy:
        log.info("%s", busy)
        return wiring.now + TRIED_AGAIN


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def assess_run(wiring: Wiring, asked: Mapping[str, Any]) -> AssessOutcome:
    """Judge what was asked for, or everything. UsageError for what cannot be asked."""
    refuse_replay(wiring)
    request = read_assess(asked, wiring.catalogue, wiring.now)
    return assess(wiring, instrument=request.instrument, as_of=request.as_of, dry_run=request.dry_run)


def pending_work_since(wiring: Wiring, at: datetime) -> PendingWork:
    """What has come to be known since ``at``, and what waits for a judgement or for its mail.

    A window is undecided while it was never judged, or has ended and its absence is neither proven nor
    disproven: there, new coverage alone changes the verdict.
    """
    windows = [w.id for i in wiring.catalogue.instruments for w in i.windows]
    with wiring.ledger.reading() as (db, now):
        evidence = evidence_rows.count_evidence_since(db, at, now)
        judged = findings.judged_windows(db, windows)
        unrouted = len(alert_rows.unrouted_alerts(db))
    undecided = tuple(w for w in windows if w not in judged or _is_open_question(judged[w].last.verdict))
    return PendingWork(evidence, undecided, unrouted)


def _is_open_question(verdict: Verdict) -> bool:
    ended = verdict.phase in ENDED_PHASES
    return ended and (not verdict.final or verdict.value is VerdictValue.UNVERIFIED)


def refuse_replay(wiring: Wiring) -> None:
    """A replay's clock stands still, so nothing may be scheduled on it."""
    if wiring.replay:
        raise UsageError(
            f"{redact_url(wiring.settings.database_url)} is a replay, and a schedule needs a live database; "
            "use the command line with --now, or set SERVANDA_DATABASE_URL to a live one"
        )
