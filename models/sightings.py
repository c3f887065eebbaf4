"""Which route has shown which document: what a reading can be held against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, func, select

from compliance.intervals import Interval
from compliance.publication import Published
from models import tables
from models.listed import newest_listing
from models.published import published_of
from models.upsert import insert_all_or_ignore

SEEN_BEFORE_PUBLISHED = timedelta(days=2)
"""Nothing is listed longer than this before its stated time of publication."""

Alias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sighted:
    """A document that a route has shown, with its names and where it lies."""

    document: int
    url: str
    published: Published
    aliases: frozenset[Alias]


def record_sightings(db: Connection, route: str, poll: int, documents: Sequence[int]) -> None:
    """Note once that a route has shown these documents; ``poll`` is the first that did."""
    rows = [{"document": d, "route": route, "poll": poll} for d in dict.fromkeys(documents)]
    insert_all_or_ignore(db, tables.sighting, rows)


_document, _listing, _sighting, _seen = tables.document, tables.listing, tables.sighting, tables.observation
_by_this_route = exists().where(
    _sighting.c.document == _document.c.id, _sighting.c.route == bindparam("route")
)
_by_others = exists().where(
    _sighting.c.document == _document.c.id, _sighting.c.route.in_(bindparam("others", expanding=True))
)
_newest_observation = (
    select(func.max(_seen.c.id))
    .where(_seen.c.document == _document.c.id)
    .correlate(_document)
    .scalar_subquery()
)
_is_gone = exists().where(_seen.c.id == _newest_observation, _seen.c.state == "gone")
_RECENT = (
    select(_document.c.id, _listing)
    .select_from(_document)
    .join(_listing, _listing.c.id == newest_listing(_document.c.id))
    .where(
        _document.c.source == bindparam("source"),
        _document.c.first_seen_at >= bindparam("first_seen"),
        ~_is_gone,
    )
    .order_by(_document.c.id)
)
_SHOWN = _RECENT.where(_by_this_route)
_SHOWN_ELSEWHERE = _RECENT.where(_by_others, ~_by_this_route)


def shown_by(db: Connection, source: str, route: str, within: Interval) -> list[Sighted]:
    """What the route has shown of these publication times, and has not since been seen gone."""
    named = {"source": source, "route": route, "first_seen": within.from_at - SEEN_BEFORE_PUBLISHED}
    return _sighted(db, _SHOWN, named, within)


def shown_elsewhere(
    db: Connection, source: str, route: str, others: Collection[str], within: Interval
) -> list[Sighted]:
    """What other routes of the source have shown of these publication times, and this one never."""
    if not others:
        return []
    first_seen = within.from_at - SEEN_BEFORE_PUBLISHED
    named = {"source": source, "route": route, "others": sorted(others), "first_seen": first_seen}
    return _sighted(db, _SHOWN_ELSEWHERE, named, within)


def _sighted(db: Connection, query: Select[Any], named: dict[str, object], within: Interval) -> list[Sighted]:
    rows = [(row, published_of(row)) for row in db.execute(query, named)]
    inside = [
        (row, published)
        for row, published in rows
        if within.from_at <= published.interval.from_at and published.interval.until_at <= within.until_at
    ]
    aliases = _aliases(db, [row.document for row, _ in inside])
    return [Sighted(row.document, row.url, published, aliases[row.document]) for row, published in inside]


_alias = tables.document_alias.c
_ALIASES = select(_alias.document, _alias.scheme, _alias.value).where(
    _alias.document.in_(bindparam("documents", expanding=True))
)


def _aliases(db: Connection, documents: Sequence[int]) -> dict[int, frozenset[Alias]]:
    found: dict[int, set[Alias]] = defaultdict(set)
    if documents:
        for row in db.execute(_ALIASES, {"documents": list(documents)}):
            found[row.document].add((row.scheme, row.value))
    return {document: frozenset(found[document]) for document in documents}
