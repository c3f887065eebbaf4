"""Record a judgement: verdicts that changed, alerts that are necessary, the next instant of interest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Connection

from servanda.alerts.payloads.parts import DecisionBrief
from servanda.compliance.instrument import Window
from servanda.compliance.verdict_changes import VerdictChange, compare_verdicts
from servanda.compliance.vocabulary import Verdict
from servanda.jobs.alerting import window_alerts as telling
from servanda.jobs.alerting.decision_alerts import RecordedDecision, condition_alert, deciding_brief
from servanda.jobs.judging.judgement import Judgement, effective_at
from servanda.jobs.knowledge.confirmed_routes import confirmed_routes
from servanda.models.alerts import alerts as alert_rows
from servanda.models.alerts.alerts import NewAlert
from servanda.models.findings import verdicts as findings
from servanda.models.polls import polls


class RecordedCounts(NamedTuple):
    """How many verdicts changed, and how many alerts came of it."""

    changed: int
    new_alerts: int


def record_judgement(
    db: Connection, judgement: Judgement, decision: RecordedDecision | None, after_days: Sequence[int]
) -> RecordedCounts:
    """Record what is new of a judgement, in the transaction in which it was gathered.

    ``decision``: a person's, recorded in the same transaction.
    """
    now, instrument = judgement.knowledge.as_of, judgement.instrument
    is_new = polls.begin_monitoring(db, instrument.id, now)
    recording = _Recording(db, judgement, is_new, confirmed_routes(db, now), decision)
    alerts = [one for window, verdict in judgement.windows for one in recording.alerts_of(window, verdict)]
    alerts += recording.baseline()
    review = judgement.review_reminder(db, after_days)
    new = sum(alert_rows.record_alert(db, alert) for alert in (*alerts, review) if alert is not None)
    findings.set_window_clock(db, tuple(judgement.clock(after_days).items()))
    changed = sum(judgement.is_changed(window, verdict) for window, verdict in judgement.windows)
    return RecordedCounts(changed, new)


@dataclass(frozen=True)
class _Recording:
    """``is_new``: nobody watched the instrument before. ``confirmed``: the routes that people confirmed."""

    db: Connection
    judgement: Judgement
    is_new: bool
    confirmed: frozenset[str]
    decision: RecordedDecision | None

    def alerts_of(self, window: Window, verdict: Verdict) -> list[NewAlert | None]:
        """Record the verdict on a window if it changed; the alerts that are necessary now."""
        judgement = self.judgement
        if not judgement.is_changed(window, verdict):
            row = judgement.before[window.id].last.id
            return [self._condition(window, verdict, None), judgement.reminder(window, verdict, row)]
        previous = judgement.previous(window)
        change = compare_verdicts(previous, verdict, baseline=self.is_new)
        row = findings.record_verdict(
            self.db,
            verdict,
            catalogue=judgement.catalogue.digest,
            effective_at=change.effective_at if change else effective_at(previous, verdict),
            now=judgement.knowledge.as_of,
        )
        decided = deciding_brief(self.decision, change, previous, verdict)
        return [
            self._change(window, verdict, change, row, decided) if change else None,
            self._condition(window, verdict, decided),
            judgement.reminder(window, verdict, row),
        ]

    def _change(
        self, window: Window, verdict: Verdict, change: VerdictChange, row: int, decided: DecisionBrief | None
    ) -> NewAlert:
        judgement = self.judgement
        of, knowledge = (judgement.catalogue, judgement.instrument, window), judgement.knowledge
        if change.kind == "window_opened":
            return telling.opened_alert(*of, verdict, change, knowledge, row, self.confirmed)
        previous = judgement.previous(window)
        return telling.verdict_alert(*of, previous, verdict, change, knowledge, row, decided)

    def _condition(self, window: Window, verdict: Verdict, decided: DecisionBrief | None) -> NewAlert | None:
        """The alert of a decision on the window's condition, unless the verdict's alert tells it."""
        made = self.decision
        if made is None or made.window != window.id or decided is not None or self.is_new:
            return None
        return condition_alert(self.judgement.instrument, window, verdict, made)

    def baseline(self) -> list[NewAlert | None]:
        """What already stands, told once when monitoring begins."""
        if not self.is_new:
            return []
        of = self.judgement
        return [
            telling.monitoring_alert(
                of.catalogue, of.instrument, of.verdicts, of.knowledge, 0, self.confirmed
            )
        ]
