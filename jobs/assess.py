"""Judge every window, record what changed, and write the alerts that the changes make necessary.

Facts, verdict, alert and the next instant of interest go into one transaction, so that a run killed in the
middle and started again ends in the same state, and a run that finds nothing new writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from servanda.alerts.payloads.parts import DecisionBrief
from servanda.compliance.review_reminders import WaitingEvidence, next_review
from servanda.compliance.verdict_changes import VerdictChange, compare_verdicts, reminder_due
from servanda.compliance.vocabulary import ENDED_PHASES, Instrument, Verdict, Window
from servanda.compliance.windows import next_instant
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.alerting import window_alerts as telling
from servanda.jobs.alerting.decision_alerts import RecordedDecision, condition_alert, record_decision_to_tell
from servanda.jobs.alerting.decision_alerts import deciding_brief as changed_by
from servanda.jobs.alerting.review_alerts import evidence_awaiting_review, review_alert
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.documents.document_reader import DocumentReader
from servanda.jobs.knowledge.confirmed_routes import confirmed_routes
from servanda.jobs.knowledge.snapshot import Knowledge, load_knowledge, verdict_of
from servanda.jobs.matching.screening import screen
from servanda.models.alerts import alerts as alert_rows
from servanda.models.alerts.alerts import NewAlert
from servanda.models.findings import verdicts as findings
from servanda.models.findings.verdicts import Decision
from servanda.models.polls import polls


@dataclass(frozen=True, slots=True)
class AssessOutcome:
    """How many verdicts changed, how many alerts came of it, and a line for each window."""

    changed: int
    new_alerts: int
    lines: tuple[str, ...]


def assess(
    wiring: Wiring,
    *,
    instrument: str | None = None,
    as_of: datetime | None = None,
    dry_run: bool = False,
    decision: Decision | None = None,
) -> AssessOutcome:
    """Judge the windows of one instrument or of all.

    ``as_of`` asks about the past: what was to be said with what was known then. Like ``dry_run`` it stores
    nothing. ``decision``: a person's, to be recorded with what follows from it, about the instrument named.
    """
    if as_of is not None or dry_run:
        with wiring.store.reading() as db:
            knowledge = load_knowledge(db, wiring.catalogue, as_of or wiring.now)
        windows = [w for i in _instruments(wiring, instrument) for w in i.windows]
        verdicts = [verdict_of(knowledge, wiring.catalogue, window) for window in windows]
        return AssessOutcome(0, 0, tuple(verdict_line(v) for v in verdicts))
    reader = DocumentReader(wiring.archive, wiring.article_reader, wiring.catalogue)
    screened = screen(wiring.ledger, reader)
    changed, alerts = 0, screened.alerts
    lines: list[str] = []
    for one in _instruments(wiring, instrument):
        with wiring.store.writing() as db:
            made = record_decision_to_tell(db, decision) if decision is not None else None
            outcome = _assess_instrument(db, wiring, one, made)
        changed += outcome.changed
        alerts += outcome.new_alerts
        lines += outcome.lines
    return AssessOutcome(changed, alerts, tuple(lines))


def verdict_line(verdict: Verdict) -> str:
    """A verdict in one line."""
    final = "final" if verdict.final else "not final"
    return f"{verdict.window}: {verdict.phase}, {verdict.value} ({final}): {verdict.reasons[0]}"


def _instruments(wiring: Wiring, chosen: str | None) -> tuple[Instrument, ...]:
    catalogue = wiring.catalogue
    return catalogue.instruments if chosen is None else (catalogue.instrument(chosen),)


def _assess_instrument(
    db: Connection, wiring: Wiring, instrument: Instrument, made: RecordedDecision | None
) -> AssessOutcome:
    now, days = wiring.now, wiring.settings.review_after
    knowledge = load_knowledge(db, wiring.catalogue, now)
    verdicts = [verdict_of(knowledge, wiring.catalogue, w) for w in instrument.windows]
    is_new = polls.begin_monitoring(db, instrument.id, now)
    confirmed = confirmed_routes(db, now)
    judging = _Judging(db, wiring.catalogue, instrument, knowledge, is_new, confirmed, made)
    changed, alerts = 0, list[NewAlert]()
    for window, verdict in zip(instrument.windows, verdicts, strict=True):
        is_changed, told = judging.judged(window, verdict)
        changed += is_changed
        alerts += told
    if is_new:
        alerts.append(
            telling.monitoring_alert(wiring.catalogue, instrument, verdicts, knowledge, 0, confirmed)
        )
    waits = evidence_awaiting_review(db, instrument, verdicts, knowledge)
    reminder = review_alert(db, wiring.catalogue, instrument, waits, days, knowledge.as_of)
    new = sum(alert_rows.record_alert(db, alert) for alert in (*alerts, reminder) if alert is not None)
    findings.set_window_clock(db, judging.clock([one for _, one in waits], days))
    return AssessOutcome(changed, new, tuple(verdict_line(v) for v in verdicts))


@dataclass(frozen=True)
class _Judging:
    """What the windows of an instrument are judged with, in one transaction.

    ``is_new``: nobody watched the instrument before. ``made``: the decision that was recorded with it.
    """

    db: Connection
    catalogue: Catalogue
    instrument: Instrument
    knowledge: Knowledge
    is_new: bool
    confirmed: frozenset[str]
    made: RecordedDecision | None

    def judged(self, window: Window, verdict: Verdict) -> tuple[bool, list[NewAlert]]:
        """Record the verdict if it changed; whether it did, and the alerts that are necessary now."""
        before = findings.last_verdict(self.db, window.id)
        if before is not None and comparable(before.verdict) == comparable(verdict):
            told = [*self._condition(window, verdict, None), *self._reminder(window, verdict, before.id)]
            return False, told
        previous = before.verdict if before else None
        change = compare_verdicts(previous, verdict, baseline=self.is_new)
        row = findings.record_verdict(
            self.db,
            verdict,
            catalogue=self.catalogue.digest,
            effective_at=change.effective_at if change else effective_at(previous, verdict),
            now=self.knowledge.as_of,
        )
        decision = changed_by(self.made, change, previous, verdict)
        told = [self._change(window, verdict, previous, change, row, decision)] if change else []
        told += self._condition(window, verdict, decision)
        return True, [*told, *self._reminder(window, verdict, row)]

    def _change(
        self,
        window: Window,
        verdict: Verdict,
        previous: Verdict | None,
        change: VerdictChange,
        row: int,
        decision: DecisionBrief | None,
    ) -> NewAlert:
        of = (self.catalogue, self.instrument, window)
        if change.kind == "window_opened":
            return telling.opened_alert(*of, verdict, change, self.knowledge, row, self.confirmed)
        return telling.verdict_alert(*of, previous, verdict, change, self.knowledge, row, decision)

    def _condition(self, window: Window, verdict: Verdict, told: DecisionBrief | None) -> list[NewAlert]:
        """The alert of a decision on the window's condition, unless the verdict's alert tells it."""
        made = self.made
        if made is None or made.window != window.id or told is not None or self.is_new:
            return []
        return [condition_alert(self.instrument, window, verdict, made)]

    def _reminder(self, window: Window, verdict: Verdict, row: int) -> list[NewAlert]:
        since = findings.first_judged_at(self.db, window.id) or self.knowledge.as_of
        days = reminder_due(window, verdict, since)
        if days is None:
            return []
        of = (self.catalogue, self.instrument, window)
        return [telling.closing_alert(*of, verdict, days, self.knowledge, row)]

    def clock(
        self, waits: Sequence[WaitingEvidence], after_days: Sequence[int]
    ) -> list[tuple[str, datetime | None]]:
        """For each window the next instant at which time alone changes an answer or calls for a mail."""
        now = self.knowledge.as_of
        found = []
        for window in self.instrument.windows:
            terms = tuple(self.catalogue.source(s).terms for s in window.sources)
            theirs = [one for one in waits if one.window in (window.id, None)]
            instants = (next_instant(window, terms, now), next_review(theirs, after_days, now))
            found.append((window.id, min((at for at in instants if at is not None), default=None)))
        return found


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
