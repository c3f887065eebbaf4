"""The last news of commitments: the newest evidence that is no near miss."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from servanda.compliance.publication import PublicationTime
from servanda.models import tables
from servanda.models.documents.counting_listings import newest_listing
from servanda.models.publication_columns import published_of

_found, _made, _listed = tables.evidence, tables.version, tables.listing
_NEWEST = (
    select(func.max(_found.c.id))
    .where(_found.c.instrument.in_(bindparam("instruments", expanding=True)), ~_found.c.near_miss)
    .group_by(_found.c.instrument, _found.c.commitment)
)
_NEWS = (
    select(
        _found.c.id, _found.c.instrument, _found.c.commitment, _found.c.known_at, _listed.c.title,
        _listed.c.precision, _listed.c.zone, _listed.c.published_at, _listed.c.published_on,
    )
    .join(_made, _made.c.id == _found.c.version)
    .join(_listed, _listed.c.id == newest_listing(_made.c.document))
    .where(_found.c.id.in_(_NEWEST))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LastNews:
    """Evidence that became known last for a commitment."""

    evidence: int
    title: str
    published: PublicationTime
    known_at: datetime


def last_news(db: Connection, commitments: Collection[tuple[str, str]]) -> dict[tuple[str, str], LastNews]:
    """For each (instrument, commitment) of which there is news."""
    if not commitments:
        return {}
    rows = db.execute(_NEWS, {"instruments": sorted({instrument for instrument, _ in commitments})})
    return {
        (row.instrument, row.commitment): LastNews(row.id, row.title, published_of(row), row.known_at)
        for row in rows
        if (row.instrument, row.commitment) in commitments
    }
