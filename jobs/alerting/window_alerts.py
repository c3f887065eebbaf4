"""What changed → the alert that tells it, with everything its mail will say. Decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from servanda.alerts.payloads.alert import to_json
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.monitoring_payloads import NowMonitoring
from servanda.alerts.payloads.parts import DecisionBrief, ReminderBrief, WindowStanding
from servanda.alerts.payloads.payload import Payload
from servanda.alerts.payloads.window_payloads import WindowClosing, WindowOpened, WindowVerdict
from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.verdict_changes import VerdictChange, reminders_of
from servanda.compliance.vocabulary import ACCEPTED_REVIEWS, Review, Verdict
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.alerting.evidence_payload import evidence_payload
from servanda.jobs.alerting.payload_parts import (
    commitment_brief,
    commitment_of,
    coverage_briefs,
    document_briefs,
    flow_brief,
    instrument_brief,
    policy_of,
    reading_briefs,
    source_brief,
    window_brief,
)
from servanda.jobs.knowledge.snapshot import Knowledge
from servanda.models.alerts.alerts import CauseKind, NewAlert
from servanda.models.findings.evidence import EvidenceRow


def new_alert(
    kind: AlertKind,
    key: str,
    payload: Payload,
    *,
    subject: str,
    instrument: str | None,
    cause: tuple[CauseKind, int],
    now: datetime,
    effective_at: datetime | None = None,
) -> NewAlert:
    """An alert to be stored with its cause. ``key`` tells it from others of its kind, for ever."""
    return NewAlert(
        dedup_key=f"{kind.value}:{key}",
        kind=kind.value,
        instrument=instrument,
        subject=subject,
        cause_kind=cause[0],
        cause=cause[1],
        payload=to_json(payload),
        effective_at=effective_at or now,
        known_at=now,
    )


def window_alert(
    kind: AlertKind,
    key: str,
    payload: Payload,
    instrument: Instrument,
    window: Window,
    *,
    cause: tuple[CauseKind, int],
    now: datetime,
    effective_at: datetime | None = None,
) -> NewAlert:
    """An alert about a window. ``key`` tells it from others of its kind about the same window."""
    return new_alert(
        kind,
        f"{window.id}:{key}",
        payload,
        subject=f"window:{window.id}",
        instrument=instrument.id,
        cause=cause,
        now=now,
        effective_at=effective_at,
    )


def monitoring_alert(
    catalogue: Catalogue,
    instrument: Instrument,
    verdicts: Sequence[Verdict],
    knowledge: Knowledge,
    cause: int,
    confirmed: frozenset[str],
) -> NewAlert:
    """The baseline: what already stands. ``confirmed``: the routes that people have confirmed."""
    evidence = [e for e in knowledge.evidence if e.instrument == instrument.id and not e.near_miss]
    candidates = [one for verdict in verdicts for one in verdict.candidates]
    payload = NowMonitoring(
        instrument=instrument_brief(instrument),
        commitments=tuple(commitment_brief(c) for c in instrument.commitments),
        windows=tuple(
            WindowStanding(window_brief(w, v), v.phase, v.value, v.final, v.condition)
            for w, v in zip(instrument.windows, verdicts, strict=True)
        ),
        sources=tuple(source_brief(catalogue, s, confirmed) for s in instrument.sources),
        evidence_waiting=sum(e.review is Review.WAITING for e in evidence),
        evidence_accepted=sum(e.review in ACCEPTED_REVIEWS for e in evidence),
        candidates=document_briefs(catalogue, knowledge, candidates),
    )
    return new_alert(
        AlertKind.NOW_MONITORING,
        instrument.id,
        payload,
        subject=f"instrument:{instrument.id}",
        instrument=instrument.id,
        cause=("monitored", cause),
        now=knowledge.as_of,
    )


def evidence_alert(
    catalogue: Catalogue,
    instrument: Instrument,
    row: EvidenceRow,
    now: datetime,
    repeated: Sequence[EvidenceRow] = (),
    others: Sequence[EvidenceRow] = (),
) -> NewAlert:
    """New evidence for a commitment, or a candidate for a window.

    ``repeated`` says the same elsewhere; ``others`` are what the same document is evidence of besides.
    """
    payload = evidence_payload(catalogue, instrument, row, repeated, others)
    kind = AlertKind.CANDIDATE if row.candidate else AlertKind.NEW_EVIDENCE
    return new_alert(
        kind,
        f"{instrument.id}:{row.commitment}:{row.document}",
        payload,
        subject=f"window:{row.window}" if row.candidate else f"commitment:{row.commitment}",
        instrument=instrument.id,
        cause=("evidence", row.id),
        now=now,
        effective_at=min(now, row.published.interval.from_at),
    )


def opened_alert(
    catalogue: Catalogue,
    instrument: Instrument,
    window: Window,
    verdict: Verdict,
    change: VerdictChange,
    knowledge: Knowledge,
    cause: int,
    confirmed: frozenset[str],
) -> NewAlert:
    """A window is open from now on; told once for each beginning of a window."""
    payload = WindowOpened(
        instrument=instrument_brief(instrument),
        commitment=commitment_of(instrument, window),
        window=window_brief(window, verdict),
        condition=verdict.condition,
        sources=tuple(source_brief(catalogue, s, confirmed) for s in window.sources),
        reminders=tuple(ReminderBrief(days, at) for days, at in reminders_of(window) if at > knowledge.as_of),
        readings=reading_briefs(window, verdict),
        candidates=document_briefs(catalogue, knowledge, verdict.candidates),
        policy=policy_of(verdict),
    )
    return window_alert(
        AlertKind.WINDOW_OPENED,
        verdict.opens_at.isoformat(),
        payload,
        instrument,
        window,
        cause=("verdict", cause),
        now=knowledge.as_of,
        effective_at=change.effective_at,
    )


def closing_alert(
    catalogue: Catalogue,
    instrument: Instrument,
    window: Window,
    verdict: Verdict,
    days: int,
    knowledge: Knowledge,
    cause: int,
) -> NewAlert:
    """The T−``days`` reminder."""
    payload = WindowClosing(
        instrument=instrument_brief(instrument),
        commitment=commitment_of(instrument, window),
        window=window_brief(window, verdict),
        reminder_days=days,
        condition=verdict.condition,
        coverage=coverage_briefs(catalogue, verdict),
        candidates=document_briefs(catalogue, knowledge, verdict.candidates),
        flow=flow_brief(window, verdict),
    )
    return window_alert(
        AlertKind.WINDOW_CLOSING,
        f"{verdict.due_at.isoformat()}:{days}",
        payload,
        instrument,
        window,
        cause=("verdict", cause),
        now=knowledge.as_of,
    )


def verdict_payload(
    catalogue: Catalogue,
    instrument: Instrument,
    window: Window,
    previous: Verdict | None,
    verdict: Verdict,
    knowledge: Knowledge,
    decision: DecisionBrief | None = None,
) -> WindowVerdict:
    """A verdict with everything that is said of it. ``decision``: the one that changed the answer."""
    return WindowVerdict(
        instrument=instrument_brief(instrument),
        commitment=commitment_of(instrument, window),
        window=window_brief(window, verdict),
        phase=verdict.phase,
        value=verdict.value,
        previous=previous.value if previous else None,
        final=verdict.final,
        condition=verdict.condition,
        duties=verdict.duties,
        candidates=document_briefs(catalogue, knowledge, verdict.candidates),
        accepted=document_briefs(catalogue, knowledge, verdict.accepted),
        coverage=coverage_briefs(catalogue, verdict),
        readings=reading_briefs(window, verdict),
        late_by_days=verdict.late_by_days,
        absence_proven=verdict.absence_proven,
        policy=policy_of(verdict),
        greatest_gap=window.greatest_gap,
        decision=decision,
        flow=flow_brief(window, verdict),
    )


def verdict_alert(
    catalogue: Catalogue,
    instrument: Instrument,
    window: Window,
    previous: Verdict | None,
    verdict: Verdict,
    change: VerdictChange,
    knowledge: Knowledge,
    cause: int,
    decision: DecisionBrief | None = None,
) -> NewAlert:
    """The flag (one for each end), the final word or a correction (one for each verdict row).

    ``decision``: the one that changed the answer.
    """
    kind = AlertKind(change.kind)
    payload = verdict_payload(catalogue, instrument, window, previous, verdict, knowledge, decision)
    ended = kind is AlertKind.WINDOW_ENDED
    return window_alert(
        kind,
        verdict.due_at.isoformat() if ended else str(cause),
        payload,
        instrument,
        window,
        cause=("verdict", cause),
        now=knowledge.as_of,
        effective_at=change.effective_at,
    )
