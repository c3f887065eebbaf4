"""Which exchanges there are, and where their bytes lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, exists, or_, select

from servanda.compliance.intervals import Interval
from servanda.models import tables
from servanda.models.archive.location import RecordLocation

_exchange, _poll, _observation = tables.exchange, tables.poll, tables.observation
_original = tables.exchange.alias("original")
STREAMED = 500
"""So many rows are fetched at a time where all exchanges are gone through."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One exchange as SQL keeps it; ``document`` is set where it was asked for a document's page.

    ``revisit_of``: the capture that holds its body, at ``original``; of a 304, the one called unchanged.
    """

    id: int
    poll: int
    source: str
    route: str
    document: int | None
    url: str
    status: int | None
    failure: str | None
    sha256: str
    place: RecordLocation
    at: datetime
    revisit_of: int | None
    original: RecordLocation | None


CAPTURES = (
    select(
        _exchange,
        _poll.c.source,
        _poll.c.route,
        _original.c.archive_file.label("original_file"),
        _original.c.archive_offset.label("original_offset"),
        _original.c.archive_length.label("original_length"),
    )
    .join(_poll, _poll.c.id == _exchange.c.poll)
    .join(_original, _original.c.id == _exchange.c.body_of, isouter=True)
)
"""Every capture; ``capture_of`` reads a row. ``exchange`` and ``poll`` can be asked about."""


def capture(db: Connection, exchange: int) -> Capture | None:
    """An exchange by its id."""
    return _first(db, CAPTURES.where(_exchange.c.id == exchange))


def capture_by_digest(db: Connection, start: str) -> Capture | None:
    """The first exchange whose body's SHA-256 begins so (at least 8 hex digits)."""
    found = CAPTURES.where(_exchange.c.sha256.startswith(start, autoescape=True))
    return _first(db, found.order_by(_exchange.c.id).limit(1))


def captures_of_source(
    db: Connection,
    source: str,
    as_of: datetime,
    *,
    within: Interval,
    failed: bool = False,
    limit: int | None = None,
) -> Iterator[Capture]:
    """What was exchanged for a source within a time, newest first; ``failed``: only what was of no use."""
    query = (
        CAPTURES.where(_poll.c.source == source, _exchange.c.at <= as_of)
        .where(_exchange.c.at >= within.from_at, _exchange.c.at < within.until_at)
        .order_by(_exchange.c.at.desc(), _exchange.c.id.desc())
        .limit(limit)
    )
    return _streamed(db, query.where(_was_of_no_use()) if failed else query)


_FAILED_POLLS = (
    select(_poll.c.id)
    .where(
        _poll.c.source == bindparam("source"),
        _poll.c.outcome == "failed",
        _poll.c.finished_at <= bindparam("as_of"),
    )
    .order_by(_poll.c.finished_at.desc())
    .limit(bindparam("most"))
)
_OF_POLLS = (
    CAPTURES.where(_exchange.c.poll.in_(bindparam("polls", expanding=True)), _exchange.c.document.is_(None))
    .order_by(_exchange.c.id.desc())
    .limit(bindparam("most"))
)


def captures_of_failed_polls(db: Connection, source: str, as_of: datetime, most: int) -> list[Capture]:
    """What came of the last polls of a source that failed, the newest first."""
    polls = list(db.execute(_FAILED_POLLS, {"source": source, "as_of": as_of, "most": most}).scalars())
    if not polls:
        return []
    return [capture_of(row) for row in db.execute(_OF_POLLS, {"polls": polls, "most": most})]


def captures_by_place(db: Connection, since: datetime | None = None) -> Iterator[Capture]:
    """Every capture, asked for at ``since`` or later, in the order in which they lie in the archive."""
    query = CAPTURES.order_by(_exchange.c.archive_file, _exchange.c.archive_offset)
    return _streamed(db, query if since is None else query.where(_exchange.c.at >= since))


def answers_of_poll(db: Connection, poll: int) -> list[Capture]:
    """What a route answered to a poll with status 200, in the order of asking."""
    of_route = and_(_exchange.c.poll == poll, _exchange.c.document.is_(None), _exchange.c.status == 200)
    return [capture_of(row) for row in db.execute(CAPTURES.where(of_route).order_by(_exchange.c.id))]


def capture_of(row: Any) -> Capture:
    """A row of ``CAPTURES``."""
    original = (row.original_file, row.original_offset, row.original_length)
    return Capture(
        row.id, row.poll, row.source, row.route, row.document, row.url, row.status, row.failure, row.sha256,
        RecordLocation(row.archive_file, row.archive_offset, row.archive_length), row.at, row.body_of,
        RecordLocation(*original) if row.body_of is not None else None,
    )  # fmt: skip


def _was_of_no_use() -> Any:
    """No whole response, an error's status, a poll that failed, or a document's page that gave no version."""
    seen = exists().where(
        _observation.c.document == _exchange.c.document, _observation.c.exchange == _exchange.c.id
    )
    return or_(
        _exchange.c.failure.is_not(None),
        _exchange.c.status >= 500,
        and_(_exchange.c.status >= 400, _no_robots()),
        and_(_exchange.c.document.is_(None), _poll.c.outcome == "failed"),
        and_(_exchange.c.document.is_not(None), _exchange.c.status == 200, _no_robots(), ~seen),
    )


def _no_robots() -> Any:
    """Whether this is no robots.txt: that there is none (404) is an answer."""
    return _exchange.c.url.not_like("%/robots.txt")


def _first(db: Connection, query: Select[Any]) -> Capture | None:
    row = db.execute(query).one_or_none()
    return None if row is None else capture_of(row)


def _streamed(db: Connection, query: Select[Any]) -> Iterator[Capture]:
    return map(capture_of, db.execute(query.execution_options(yield_per=STREAMED)))
