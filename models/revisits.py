"""Which earlier exchanges may hold the bytes of a new one, asked by index at every poll."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from models import tables
from models.archive import Place

LOOKED_BACK = 50
"""So many newest exchanges with one digest are looked at: a soft 404 may stand at thousands of addresses."""

TRIED = 3
"""So many records are read back at most. One body may come packed in two or three ways, in turns."""

_exchange, _poll = tables.exchange, tables.poll


@dataclass(frozen=True, slots=True)
class Held:
    """An exchange whose own record holds a body, and where."""

    id: int
    place: Place


def _with_body() -> Select[Any]:
    """Those that the newest exchanges with this digest and address rest on, newest first.

    Through ``body_of``, so that a body which was met ten thousand times is found at the first step.
    """
    newest = (
        select(_exchange.c.url, func.coalesce(_exchange.c.body_of, _exchange.c.id).label("held"))
        .where(_exchange.c.sha256 == bindparam("sha256"), _exchange.c.failure.is_(None))
        .order_by(_exchange.c.id.desc())
        .limit(LOOKED_BACK)
        .subquery()
    )
    of_address = select(newest.c.held).where(newest.c.url == bindparam("url"))
    return (
        select(_exchange).where(_exchange.c.id.in_(of_address)).order_by(_exchange.c.id.desc()).limit(TRIED)
    )


_WITH_BODY = _with_body()
_ANSWER = (
    select(func.coalesce(_exchange.c.body_of, _exchange.c.id))
    .where(_exchange.c.url == bindparam("url"), _exchange.c.status.in_((200, 304)))
    .limit(1)
)
_OF_DOCUMENT = _ANSWER.where(_exchange.c.document == bindparam("document")).order_by(_exchange.c.id.desc())
_OF_ROUTE = (
    _ANSWER.join(_poll, _poll.c.id == _exchange.c.poll)
    .where(_poll.c.source == bindparam("source"), _poll.c.route == bindparam("route"))
    .where(_exchange.c.document.is_(None))
    .order_by(_poll.c.started_at.desc(), _exchange.c.id.desc())
)
_BY_ID = select(_exchange).where(_exchange.c.id == bindparam("id"))


def holders_of(db: Connection, url: str, sha256: str) -> list[Held]:
    """The exchanges that may hold a body of this digest, received from this address; the newest first.

    The digest covers the decoded body: whether the bytes on the wire are the same, their records say.
    """
    return [_held(row) for row in db.execute(_WITH_BODY, {"url": url, "sha256": sha256})]


def last_answer_of_route(db: Connection, source: str, route: str, url: str) -> Held | None:
    """The exchange that holds what a route's address last gave, in full or by a 304."""
    return _by_id(db, db.scalar(_OF_ROUTE, {"source": source, "route": route, "url": url}))


def last_answer_of_document(db: Connection, document: int, url: str) -> Held | None:
    """The exchange that holds what a document's address last gave, in full or by a 304."""
    return _by_id(db, db.scalar(_OF_DOCUMENT, {"document": document, "url": url}))


def _by_id(db: Connection, exchange: int | None) -> Held | None:
    return None if exchange is None else _held(db.execute(_BY_ID, {"id": exchange}).one())


def _held(row: Any) -> Held:
    return Held(row.id, Place(row.archive_file, row.archive_offset, row.archive_length))
