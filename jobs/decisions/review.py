"""Record what people decide. Append-only: a later decision replaces an earlier one, both stay."""

from __future__ import annotations

from servanda.compliance.vocabulary import Condition, Review
from servanda.jobs.assess import AssessOutcome, assess
from servanda.jobs.bootstrap.wiring import UsageError, Wiring
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings.verdicts import Decision

ANSWERS = (Review.ACCEPTED, Review.ACCEPTED_IN_PART, Review.REJECTED)


def record_review(wiring: Wiring, evidence: int, answer: Review, *, by: str, reason: str) -> AssessOutcome:
    """Record a review of evidence, and what follows from it."""
    with wiring.store.reading() as db:
        rows = evidence_rows.evidence(db, wiring.now)
    row = next((e for e in rows if e.id == evidence), None)
    if row is None:
        known = ", ".join(str(e.id) for e in rows[-10:]) or "none yet"
        raise UsageError(f"there is no evidence {evidence}; the newest are: {known}")
    decision = Decision("review", f"evidence:{evidence}", answer.value, by, reason, wiring.now)
    return _assess(wiring, row.instrument, decision)


def record_condition(
    wiring: Wiring, window: str, condition: Condition, *, by: str, reason: str
) -> AssessOutcome:
    """Record whether a window's condition is met, and what follows from it."""
    instrument, found = wiring.catalogue.window(window)
    if found.condition is None:
        raise UsageError(f"{window} has no condition: what is due there is due in any case")
    decision = Decision("condition", f"window:{window}", condition.value, by, reason, wiring.now)
    return _assess(wiring, instrument.id, decision)


def _assess(wiring: Wiring, instrument: str, decision: Decision) -> AssessOutcome:
    """Record a decision, the verdict that follows from it, and what tells of it, in one transaction."""
    for name, value in (("--by", decision.by), ("--reason", decision.reason)):
        if not value.strip():
            raise UsageError(f"{name} is empty; say who decided, and why")
    return assess(wiring, instrument=instrument, decision=decision)
