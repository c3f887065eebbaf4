"""Every time that was ever stated of a document, and which documents any of them puts inside a window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from servanda.compliance.publication import Precision, PublicationTime, StatedTime
from servanda.compliance.windows import CountedWindow
from servanda.models import tables
from servanda.models.publication_columns import published_of
from servanda.models.types import Instant

CHUNK = 500
"""Documents that are asked about in one statement."""

_listed, _made = tables.listing, tables.version
_AS_OF = bindparam("as_of", type_=Instant)
_TIMES = ("precision", "zone", "published_at", "published_on")


def _stated(table: Any, poll: Any) -> Any:
    named: Any = bindparam("documents", expanding=True)
    times = (table.c[name] for name in _TIMES)
    return (
        select(table.c.document, *times, table.c.known_at, poll)
        .where(table.c.document.in_(named), table.c.known_at <= _AS_OF)
        .order_by(table.c.id)
    )


_BY_LISTINGS = _stated(_listed, _listed.c.poll)
_BY_PAGES = _stated(_made, bindparam("no_poll", None).label("poll"))


def stated_times(
    db: Connection, as_of: datetime, documents: Iterable[int]
) -> dict[int, tuple[StatedTime, ...]]:
    """What was stated of each document, each time once, the listings' before the pages'."""
    found: dict[int, dict[PublicationTime, StatedTime]] = defaultdict(dict)
    every = sorted(set(documents))
    for start in range(0, len(every), CHUNK):
        named = {"documents": every[start : start + CHUNK], "as_of": as_of}
        for query in (_BY_LISTINGS, _BY_PAGES):
            for row in db.execute(query, named):
                said = StatedTime(published_of(row), row.known_at, row.poll)
                found[row.document].setdefault(said.published, said)
    return {document: tuple(times.values()) for document, times in found.items()}


_precision, _on = _listed.c.precision, _listed.c.published_on
_DATED_INSIDE = (
    select(func.count(_listed.c.document.distinct()))
    .join(tables.document, tables.document.c.id == _listed.c.document)
    .where(
        or_(
            and_(
                _listed.c.published_at >= bindparam("opens_at", type_=Instant),
                _listed.c.published_at < bindparam("due_at", type_=Instant),
            ),
            and_(
                _on <= bindparam("last_on"),
                _on >= bindparam("first_of_year"),
                or_(
                    _on >= bindparam("first_on"),
                    and_(_precision == Precision.MONTH.value, _on >= bindparam("first_of_month")),
                    _precision == Precision.YEAR.value,
                ),
            ),
        ),
        _listed.c.known_at <= _AS_OF,
        tables.document.c.source.in_(bindparam("sources", expanding=True)),
    )
)


def count_dated_inside(db: Connection, as_of: datetime, sources: Collection[str], term: CountedWindow) -> int:
    """How many documents of these sources were ever listed with a time inside a window."""
    first_on = term.first_on
    named = {
        "as_of": as_of,
        "sources": sorted(sources),
        "opens_at": term.opens_at,
        "due_at": term.due_at,
        "first_on": first_on,
        "last_on": term.last_on,
        "first_of_month": first_on.replace(day=1),
        "first_of_year": date(first_on.year, 1, 1),
    }
    return int(db.execute(_DATED_INSIDE, named).scalar_one())
