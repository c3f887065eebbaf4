"""The evidence that waits for a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from servanda.jobs.bootstrap.ledger import Ledger
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings.evidence import EvidenceRow


def evidence_to_review(ledger: Ledger) -> list[EvidenceRow]:
    """What a person should look at, candidates first; what is due for another look included."""
    with ledger.reading() as (db, now):
        return known_to_review(db, now)


def known_to_review(db: Connection, as_of: datetime) -> list[EvidenceRow]:
    """The same by what was known at a moment."""
    asked = evidence_rows.evidence_to_review(db, as_of)
    return sorted(asked, key=lambda e: (not e.candidate, e.published.interval.from_at))
