"""The captures that a verdict on a window rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Select, and_, or_, select

from servanda.compliance.intervals import Interval
from servanda.models import tables
from servanda.models.captures.captures import CAPTURES, Capture, capture_of

_exchange, _poll, _listing = tables.exchange, tables.poll, tables.listing
ROBOTS_KEPT = timedelta(days=1)
"""A robots.txt is asked for again after a day, so it may have been read so long before a window."""

RoutesRobots = Mapping[tuple[str, str], str]
"""The address of robots.txt for each (source, route)."""


@dataclass(frozen=True, slots=True)
class CaptureScope:
    """What is asked for: the required sources, the publication times at stake (over all ways to count the
    window), when waiting for late listings ends, and the moment whose knowledge counts."""

    window: str
    sources: Sequence[str]
    published: Interval
    settles_at: datetime
    as_of: datetime


def captures_for(db: Connection, scope: CaptureScope, robots: RoutesRobots) -> list[Capture]:
    """What a verdict rests on, each capture once: first those that others revisit, then in the order of time.

    The readings whose coverage reaches into the window; the failed ones of its days and of those on which it
    waited for late listings, and those that had asked for its days; every look at a document that was
    published in it, or that is evidence for it. A robots.txt only where it is the reason of a failure.
    """
    rows = db.execute(
        CAPTURES.add_columns(_poll.c.failure_kind).where(_wanted(scope)).order_by(_exchange.c.id)
    )
    kept = {one.id: one for one in _without_robots((capture_of(r), r.failure_kind) for r in rows)}
    kept |= {one.id: one for one in _robots_that_refused(db, scope, robots)}
    originals = {one.revisit_of for one in kept.values() if one.revisit_of is not None}
    kept |= {one.id: one for one in _by_id(db, originals - kept.keys())}
    return sorted(kept.values(), key=lambda one: (one.id not in originals, one.id))


def _wanted(scope: CaptureScope) -> Any:
    coverage, of_source = tables.coverage.c, _poll.c.source.in_(scope.sources)
    covering = select(coverage.poll).where(
        coverage.known_at <= scope.as_of,
        coverage.from_at < scope.published.until_at,
        coverage.until_at > scope.published.from_at,
    )
    failed = select(_poll.c.id).where(_failed_in(scope))
    evidence = (
        select(tables.version.c.document)
        .join(tables.evidence, tables.evidence.c.version == tables.version.c.id)
        .where(tables.evidence.c.window == scope.window, tables.evidence.c.known_at <= scope.as_of)
    )
    of_reading = and_(
        of_source,
        _exchange.c.document.is_(None),
        or_(_exchange.c.poll.in_(covering), _exchange.c.poll.in_(failed)),
    )
    of_document = or_(
        and_(of_source, _exchange.c.document.in_(_listed_in(scope))), _exchange.c.document.in_(evidence)
    )
    return and_(_exchange.c.at <= scope.as_of, or_(of_reading, of_document))


def _failed_in(scope: CaptureScope) -> Any:
    """Failed readings of the window's days, or that had asked for publication times in it."""
    asked = and_(
        _poll.c.asked_from_at < scope.published.until_at, _poll.c.asked_until_at > scope.published.from_at
    )
    tried = and_(_poll.c.started_at >= scope.published.from_at, _poll.c.started_at < scope.settles_at)
    return and_(_poll.c.outcome == "failed", _poll.c.finished_at <= scope.as_of, or_(asked, tried))


def _listed_in(scope: CaptureScope) -> Select[Any]:
    """Documents that some listing dates into the window; a date reaches into it if its period may."""
    first_on, last_on = scope.published.from_at.date(), scope.published.until_at.date()
    started_by = {"day": first_on, "month": first_on.replace(day=1), "year": first_on.replace(month=1, day=1)}
    at = and_(
        _listing.c.published_at >= scope.published.from_at, _listing.c.published_at < scope.published.until_at
    )
    on = [
        and_(_listing.c.precision == precision, _listing.c.published_on.between(first, last_on))
        for precision, first in started_by.items()
    ]
    return select(_listing.c.document).where(_listing.c.known_at <= scope.as_of, or_(at, *on))


def _without_robots(rows: Iterable[tuple[Capture, str | None]]) -> Iterator[Capture]:
    """A robots.txt is kept where it stopped its poll or, of a document, where nothing else came."""
    for _, of_poll in groupby(rows, key=lambda pair: pair[0].poll):
        together = list(of_poll)
        answered = {one.document for one, _ in together if not _is_robots(one.url)}
        for one, failure_kind in together:
            stopped = failure_kind == "robots" if one.document is None else one.document not in answered
            if stopped or not _is_robots(one.url):
                yield one


def _robots_that_refused(db: Connection, scope: CaptureScope, robots: RoutesRobots) -> Iterator[Capture]:
    """For each reading that robots.txt stopped, the copy that was heeded: maybe that of an earlier poll."""
    stopped = db.execute(
        select(_poll.c.source, _poll.c.route, _poll.c.started_at)
        .where(_poll.c.source.in_(scope.sources), _poll.c.failure_kind == "robots", _failed_in(scope))
        .order_by(_poll.c.started_at)
    ).all()
    addresses = {robots[row.source, row.route] for row in stopped if (row.source, row.route) in robots}
    if not addresses:
        return
    query = CAPTURES.where(_exchange.c.url.in_(addresses), _exchange.c.at <= scope.as_of)
    copies = [capture_of(row) for row in db.execute(query.order_by(_exchange.c.at))]
    for row in stopped:
        since = row.started_at - ROBOTS_KEPT
        address = robots.get((row.source, row.route))
        heeded = [one for one in copies if one.url == address and since <= one.at <= row.started_at]
        yield from heeded[-1:]


def _by_id(db: Connection, ids: Collection[int]) -> Iterator[Capture]:
    for some in _in_parts(sorted(ids)):
        yield from map(capture_of, db.execute(CAPTURES.where(_exchange.c.id.in_(some))))


def _in_parts(ids: Sequence[int], size: int = 500) -> Iterator[Sequence[int]]:
    return (ids[n : n + size] for n in range(0, len(ids), size))


def _is_robots(url: str) -> bool:
    return urlsplit(url).path == "/robots.txt"
