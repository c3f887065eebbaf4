"""What waits for a person → the analysts' alert, when it is due again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from servanda.alerts.payloads.decision_payloads import ReviewWaiting
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.parts import WaitingBrief
from servanda.compliance.instrument import Instrument
from servanda.compliance.review_reminders import WaitingEvidence, review_due
from servanda.compliance.vocabulary import ACCEPTED_REVIEWS, Verdict
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.alerting.payload_parts import (
    commitment_of_evidence,
    document_brief,
    instrument_brief,
    window_of_evidence,
)
from servanda.jobs.alerting.window_alerts import new_alert
from servanda.jobs.knowledge.snapshot import Knowledge
from servanda.models.alerts.alerts import NewAlert, last_alert
from servanda.models.findings.evidence import EvidenceRow
from servanda.models.findings.review_backlog import waiting_since

MOST_LISTED = 50
"""So many are kept with an alert, those that have waited longest; the command line shows all."""


def evidence_awaiting_review(
    db: Connection, instrument: Instrument, verdicts: Sequence[Verdict], knowledge: Knowledge
) -> list[tuple[EvidenceRow, WaitingEvidence]]:
    """What waits for a person, what has waited longest first.

    Candidates that nobody has answered and no policy has accepted; and what was decided on before, where it
    is due for another look and an answer may rest on it.
    """
    candidates = {number for verdict in verdicts for number in verdict.candidates}
    rows = [e for e in knowledge.evidence if e.instrument == instrument.id and _asks(e, candidates)]
    since = waiting_since(db, instrument.id, rows, knowledge.as_of) if rows else {}
    settles = {verdict.window: verdict.settles_at for verdict in verdicts}
    waiting = [(e, WaitingEvidence(e.id, e.window, since[e.id], settles.get(e.window or ""))) for e in rows]
    return sorted(waiting, key=lambda pair: (pair[1].since, pair[0].id))


def _asks(row: EvidenceRow, candidates: set[int]) -> bool:
    return row.id in candidates or (
        row.due_for_another_look and (row.candidate or row.review in ACCEPTED_REVIEWS)
    )


def review_alert(
    db: Connection,
    catalogue: Catalogue,
    instrument: Instrument,
    waiting: Sequence[tuple[EvidenceRow, WaitingEvidence]],
    after_days: Sequence[int],
    now: datetime,
) -> NewAlert | None:
    """The alert that lists what waits; None where nothing is to be told now."""
    subject = f"instrument:{instrument.id}"
    last = last_alert(db, subject, [AlertKind.REVIEW_WAITING])
    told_at = last.alert.known_at if last else None
    due_at = review_due((evidence for _, evidence in waiting), after_days, told_at, now)
    if due_at is None:
        return None
    return new_alert(
        AlertKind.REVIEW_WAITING,
        f"{instrument.id}:{due_at.isoformat()}",
        ReviewWaiting(
            instrument_brief(instrument),
            tuple(
                _brief(catalogue, instrument, row, evidence.since) for row, evidence in waiting[:MOST_LISTED]
            ),
        ),
        subject=subject,
        instrument=instrument.id,
        cause=("evidence", waiting[0][0].id),
        now=now,
        effective_at=due_at,
    )


def _brief(catalogue: Catalogue, instrument: Instrument, row: EvidenceRow, since: datetime) -> WaitingBrief:
    return WaitingBrief(
        document=document_brief(catalogue, row),
        commitment=commitment_of_evidence(instrument, row),
        window=window_of_evidence(catalogue, instrument, row),
        since=since,
        review=row.review,
    )
