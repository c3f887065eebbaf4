"""What was found of each version: whether it is the listed document, whole and legible."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, select

from servanda.compliance.document_doubts import CHECKER, DocumentFacts, Doubt, SameText, share_a_text
from servanda.compliance.publication import PublicationTime
from servanda.models import tables
from servanda.models.documents.counting_listings import newest_listing
from servanda.models.publication_columns import published_json
from servanda.models.upsert import insert_or_ignore

_check, _version, _document = tables.document_check, tables.version, tables.document
_listing, _seen = tables.listing, tables.observation


def record_check(
    db: Connection,
    version: int,
    facts: DocumentFacts,
    doubts: Sequence[Doubt],
    *,
    title: str,
    listed: PublicationTime,
    now: datetime,
) -> bool:
    """Keep what was found of a version, listed under that title and time; False where it stands already."""
    said = json.dumps([title, published_json(listed)], sort_keys=True)
    return insert_or_ignore(
        db,
        _check,
        version=version,
        checker=CHECKER,
        listed=hashlib.sha256(said.encode()).hexdigest(),
        facts=_facts_json(facts),
        doubts=[asdict(doubt) for doubt in doubts],
        is_doubtful=bool(doubts),
        may_grow=facts.may_grow(_usual_words(db, version)),
        words=facts.prose.words,
        repeats=_repeats(db, version, facts.fingerprint),
        fingerprint=facts.fingerprint,
        known_at=now,
    )


def _facts_json(facts: DocumentFacts) -> dict[str, Any]:
    days = None if facts.days is None else [day.isoformat() for day in facts.days]
    return {**asdict(facts), "days": days}


LEAST_KNOWN, LOOKED_BACK = 10, 40
"""From so many documents of a source, at least and at most, its usual length is taken."""

_own = _version.alias()
_of_source = _document.alias()
_WORDS = (
    select(_check.c.words)
    .join(_version, _version.c.id == _check.c.version)
    .join(_document, _document.c.id == _version.c.document)
    .where(
        _document.c.source
        == select(_of_source.c.source)
        .join(_own, _own.c.document == _of_source.c.id)
        .where(_own.c.id == bindparam("version"))
        .scalar_subquery()
    )
    .order_by(_check.c.id.desc())
    .limit(LOOKED_BACK)
)


def _usual_words(db: Connection, version: int) -> float | None:
    """The median length of what was last read of a version's source; None where little was."""
    words = list(db.execute(_WORDS, {"version": version}).scalars())
    return median(words) if len(words) >= LEAST_KNOWN else None


_OF_ANOTHER = (
    select(_check.c.id)
    .join(_version, _version.c.id == _check.c.version)
    .where(
        _check.c.fingerprint == bindparam("fingerprint"),
        _version.c.document
        != select(_own.c.document).where(_own.c.id == bindparam("version")).scalar_subquery(),
    )
    .limit(1)
)


def _repeats(db: Connection, version: int, fingerprint: str) -> bool:
    """Whether another document was found to hold the text of this version."""
    named = {"fingerprint": fingerprint, "version": version}
    return bool(fingerprint) and db.execute(_OF_ANOTHER, named).first() is not None


_checked_now = exists().where(_check.c.version == _version.c.id, _check.c.checker == CHECKER)
_UNCHECKED = (
    select(_version.c.id)
    .where(_version.c.id > bindparam("after"), ~_checked_now)
    .order_by(_version.c.id)
    .limit(bindparam("most"))
)
_COUNTS = select(
    select(func.count()).select_from(_version).scalar_subquery().label("versions"),
    select(func.count(_check.c.version.distinct()))
    .where(_check.c.checker == CHECKER)
    .scalar_subquery()
    .label("checked"),
)


def are_complete(db: Connection) -> bool:
    """Whether every version there is was checked by today's rules."""
    counts = db.execute(_COUNTS).one()
    return bool(counts.versions == counts.checked)


def unchecked_versions(db: Connection, after: int, most: int) -> list[int]:
    """Versions that today's rules have not checked, in the order they came; only those after ``after``."""
    return list(db.execute(_UNCHECKED, {"after": after, "most": most}).scalars())


_as_of = bindparam("as_of", type_=tables.observation.c.at.type)
_later = _check.alias()
_IS_NEWEST_CHECK = ~exists().where(
    _later.c.version == _check.c.version, _later.c.id > _check.c.id, _later.c.known_at <= _as_of
)
_newest_seen = (
    select(_seen.c.version)
    .where(_seen.c.document == _document.c.id, _seen.c.state == "seen", _seen.c.at <= _as_of)
    .order_by(_seen.c.at.desc(), _seen.c.id.desc())
    .limit(1)
    .correlate(_document)
    .scalar_subquery()
)
_STANDING = (
    select(
        _document.c.source, _document.c.id.label("document"), _version.c.digest, _check.c.doubts,
        _check.c.fingerprint, _listing.c.title,
    )
    .select_from(_check)
    .join(_version, _version.c.id == _check.c.version)
    .join(_document, _document.c.id == _version.c.document)
    .join(_listing, _listing.c.id == newest_listing(_document.c.id, _as_of))
    .where(_check.c.known_at <= _as_of, _IS_NEWEST_CHECK, _version.c.id == _newest_seen)
)  # fmt: skip
"""Of each document the check of the content that was seen last."""

_DOUBTFUL = _STANDING.where(_check.c.is_doubtful)
_repeated = select(_later.c.fingerprint).where(_later.c.repeats, _later.c.known_at <= _as_of)
_REPEATED = _STANDING.where(_check.c.fingerprint.in_(_repeated))
_OF_SOURCES = _document.c.source.in_(bindparam("sources", expanding=True))


@dataclass(frozen=True, slots=True)
class StandingDoubts:
    """A document's doubts: of the content that was seen last, named by its digest, as (kind, why)."""

    digest: str
    doubts: tuple[tuple[str, str], ...]


def standing_doubts(
    db: Connection, as_of: datetime, sources: Collection[str] | None = None
) -> dict[int, StandingDoubts]:
    """The documents of these sources (None: of all) whose content was doubtful by ``as_of``."""
    named: dict[str, Any] = {"as_of": as_of}
    doubtful, repeated = _DOUBTFUL, _REPEATED
    if sources is not None:
        named["sources"] = sorted(sources)
        doubtful, repeated = doubtful.where(_OF_SOURCES), repeated.where(_OF_SOURCES)
    digests: dict[int, str] = {}
    doubts: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in db.execute(doubtful, named):
        digests[row.document] = row.digest
        doubts[row.document] += [(doubt["kind"], doubt["why"]) for doubt in row.doubts]
    for rows in _by_text(db.execute(repeated, named)):
        unlike = share_a_text(SameText(row.document, row.title) for row in rows)
        for row in rows:
            if row.document in unlike:
                digests[row.document] = row.digest
                why = f"{len(unlike)} documents under unlike titles hold this text"
                doubts[row.document].append(("same_text", why))
    return {document: StandingDoubts(digests[document], tuple(found)) for document, found in doubts.items()}


def _by_text(rows: Iterable[Any]) -> Collection[list[Any]]:
    """Rows of one source with one text."""
    groups: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.source, row.fingerprint].append(row)
    return groups.values()
