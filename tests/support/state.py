"""The whole state of a monitor without ids and without the number of tries: what two runs must agree on."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.views import status as views
from servanda.jobs.views.coverage import coverage
from servanda.models import tables

NAMELESS = frozenset(
    {
        "id",
        "document",
        "candidates",
        "accepted",
        "duties",
        "spans",
        "outcome",
        "first_seen_at",
        "last_seen_at",
        "last_poll_at",
        "closings",
        "repeats",
    }
)


def canonical(wiring: Wiring) -> str:
    """Verdicts, coverage, documents, evidence, alerts and mails, as text to compare: when a mail left aside."""
    now = wiring.now
    status = {
        key: value
        for key, value in views.status(wiring.ledger, wiring.catalogue, now).items()
        if key != "mail"
    }
    with wiring.store.reading() as db:
        alerts = [tuple(row) for row in db.execute(select(tables.alert.c.kind, tables.alert.c.subject))]
        sent = [
            tuple(row)
            for row in db.execute(
                select(tables.envelope.c.recipient, tables.envelope.c.state, tables.alert.c.kind)
                .join(tables.told, tables.told.c.envelope == tables.envelope.c.id)
                .join(tables.alert, tables.alert.c.id == tables.told.c.alert)
            )
        ]
        verdicts = [
            tuple(row)
            for row in db.execute(
                select(tables.verdict.c.window, tables.verdict.c.value, tables.verdict.c.final)
            )
        ]
        aliases = [
            tuple(row)
            for row in db.execute(select(tables.document_alias.c.scheme, tables.document_alias.c.value))
        ]
    state = {
        "status": status,
        "coverage": coverage(wiring.ledger, wiring.catalogue, now),
        "documents": views.document_list(wiring.ledger, wiring.catalogue, now),
        "evidence": views.evidence_list(wiring.ledger, now),
        "alerts": alerts,
        "sent": sent,
        "verdicts": verdicts,
        "aliases": aliases,
    }
    return json.dumps(_nameless(state), sort_keys=True, default=str, indent=1)


def _nameless(data: Any) -> Any:
    """Without ids, and lists in an order of their own: an id is given by the order of the work."""
    if isinstance(data, dict):
        return {k: _nameless(v) for k, v in data.items() if k not in NAMELESS}
    if isinstance(data, (list, tuple)):
        return sorted(
            (_nameless(item) for item in data), key=lambda item: json.dumps(item, sort_keys=True, default=str)
        )
    return data
