"""The reading list: documents that were listed and not yet read. A cache of what the ledgers say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from servanda.compliance.publication import PublicationTime
from servanda.models import tables
from servanda.models.documents.counting_listings import newest_listing
from servanda.models.publication_columns import published_of

_listing, _tried = tables.listing, tables.exchange


@dataclass(frozen=True, slots=True)
class ReadingQueueEntry:
    """A document to be read: what its newest listing says, on which route, and how often it was tried.

    ``poll`` is the one that listed it. ``held_until``: not to be tried before, because it breaks its reader.
    """

    document: int
    poll: int
    title: str
    url: str
    published: PublicationTime
    route: str
    attempts: int
    last_attempt_at: datetime | None
    held_until: datetime | None


_NOTE = insert(tables.unread)
_FORGET = delete(tables.unread).where(tables.unread.c.document == bindparam("read"))


def queue_documents(db: Connection, source: str, documents: Sequence[int]) -> None:
    """Put new documents on the reading list, in the transaction that adds them."""
    if documents:
        db.execute(_NOTE, [{"document": document, "source": source} for document in documents])


def dequeue_document(db: Connection, document: int) -> None:
    """Take a document off the reading list, in the transaction that adds its version."""
    db.execute(_FORGET, {"read": document})


_HOLD = update(tables.unread).where(tables.unread.c.document == bindparam("held"))


def hold_document(db: Connection, document: int, until: datetime) -> None:
    """Leave a document alone until then; it stays on the reading list."""
    db.execute(_HOLD.values(held_until=bindparam("until")), {"held": document, "until": until})


_TO_READ = (
    select(
        _listing,
        tables.poll.c.route,
        tables.unread.c.held_until,
        func.count(_tried.c.id).label("n"),
        func.max(_tried.c.at).label("last_at"),
    )
    .select_from(tables.unread)
    .join(_listing, _listing.c.id == newest_listing(tables.unread.c.document))
    .join(tables.poll, tables.poll.c.id == _listing.c.poll)
    .join(_tried, _tried.c.document == tables.unread.c.document, isouter=True)
    .where(tables.unread.c.source == bindparam("source"))
    .group_by(_listing.c.id, tables.poll.c.route, tables.unread.c.held_until)
    .order_by(_listing.c.id)
)


def documents_to_read(db: Connection, source: str) -> list[ReadingQueueEntry]:
    """The source's documents that were listed and never read, oldest first; from the reading list alone."""
    return [
        ReadingQueueEntry(
            r.document, r.poll, r.title, r.url, published_of(r), r.route, r.n, r.last_at, r.held_until
        )
        for r in db.execute(_TO_READ, {"source": source})
    ]  # fmt: skip
