"""What each route's readings said of documents, and what a reading can be held against.

A row for each thing that a route says of a document that it had not said last, so that a statement that is
taken back (A, B, A) stands as it was made, and counts again.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, insert, select

from servanda.compliance.folding import fold
from servanda.compliance.intervals import Interval
from servanda.compliance.publication import PublicationTime
from servanda.models import tables
from servanda.models.documents.counting_listings import newest_listing
from servanda.models.documents.current_listings import refresh_current_listings
from servanda.models.documents.given_texts import LISTING, record_given_text
from servanda.models.documents.identity import ListedItem
from servanda.models.publication_columns import published_columns, published_json, published_of

SEEN_BEFORE_PUBLISHED = timedelta(days=2)
"""Nothing is listed longer than this before its stated time of publication."""

DAYS_DIFFER = timedelta(days=1)
"""Two routes of a publisher may state one publication by so much apart: by zones, or by a rounded day."""

LEAST_OF_TITLE = 20
"""Characters that a shortened title has at least."""

Alias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document that a route has shown, with its names and what was last said of it."""

    document: int
    url: str
    published: PublicationTime
    aliases: frozenset[Alias]


_document, _listing, _poll, _seen = tables.document, tables.listing, tables.poll, tables.observation
_ADD = insert(_listing)
_newest_of_route = (
    select(func.max(_listing.c.id))
    .join(_poll, _poll.c.id == _listing.c.poll)
    .where(
        _listing.c.document.in_(bindparam("documents", expanding=True)), _poll.c.route == bindparam("route")
    )
    .group_by(_listing.c.document)
)
_LAST_SAID = select(_listing).where(_listing.c.id.in_(_newest_of_route))
_LISTED = (
    select(_listing.c.document)
    .where(_listing.c.document.in_(bindparam("documents", expanding=True)))
    .distinct()
)


def record_listings(
    db: Connection,
    poll: int,
    documents: Sequence[int],
    items: Sequence[ListedItem],
    now: datetime,
    *,
    route: str,
    first_stands: bool = False,
    by_document: bool = False,
) -> list[int]:
    """Keep what a reading of a route said of each document, where the route had not last said just that.

    ``first_stands``: only of documents of which nothing has been said yet. ``by_document``: it is what the
    document's own page says. Returns the documents that are listed anew: with another title or time than the
    route last gave them, so that what was read of them may be another document.
    """
    if not documents:
        return []
    for document, item in zip(documents, items, strict=True):
        if item.text:
            record_given_text(db, document, LISTING, item.text, now)
    said = dict(reversed(list(zip(documents, items, strict=True))))
    if first_stands:
        known = set(db.execute(_LISTED, {"documents": list(said)}).scalars())
        last: dict[int, Any] = {}
    else:
        known = set()
        rows = db.execute(_LAST_SAID, {"documents": list(said), "route": route})
        last = {row.document: row for row in rows}
    added = [_row(document, poll, item, now) for document, item in reversed(said.items())]
    added = [
        row
        for row in added
        if row["document"] not in known
        and (row["document"] not in last or last[row["document"]].digest != row["digest"])
    ]
    if not added:
        return []
    before = {} if by_document else _statements(db, [row["document"] for row in added])
    for row in added:
        own = last.get(row["document"])
        compared = before.get(row["document"], ()) if own is None or by_document else [_said(own)]
        row["changed"] = not by_document and _is_listed_anew(said[row["document"]], compared)
    db.execute(_ADD, added)
    refresh_current_listings(db, [row["document"] for row in added])
    return [row["document"] for row in added if row["changed"]]


_ALL_SAID = select(_listing).where(_listing.c.document.in_(bindparam("documents", expanding=True)))


def _statements(db: Connection, documents: Sequence[int]) -> dict[int, list[tuple[str, PublicationTime]]]:
    """Titles and times under which any route ever listed these documents."""
    found: dict[int, list[tuple[str, PublicationTime]]] = defaultdict(list)
    for row in db.execute(_ALL_SAID, {"documents": documents}):
        found[row.document].append(_said(row))
    return found


def _said(row: Any) -> tuple[str, PublicationTime]:
    return row.title, published_of(row)


def _is_listed_anew(item: ListedItem, before: Collection[tuple[str, PublicationTime]]) -> bool:
    """Whether a known document is listed otherwise than before: with another title, which the other does not
    shorten, or at another time. What stands at its address may be another document then.

    ``before``: what the same route last said of it; what all others say, where it never spoke of it."""
    return bool(before) and not any(
        _is_same_title(item.title, title) and _may_be_same_time(item.published, published)
        for title, published in before
    )


def _is_same_title(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=lambda title: len(_bare(title)))
    is_cut = shorter.rstrip().endswith(("…", "...")) and len(_bare(shorter)) >= LEAST_OF_TITLE
    return _bare(shorter) == _bare(longer) or (is_cut and _bare(longer).startswith(_bare(shorter)))


def _bare(title: str) -> str:
    return " ".join(fold(title).rstrip("….").split())


def _may_be_same_time(one: PublicationTime, other: PublicationTime) -> bool:
    """Whether two statements can mean one time, as far as zones and rounded days put them apart."""
    first, second = sorted((one.interval, other.interval), key=lambda i: i.from_at)
    return second.from_at - first.until_at < DAYS_DIFFER


def _row(document: int, poll: int, item: ListedItem, now: datetime) -> dict[str, Any]:
    said = json.dumps([item.title, item.url, published_json(item.published)], sort_keys=True)
    return {
        "document": document,
        "poll": poll,
        "digest": hashlib.sha256(said.encode()).hexdigest(),
        "title": item.title,
        "url": item.url,
        "summary": item.summary,
        "known_at": now,
        **published_columns(item.published),
    }


_by_this_route = exists().where(
    _listing.c.document == _document.c.id, _poll.c.id == _listing.c.poll, _poll.c.route == bindparam("route")
)
_by_others = exists().where(
    _listing.c.document == _document.c.id,
    _poll.c.id == _listing.c.poll,
    _poll.c.route.in_(bindparam("others", expanding=True)),
)
_newest_observation = (
    select(func.max(_seen.c.id))
    .where(_seen.c.document == _document.c.id)
    .correlate(_document)
    .scalar_subquery()
)
_is_gone = exists().where(_seen.c.id == _newest_observation, _seen.c.state == "gone")
_counting = _listing.alias("counting")
_RECENT = (
    select(_counting)
    .select_from(_document)
    .join(_counting, _counting.c.id == newest_listing(_document.c.id))
    .where(
        _document.c.source == bindparam("source"),
        _document.c.first_seen_at >= bindparam("first_seen"),
        ~_is_gone,
    )
    .order_by(_document.c.id)
)
_SHOWN = _RECENT.where(_by_this_route)
_SHOWN_ELSEWHERE = _RECENT.where(_by_others, ~_by_this_route)


def listed_by_route(db: Connection, source: str, route: str, within: Interval) -> list[ListedDocument]:
    """What the route has shown of these publication times, and has not since been seen gone."""
    named = {"source": source, "route": route, "first_seen": within.from_at - SEEN_BEFORE_PUBLISHED}
    return _shown(db, db.execute(_SHOWN, named), within)


def listed_elsewhere(
    db: Connection, source: str, route: str, others: Collection[str], within: Interval
) -> list[ListedDocument]:
    """What other routes of the source have shown of these publication times, and this one never."""
    if not others:
        return []
    first_seen = within.from_at - SEEN_BEFORE_PUBLISHED
    named = {"source": source, "route": route, "others": sorted(others), "first_seen": first_seen}
    return _shown(db, db.execute(_SHOWN_ELSEWHERE, named), within)


_alias, _named = tables.document_alias.c, tables.document_alias.alias().c
_ALIASES_OF_NAMED = select(_alias.document, _alias.scheme, _alias.value).where(
    _alias.document.in_(
        select(_named.document).where(
            _named.source == bindparam("source"),
            _named.scheme.in_(bindparam("schemes", expanding=True)),
            _named.value.in_(bindparam("values", expanding=True)),
        )
    )
)


def last_listed(db: Connection, source: str, route: str, names: Collection[Alias]) -> list[ListedDocument]:
    """What the route last said of the documents that go by any of these names; those it never showed are left
    out."""
    if not names:
        return []
    schemes, values = ({name[n] for name in names} for n in (0, 1))
    named = {"source": source, "schemes": sorted(schemes), "values": sorted(values)}
    aliases = _by_document(db.execute(_ALIASES_OF_NAMED, named))
    if not aliases:
        return []
    rows = db.execute(_LAST_SAID, {"documents": list(aliases), "route": route})
    return [ListedDocument(row.document, row.url, published_of(row), aliases[row.document]) for row in rows]


def _shown(db: Connection, rows: Iterable[Any], within: Interval) -> list[ListedDocument]:
    dated = [(row, published_of(row)) for row in rows]
    inside = [(row, published) for row, published in dated if _lies_in(published, within)]
    aliases = _aliases(db, [row.document for row, _ in inside])
    return [
        ListedDocument(row.document, row.url, published, aliases[row.document]) for row, published in inside
    ]


def _lies_in(published: PublicationTime, within: Interval) -> bool:
    stated = published.interval
    return within.from_at <= stated.from_at and stated.until_at <= within.until_at


_ALIASES = select(_alias.document, _alias.scheme, _alias.value).where(
    _alias.document.in_(bindparam("documents", expanding=True))
)


def _aliases(db: Connection, documents: Sequence[int]) -> dict[int, frozenset[Alias]]:
    return _by_document(db.execute(_ALIASES, {"documents": list(documents)})) if documents else {}


def _by_document(rows: Iterable[Any]) -> dict[int, frozenset[Alias]]:
    """The aliases of each document, in the order of the documents; each has one at least."""
    names: dict[int, set[Alias]] = defaultdict(set)
    for row in rows:
        names[row.document].add((row.scheme, row.value))
    return {document: frozenset(names[document]) for document in sorted(names)}
