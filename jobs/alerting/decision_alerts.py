"""A decision → what tells it: the alert of the verdict that it changed, or one of its own."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from servanda.alerts.payloads.decision_payloads import ConditionRecorded
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.parts import DecisionBrief
from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.verdict_changes import VerdictChange, reports_condition_decision
from servanda.compliance.vocabulary import Condition, Verdict
from servanda.jobs.alerting.payload_parts import commitment_of, instrument_brief, window_brief
from servanda.jobs.alerting.window_alerts import window_alert
from servanda.models.alerts.alerts import NewAlert
from servanda.models.findings import verdicts as findings
from servanda.models.findings.verdicts import Decision


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """A decision that was recorded in this transaction; ``before``: the condition that stood before it."""

    decision: Decision
    id: int
    before: Condition

    @property
    def evidence(self) -> int | None:
        """The evidence that was decided on."""
        kind, _, number = self.decision.subject.partition(":")
        return int(number) if kind == "evidence" else None

    @property
    def window(self) -> str | None:
        """The window whose condition was decided on."""
        kind, _, window = self.decision.subject.partition(":")
        return window if kind == "window" else None

    @property
    def brief(self) -> DecisionBrief:
        decision = self.decision
        return DecisionBrief(
            on="condition" if self.evidence is None else "evidence",
            value=decision.value,  # type: ignore[arg-type]
            by=decision.by,
            reason=decision.reason,
            at=decision.known_at,
            evidence=self.evidence,
        )


def record_decision_to_tell(db: Connection, decision: Decision) -> RecordedDecision:
    """Record a decision, to be told in the same transaction."""
    window = decision.subject.removeprefix("window:")
    before = findings.conditions(db, decision.known_at).get(window, Condition.UNKNOWN)
    return RecordedDecision(decision, findings.record_decision(db, decision), before)


def deciding_brief(
    recorded: RecordedDecision | None,
    change: VerdictChange | None,
    previous: Verdict | None,
    verdict: Verdict,
) -> DecisionBrief | None:
    """The decision, where it is what made the change of a verdict; None where time or knowledge did."""
    if recorded is None or change is None or previous is None:
        return None
    if recorded.window == verdict.window and reports_condition_decision(change, previous, verdict):
        return recorded.brief
    concerned = (*verdict.accepted, *previous.accepted, *previous.candidates)
    answers = change.kind in ("final_word", "correction")
    return recorded.brief if answers and recorded.evidence in concerned else None


def condition_alert(
    instrument: Instrument, window: Window, verdict: Verdict, recorded: RecordedDecision
) -> NewAlert:
    """That somebody recorded a condition; one for each decision."""
    payload = ConditionRecorded(
        instrument=instrument_brief(instrument),
        commitment=commitment_of(instrument, window),
        window=window_brief(window, verdict),
        decision=recorded.brief,
        condition=verdict.condition,
        previous=recorded.before,
        phase=verdict.phase,
        value=verdict.value,
        final=verdict.final,
    )
    return window_alert(
        AlertKind.CONDITION_RECORDED,
        str(recorded.id),
        payload,
        instrument,
        window,
        cause=("decision", recorded.id),
        now=verdict.as_of,
        effective_at=recorded.decision.known_at,
    )
