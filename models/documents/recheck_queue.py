"""When each document that was read is due to be read again: a cache of what ledgers and routes say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, exists, func, select, update

from servanda.compliance.intervals import END
from servanda.compliance.publication import PublicationTime
from servanda.models import tables
from servanda.models.documents.counting_listings import newest_listing
from servanda.models.publication_columns import published_of
from servanda.models.upsert import insert_all_or_ignore, upsert


@dataclass(frozen=True, slots=True)
class RecheckQueueEntry:
    """A document that was read: what its newest listing says, on which route, and what was last seen of it.

    ``etag`` and ``last_modified`` are those of the response that held ``version``.
    """

    document: int
    title: str
    url: str
    published: PublicationTime
    route: str
    first_read_at: datetime
    seen_at: datetime
    version: int
    version_title: str
    digest: str
    etag: str | None = None
    last_modified: str | None = None


_plan, _listing, _made, _seen = tables.reread.c, tables.listing, tables.version, tables.observation
_newest_seen = (
    select(_seen.c.id)
    .where(_seen.c.document == tables.document.c.id, _seen.c.state == "seen")
    .order_by(_seen.c.at.desc(), _seen.c.id.desc())
    .limit(1)
    .correlate(tables.document)
    .scalar_subquery()
)
_first_read = (
    select(func.min(_made.c.known_at))
    .where(_made.c.document == tables.document.c.id)
    .correlate(tables.document)
    .scalar_subquery()
)
_version = _made.alias()
_READ_BEFORE = (
    select(
        _listing, tables.poll.c.route, _first_read.label("first_read_at"), _seen.c.at.label("seen_at"),
        _version.c.id.label("seen_version"), _version.c.title.label("version_title"),
        _version.c.digest.label("version_digest"), _plan.etag, _plan.last_modified,
    )
    .select_from(tables.document)
    .join(_listing, _listing.c.id == newest_listing(tables.document.c.id))
    .join(tables.poll, tables.poll.c.id == _listing.c.poll)
    .join(_seen, _seen.c.id == _newest_seen)
    .join(_version, _version.c.id == _seen.c.version)
)  # fmt: skip
_DUE = (
    _READ_BEFORE.join(tables.reread, _plan.document == tables.document.c.id)
    .where(_plan.source == bindparam("source"), _plan.due_at <= bindparam("now"))
    .order_by(_plan.due_at, _plan.document)
    .limit(bindparam("most"))
)
_ALL = _READ_BEFORE.join(tables.reread, _plan.document == tables.document.c.id, isouter=True).where(
    tables.document.c.source == bindparam("source")
)


def due_rechecks(db: Connection, source: str, now: datetime, most: int) -> list[RecheckQueueEntry]:
    """The source's documents that are due to be read again, those that waited longest first."""
    return _rows(db, _DUE, {"source": source, "now": now, "most": most})


def all_rechecks(db: Connection, source: str) -> list[RecheckQueueEntry]:
    """Every document of the source that was read, from the ledgers."""
    return _rows(db, _ALL, {"source": source})


def _rows(db: Connection, query: Select[Any], named: dict[str, object]) -> list[RecheckQueueEntry]:
    return [
        RecheckQueueEntry(
            r.document, r.title, r.url, published_of(r), r.route, r.first_read_at, r.seen_at, r.seen_version,
            r.version_title, r.version_digest, r.etag, r.last_modified,
        )
        for r in db.execute(query, named)
    ]  # fmt: skip


_KNOWN = select(_plan.document).where(_plan.source == bindparam("source")).limit(1)
_WAS_READ = (
    select(tables.document.c.id)
    .where(
        tables.document.c.source == bindparam("source"),
        exists().where(_made.c.document == tables.document.c.id),
    )
    .limit(1)
)


def is_queue_lost(db: Connection, source: str) -> bool:
    """Whether nothing is planned for a source of which documents were read."""
    named = {"source": source}
    return db.execute(_KNOWN, named).first() is None and db.execute(_WAS_READ, named).first() is not None


def schedule_recheck(
    db: Connection,
    document: int,
    source: str,
    due_at: datetime,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
) -> None:
    """When to read a document again (END: never), and the validators of the response last read in full."""
    values = {"source": source, "due_at": due_at, "etag": etag, "last_modified": last_modified}
    upsert(db, tables.reread, {"document": document}, values)


def schedule_missing_rechecks(db: Connection, source: str, due: Iterable[tuple[int, datetime]]) -> None:
    """Plan those documents for which nothing is planned, without validators."""
    rows = [{"document": document, "source": source, "due_at": due_at} for document, due_at in due]
    insert_all_or_ignore(db, tables.reread, rows)


_MOVE = update(tables.reread).where(_plan.document == bindparam("moved"))
_HASTEN = _MOVE.where(_plan.due_at > bindparam("until")).values(due_at=bindparam("until"))
_WHOLE = _MOVE.values(
    due_at=case((_plan.due_at > bindparam("until"), bindparam("until")), else_=_plan.due_at),
    etag=None,
    last_modified=None,
)
_PUT_OFF = _MOVE.values(due_at=bindparam("until"))


def due_sooner(db: Connection, document: int, until: datetime) -> None:
    """Read a document again at ``until`` at the latest, if it is to be read again at all."""
    db.execute(_HASTEN, {"moved": document, "until": until})


def due_later(db: Connection, document: int, until: datetime) -> None:
    """Read a document again at ``until``; its validators stay."""
    db.execute(_PUT_OFF, {"moved": document, "until": until})


def read_whole(db: Connection, documents: Iterable[int], at: datetime) -> None:
    """Read documents again at ``at`` at the latest, and in full: an answer "unchanged" is not enough."""
    for document in documents:
        db.execute(_WHOLE, {"moved": document, "until": at})


def recheck_due_at(db: Connection, document: int) -> datetime | None:
    """When a document is due to be read again, None for never or where nothing is planned."""
    found = db.execute(select(_plan.due_at).where(_plan.document == document)).scalar_one_or_none()
    return None if found == END else found


_EVIDENCE = (
    select(tables.evidence.c.window)
    .join(_made, _made.c.id == tables.evidence.c.version)
    .where(and_(_made.c.document == bindparam("document"), ~tables.evidence.c.near_miss))
    .distinct()
)


def windows_of(db: Connection, document: int) -> list[str | None]:
    """The windows for which a document was ever evidence, near misses left out; None for none at all."""
    return list(db.execute(_EVIDENCE, {"document": document}).scalars())
