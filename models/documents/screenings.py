"""Which versions were matched by which rules."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from servanda.models import tables
from servanda.models.upsert import insert_or_ignore


def mark_screened(db: Connection, version: int, rules_digest: str, now: datetime) -> bool:
    """Note that a version was matched by these rules; False if it had been before."""
    return insert_or_ignore(db, tables.screening, version=version, rules_digest=rules_digest, known_at=now)


_SCREENED = (
    select(tables.screening.c.version).where(tables.screening.c.version == bindparam("version")).limit(1)
)


def was_screened(db: Connection, version: int) -> bool:
    """Whether a version was ever matched, by whatever rules."""
    return db.execute(_SCREENED, {"version": version}).first() is not None


def screened_by(db: Connection, versions: Sequence[int], rules_digest: str) -> frozenset[int]:
    """Those of the versions that were matched by these rules."""
    rows = tables.screening.c
    query = select(rows.version).where(rows.version.in_(versions), rows.rules_digest == rules_digest)
    return frozenset(db.execute(query).scalars()) if versions else frozenset()


_COUNTED = (
    select(tables.screening.c.rules_digest, func.count().label("versions"))
    .where(tables.screening.c.rules_digest.in_(bindparam("digests", expanding=True)))
    .group_by(tables.screening.c.rules_digest)
)
_VERSIONS = select(func.count()).select_from(tables.version)


def complete_screenings(db: Connection, digests: Collection[str]) -> frozenset[str]:
    """Those of the rules by which every version there is was matched."""
    versions = db.execute(_VERSIONS).scalar_one()
    rows = db.execute(_COUNTED, {"digests": sorted(digests)})
    return frozenset(row.rules_digest for row in rows if row.versions == versions)
