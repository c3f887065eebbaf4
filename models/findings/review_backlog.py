"""Since when evidence waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from servanda.models import tables
from servanda.models.findings.evidence import EvidenceRow

_found, _made = tables.evidence, tables.version
_FIRST = (
    select(_made.c.document, _found.c.commitment, func.min(_found.c.known_at).label("at"))
    .join(_made, _made.c.id == _found.c.version)
    .where(
        _made.c.document.in_(bindparam("documents", expanding=True)),
        _found.c.instrument == bindparam("instrument"),
        _found.c.candidate,
        _found.c.known_at <= bindparam("as_of"),
    )
    .group_by(_made.c.document, _found.c.commitment)
)


def waiting_since(
    db: Connection, instrument: str, rows: Sequence[EvidenceRow], as_of: datetime
) -> dict[int, datetime]:
    """For each of the rows, all of one instrument, since when it waits.

    A candidate since it, or an earlier content of its document, became one: an edit does not set it back.
    What was reviewed, since it is due for another look.
    """
    named = {"documents": sorted({r.document for r in rows}), "instrument": instrument, "as_of": as_of}
    first = {(r.document, r.commitment): r.at for r in db.execute(_FIRST, named)}
    return {
        row.id: row.another_look_since or first.get((row.document, row.commitment), row.known_at)
        for row in rows
    }
