"""Which exchanges there are, and where their bytes lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from compliance.intervals import Interval
from models import tables
from models.archive import Place


@dataclass(frozen=True, slots=True)
class Capture:
    """One exchange as SQL keeps it; ``document`` is set where it was asked for a document's page."""

    id: int
    source: str
    route: str
    document: int | None
    url: str
    status: int | None
    failure: str | None
    sha256: str
    place: Place
    at: datetime


_exchange, _poll = tables.exchange, tables.poll
_CAPTURES = (
    select(_exchange, _poll.c.source, _poll.c.route)
    .join(_poll, _poll.c.id == _exchange.c.poll)
    .order_by(_exchange.c.id)
)


def capture(db: Connection, exchange: int) -> Capture | None:
    """An exchange by its id."""
    found = _captures(db, _CAPTURES.where(_exchange.c.id == exchange))
    return found[0] if found else None


def captures_by_digest(db: Connection, start: str) -> list[Capture]:
    """The exchanges whose body's SHA-256 begins so (at least 8 hex digits)."""
    return _captures(db, _CAPTURES.where(_exchange.c.sha256.startswith(start, autoescape=True)))


def captures_for(
    db: Connection, sources: Sequence[str], published: Interval, as_of: datetime
) -> list[Capture]:
    """What was read of the sources for an interval of publication times.

    The readings whose coverage reaches into it, and the pages of documents that were published in it; failed
    readings of those days too, for they are the reason of gaps.
    """
    covering = select(tables.coverage.c.poll).where(
        tables.coverage.c.from_at < published.until_at, tables.coverage.c.until_at > published.from_at
    )
    failed = select(_poll.c.id).where(
        _poll.c.outcome == "failed",
        _poll.c.started_at >= published.from_at,
        _poll.c.started_at < published.until_at,
    )
    listed = select(tables.listing.c.document).where(
        or_(
            tables.listing.c.published_at.between(published.from_at, published.until_at),
            tables.listing.c.published_on.between(published.from_at.date(), published.until_at.date()),
        )
    )
    of_reading = _exchange.c.document.is_(None) & (
        _exchange.c.poll.in_(covering) | _exchange.c.poll.in_(failed)
    )
    wanted = of_reading | _exchange.c.document.in_(listed)
    return _captures(db, _CAPTURES.where(_poll.c.source.in_(sources), _exchange.c.at <= as_of, wanted))


def _captures(db: Connection, query: Select[Any]) -> list[Capture]:
    return [
        Capture(
            r.id, r.source, r.route, r.document, r.url, r.status, r.failure, r.sha256,
            Place(r.archive_file, r.archive_offset, r.archive_length), r.at,
        )
        for r in db.execute(query)
    ]  # fmt: skip
