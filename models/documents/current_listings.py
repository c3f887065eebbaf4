"""Which listing of each document counts now: a cache beside the ledger, by which pages are sorted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select

from servanda.compliance.publication import PublicationTime
from servanda.models import tables
from servanda.models.documents.counting_listings import newest_listing
from servanda.models.documents.document_search import index_documents
from servanda.models.publication_columns import published_of
from servanda.models.types import Instant
from servanda.models.upsert import upsert

CHUNK = 500
"""Documents that are asked about in one statement."""

_document, _listed, _current = tables.document, tables.listing, tables.current_listing
_COUNTING = (
    select(_document.c.source, _listed)
    .select_from(_document)
    .join(_listed, _listed.c.id == newest_listing(_document.c.id))
    .where(_document.c.id.in_(bindparam("documents", expanding=True)))
)


def refresh_current_listings(db: Connection, documents: Iterable[int]) -> None:
    """Say anew which listing counts of these documents, and what words their titles have."""
    asked = sorted(set(documents))
    for chunk in (asked[n : n + CHUNK] for n in range(0, len(asked), CHUNK)):
        for row in db.execute(_COUNTING, {"documents": chunk}).all():
            values = {
                "source": row.source,
                "listing": row.id,
                "from_at": published_of(row).interval.from_at,
            }
            upsert(db, _current, {"document": row.document}, values)
        index_documents(db, chunk)


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A document as a page lists it. ``language`` is None where it was never read."""

    id: int
    source: str
    title: str
    url: str
    published: PublicationTime
    language: str | None
    versions: int
    first_seen_at: datetime
    listing: int


@dataclass(frozen=True, slots=True)
class ListingKey:
    """Where a page of documents ends: the next begins after it."""

    from_at: datetime
    document: int


_made = tables.version
_counted = select(func.count()).where(_made.c.document == _current.c.document).scalar_subquery()
_language = (
    select(_made.c.language)
    .where(_made.c.document == _current.c.document)
    .order_by(_made.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_LINES = (
    select(
        _current.c.document, _current.c.source, _current.c.from_at, _current.c.listing,
        _document.c.first_seen_at,
        _listed.c.title, _listed.c.url, _listed.c.precision, _listed.c.zone,
        _listed.c.published_at, _listed.c.published_on,
        _counted.label("versions"), _language.label("language"),
    )
    .join(_listed, _listed.c.id == _current.c.listing)
    .join(_document, _document.c.id == _current.c.document)
)  # fmt: skip
_PAGE = _LINES.order_by(_current.c.from_at.desc(), _current.c.document.desc()).limit(bindparam("most"))
_BEFORE = or_(
    _current.c.from_at < bindparam("from_at", type_=Instant),
    and_(
        _current.c.from_at == bindparam("from_at", type_=Instant), _current.c.document < bindparam("document")
    ),
)
_UP_TO = _current.c.from_at <= bindparam("from_at", type_=Instant)
_OF_SOURCE = _current.c.source == bindparam("source")
_BY_ID = _LINES.where(_current.c.document.in_(bindparam("documents", expanding=True)))


def listed_page(
    db: Connection, most: int, *, source: str | None = None, after: ListingKey | None = None
) -> list[tuple[ListingKey, ListedLine]]:
    """The newest documents by their time of publication, of all sources or of one, after a key."""
    query, named = _PAGE, dict[str, object](most=most)
    if source is not None:
        query, named = query.where(_OF_SOURCE), {**named, "source": source}
    if after is not None:
        query = query.where(_UP_TO, _BEFORE)
        named = {**named, "from_at": after.from_at, "document": after.document}
    return _lines(db, query, named)


def listed_lines(db: Connection, documents: Sequence[int]) -> dict[int, ListedLine]:
    """These documents as pages list them."""
    chunks = (documents[n : n + CHUNK] for n in range(0, len(documents), CHUNK))
    found = (pair for chunk in chunks for pair in _lines(db, _BY_ID, {"documents": list(chunk)}))
    return {line.id: line for _, line in found}


def _lines(
    db: Connection, query: Select[tuple[object, ...]], named: dict[str, object]
) -> list[tuple[ListingKey, ListedLine]]:
    return [
        (
            ListingKey(row.from_at, row.document),
            ListedLine(
                row.document, row.source, row.title, row.url, published_of(row), row.language, row.versions,
                row.first_seen_at, row.listing,
            ),
        )
        for row in db.execute(query, named)
    ]  # fmt: skip
