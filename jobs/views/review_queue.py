"""The evidence that waits for a person."""

from __future__ import annotations

from servanda.compliance.vocabulary import Review
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings.evidence import EvidenceRow


def evidence_to_review(wiring: Wiring) -> list[EvidenceRow]:
    """What a person should look at, candidates first; what is due for another look included."""
    with wiring.store.reading() as db:
        rows = evidence_rows.evidence(db, wiring.now)
    asked = [e for e in rows if e.review is Review.WAITING or e.due_for_another_look]
    return sorted(asked, key=lambda e: (not e.candidate, e.published.interval.from_at))
