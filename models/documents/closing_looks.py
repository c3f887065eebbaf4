"""Documents that may have been completed since they were last read: read once more after a window's end."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, or_, select, union

from servanda.compliance.vocabulary import UnreadDocument
from servanda.models import tables
from servanda.models.documents.counting_listings import newest_listing
from servanda.models.publication_columns import published_of

WHY = "may have been completed since it was last read, and is read once more after the window's end"

_document, _version, _listing = tables.document, tables.version, tables.listing
_seen, _check, _evidence = tables.observation, tables.document_check, tables.evidence
_as_of = bindparam("as_of", type_=tables.observation.c.at.type)
_last_look = (
    select(func.max(_seen.c.at))
    .join(tables.exchange, tables.exchange.c.id == _seen.c.exchange)
    .where(
        _seen.c.document == _document.c.id,
        _seen.c.at <= _as_of,
        or_(tables.exchange.c.status == 200, _seen.c.state == "gone"),
    )
    .correlate(_document)
    .scalar_subquery()
)
_incomplete = (
    select(_version.c.document)
    .join(_check, _check.c.version == _version.c.id)
    .where(or_(_check.c.may_grow, _check.c.is_doubtful), _check.c.known_at <= _as_of)
)
_found = (
    select(_version.c.document)
    .join(_evidence, _evidence.c.version == _version.c.id)
    .where(_evidence.c.window.in_(bindparam("windows", expanding=True)), _evidence.c.known_at <= _as_of)
)
_AWAITED: Select[Any] = (
    select(_document.c.source, _listing, _last_look.label("read_at"), tables.poll.c.route)
    .select_from(_document)
    .join(_listing, _listing.c.id == newest_listing(_document.c.id, _as_of))
    .join(tables.poll, tables.poll.c.id == _listing.c.poll)
    .where(
        _document.c.id.in_(union(_incomplete, _found)),
        _document.c.source.in_(bindparam("sources", expanding=True)),
        _last_look < bindparam("ended_at", type_=tables.observation.c.at.type),
    )
    .order_by(_listing.c.id)
)


def awaited_looks(
    db: Connection,
    as_of: datetime,
    sources: Collection[str],
    windows: Collection[str],
    ended_at: datetime,
) -> tuple[tuple[UnreadDocument, str], ...]:
    """Documents that may grow, doubtful ones, and evidence, not looked at since ``ended_at``.

    A look is a full answer, or one that the document is gone; "unchanged" is none. ``read_at`` tells for
    which windows that matters. Each with the route of the listing that counts.
    """
    named = {
        "as_of": as_of,
        "sources": sorted(sources),
        "windows": sorted(windows),
        "ended_at": ended_at,
    }
    rows = db.execute(_AWAITED, named)
    return tuple(
        (
            UnreadDocument(
                row.document, row.source, row.title, published_of(row), WHY, "reread", row.read_at
            ),
            row.route,
        )
        for row in rows
    )
