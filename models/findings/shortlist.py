"""Shortlists: which contents stand there, and what people said of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from servanda.compliance.publication import PublicationTime
from servanda.compliance.shortlist import ShortlistReason
from servanda.models import tables
from servanda.models.documents.counting_listings import newest_listing
from servanda.models.publication_columns import published_of
from servanda.models.types import Instant
from servanda.models.upsert import insert_or_ignore

KIND = "shortlist"

DISMISSED, RESTORED = "dismissed", "restored"

_rows, _made, _document = tables.shortlisted, tables.version, tables.document


@dataclass(frozen=True, slots=True)
class ShortlistRow:
    """A document that stands on a window's shortlist by its newest content that does."""

    window: str
    document: int
    version: int
    source: str
    title: str
    published: PublicationTime
    why: tuple[ShortlistReason, ...]


@dataclass(frozen=True, slots=True)
class ShortlistAnswer:
    """What a person said of a document: it holds for its contents up to this version."""

    version: int
    value: str
    by: str
    reason: str


def record_shortlisted(
    db: Connection,
    version: int,
    window: str,
    reasons: Sequence[ShortlistReason],
    rules_digest: str,
    now: datetime,
) -> bool:
    """Keep that a version stands on a window's shortlist; False where the same rules said so before."""
    return insert_or_ignore(
        db,
        _rows,
        version=version,
        window=window,
        rules_digest=rules_digest,
        reasons=[asdict(reason) for reason in reasons],
        known_at=now,
    )


_AS_OF = bindparam("as_of", type_=Instant)
_listed = tables.listing
_SHORTLISTED = (
    select(
        _rows, _made.c.document, _made.c.title, _document.c.source, _listed.c.precision, _listed.c.zone,
        _listed.c.published_at, _listed.c.published_on,
    )
    .join(_made, _made.c.id == _rows.c.version)
    .join(_document, _document.c.id == _made.c.document)
    .join(_listed, _listed.c.id == newest_listing(_made.c.document, _AS_OF))
    .where(_rows.c.window.in_(bindparam("windows", expanding=True)), _rows.c.known_at <= _AS_OF)
    .order_by(_rows.c.id)
)  # fmt: skip


def shortlisted(db: Connection, as_of: datetime, windows: Collection[str]) -> list[ShortlistRow]:
    """What stands on the shortlists of these windows, whenever it was published: one row a window and
    document.

    What stood there by any rules stays: rules that change take nothing from a person's eyes.
    """
    found: dict[tuple[str, int], ShortlistRow] = {}
    for row in db.execute(_SHORTLISTED, {"as_of": as_of, "windows": sorted(windows)}):
        before = found.get((row.window, row.document))
        if before is None or row.version >= before.version:
            why = tuple(ShortlistReason(**reason) for reason in row.reasons)
            found[row.window, row.document] = ShortlistRow(
                row.window, row.document, row.version, row.source, row.title, published_of(row), why
            )
    return list(found.values())


_NEWEST = (
    select(_made.c.document, func.max(_made.c.id).label("version"))
    .where(_made.c.document.in_(bindparam("documents", expanding=True)), _made.c.known_at <= _AS_OF)
    .group_by(_made.c.document)
)


def newest_versions(db: Connection, as_of: datetime, documents: Iterable[int]) -> dict[int, int]:
    """The newest content of each document."""
    rows = db.execute(_NEWEST, {"as_of": as_of, "documents": sorted(set(documents))})
    return {row.document: row.version for row in rows}


# --- answers ----------------------------------------------------------------------------------------------


def subject_of(window: str, question: str, document: int, version: int) -> str:
    """What a dismissal is about: a window's question, and a document as far as this content."""
    return f"{KIND}:{window}:{question}:{document}:{version}"


_said = tables.decision
_ANSWERS = (
    select(_said)
    .where(_said.c.kind == KIND, _said.c.subject.startswith(bindparam("prefix"), autoescape=False))
    .where(_said.c.known_at <= _AS_OF)
    .order_by(_said.c.id)
)


def shortlist_answers(
    db: Connection, as_of: datetime, window: str, question: str
) -> dict[int, ShortlistAnswer]:
    """The last answer on each document of a window's shortlist."""
    prefix = f"{KIND}:{window}:{question}:"
    found = {}
    for row in db.execute(_ANSWERS, {"as_of": as_of, "prefix": prefix}):
        document, _, version = row.subject.removeprefix(prefix).partition(":")
        found[int(document)] = ShortlistAnswer(int(version), row.value, row.by, row.reason)
    return found
