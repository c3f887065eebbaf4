"""What was listed and not read, from the ledgers: a verdict rests on it, so the reading list is not asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, or_, select

from servanda.compliance.document_history import WITHDRAWN_AFTER
from servanda.compliance.shortlist import is_by_eye
from servanda.compliance.vocabulary import UnreadDocument
from servanda.models import tables
from servanda.models.documents.checks import standing_doubts
from servanda.models.documents.counting_listings import newest_listing
from servanda.models.documents.document_reviews import SETTLING, document_answers, subject_of
from servanda.models.documents.observations import gone_since
from servanda.models.documents.quarantine import QuarantineEntry, standing_quarantines
from servanda.models.publication_columns import published_of

GONE = "listed, and gone before it could be read"

LISTED_ANEW = "listed anew with another title or time, and not read since"

_listed, _document = tables.listing, tables.document
_READ = exists().where(
    tables.version.c.document == _document.c.id, tables.version.c.known_at <= bindparam("as_of")
)
_anew = tables.listing.alias()
_looked = tables.observation
_READ_SINCE = exists().where(
    _looked.c.document == _anew.c.document,
    _looked.c.at >= _anew.c.known_at,
    _looked.c.at <= bindparam("as_of"),
    tables.exchange.c.id == _looked.c.exchange,
    tables.exchange.c.status == 200,
)
_CHANGED = select(_anew.c.document).where(
    _anew.c.changed, _anew.c.known_at <= bindparam("as_of"), ~_READ_SINCE
)
_UNREAD = (
    select(
        _document.c.source, _listed, _READ.label("was_read"), _document.c.id.in_(_CHANGED).label("is_anew")
    )
    .select_from(_document)
    .join(_listed, _listed.c.id == newest_listing(_document.c.id, bindparam("as_of")))
    .where(
        or_(
            ~_READ,
            _document.c.id.in_(bindparam("aside", expanding=True)),
            _document.c.id.in_(_CHANGED),
        )
    )
    .order_by(_listed.c.id)
)
_UNREAD_OF_SOURCES = _UNREAD.where(_document.c.source.in_(bindparam("sources", expanding=True)))


def unread_documents(
    db: Connection, as_of: datetime, sources: Collection[str] | None = None
) -> tuple[UnreadDocument, ...]:
    """The documents of these sources (None: of all) of which by ``as_of`` it was not known what they say.

    Those listed and not read; quarantined ones, of which it is not known what they say now, or whether rules
    that changed would match them; those listed anew with another title or time; and doubtful ones, unless a
    person answered that their content is the document, or does not matter. Of these, those that only words
    cannot judge are told apart.
    """
    aside = standing_quarantines(db, as_of, sources)
    doubts = _unanswered_doubts(db, as_of, sources)
    named: dict[str, object] = {"as_of": as_of, "aside": sorted({*aside, *doubts})}
    if sources is None:
        rows = db.execute(_UNREAD, named).all()
    else:
        rows = db.execute(_UNREAD_OF_SOURCES, {**named, "sources": sorted(sources)}).all()
    never_read = [row.document for row in rows if not row.was_read]
    gone = gone_since(db, never_read, as_of) if never_read else {}
    return tuple(
        _unread(row, aside.get(row.document), gone.get(row.document), doubts.get(row.document, ()))
        for row in rows
    )


def _unanswered_doubts(
    db: Connection, as_of: datetime, sources: Collection[str] | None
) -> dict[int, tuple[tuple[str, str], ...]]:
    """The doubts about documents as (kind, why), of those for which no person has answered."""
    standing = standing_doubts(db, as_of, sources)
    answers = document_answers(db, as_of) if standing else {}
    return {
        document: found.doubts
        for document, found in standing.items()
        if answers.get(subject_of(document, found.digest)) not in SETTLING
    }


def _unread(
    row: Any,
    aside: QuarantineEntry | None,
    gone: tuple[datetime, datetime] | None,
    doubts: Sequence[tuple[str, str]],
) -> UnreadDocument:
    document = UnreadDocument(row.document, row.source, row.title, published_of(row))
    if aside is not None:
        return replace(document, why=f"quarantined ({aside.kind})")
    if gone is not None and gone[1] - gone[0] >= WITHDRAWN_AFTER:
        return replace(document, why=GONE)
    if row.is_anew:
        return replace(document, why=LISTED_ANEW)
    why = "; ".join(why for _, why in doubts)
    by_eye = [kind for kind, _ in doubts if is_by_eye(kind)]
    if doubts and len(by_eye) == len(doubts):
        return replace(document, why=why, kind="by_eye", seen_as=by_eye[0])
    return replace(document, why=f"is doubtful ({why})", kind="doubtful") if doubts else document
