"""What people decide about evidence and conditions. A later decision replaces an earlier one, both stay.

``jobs.assess.assess`` records a decision together with what follows from it.
"""

from __future__ import annotations

from servanda.compliance.vocabulary import Condition, Review
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.judging.person_decision import PersonDecision
from servanda.models.findings import evidence as evidence_rows

ANSWERS = (Review.ACCEPTED, Review.ACCEPTED_IN_PART, Review.REJECTED)

NAMED = 10
"""How much of the newest evidence is named where some does not exist."""


def decide_review(ledger: Ledger, evidence: int, answer: Review, *, by: str, reason: str) -> PersonDecision:
    """A review of evidence; UsageError where there is none of this number."""
    with ledger.reading() as (db, now):
        rows = evidence_rows.evidence(db, now, only=evidence)
        newest = [] if rows else evidence_rows.newest_evidence(db, now, NAMED)
    if not rows:
        known = ", ".join(map(str, newest)) or "none yet"
        raise UsageError(f"there is no evidence {evidence}; the newest are: {known}")
    _require(by, reason)
    return PersonDecision(rows[0].instrument, "review", f"evidence:{evidence}", answer.value, by, reason)


def decide_condition(
    catalogue: Catalogue, window: str, condition: Condition, *, by: str, reason: str
) -> PersonDecision:
    """Whether a window's condition is met; UsageError for a window without one."""
    instrument, found = catalogue.window(window)
    if found.condition is None:
        raise UsageError(f"{window} has no condition: what is due there is due in any case")
    _require(by, reason)
    return PersonDecision(instrument.id, "condition", f"window:{window}", condition.value, by, reason)


def _require(by: str, reason: str) -> None:
    for name, value in (("--by", by), ("--reason", reason)):
        if not value.strip():
            raise UsageError(f"{name} is empty; say who decided, and why")
