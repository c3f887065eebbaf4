"""What the monitor held of the documents of a play: which it doubted, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from servanda.jobs.bootstrap.wiring import Wiring
from servanda.models import tables
from servanda.models.documents.unread_documents import unread_documents


@dataclass(frozen=True, slots=True)
class Doubted:
    """A document that was doubtful at some time: its title and each reason once."""

    title: str
    why: tuple[str, ...]


def doubted_documents(wiring: Wiring) -> dict[str, list[Doubted]]:
    """By source, every document that was ever doubted by itself."""
    check, version, document = tables.document_check, tables.version, tables.document
    query = (
        select(document.c.source, version.c.title, check.c.doubts)
        .join(version, version.c.id == check.c.version)
        .join(document, document.c.id == version.c.document)
        .where(check.c.is_doubtful)
        .order_by(check.c.id)
    )
    with wiring.store.reading() as db:
        rows = db.execute(query).all()
    why: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for row in rows:
        why[row.source, row.title] |= dict.fromkeys(doubt["why"] for doubt in row.doubts)
    found: dict[str, list[Doubted]] = defaultdict(list)
    for (source, title), reasons in why.items():
        found[source].append(Doubted(title, tuple(reasons)))
    return found


def standing_reasons(wiring: Wiring) -> dict[str, list[str]]:
    """By source, what of it is not known in the end: documents unread or doubtful, each with the reason."""
    with wiring.store.reading() as db:
        unread = unread_documents(db, wiring.now)
    found: dict[str, list[str]] = defaultdict(list)
    for one in unread:
        found[one.source].append(f"{one.title}: {one.why or one.kind}")
    return found


def found_documents(wiring: Wiring) -> frozenset[str]:
    """The windows for which there is a candidate."""
    query = select(tables.evidence.c.window).where(tables.evidence.c.candidate).distinct()
    with wiring.store.reading() as db:
        return frozenset(db.execute(query).scalars())
