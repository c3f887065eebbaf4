"""When the newest documents of a source were published, and when they were first seen."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from servanda.models import tables
from servanda.models.documents.counting_listings import newest_listing

_document, _listed, _poll = tables.document, tables.listing, tables.poll
_NEWEST = (
    select(_document.c.id)
    .where(_document.c.source == bindparam("source"), _document.c.first_seen_at <= bindparam("as_of"))
    .order_by(_document.c.first_seen_at.desc())
    .limit(bindparam("most"))
)
_SEEN = (
    select(_listed.c.published_at, _document.c.first_seen_at)
    .select_from(_document)
    .join(_listed, _listed.c.id == newest_listing(_document.c.id))
    .where(_document.c.id.in_(_NEWEST), _listed.c.published_at.is_not(None))
)
_FIRST_READ = select(func.min(_poll.c.finished_at)).where(
    _poll.c.source == bindparam("source"), _poll.c.outcome == "read"
)


def published_and_seen(
    db: Connection, source: str, as_of: datetime, most: int
) -> list[tuple[datetime, datetime]]:
    """(published, first seen) of the documents seen last that state the second of their publication."""
    rows = db.execute(_SEEN, {"source": source, "as_of": as_of, "most": most})
    return [(row.published_at, row.first_seen_at) for row in rows]


def first_read_at(db: Connection, source: str) -> datetime | None:
    """When a source was read for the first time; None where it never was."""
    at: datetime | None = db.execute(_FIRST_READ, {"source": source}).scalar_one()
    return at
