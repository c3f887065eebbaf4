"""When each document was looked at, and what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select

from servanda.compliance.document_history import Observation, State
from servanda.models import tables
from servanda.models.archive.location import RecordLocation
from servanda.models.captures.captures import Capture, capture

_rows = tables.observation.c
_ADD = insert(tables.observation).returning(_rows.id)
_OF_DOCUMENT = (
    select(_rows.id, _rows.at, _rows.state, _rows.version)
    .where(_rows.document == bindparam("document"))
    .order_by(_rows.at, _rows.id)
)
_NEWEST_SEEN = (
    select(_rows.version)
    .where(_rows.document == bindparam("document"), _rows.state == "seen")
    .order_by(_rows.at.desc(), _rows.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class ArchivedResponse:
    """The response in which a version was seen whole, and where its bytes lie."""

    exchange: int
    url: str
    at: datetime
    sha256: str
    place: RecordLocation

    @property
    def capture(self) -> str:
        """Where the bytes lie, for a person."""
        return f"{self.place.file}, offset {self.place.offset}"


def record_observation(
    db: Connection, document: int, version: int | None, exchange: int, state: State, at: datetime
) -> int:
    """Note that a version was seen, or the document seen gone, in an exchange."""
    values = {"document": document, "version": version, "exchange": exchange, "state": state, "at": at}
    return int(db.execute(_ADD, values).scalar_one())


def observations(db: Connection, document: int, as_of: datetime | None = None) -> list[Observation]:
    """Every look at a document by ``as_of``, oldest first."""
    query = _OF_DOCUMENT if as_of is None else _OF_DOCUMENT.where(_rows.at <= as_of)
    return [Observation(r.id, r.at, r.state, r.version) for r in db.execute(query, {"document": document})]


def newest_seen(db: Connection, document: int) -> int | None:
    """The version that was seen last, whatever was seen after it."""
    found: int | None = db.execute(_NEWEST_SEEN, {"document": document}).scalar_one_or_none()
    return found


def exchange_of(db: Connection, observation: int) -> Capture:
    """The exchange of a look at a document."""
    exchange = db.execute(select(_rows.exchange).where(_rows.id == observation)).scalar_one()
    found = capture(db, exchange)
    assert found is not None  # a foreign key names it
    return found


def exchanges_of(db: Connection, observations: Sequence[int]) -> dict[int, tuple[datetime, int]]:
    """When each of these looks was made, and in which exchange."""
    query = select(_rows.id, _rows.at, _rows.exchange).where(_rows.id.in_(observations))
    return {r.id: (r.at, r.exchange) for r in db.execute(query)} if observations else {}


_read = tables.exchange
_first = _read.alias()
_WHOLE = (
    select(_read.c.id, _read.c.url, _read.c.at, _first)
    .join(tables.observation, _rows.exchange == _read.c.id)
    .join(_first, _first.c.id == func.coalesce(_read.c.body_of, _read.c.id))
    .where(_rows.version == bindparam("version"), _rows.state == "seen", _read.c.status == 200)
    .order_by(_rows.at.desc(), _rows.id.desc())
    .limit(1)
)


def archived_response(db: Connection, version: int) -> ArchivedResponse:
    """The newest response that held a version whole; there is one, for nothing else makes a version.

    Where its record only refers to an earlier, equal response, the place is that one's.
    """
    exchange, url, at, *_ = row = db.execute(_WHOLE, {"version": version}).one()
    found = row._mapping
    place = RecordLocation(
        found[_first.c.archive_file], found[_first.c.archive_offset], found[_first.c.archive_length]
    )
    return ArchivedResponse(exchange, url, at, found[_first.c.sha256], place)


def gone_since(
    db: Connection, documents: Sequence[int], as_of: datetime
) -> dict[int, tuple[datetime, datetime]]:
    """First and last time at which each of these documents was seen gone, of those that were."""
    query = (
        select(_rows.document, func.min(_rows.at), func.max(_rows.at))
        .where(_rows.document.in_(documents), _rows.state == "gone", _rows.at <= as_of)
        .group_by(_rows.document)
    )
    return {document: (first, last) for document, first, last in db.execute(query)}
