"""What the verdicts said, held against the truth."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from servanda.jobs.bootstrap.wiring import Wiring
from servanda.models import tables

Said = dict[str, list[tuple[datetime, str, tuple[str, ...]]]]
"""Of each window the verdicts in their order: when, what, and the kinds of the duties that were unmet."""


def verdicts_of(wiring: Wiring) -> Said:
    """Every verdict that was ever given."""
    table = tables.verdict
    found: Said = {}
    with wiring.store.reading() as db:
        for row in db.execute(select(table).order_by(table.c.id)).all():
            duties = tuple(
                sorted({f"{d['kind']} {d['source'] or ''}".strip() for d in row.content.get("duties", [])})
            )
            found.setdefault(row.window, []).append((row.known_at, row.value, duties))
    return found


def blind_alerts(wiring: Wiring) -> int:
    """How often the operator was told that a source had gone blind."""
    table = tables.alert
    with wiring.store.reading() as db:
        found = db.execute(
            select(func.count()).select_from(table).where(table.c.kind == "source_blind")
        ).scalar()
    return int(found or 0)
