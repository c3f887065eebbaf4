"""Documents that cannot be read without harm, or whose kept bytes cannot be: put aside, with the reason."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, insert, or_, select

from servanda.models import tables

_rows = tables.quarantine.c
_ADD = insert(tables.quarantine)


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """Why a document was put aside, by the response ``exchange``."""

    document: int
    exchange: int
    kind: str
    reason: str
    known_at: datetime


def record_quarantine(
    db: Connection, document: int, exchange: int, kind: str, reason: str, now: datetime
) -> None:
    values = {"document": document, "exchange": exchange, "kind": kind, "reason": reason, "known_at": now}
    db.execute(_ADD, values)


_OF_DOCUMENT = select(tables.quarantine).where(_rows.document == bindparam("document")).order_by(_rows.id)


def quarantines(db: Connection, document: int, as_of: datetime) -> list[QuarantineEntry]:
    """Every time that a document was put aside by ``as_of``, oldest first."""
    rows = db.execute(_OF_DOCUMENT.where(_rows.known_at <= as_of), {"document": document})
    return [QuarantineEntry(r.document, r.exchange, r.kind, r.reason, r.known_at) for r in rows]


_seen, _read, _made, _drawn = tables.observation.c, tables.exchange.c, tables.version.c, tables.extraction.c
_READ_SINCE = exists().where(
    _seen.document == _rows.document,
    _seen.state == "seen",
    _seen.at >= _rows.known_at,
    _seen.at <= bindparam("as_of"),
    _read.id == _seen.exchange,
    _read.status == 200,
)
_DRAWN_SINCE = exists().where(
    _made.document == _rows.document,
    _drawn.version == _made.id,
    _drawn.known_at >= _rows.known_at,
    _drawn.known_at <= bindparam("as_of"),
)
_STANDING = (
    select(tables.quarantine)
    .where(_rows.known_at <= bindparam("as_of"), ~or_(_READ_SINCE, _DRAWN_SINCE))
    .order_by(_rows.id)
)
_STANDING_OF_SOURCES = _STANDING.join(tables.document, tables.document.c.id == _rows.document).where(
    tables.document.c.source.in_(bindparam("sources", expanding=True))
)


def standing_quarantines(
    db: Connection, as_of: datetime, sources: Collection[str] | None = None
) -> dict[int, QuarantineEntry]:
    """The documents of these sources (None: of all) that were put aside by ``as_of`` and not read since.

    Each with the last reason.
    """
    if sources is None:
        rows = db.execute(_STANDING, {"as_of": as_of})
    else:
        rows = db.execute(_STANDING_OF_SOURCES, {"as_of": as_of, "sources": sorted(sources)})
    return {r.document: QuarantineEntry(r.document, r.exchange, r.kind, r.reason, r.known_at) for r in rows}
