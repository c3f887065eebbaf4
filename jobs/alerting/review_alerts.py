"""What waits for a person → the analysts' alert, when it is due again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from servanda.alerts.payloads.decision_payloads import ReviewWaiting
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.parts import WaitingBrief
from servanda.compliance.review_reminders import WaitingEvidence, review_due
from servanda.compliance.vocabulary import ACCEPTED_REVIEWS, Instrument, Verdict
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.alerting.payload_parts import (
    commitment_brief,
    counted_brief,
    document_brief,
    instrument_brief,
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
    found = [(e, WaitingEvidence(e.id, e.window, since[e.id], settles.get(e.window or ""))) for e in rows]
    return sorted(found, key=lambda one: (one[1].since, one[0].id))


def _asks(row: EvidenceRow, candidates: set[int]) -> bool:
    return row.id in candidates or (
        row.due_for_another_look and (row.candidate or row.review in ACCEPTED_REVIEWS)
    )


def review_alert(
    db: Connection,
    catalogue: Catalogue,
    instrument: Instrument,
    found: Sequence[tuple[EvidenceRow, WaitingEvidence]],
    after_days: Sequence[int],
    now: datetime,
) -> NewAlert | None:
    """The alert that lists what waits; None where nothing is to be told now."""
    subject = f"instrument:{instrument.id}"
    last = last_alert(db, subject, [AlertKind.REVIEW_WAITING])
    told_at = last.alert.known_at if last else None
    due_at = review_due((one for _, one in found), after_days, told_at, now)
    if due_at is None:
        return None
    return new_alert(
        AlertKind.REVIEW_WAITING,
        f"{instrument.id}:{due_at.isoformat()}",
        ReviewWaiting(
            instrument_brief(instrument),
            tuple(_brief(catalogue, instrument, row, one) for row, one in found[:MOST_LISTED]),
        ),
        subject=subject,
        instrument=instrument.id,
        cause=("evidence", found[0][0].id),
        now=now,
        effective_at=due_at,
    )


def _brief(
    catalogue: Catalogue, instrument: Instrument, row: EvidenceRow, one: WaitingEvidence
) -> WaitingBrief:
    window = next((w for w in instrument.windows if w.id == row.window), None)
    return WaitingBrief(
        document=document_brief(catalogue, row),
        commitment=commitment_brief(next(c for c in instrument.commitments if c.id == row.commitment)),
        window=counted_brief(catalogue, window) if window else None,
        since=one.since,
        review=row.review,
    )
