"""How routes and sources have done lately. Each question is answered by an index, whatever the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select

from servanda.compliance.publication import PublicationTime
from servanda.compliance.source_health import LOOKED_BACK
from servanda.models import tables
from servanda.models.documents.counting_listings import newest_listing
from servanda.models.polls.polls import Failure, LastPoll
from servanda.models.publication_columns import published_of


@dataclass(frozen=True, slots=True)
class RouteHistory:
    """The last polls of a route. ``valid_began``: when the last valid ones began, newest first.

    ``rows_a_page``: what the last readings of its newest pages showed, newest first; one that was told that
    nothing has changed shows nothing. ``failing_since``: the first failed poll after the last valid one.
    """

    last: LastPoll | None
    last_valid_at: datetime | None
    failing_since: datetime | None
    valid_began: tuple[datetime, ...]
    rows_a_page: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LastFailure:
    route: str
    at: datetime
    failure: Failure


@dataclass(frozen=True, slots=True)
class NewestItem:
    title: str
    published: PublicationTime


_poll = tables.poll.c
_OF_ROUTE = (
    select(tables.poll)
    .where(
        _poll.source == bindparam("source"),
        _poll.route == bindparam("route"),
        _poll.finished_at <= bindparam("as_of"),
    )
    .order_by(_poll.started_at.desc(), _poll.id.desc())
)
_LAST = _OF_ROUTE.limit(1)
_VALID = _OF_ROUTE.where(_poll.outcome != "failed").limit(LOOKED_BACK)
_READ = _OF_ROUTE.where(_poll.outcome == "read", _poll.asked_from_at.is_(None)).limit(LOOKED_BACK + 1)
_FIRST_FAILURE = select(func.min(_poll.started_at)).where(
    _poll.source == bindparam("source"),
    _poll.route == bindparam("route"),
    _poll.outcome == "failed",
    _poll.finished_at <= bindparam("as_of"),
)
_FIRST_FAILURE_AFTER = _FIRST_FAILURE.where(
    _poll.started_at >= bindparam("valid_at"),
    or_(
        _poll.started_at > bindparam("valid_at"),
        and_(_poll.started_at == bindparam("valid_at"), _poll.id > bindparam("valid")),
    ),
)


def route_history(db: Connection, source: str, route: str, as_of: datetime) -> RouteHistory:
    """The last polls of a route, known at ``as_of``."""
    named = {"source": source, "route": route, "as_of": as_of}
    last = db.execute(_LAST, named).one_or_none()
    if last is None:
        return RouteHistory(None, None, None, (), ())
    valid = db.execute(_VALID, named).all()
    if valid:
        after = {"valid": valid[0].id, "valid_at": valid[0].started_at}
        failing = db.execute(_FIRST_FAILURE_AFTER, named | after).scalar_one()
    else:
        failing = db.execute(_FIRST_FAILURE, named).scalar_one()
    return RouteHistory(
        LastPoll(last.id, last.started_at, last.outcome, _failure(last)),
        valid[0].finished_at if valid else None,
        failing,
        tuple(row.started_at for row in valid),
        tuple(row.items / row.pages for row in db.execute(_READ, named) if row.pages),
    )


_LAST_FAILURE = (
    select(tables.poll)
    .where(
        _poll.source == bindparam("source"),
        _poll.outcome == "failed",
        _poll.finished_at <= bindparam("as_of"),
    )
    .order_by(_poll.finished_at.desc(), _poll.id.desc())
    .limit(1)
)


def last_failure(db: Connection, source: str, as_of: datetime) -> LastFailure | None:
    """The newest failed poll of a source, whether it has been read again since or not."""
    row = db.execute(_LAST_FAILURE, {"source": source, "as_of": as_of}).one_or_none()
    failure = None if row is None else _failure(row)
    return None if row is None or failure is None else LastFailure(row.route, row.finished_at, failure)


_FAILED_SINCE = (
    select(tables.poll)
    .where(
        _poll.source.in_(bindparam("sources", expanding=True)),
        _poll.outcome == "failed",
        _poll.finished_at >= bindparam("since"),
    )
    .order_by(_poll.id)
)


def failed_since(db: Connection, sources: Sequence[str], since: datetime) -> list[tuple[str, str, Failure]]:
    """The routes of these sources that have failed since then, in the order of names, each as it last did."""
    rows = db.execute(_FAILED_SINCE, {"sources": list(sources), "since": since})
    found = {(row.source, row.route): failure for row in rows if (failure := _failure(row))}
    return [(source, route, failure) for (source, route), failure in sorted(found.items())]


_listing = tables.listing
AHEAD = timedelta(days=1)
"""A day may have begun elsewhere before it has in UTC; what is dated later than that is not yet published."""


def _newest_by(stated: Any) -> Select[Any]:
    """The newest listings of a source by one of the two columns in which publication times stand."""
    candidates = (
        select(_listing.c.id)
        .join(tables.document, tables.document.c.id == _listing.c.document)
        .where(
            tables.document.c.source == bindparam("source"),
            _listing.c.known_at <= bindparam("as_of"),
            stated <= bindparam("published_by"),
        )
        .order_by(stated.desc(), _listing.c.id.desc())
        .limit(LOOKED_BACK)
        .subquery()
    )
    counting = newest_listing(_listing.c.document, bindparam("as_of"))
    return (
        select(_listing)
        .join(candidates, candidates.c.id == _listing.c.id)
        .where(_listing.c.id == counting)
        .order_by(stated.desc(), _listing.c.id.desc())
        .limit(1)
    )


_NEWEST_AT = _newest_by(_listing.c.published_at)
_NEWEST_ON = _newest_by(_listing.c.published_on)


def newest_item(db: Connection, source: str, as_of: datetime) -> NewestItem | None:
    """The newest document that a source's listings have named, by what its newest listing says of it."""
    named = {"source": source, "as_of": as_of}
    rows = [
        db.execute(_NEWEST_AT, named | {"published_by": as_of}).one_or_none(),
        db.execute(_NEWEST_ON, named | {"published_by": (as_of + AHEAD).date()}).one_or_none(),
    ]
    found = [NewestItem(row.title, published_of(row)) for row in rows if row is not None]
    return max(found, key=lambda one: one.published.interval.from_at, default=None)


def _failure(row: Any) -> Failure | None:
    if row.failure_family is None:
        return None
    return Failure(row.failure_family, row.failure_kind, row.failure_reason)
