"""Documents, what listings said of them, and their versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    bindparam,
    exists,
    func,
    select,
    true,
)

from servanda.compliance.document_doubts import CHECKER
from servanda.compliance.publication import PublicationTime
from servanda.models import tables
from servanda.models.documents.counting_listings import counting_listings, newest_listing
from servanda.models.documents.document_search import index_version
from servanda.models.documents.newest_text import newest_text
from servanda.models.documents.reading_queue import dequeue_document
from servanda.models.publication_columns import published_columns, published_of
from servanda.models.upsert import insert_new, insert_or_ignore

CHUNK = 500
"""Documents that are asked about in one statement, which takes no more than so many values."""


class ReadArticle(Protocol):
    """The main content of a document's page."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str | None: ...
    @property
    def language(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def extractor(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Version:
    """One distinct content of a document, with what is needed to match it.

    ``text`` is None while it has not been drawn from the version's bytes: a plain scan of them showed that no
    rule could match it. ``route`` is the one whose listing counts.
    """

    id: int
    document: int
    source: str
    url: str
    title: str
    text: str | None
    language: str
    published: PublicationTime
    route: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as analysts list it."""

    id: int
    source: str
    title: str
    url: str
    published: PublicationTime
    language: str | None
    versions: int
    first_seen_at: datetime
    last_seen_at: datetime


def record_version(
    db: Connection, document: int, article: ReadArticle, published: PublicationTime, now: datetime
) -> tuple[int, bool]:
    """Keep a content of a document once, with its text if there is one already.

    Returns the version's id and whether it is new.
    """
    added = insert_new(
        db,
        tables.version,
        document=document,
        digest=article.digest,
        title=article.title,
        language=article.language,
        known_at=now,
        **published_columns(published),
    )
    dequeue_document(db, document)
    named = {"document": document, "digest": article.digest}
    version = int(db.execute(_VERSION_BY_DIGEST, named).scalar_one()) if added is None else added
    if article.text is not None:
        record_text(db, version, article.text, article.extractor, now)
    return version, added is not None


def record_text(db: Connection, version: int, text: str, extractor: str, now: datetime) -> None:
    """Keep the text that an extractor drew from a version's bytes, once. The newest one is what is matched.

    ``extractor``: the library with its release; how it is used here is named beside it.
    """
    named = f"{extractor}; reading {CHECKER}"
    if insert_or_ignore(db, tables.extraction, version=version, text=text, extractor=named, known_at=now):
        index_version(db, version)


_VERSION_BY_DIGEST = select(tables.version.c.id).where(
    tables.version.c.document == bindparam("document"), tables.version.c.digest == bindparam("digest")
)


def was_in_first_reading(db: Connection, document: int) -> bool:
    """Whether a document stood in the first valid reading of its source: the baseline."""
    listing, poll = tables.listing.c, tables.poll.c
    source = select(tables.document.c.source).where(tables.document.c.id == document).scalar_subquery()
    first_valid = (
        select(poll.id)
        .where(poll.source == source, poll.outcome == "read")
        .order_by(poll.finished_at, poll.id)
        .limit(1)
    )
    first_listed = select(func.min(listing.poll)).where(listing.document == document)
    return bool(db.execute(first_valid).scalar_one_or_none() == db.execute(first_listed).scalar_one())


_listed = tables.listing
_SCREENED = exists().where(
    tables.screening.c.version == tables.version.c.id,
    tables.screening.c.rules_digest == bindparam("rules_digest"),
)
_LAST_SCREENED = (
    select(func.coalesce(func.max(tables.screening.c.version), 0))
    .where(tables.screening.c.rules_digest == bindparam("rules_digest"))
    .scalar_subquery()
)
_VERSIONS = (
    select(
        tables.version.c.id, tables.version.c.document, tables.version.c.title, tables.extraction.c.text,
        tables.version.c.language, tables.document.c.source, _listed.c.url, _listed.c.precision,
        _listed.c.zone, _listed.c.published_at, _listed.c.published_on, tables.poll.c.route,
    )
    .join(tables.document, tables.document.c.id == tables.version.c.document)
    .join(_listed, _listed.c.id == newest_listing(tables.version.c.document))
    .join(tables.poll, tables.poll.c.id == _listed.c.poll)
    .join(tables.extraction, tables.extraction.c.id == newest_text(tables.version.c.id), isouter=True)
    .order_by(tables.version.c.id)
)  # fmt: skip
_VERSION = _VERSIONS.where(tables.version.c.id == bindparam("version"))
_NEXT_VERSIONS = _VERSIONS.where(tables.version.c.id > bindparam("after")).limit(bindparam("most"))
_VERSIONS_TO_SCREEN = _NEXT_VERSIONS.where(~_SCREENED)
_VERSIONS_AFTER_SCREENED = _NEXT_VERSIONS.where(tables.version.c.id > _LAST_SCREENED)


def versions_to_screen(
    db: Connection, rules_digest: str, most: int, *, after: int = 0, after_the_last: bool = False
) -> list[Version]:
    """Versions that were not yet matched by these rules, in the order they came; only those after ``after``.

    Each with its document's newest address and stated publication time. ``after_the_last``: only those that
    came after the last one matched. Versions are matched in their order, so these are all there are; to
    look through all costs more with every version, and whoever is about to judge does it nevertheless.
    """
    query = _VERSIONS_AFTER_SCREENED if after_the_last else _VERSIONS_TO_SCREEN
    named = {"rules_digest": rules_digest, "most": most, "after": after}
    return [_version_of(row) for row in db.execute(query, named)]


def version(db: Connection, version_id: int) -> Version:
    """One version, with what is needed to match it."""
    return _version_of(db.execute(_VERSION, {"version": version_id}).one())


def _version_of(r: Any) -> Version:
    return Version(r.id, r.document, r.source, r.url, r.title, r.text, r.language, published_of(r), r.route)


def documents(
    db: Connection, as_of: datetime, *, sources: Iterable[str] = (), limit: int | None = None
) -> list[DocumentRow]:
    """What is known of documents at ``as_of``, newest publication first."""
    query, listed = _known_documents(as_of, true(), true(), true())
    if wanted := list(sources):
        query = query.where(listed.c.source.in_(wanted))
    rows = [_document_row(row) for row in db.execute(query)]
    rows.sort(key=lambda row: (row.published.interval.from_at, row.id), reverse=True)
    return rows[:limit]


def last_seen_at(db: Connection, documents: Iterable[int], as_of: datetime) -> dict[int, datetime]:
    """When each of these documents was last seen by ``as_of``, itself or in a listing."""
    found: dict[int, datetime] = {}
    asked = sorted(set(documents))
    for chunk in (asked[n : n + CHUNK] for n in range(0, len(asked), CHUNK)):
        within = (said.c.document.in_(chunk) for said in (tables.observation, tables.version, tables.listing))
        query, _ = _known_documents(as_of, *within)
        found |= {row.document: _document_row(row).last_seen_at for row in db.execute(query)}
    return found


def documents_between(db: Connection, as_of: datetime, first: int, last: int) -> list[DocumentRow]:
    """Those with ids from ``first`` to ``last``, in their order."""
    within = (
        said.c.document.between(first, last) for said in (tables.observation, tables.version, tables.listing)
    )
    query, listed = _known_documents(as_of, *within)
    return [_document_row(row) for row in db.execute(query.order_by(listed.c.document))]


def _known_documents(
    as_of: datetime,
    observed: ColumnElement[bool],
    made_of: ColumnElement[bool],
    listed_as: ColumnElement[bool],
) -> tuple[Select[Any], FromClause]:
    """The query of documents, and what of it listings said. The conditions bound each of its three parts."""
    seen = tables.observation.c
    last = (
        select(seen.document, func.max(seen.at).label("at"))
        .where(seen.at <= as_of, seen.state == "seen", observed)
        .group_by(seen.document)
    ).subquery()
    made = tables.version.c
    counted = (
        select(made.document, func.count().label("n"), func.max(made.id).label("newest"))
        .where(made.known_at <= as_of, made_of)
        .group_by(made.document)
    ).subquery()
    listed = _newest_listings(as_of, listed_as).subquery()
    query = (
        select(listed, last.c.at, counted.c.n, tables.version.c.language)
        .join(last, last.c.document == listed.c.document, isouter=True)
        .join(counted, counted.c.document == listed.c.document, isouter=True)
        .join(tables.version, tables.version.c.id == counted.c.newest, isouter=True)
    )
    return query, listed


def _document_row(row: Any) -> DocumentRow:
    return DocumentRow(
        id=row.document,
        source=row.source,
        title=row.title,
        url=row.url,
        published=published_of(row),
        language=row.language,
        versions=row.n or 0,
        first_seen_at=row.first_seen_at,
        last_seen_at=max(filter(None, (row.at, row.known_at))),
    )


def _newest_listings(as_of: datetime, within: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    """Each document with what its newest listing, known at ``as_of``, said of it."""
    listing, document = tables.listing, tables.document
    columns = (c for c in listing.c if c.name not in {"id", "poll", "digest"})
    return (
        select(document.c.source, document.c.first_seen_at, *columns)
        .join(document, document.c.id == listing.c.document)
        .where(listing.c.id.in_(counting_listings(as_of).where(within)))
        .order_by(listing.c.id)
    )
