"""Documents, what listings said of them, their versions, and what is still unread."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, insert, select

from compliance.vocabulary import Published, UnreadDocument
from models import tables
from models.published import published_columns, published_json, published_of
from models.upsert import insert_or_ignore


class ListedItem(Protocol):
    """One row of a listing; ``aliases`` are (scheme, value), strongest first."""

    @property
    def title(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def published(self) -> Published: ...
    @property
    def aliases(self) -> tuple[tuple[str, str], ...]: ...
    @property
    def summary(self) -> str | None: ...


class ReadArticle(Protocol):
    """The main content of a document's page."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def extractor(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Unread:
    """A document to be read: what its newest listing says, on which route, and how often it was tried."""

    document: int
    title: str
    url: str
    published: Published
    route: str
    attempts: int
    last_attempt_at: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """One distinct content of a document, with what is needed to match it."""

    id: int
    document: int
    source: str
    url: str
    title: str
    text: str
    language: str
    published: Published


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as analysts list it."""

    id: int
    source: str
    title: str
    url: str
    published: Published
    language: str | None
    versions: int
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Identified:
    """The document of each item, in the items' order, and how many were not known before."""

    documents: tuple[int, ...]
    new: int


def identify_items(db: Connection, source: str, items: Sequence[ListedItem], now: datetime) -> Identified:
    """Find or add the document of each item.

    An item is a known document if any alias is; unless its strongest alias contradicts the one that
    document has under the same scheme (an address taken over by another item).
    """
    known = _known_aliases(db, source, items)
    found: list[int] = []
    new = 0
    for item in items:
        document = _identify(known, item.aliases)
        if document is None:
            document = _add_document(db, source, now)
            new += 1
        _add_aliases(db, source, document, item.aliases, known)
        found.append(document)
    return Identified(tuple(found), new)


def record_listings(
    db: Connection, poll: int, documents: Sequence[int], items: Sequence[ListedItem], now: datetime
) -> None:
    """Keep what a listing said of each document, where it had not said just that before."""
    for document, item in zip(documents, items, strict=True):
        _add_listing(db, document, poll, item, now)


def record_version(
    db: Connection, document: int, article: ReadArticle, published: Published, now: datetime
) -> tuple[int, bool]:
    """Keep a content of a document once; returns the version's id and whether it is new."""
    added = insert_or_ignore(
        db,
        tables.version,
        document=document,
        digest=article.digest,
        title=article.title,
        language=article.language,
        text=article.text,
        extractor=article.extractor,
        known_at=now,
        **published_columns(published),
    )
    rows = tables.version.c
    query = select(rows.id).where(rows.document == document, rows.digest == article.digest)
    return int(db.execute(query).scalar_one()), added


def record_observation(
    db: Connection, document: int, version: int | None, exchange: int, state: str, at: datetime
) -> None:
    """Note that a version was seen, or the document seen gone, in an exchange."""
    values = {"document": document, "version": version, "exchange": exchange, "state": state, "at": at}
    db.execute(insert(tables.observation), values)


def unread(db: Connection, source: str) -> list[Unread]:
    """The source's documents that were listed and never read, oldest first."""
    tried, poll = tables.exchange.c, tables.poll
    attempts = (
        select(tried.document, func.count().label("n"), func.max(tried.at).label("last_at"))
        .where(tried.document.is_not(None))
        .group_by(tried.document)
    ).subquery()
    query = (
        _newest_listings(None)
        .add_columns(poll.c.route, attempts.c.n, attempts.c.last_at)
        .join(poll, poll.c.id == tables.listing.c.poll)
        .join(attempts, attempts.c.document == tables.listing.c.document, isouter=True)
        .where(tables.document.c.source == source, ~_has_version(None))
    )
    return [
        Unread(row.document, row.title, row.url, published_of(row), row.route, row.n or 0, row.last_at)
        for row in db.execute(query)
    ]


def was_in_first_reading(db: Connection, document: int) -> bool:
    """Whether a document stood in the first valid reading of its source: the baseline."""
    listing, poll = tables.listing.c, tables.poll
    source = select(tables.document.c.source).where(tables.document.c.id == document).scalar_subquery()
    first_valid = select(func.min(poll.c.id)).where(poll.c.source == source, poll.c.outcome == "read")
    first_listed = select(func.min(listing.poll)).where(listing.document == document)
    return bool(db.execute(first_valid).scalar_one() == db.execute(first_listed).scalar_one())


def unread_documents(db: Connection, as_of: datetime) -> tuple[UnreadDocument, ...]:
    """The documents that by ``as_of`` were listed and not read."""
    rows = db.execute(_newest_listings(as_of).where(~_has_version(as_of)))
    return tuple(UnreadDocument(row.document, row.source, row.title, published_of(row)) for row in rows)


def versions_to_screen(db: Connection, rules_digest: str, limit: int) -> list[Version]:
    """Versions that were not yet matched by these rules, in the order they came."""
    screened = exists().where(
        tables.screening.c.version == tables.version.c.id, tables.screening.c.rules_digest == rules_digest
    )
    return versions(db, ~screened, limit)


def versions(db: Connection, condition: ColumnElement[bool], limit: int | None = None) -> list[Version]:
    """Versions that meet a condition, with their document's newest address and stated publication time."""
    version, listed = tables.version, _newest_listings(None).subquery()
    query = (
        select(
            version.c.id, version.c.document, version.c.title, version.c.text, version.c.language,
            listed.c.source, listed.c.url, listed.c.precision, listed.c.zone,
            listed.c.published_at, listed.c.published_on,
        )
        .join(listed, listed.c.document == version.c.document)
        .where(condition)
        .order_by(version.c.id)
        .limit(limit)
    )  # fmt: skip
    return [
        Version(r.id, r.document, r.source, r.url, r.title, r.text, r.language, published_of(r))
        for r in db.execute(query)
    ]


def documents(
    db: Connection, as_of: datetime, *, sources: Iterable[str] = (), limit: int | None = None
) -> list[DocumentRow]:
    """What is known of documents at ``as_of``, newest publication first."""
    seen = tables.observation.c
    last = (
        select(seen.document, func.max(seen.at).label("at")).where(seen.at <= as_of).group_by(seen.document)
    ).subquery()
    made = tables.version.c
    counted = (
        select(made.document, func.count().label("n"), func.max(made.id).label("newest"))
        .where(made.known_at <= as_of)
        .group_by(made.document)
    ).subquery()
    listed = _newest_listings(as_of).subquery()
    query = (
        select(listed, last.c.at, counted.c.n, tables.version.c.language)
        .join(last, last.c.document == listed.c.document, isouter=True)
        .join(counted, counted.c.document == listed.c.document, isouter=True)
        .join(tables.version, tables.version.c.id == counted.c.newest, isouter=True)
    )
    if wanted := list(sources):
        query = query.where(listed.c.source.in_(wanted))
    rows = [_document_row(row) for row in db.execute(query)]
    rows.sort(key=lambda row: (row.published.interval.from_at, row.id), reverse=True)
    return rows[:limit]


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


def _known_aliases(db: Connection, source: str, items: Sequence[ListedItem]) -> dict[tuple[str, str], int]:
    """Every alias, of all schemes, of the documents that any of the items' aliases names."""
    alias = tables.document_alias
    values = {value for item in items for _, value in item.aliases}
    named = select(alias.c.document).where(alias.c.source == source, alias.c.value.in_(values))
    query = select(alias.c.scheme, alias.c.value, alias.c.document).where(alias.c.document.in_(named))
    return {(row.scheme, row.value): row.document for row in db.execute(query)}


def _identify(known: dict[tuple[str, str], int], aliases: tuple[tuple[str, str], ...]) -> int | None:
    strongest = aliases[0]
    if strongest in known:
        return known[strongest]
    for alias in aliases[1:]:
        document = known.get(alias)
        if document is not None:
            other = any(s == strongest[0] and d == document for (s, _), d in known.items())
            return None if other else document
    return None


def _add_document(db: Connection, source: str, now: datetime) -> int:
    values = {"source": source, "first_seen_at": now}
    return int(db.execute(insert(tables.document).returning(tables.document.c.id), values).scalar_one())


def _add_aliases(
    db: Connection,
    source: str,
    document: int,
    aliases: tuple[tuple[str, str], ...],
    known: dict[tuple[str, str], int],
) -> None:
    for scheme, value in aliases:
        if (scheme, value) not in known:
            insert_or_ignore(
                db, tables.document_alias, source=source, scheme=scheme, value=value, document=document
            )
            known[scheme, value] = document


def _add_listing(db: Connection, document: int, poll: int, item: ListedItem, now: datetime) -> None:
    said = json.dumps([item.title, item.url, published_json(item.published)], sort_keys=True)
    insert_or_ignore(
        db,
        tables.listing,
        document=document,
        poll=poll,
        digest=hashlib.sha256(said.encode()).hexdigest(),
        title=item.title,
        url=item.url,
        summary=item.summary,
        known_at=now,
        **published_columns(item.published),
    )


def _newest_listings(as_of: datetime | None) -> Select[tuple[object, ...]]:
    """Each document with what its newest listing, known at ``as_of``, said of it."""
    listing, document = tables.listing, tables.document
    newest = select(func.max(listing.c.id)).group_by(listing.c.document)
    if as_of is not None:
        newest = newest.where(listing.c.known_at <= as_of)
    columns = (c for c in listing.c if c.name not in {"id", "poll", "digest"})
    return (
        select(document.c.source, document.c.first_seen_at, *columns)
        .join(document, document.c.id == listing.c.document)
        .where(listing.c.id.in_(newest))
        .order_by(listing.c.id)
    )


def _has_version(as_of: datetime | None) -> ColumnElement[bool]:
    made = tables.version.c
    same = made.document == tables.listing.c.document
    return exists().where(same if as_of is None else and_(same, made.known_at <= as_of))
