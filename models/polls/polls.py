"""Polls, exchanges and coverage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
)

from servanda.compliance.intervals import BEGINNING, Interval, IntervalSet
from servanda.models import tables
from servanda.models.archive.location import RecordLocation
from servanda.models.types import Instant
from servanda.models.upsert import insert_or_ignore

PollStatus = Literal["read", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a poll failed: family (who must act), kind (its name), reason (a sentence)."""

    family: str
    kind: str
    reason: str

    def __str__(self) -> str:
        return f"{self.family}: {self.kind}: {self.reason}"


@dataclass(frozen=True, slots=True)
class PollRecord:
    """One attempt to read a route. ``asked``: the publication times wanted, None for the newest."""

    source: str
    route: str
    started_at: datetime
    finished_at: datetime
    outcome: PollStatus
    failure: Failure | None
    pages: int
    items: int
    new_documents: int
    catalogue: str
    asked: Interval | None = None


@dataclass(frozen=True, slots=True)
class LastPoll:
    """The newest poll of a route."""

    id: int
    started_at: datetime
    outcome: PollStatus
    failure: Failure | None


_CATALOGUE = select(tables.catalogue.c.digest).where(tables.catalogue.c.digest == bindparam("digest"))


def load_catalogue(db: Connection, digest: str, content: str, now: datetime) -> None:
    """Keep a loaded catalogue once, so that old verdicts stay explicable."""
    insert_or_ignore(db, tables.catalogue, digest=digest, content=content, loaded_at=now)


def is_catalogue_kept(db: Connection, digest: str) -> bool:
    """Whether ``load_catalogue`` has kept it already: its content is long."""
    return db.execute(_CATALOGUE, {"digest": digest}).first() is not None


def begin_monitoring(db: Connection, instrument: str, now: datetime) -> bool:
    """Note that the instrument is monitored; True the first time."""
    return insert_or_ignore(db, tables.monitored, instrument=instrument, since_at=now)


def monitored_since(db: Connection) -> dict[str, datetime]:
    """Since when each instrument is monitored."""
    return {row.instrument: row.since_at for row in db.execute(select(tables.monitored))}


_ADD_POLL = insert(tables.poll).returning(tables.poll.c.id)
_ADD_EXCHANGE = insert(tables.exchange).returning(tables.exchange.c.id)
_ADD_COVERAGE = insert(tables.coverage)


def record_poll(db: Connection, poll: PollRecord) -> int:
    failure = poll.failure
    row = db.execute(
        _ADD_POLL,
        {
            "source": poll.source,
            "route": poll.route,
            "started_at": poll.started_at,
            "finished_at": poll.finished_at,
            "outcome": poll.outcome,
            "failure_family": failure.family if failure else None,
            "failure_kind": failure.kind if failure else None,
            "failure_reason": failure.reason if failure else None,
            "pages": poll.pages,
            "items": poll.items,
            "new_documents": poll.new_documents,
            "catalogue": poll.catalogue,
            "asked_from_at": poll.asked.from_at if poll.asked else None,
            "asked_until_at": poll.asked.until_at if poll.asked else None,
        },
    )
    return int(row.scalar_one())


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """Where one exchange's bytes lie, and what SQL keeps of it.

    ``attested_at``: when a web archive, by its own word, saw what it played back; None for other responses.
    ``body_of``: the earlier exchange whose record holds the body, or that a 304 calls unchanged: its id, or
    its place where it is recorded in the same poll. None where its own place holds all there is.
    """

    url: str
    status: int | None
    failure: str | None
    sha256: str
    place: RecordLocation
    at: datetime
    attested_at: datetime | None = None
    body_of: int | RecordLocation | None = None


_OF_POLL = select(tables.exchange.c.id).where(
    tables.exchange.c.poll == bindparam("poll"),
    tables.exchange.c.archive_file == bindparam("file"),
    tables.exchange.c.archive_offset == bindparam("offset"),
)


def record_exchange(db: Connection, poll: int, document: int | None, exchange: ExchangeRecord) -> int:
    body_of = exchange.body_of
    if isinstance(body_of, RecordLocation):
        names = {"poll": poll, "file": body_of.file, "offset": body_of.offset}
        body_of = int(db.execute(_OF_POLL, names).scalar_one())
    row = db.execute(
        _ADD_EXCHANGE,
        {
            "poll": poll,
            "document": document,
            "url": exchange.url,
            "status": exchange.status,
            "failure": exchange.failure,
            "sha256": exchange.sha256,
            "archive_file": exchange.place.file,
            "archive_offset": exchange.place.offset,
            "archive_length": exchange.place.length,
            "at": exchange.at,
            "attested_at": exchange.attested_at,
            "body_of": body_of,
        },
    )
    return int(row.scalar_one())


def record_coverage(
    db: Connection, poll: int, source: str, route: str, interval: Interval, basis: str, now: datetime
) -> None:
    db.execute(
        _ADD_COVERAGE,
        {
            "poll": poll,
            "source": source,
            "route": route,
            "from_at": interval.from_at,
            "until_at": interval.until_at,
            "basis": basis,
            "known_at": now,
        },
    )


UNCHANGED = "unchanged"
"""How the basis of a claim begins that rests on an answer "unchanged"."""

_distrust = tables.route_distrust


_decision = tables.decision
_fault = tables.clock_fault


def is_believed(rows: Any) -> ColumnElement[bool]:
    """Whether a claim among these coverage rows stands at ``as_of``: it is none that rests on "unchanged"
    from a route that said so falsely, none made under a confirmation that was withdrawn since, and none that
    a wrong clock dated."""
    distrusted = exists().where(
        _distrust.c.source == rows.source,
        _distrust.c.route == rows.route,
        _distrust.c.known_at <= bindparam("as_of"),
    )
    misdated = exists().where(
        rows.id <= _fault.c.last_coverage,
        rows.known_at > _fault.c.until_at,
        _fault.c.known_at <= bindparam("as_of"),
    )
    return ~and_(rows.basis.startswith(UNCHANGED), distrusted) & ~_is_withdrawn(rows) & ~misdated


def _is_withdrawn(rows: Any) -> ColumnElement[bool]:
    """Whether a person took back the confirmation of a claim's route after it was made, and did not give it
    again. Another definition of the route, confirmed since, does not bring it back."""
    taken, given = _decision.alias().c, _decision.alias().c
    prefix = literal("route:") + rows.source + "/" + rows.route + "@"
    given_again = exists().where(
        given.kind == "route",
        given.subject == taken.subject,
        given.value == "confirmed",
        given.id > taken.id,
        given.known_at <= bindparam("as_of"),
    )
    return exists().where(
        taken.kind == "route",
        taken.value == "withdrawn",
        taken.known_at >= rows.known_at,
        taken.known_at <= bindparam("as_of"),
        func.substr(taken.subject, 1, func.length(prefix)) == prefix,
        ~given_again,
    )


def _stretches(*conditions: ColumnElement[bool]) -> Select[tuple[str, datetime, datetime]]:
    """The union of coverage rows as few rows: each source's stretches without a gap.

    A row begins a stretch where it starts after everything before it ended; the stretch ends where all that
    comes before the next beginning has ended. In SQL, because a year of half-hourly readings is 17,000 rows
    and, mostly, one stretch.
    """
    rows, others = tables.coverage.c, tables.coverage.alias().c
    known = rows.known_at <= bindparam("as_of")
    in_order = (rows.from_at, rows.id)
    reached = func.max(rows.until_at).over(partition_by=rows.source, order_by=in_order, rows=(None, -1))
    row = (
        select(rows.source, rows.from_at, rows.id, reached.label("reached"))
        .where(known, is_believed(rows), *conditions)
        .subquery()
        .c
    )
    last = select(func.max(others.until_at)).where(
        others.source == row.source, others.known_at <= bindparam("as_of"), is_believed(others)
    )
    before_next = func.lead(row.reached, type_=Instant).over(
        partition_by=row.source, order_by=(row.from_at, row.id)
    )
    until_at = func.coalesce(before_next, last.scalar_subquery()).label("until_at")
    begins = or_(row.reached.is_(None), row.from_at > row.reached)
    return select(row.source, row.from_at, until_at).where(begins)


_COVERAGE_BY_SOURCE = _stretches()
_COVERAGE_OF_SOURCES = _stretches(tables.coverage.c.source.in_(bindparam("sources", expanding=True)))
_COVERAGE_OF_SOURCE = _stretches(
    tables.coverage.c.source == bindparam("source"), tables.coverage.c.until_at > bindparam("since")
)


def coverage_by_source(
    db: Connection, as_of: datetime, sources: Collection[str] | None = None
) -> dict[str, IntervalSet]:
    """What each source's valid readings had covered by ``as_of``, over all routes. None: all sources."""
    if sources is None:
        rows = db.execute(_COVERAGE_BY_SOURCE, {"as_of": as_of})
    else:
        rows = db.execute(_COVERAGE_OF_SOURCES, {"as_of": as_of, "sources": sorted(sources)})
    found: dict[str, list[Interval]] = defaultdict(list)
    for row in rows:
        found[row.source].append(Interval(row.from_at, row.until_at))
    return {source: IntervalSet.of(intervals) for source, intervals in found.items()}


def coverage_of_source(
    db: Connection, source: str, as_of: datetime, *, since: datetime = BEGINNING
) -> IntervalSet:
    """What one source's valid readings had covered by ``as_of``.

    Exact after ``since``: what readings covered before it may be missing, and is not looked for.
    """
    rows = db.execute(_COVERAGE_OF_SOURCE, {"source": source, "as_of": as_of, "since": since})
    return IntervalSet.of(Interval(row.from_at, row.until_at) for row in rows)


def last_polls(db: Connection, as_of: datetime) -> dict[tuple[str, str], LastPoll]:
    """The newest poll of each (source, route), known at ``as_of``."""
    rows = tables.poll.c
    newest = select(func.max(rows.id)).where(rows.finished_at <= as_of).group_by(rows.source, rows.route)
    return {
        (row.source, row.route): LastPoll(row.id, row.started_at, row.outcome, _failure(row))
        for row in db.execute(select(tables.poll).where(rows.id.in_(newest)))
    }


def last_valid_at(db: Connection, as_of: datetime) -> dict[str, datetime]:
    """When each source was last read validly, over all its routes."""
    rows = tables.poll.c
    query = (
        select(rows.source, func.max(rows.finished_at).label("at"))
        .where(rows.outcome != "failed", rows.finished_at <= as_of)
        .group_by(rows.source)
    )
    return {row.source: row.at for row in db.execute(query)}


def last_valid_at_of(db: Connection, source: str, routes: Sequence[str], as_of: datetime) -> datetime | None:
    """When any of a source's routes was last read validly, None for never."""
    rows = tables.poll.c
    newest = select(func.max(rows.finished_at)).where(
        rows.source == source, rows.route.in_(routes), rows.finished_at <= as_of
    )
    found = [db.execute(newest.where(rows.outcome == o)).scalar_one() for o in ("read", "unchanged")]
    return max((at for at in found if at is not None), default=None)


def first_failure_since(
    db: Connection, source: str, routes: Sequence[str], valid_at: datetime | None
) -> datetime | None:
    """The first failed poll of a source's routes after ``valid_at``, None if none failed."""
    rows = tables.poll.c
    query = select(func.min(rows.started_at)).where(
        rows.source == source, rows.route.in_(routes), rows.outcome == "failed"
    )
    if valid_at is not None:  # what started after it also finished after it, and that is indexed
        query = query.where(rows.started_at > valid_at, rows.finished_at >= valid_at)
    found: datetime | None = db.execute(query).scalar_one()
    return found


def _failure(row: Any) -> Failure | None:
    if row.failure_family is None:
        return None
    return Failure(row.failure_family, row.failure_kind, row.failure_reason)
