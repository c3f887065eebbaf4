"""Judge every window, record what changed, and write the alerts that the changes make necessary.

Facts, verdict, alert and the next instant of interest go into one transaction, so that a run killed in the
middle and started again ends in the same state, and a run that finds nothing new writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from compliance.changes import compare, reminder_due
from compliance.vocabulary import ENDED_PHASES, Instrument, Verdict, Window
from compliance.windows import next_instant
from jobs import telling
from jobs.confirming import confirmed_routes
from jobs.facts import Knowledge, known_at, verdict_of
from jobs.screening import screen
from jobs.wiring import Wiring
from models import alert_rows, findings, polls


@dataclass(frozen=True, slots=True)
class AssessOutcome:
    """How many verdicts changed, how many alerts came of it, and a line for each window."""

    changed: int
    new_alerts: int
    lines: tuple[str, ...]


def assess(
    wiring: Wiring, *, instrument: str | None = None, as_of: datetime | None = None, dry_run: bool = False
) -> AssessOutcome:
    """Judge the windows of one instrument or of all.

    ``as_of`` asks about the past: what was to be said with what was known then. Like ``dry_run`` it stores
    nothing.
    """
    if as_of is not None or dry_run:
        with wiring.store.reading() as db:
            knowledge = known_at(db, wiring.catalogue, as_of or wiring.now)
        windows = [w for i in _instruments(wiring, instrument) for w in i.windows]
        verdicts = [verdict_of(knowledge, wiring.catalogue, window) for window in windows]
        return AssessOutcome(0, 0, tuple(line(v) for v in verdicts))
    screened = screen(wiring)
    changed, alerts = 0, screened.alerts
    lines: list[str] = []
    for one in _instruments(wiring, instrument):
        with wiring.store.writing() as db:
            outcome = _assess_instrument(db, wiring, one)
        changed += outcome.changed
        alerts += outcome.new_alerts
        lines += outcome.lines
    return AssessOutcome(changed, alerts, tuple(lines))


def line(verdict: Verdict) -> str:
    """A verdict in one line."""
    final = "final" if verdict.final else "not final"
    return f"{verdict.window}: {verdict.phase}, {verdict.value} ({final}): {verdict.reasons[0]}"


def _instruments(wiring: Wiring, chosen: str | None) -> tuple[Instrument, ...]:
    catalogue = wiring.catalogue
    return catalogue.instruments if chosen is None else (catalogue.instrument(chosen),)


def _assess_instrument(db: Connection, wiring: Wiring, instrument: Instrument) -> AssessOutcome:
    now = wiring.now
    knowledge = known_at(db, wiring.catalogue, now)
    verdicts = [verdict_of(knowledge, wiring.catalogue, w) for w in instrument.windows]
    is_new = polls.begin_monitoring(db, instrument.id, now)
    changed = alerts = 0
    for window, verdict in zip(instrument.windows, verdicts, strict=True):
        told = _assess_window(db, wiring, instrument, window, verdict, knowledge)
        changed += told.changed
        alerts += told.new_alerts
    if is_new:
        alerts += alert_rows.record_alert(
            db,
            telling.monitoring_alert(
                wiring.catalogue, instrument, verdicts, knowledge, 0, confirmed_routes(db, now)
            ),
        )
    return AssessOutcome(changed, alerts, tuple(line(v) for v in verdicts))


def _assess_window(
    db: Connection,
    wiring: Wiring,
    instrument: Instrument,
    window: Window,
    verdict: Verdict,
    knowledge: Knowledge,
) -> AssessOutcome:
    before = findings.last_verdict(db, window.id)
    terms = tuple(wiring.catalogue.source(s).terms for s in window.sources)
    findings.set_window_clock(db, [(window.id, next_instant(window, terms, knowledge.as_of))])
    alerts = 0
    if before is None or comparable(before.verdict) != comparable(verdict):
        previous = before.verdict if before else None
        change = compare(previous, verdict)
        row = findings.record_verdict(
            db,
            verdict,
            catalogue=wiring.catalogue.digest,
            effective_at=change.effective_at if change else effective_at(previous, verdict),
            now=knowledge.as_of,
        )
        if change is not None:
            alert = telling.verdict_alert(
                wiring.catalogue, instrument, window, previous, verdict, change, knowledge, row
            )
            alerts += alert_rows.record_alert(db, alert)
        changed = 1
    else:
        row, changed = before.id, 0
    days = reminder_due(window, verdict, polls.monitored_since(db)[instrument.id])
    if days is not None:
        alert = telling.closing_alert(wiring.catalogue, instrument, window, verdict, days, knowledge, row)
        alerts += alert_rows.record_alert(db, alert)
    return AssessOutcome(changed, alerts, ())


def comparable(verdict: Verdict) -> Verdict:
    """A verdict without what changes by merely asking again: the moment, and coverage of an open window."""
    still_open = verdict.phase not in ENDED_PHASES
    return replace(verdict, as_of=verdict.due_at, coverage=() if still_open else verdict.coverage)


def effective_at(previous: Verdict | None, verdict: Verdict) -> datetime:
    """When a verdict became true: at a boundary if time passed one, else when the facts became known."""
    boundaries = (verdict.opens_at, verdict.due_at, verdict.settles_at)
    if previous is None:
        return verdict.as_of
    passed = [at for at in boundaries if previous.as_of < at <= verdict.as_of]
    return max(passed, default=verdict.as_of)
