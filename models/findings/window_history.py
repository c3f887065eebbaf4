"""How often, and when last, what is known of a window changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from servanda.models import tables


@dataclass(frozen=True, slots=True)
class Revision:
    """``number`` grows with every change that may show; ``at`` is that of the last one."""

    number: int
    at: datetime


_VERDICTS = select(func.count(), func.max(tables.verdict.c.known_at)).where(
    tables.verdict.c.window == bindparam("window")
)
_DECISIONS = select(func.count(), func.max(tables.decision.c.known_at)).where(
    tables.decision.c.subject == bindparam("subject")
)
_CATALOGUES = select(func.count(), func.max(tables.catalogue.c.loaded_at))
_CREATED = select(tables.database.c.created_at)


def revision(db: Connection, window: str) -> Revision:
    """Its verdicts, the decisions on its condition, and the catalogues that were loaded.

    A catalogue counts for every window, whatever changed in it: better once too often than not at all.
    """
    named = {"window": window, "subject": f"window:{window}"}
    counted = [db.execute(query, named).one() for query in (_VERDICTS, _DECISIONS, _CATALOGUES)]
    created = db.execute(_CREATED).scalar_one()
    return Revision(sum(int(n) for n, _ in counted), max(at for _, at in [(0, created), *counted] if at))
