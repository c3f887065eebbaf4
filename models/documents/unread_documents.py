"""What was listed and not read, from the ledgers: a verdict rests on it, so the reading list is not asked."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, or_, select

from servanda.compliance.document_history import WITHDRAWN_AFTER
from servanda.compliance.vocabulary import UnreadDocument
from servanda.models import tables
from servanda.models.documents.counting_listings import newest_listing
from servanda.models.documents.observations import gone_since
from servanda.models.documents.quarantine import QuarantineEntry, standing_quarantines
from servanda.models.publication_columns import published_of

GONE = "listed, and gone before it could be read"

_listed, _document = tables.listing, tables.document
_READ = exists().where(
    tables.version.c.document == _document.c.id, tables.version.c.known_at <= bindparam("as_of")
)
_UNREAD = (
    select(_document.c.source, _listed, _READ.label("was_read"))
    .select_from(_document)
    .join(_listed, _listed.c.id == newest_listing(_document.c.id, bindparam("as_of")))
    .where(or_(~_READ, _document.c.id.in_(bindparam("aside", expanding=True))))
    .order_by(_listed.c.id)
)
_UNREAD_OF_SOURCES = _UNREAD.where(_document.c.source.in_(bindparam("sources", expanding=True)))


def unread_documents(
    db: Connection, as_of: datetime, sources: Collection[str] | None = None
) -> tuple[UnreadDocument, ...]:
    """The documents of these sources (None: of all) that by ``as_of`` were listed and not read.

    One that was read is among them while it is quarantined: what it says now, or whether rules that changed
    would match it, is not known.
    """
    aside = standing_quarantines(db, as_of, sources)
    named: dict[str, object] = {"as_of": as_of, "aside": list(aside)}
    if sources is None:
        rows = db.execute(_UNREAD, named).all()
    else:
        rows = db.execute(_UNREAD_OF_SOURCES, {**named, "sources": sorted(sources)}).all()
    gone = gone_since(db, [row.document for row in rows if not row.was_read], as_of) if rows else {}
    return tuple(
        UnreadDocument(
            row.document,
            row.source,
            row.title,
            published_of(row),
            _why(aside.get(row.document), gone.get(row.document)),
        )
        for row in rows
    )


def _why(aside: QuarantineEntry | None, gone: tuple[datetime, datetime] | None) -> str | None:
    if aside is not None:
        return f"quarantined ({aside.kind})"
    if gone is not None and gone[1] - gone[0] >= WITHDRAWN_AFTER:
        return GONE
    return None
