"""What was found of each version: whether it is the listed document, whole and legible."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, select

from servanda.compliance.document_doubts import CHECKER, NO_HABITS, DocumentFacts, Doubt, SourceHabits
from servanda.compliance.publication import PublicationTime
from servanda.models import tables
from servanda.models.documents.repeated_texts import CheckedText, note_standing, record_lines
from servanda.models.publication_columns import published_json
from servanda.models.upsert import insert_new

_check, _version, _document = tables.document_check, tables.version, tables.document
_seen, _repeated = tables.observation, tables.repeated_text


def record_check(
    db: Connection,
    version: int,
    facts: DocumentFacts,
    doubts: Sequence[Doubt],
    *,
    title: str,
    listed: PublicationTime,
    now: datetime,
    habits: SourceHabits = NO_HABITS,
) -> bool:
    """Keep what was found of a version that is what its document holds now, listed under that title and time;
    False where the same was found before."""
    said = json.dumps([title, published_json(listed)], sort_keys=True)
    key = {"version": version, "checker": CHECKER, "listed": hashlib.sha256(said.encode()).hexdigest()}
    check = insert_new(
        db,
        _check,
        **key,
        facts=_facts_json(facts),
        doubts=[asdict(doubt) for doubt in doubts],
        is_doubtful=bool(doubts),
        may_grow=facts.may_grow(habits),
        words=facts.prose.words,
        title=title,
        speaks_of_title=facts.speaks_of_title,
        shows_date=facts.shows_date(listed),
        known_at=now,
    )
    about = db.execute(_OF_VERSION, {"version": version}).one()
    checked = CheckedText(check or db.execute(_KNOWN, key).scalar_one(), about.document, title)
    if check is not None:
        record_lines(db, checked, about.source, facts.lines)
    note_standing(db, checked, now)
    return check is not None


_KNOWN = select(_check.c.id).where(
    *(_check.c[name] == bindparam(name) for name in ("version", "checker", "listed"))
)
_OF_VERSION = (
    select(_version.c.document, _document.c.source)
    .join(_document, _document.c.id == _version.c.document)
    .where(_version.c.id == bindparam("version"))
)


def _facts_json(facts: DocumentFacts) -> dict[str, Any]:
    """The facts as JSON, but for the lines, which are kept in a table of their own."""
    days = None if facts.days is None else [day.isoformat() for day in facts.days]
    return {**asdict(replace(facts, lines=())), "days": days}


LEAST_KNOWN, LOOKED_BACK = 5, 40
"""From so many documents of a source, at least and at most, its habits are taken."""

LEAST_MEASURED = 10
"""Documents from which a usual length is taken. Until then every short one may be a stub."""

NEARLY_ALL = 0.95

_of_source = _document.alias()
_NEWEST = (
    select(_check.c.words, _check.c.speaks_of_title, _check.c.shows_date)
    .join(_version, _version.c.id == _check.c.version)
    .join(_document, _document.c.id == _version.c.document)
    .where(
        _document.c.source
        == select(_of_source.c.source).where(_of_source.c.id == bindparam("document")).scalar_subquery(),
        ~_check.c.is_doubtful,
    )
    .order_by(_check.c.id.desc())
    .limit(LOOKED_BACK)
)


def source_habits(db: Connection, document: int) -> SourceHabits:
    """How the newest documents are that were read of a document's source."""
    rows = db.execute(_NEWEST, {"document": document}).all()
    if len(rows) < LEAST_KNOWN:
        return NO_HABITS
    return SourceHabits(
        words=median(row.words for row in rows) if len(rows) >= LEAST_MEASURED else None,
        speaks_of_title=_is_habit([row.speaks_of_title for row in rows]),
        shows_date=_is_habit([row.shows_date for row in rows]),
    )


def _is_habit(seen: Sequence[bool | None]) -> bool:
    """Whether nearly all do so, of enough that could."""
    known = [one for one in seen if one is not None]
    return len(known) >= LEAST_KNOWN and sum(known) >= NEARLY_ALL * len(known)


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
    )
    .select_from(_check)
    .join(_version, _version.c.id == _check.c.version)
    .join(_document, _document.c.id == _version.c.document)
    .where(_check.c.known_at <= _as_of, _IS_NEWEST_CHECK, _version.c.id == _newest_seen)
)  # fmt: skip
"""Of each document the check of the content that was seen last."""

_DOUBTFUL = _STANDING.where(_check.c.is_doubtful)
_later_repeat = _repeated.alias()
_REPEATED = (
    _STANDING.add_columns(_repeated.c.own_words)
    .join(_repeated, _repeated.c.check == _check.c.id)
    .where(
        _repeated.c.repeats,
        _repeated.c.known_at <= _as_of,
        ~exists().where(
            _later_repeat.c.check == _check.c.id,
            _later_repeat.c.id > _repeated.c.id,
            _later_repeat.c.known_at <= _as_of,
        ),
    )
)
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
    for row in db.execute(repeated, named):
        digests[row.document] = row.digest
        why = f"all but {row.own_words} words of its text stand under other titles as well"
        doubts[row.document].append(("same_text", why))
    return {document: StandingDoubts(digests[document], tuple(found)) for document, found in doubts.items()}
