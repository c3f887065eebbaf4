"""The distinct contents of a document, and where their bytes lie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from servanda.models import tables
from servanda.models.documents.newest_text import newest_text


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One content of a document, with the response in which it was first seen whole.

    ``text`` None: it was not drawn from the bytes. ``first_seen_at``, ``last_seen_at``: of all looks at it.
    """

    id: int
    document: int
    digest: str
    title: str
    language: str
    known_at: datetime
    text: str | None
    extractor: str | None
    first_seen_at: datetime
    last_seen_at: datetime
    exchange: int
    sha256: str
    archive_file: str
    archive_offset: int

    @property
    def capture(self) -> str:
        """Where the bytes lie, for a person."""
        return f"{self.archive_file}, offset {self.archive_offset}"


_made, _drawn, _seen, _read = tables.version, tables.extraction, tables.observation, tables.exchange
_looks = (
    select(
        _seen.c.version,
        func.min(_seen.c.at).label("first_at"),
        func.max(_seen.c.at).label("last_at"),
        func.min(_seen.c.exchange).label("exchange"),
    )
    .where(_seen.c.document == bindparam("document"), _seen.c.at <= bindparam("as_of"))
    .group_by(_seen.c.version)
    .subquery()
)
_VERSIONS = (
    select(
        _made, _drawn.c.text, _drawn.c.extractor, _looks.c.first_at, _looks.c.last_at,
        _read.c.id.label("exchange"), _read.c.sha256, _read.c.archive_file, _read.c.archive_offset,
    )
    .join(_looks, _looks.c.version == _made.c.id)
    .join(_read, _read.c.id == _looks.c.exchange)
    .join(_drawn, _drawn.c.id == newest_text(_made.c.id, bindparam("as_of")), isouter=True)
    .where(_made.c.document == bindparam("document"), _made.c.known_at <= bindparam("as_of"))
    .order_by(_made.c.id)
)  # fmt: skip


def versions(db: Connection, document: int, as_of: datetime) -> list[VersionRow]:
    """Every content of a document that was known by ``as_of``, in the order in which they came."""
    return [
        VersionRow(
            r.id, r.document, r.digest, r.title, r.language, r.known_at, r.text, r.extractor, r.first_at,
            r.last_at, r.exchange, r.sha256, r.archive_file, r.archive_offset,
        )
        for r in db.execute(_VERSIONS, {"document": document, "as_of": as_of})
    ]  # fmt: skip
