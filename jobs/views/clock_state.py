"""What is thought of our own clock at present."""

from __future__ import annotations

from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.knowledge.clock_trust import clock_judgement, present_moment
from servanda.jobs.views.json_values import Json

WHY = {"unattested": "no publisher has stated a time since; the next round asks", "replay": "a person set it"}


def clock_state(ledger: Ledger) -> Json:
    """Whether our clock is believed, and why. Publishers are not asked."""
    if ledger.replay:
        return {"trust": "replay", "reason": WHY["replay"]}
    with ledger.reading() as (db, _):
        judgement = clock_judgement(db, present_moment(ledger.clock))
    return {"trust": judgement.trust, "reason": WHY.get(judgement.trust, judgement.reason)}
