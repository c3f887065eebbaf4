"""What the ledgers hold of a source's first sights, stated times and readings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from servanda.compliance.observed_times import FirstSight
from servanda.compliance.publication import PublicationTime
from servanda.models import tables
from servanda.models.publication_columns import published_of


@dataclass(frozen=True, slots=True)
class SeenOfSource:
    """First sights on a route after its first reading; all stated times; when it was read."""

    sights: tuple[FirstSight, ...]
    published: tuple[PublicationTime, ...]
    read_at: tuple[datetime, ...]


_poll, _listing = tables.poll, tables.listing


def seen_of_source(
    db: Connection, source: str, routes: Collection[str], since: datetime, as_of: datetime
) -> SeenOfSource:
    """What ordinary readings of some routes of a source showed of a time."""
    ordinary = (
        _poll.c.source == source,
        _poll.c.route.in_(routes),
        _poll.c.outcome == "read",
        _poll.c.asked_from_at.is_(None),
        _poll.c.finished_at.between(since, as_of),
    )
    readings: dict[str, list[datetime]] = {}
    for route, at in db.execute(select(_poll.c.route, _poll.c.finished_at).where(*ordinary)):
        readings.setdefault(route, []).append(at)
    for moments in readings.values():
        moments.sort()
    first = (
        select(func.min(_listing.c.id))
        .join(_poll, _poll.c.id == _listing.c.poll)
        .where(_poll.c.source == source)
        .group_by(_listing.c.document)
    )
    rows = db.execute(
        select(_listing, _poll.c.route, _poll.c.finished_at)
        .join(_poll, _poll.c.id == _listing.c.poll)
        .where(_listing.c.id.in_(first), *ordinary)
        .order_by(_listing.c.id)
    ).all()
    claims = _claims(db, source, since, as_of)
    sights = [
        sight
        for row in _new_ones(rows)
        if (sight := _sight(published_of(row), row.finished_at, readings.get(row.route, []), claims))
    ]
    every = tuple(sorted(at for moments in readings.values() for at in moments))
    return SeenOfSource(tuple(sights), tuple(published_of(row) for row in rows), every)


def _new_ones(rows: Sequence[Any]) -> list[Any]:
    """The first listings of releases that are new, and not another document's under a new name: a publisher
    that gives new identifiers lists nothing late."""
    urls, said, found = set[str](), set[tuple[str, PublicationTime]](), []
    for row in rows:
        telling = (row.title, published_of(row))
        if row.url not in urls and telling not in said:
            found.append(row)
        urls.add(row.url)
        said.add(telling)
    return found


Claim = tuple[datetime, datetime, datetime]
"""From, until, and when it was known."""


def _claims(db: Connection, source: str, since: datetime, as_of: datetime) -> list[Claim]:
    """What was claimed as covered, in the order in which it was."""
    columns = tables.coverage.c
    query = select(columns.from_at, columns.until_at, columns.known_at).where(
        columns.source == source, columns.known_at.between(since, as_of)
    )
    return sorted(((r.from_at, r.until_at, r.known_at) for r in db.execute(query)), key=lambda one: one[2])


def _sight(
    published: PublicationTime, seen_at: datetime, readings: list[datetime], claims: list[Claim]
) -> FirstSight | None:
    """The first sight of an item that was published after its route was first read; None for older ones."""
    at, span = bisect_left(readings, seen_at), published.interval
    if at == 0 or span.from_at < readings[0]:
        return None
    claimed = (known for begin, end, known in claims if begin <= span.from_at and span.until_at <= end)
    first = next(claimed, None)
    return FirstSight(published, seen_at, readings[at - 1], first if first and first < seen_at else None)
