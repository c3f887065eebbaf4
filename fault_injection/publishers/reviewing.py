"""The person at the bench: looks every evening at what waits, and knows an announcement when there is one."""

from __future__ import annotations

from collections.abc import Sequence

from fault_injection.publishers.windows import Due
from servanda.compliance.vocabulary import Review
from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.decisions.review import decide_review
from servanda.jobs.views.review_queue import evidence_to_review


def review(wiring: Wiring, dues: Sequence[Due]) -> int:
    """Answer what waits for the windows that a person reviews; returns how many answers were given.

    The document's address says what it is. The person looks at each evidence once, and not at what was
    answered and then edited: that a decision stands is what the bench is to see.
    """
    reviewed = {due.id for due in dues if due.reviewed}
    asked = [
        row
        for row in evidence_to_review(wiring.ledger)
        if row.window in reviewed and row.review is Review.WAITING
    ]
    for row in asked:
        is_it = f"-statement-{row.window}" in row.url
        answer = Review.ACCEPTED if is_it else Review.REJECTED
        decision = decide_review(
            wiring.ledger, row.id, answer, by="The reader", reason="read at its own address"
        )
        assess(wiring, decision=decision)
    return len(asked)
