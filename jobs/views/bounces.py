"""Mails that came back, as data for people and programs; the shape is in docs/json.md."""

from __future__ import annotations

from servanda.compliance.intervals import utc_text
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.views.json_values import Json
from servanda.models.delivery import bounces

SHOWN = 500


def bounce_list(ledger: Ledger) -> list[Json]:
    with ledger.reading() as (db, _):
        found = bounces.bounces(db, SHOWN)
    return [
        {
            "id": one.id,
            "known_at": utc_text(one.known_at),
            "address": one.address,
            "permanent": one.permanent,
            "diagnostic": one.diagnostic,
            "message_id": one.message_id,
        }
        for one in found
    ]
