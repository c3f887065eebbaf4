"""One document by its number: what its source is, and everything that listings said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from servanda.compliance.publication import PublicationTime
from servanda.models import tables
from servanda.models.documents.counting_listings import newest_listing
from servanda.models.publication_columns import published_of


@dataclass(frozen=True, slots=True)
class Statement:
    """What a listing said of a document, and when it first said just that."""

    id: int
    known_at: datetime
    route: str
    title: str
    url: str
    published: PublicationTime


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document with all that listings said of it, oldest first; ``counts`` is the statement that counts."""

    id: int
    source: str
    first_seen_at: datetime
    statements: tuple[Statement, ...]
    counts: Statement


_document, _said = tables.document, tables.listing
_STATEMENTS = (
    select(
        _document.c.source,
        _document.c.first_seen_at,
        tables.poll.c.route,
        newest_listing(_document.c.id, bindparam("as_of")).label("counting"),
        _said,
    )
    .select_from(_document)
    .join(_said, _said.c.document == _document.c.id)
    .join(tables.poll, tables.poll.c.id == _said.c.poll)
    .where(_document.c.id == bindparam("document"), _said.c.known_at <= bindparam("as_of"))
    .order_by(_said.c.id)
)


def document_record(db: Connection, document: int, as_of: datetime) -> DocumentRecord | None:
    """A document as listings had it by ``as_of``; None where none had named it by then."""
    rows = db.execute(_STATEMENTS, {"document": document, "as_of": as_of}).all()
    if not rows:
        return None
    said = tuple(Statement(r.id, r.known_at, r.route, r.title, r.url, published_of(r)) for r in rows)
    counts = next(statement for statement in said if statement.id == rows[0].counting)
    return DocumentRecord(document, rows[0].source, rows[0].first_seen_at, said, counts)
