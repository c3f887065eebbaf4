"""What was done in a stretch of time, counted: the figures that head every digest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from servanda.models import tables


def documents_read(db: Connection, sources: Iterable[str], from_at: datetime, until_at: datetime) -> int:
    """How many documents of these sources were new, or read otherwise than before, from then up to then.

    A page that was looked at again and says the same is not counted.
    """
    version, document = tables.version.c, tables.document.c
    query = (
        select(func.count(version.document.distinct()))
        .select_from(tables.version)
        .join(tables.document, document.id == version.document)
        .where(document.source.in_(sorted(sources)), version.known_at >= from_at, version.known_at < until_at)
    )
    return int(db.execute(query).scalar_one())


def new_matches(db: Connection, instruments: Iterable[str], from_at: datetime, until_at: datetime) -> int:
    """How many documents became evidence of a commitment, that had not been its evidence before.

    Near misses are none; what changed rules find again is not new.
    """
    evidence = tables.evidence.c
    first = (
        select(func.min(evidence.known_at).label("first_at"))
        .select_from(tables.evidence)
        .join(tables.version, tables.version.c.id == evidence.version)
        .where(evidence.instrument.in_(sorted(instruments)), evidence.near_miss.is_(False))
        .group_by(tables.version.c.document, evidence.instrument, evidence.commitment)
        .subquery()
    )
    query = select(func.count()).where(first.c.first_at >= from_at, first.c.first_at < until_at)
    return int(db.execute(query).scalar_one())


def mails_written(
    db: Connection, watchers: Iterable[int], from_at: datetime, until_at: datetime
) -> dict[int, int]:
    """How many mails with alerts were written to each of these watchers from then up to then."""
    told = tables.told.c
    query = (
        select(told.watcher, func.count(told.envelope.distinct()))
        .where(told.watcher.in_(sorted(watchers)), told.known_at >= from_at, told.known_at < until_at)
        .group_by(told.watcher)
    )
    return {int(watcher): int(number) for watcher, number in db.execute(query)}


def mailed_since(db: Connection, after: datetime) -> list[tuple[int, datetime]]:
    """Who was written a mail later than ``after``, and when, scheduled digests left aside."""
    told, envelope, digest = tables.told.c, tables.envelope.c, tables.digest.c
    query = (
        select(told.watcher, told.known_at)
        .join(tables.envelope, envelope.id == told.envelope)
        .outerjoin(tables.digest, digest.id == envelope.digest)
        .where(told.known_at > after, digest.id.is_(None) | (digest.kind == "storm"))
        .distinct()
    )
    return [(int(r.watcher), r.known_at) for r in db.execute(query)]


def active_since(db: Connection) -> dict[int, datetime]:
    """Since when each watcher has been active without a break, of those whose last word is that they are."""
    rows, later = tables.standing.c, tables.standing.alias("later").c
    broken = (
        select(func.coalesce(func.max(later.id), 0))
        .where(later.watcher == rows.watcher, later.state != "active")
        .scalar_subquery()
    )
    query = (
        select(rows.watcher, func.min(rows.known_at).label("since_at"))
        .where(rows.state == "active", rows.id > broken)
        .group_by(rows.watcher)
    )
    return {int(r.watcher): r.since_at for r in db.execute(query)}
