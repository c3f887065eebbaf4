"""Which earlier exchanges may hold the bytes of a new one, asked by index at every poll."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select

from servanda.models import tables
from servanda.models.archive.folder import RecordLocation

LOOKED_BACK = 50
"""So many newest exchanges with one digest are looked at: a soft 404 may stand at thousands of addresses.
And so many newest valid polls of a route, for what it answered last."""

TRIED = 3
"""So many records are read back at most. One body may come packed in two or three ways, in turns."""

_exchange, _poll = tables.exchange, tables.poll
_BODY = (_exchange.c.id, _exchange.c.archive_file, _exchange.c.archive_offset, _exchange.c.archive_length)


@dataclass(frozen=True, slots=True)
class ArchivedBody:
    """An exchange whose own record holds a body, and where."""

    id: int
    place: RecordLocation


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
    return select(*_BODY).where(_exchange.c.id.in_(of_address)).order_by(_exchange.c.id.desc()).limit(TRIED)


_WITH_BODY = _with_body()
_ANSWERS = (
    select(func.coalesce(_exchange.c.body_of, _exchange.c.id))
    .where(_exchange.c.url == bindparam("url"))
    .where(or_(_exchange.c.status == 200, and_(_exchange.c.status == 304, _exchange.c.body_of.is_not(None))))
    .limit(TRIED)
)
_ANSWERS_OF_DOCUMENT = _ANSWERS.where(_exchange.c.document == bindparam("document")).order_by(
    _exchange.c.id.desc()
)
_VALID_POLLS = (
    select(_poll.c.id)
    .where(_poll.c.source == bindparam("source"), _poll.c.route == bindparam("route"))
    .where(_poll.c.outcome != "failed")
    .order_by(_poll.c.started_at.desc())
    .limit(LOOKED_BACK)
)
_ANSWERS_OF_ROUTE = _ANSWERS.where(
    _exchange.c.poll.in_(_VALID_POLLS.scalar_subquery()), (_exchange.c.document + 0).is_(None)
).order_by((_exchange.c.id + 0).desc())
"""The additions keep SQLite to the index of polls: those of no document, or all by id, are too many."""


def _held_by(answers: Select[Any]) -> Select[Any]:
    """The exchanges whose records hold these answers, the newest first."""
    return select(*_BODY).where(_exchange.c.id.in_(answers)).order_by(_exchange.c.id.desc())


_OF_DOCUMENT, _OF_ROUTE = _held_by(_ANSWERS_OF_DOCUMENT), _held_by(_ANSWERS_OF_ROUTE)


def bodies_with_digest(db: Connection, url: str, sha256: str) -> list[ArchivedBody]:
    """The exchanges that may hold a body of this digest, received from this address; the newest first.

    The digest covers the decoded body: whether the bytes on the wire are the same, their records say.
    """
    return [_held(row) for row in db.execute(_WITH_BODY, {"url": url, "sha256": sha256})]


def last_answers_of_route(db: Connection, source: str, route: str, url: str) -> list[ArchivedBody]:
    """The exchanges that hold what a route's address last gave valid readings, in full or by a 304."""
    named = {"source": source, "route": route, "url": url}
    return [_held(row) for row in db.execute(_OF_ROUTE, named)]


def last_answers_of_document(db: Connection, document: int, url: str) -> list[ArchivedBody]:
    """The exchanges that hold what a document's address last gave, in full or by a 304."""
    return [_held(row) for row in db.execute(_OF_DOCUMENT, {"document": document, "url": url})]


def _held(row: Any) -> ArchivedBody:
    return ArchivedBody(row.id, RecordLocation(row.archive_file, row.archive_offset, row.archive_length))
