"""What people said of doubtful documents. An answer holds for the content that it was given on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from servanda.compliance.vocabulary import DocumentAnswer
from servanda.models import tables

KIND = "document"

SETTLING = (DocumentAnswer.IS_DOCUMENT, DocumentAnswer.IRRELEVANT)
"""The answers after which a content is doubtful no longer."""

_rows = tables.decision.c
_ANSWERS = (
    select(_rows.subject, _rows.value)
    .where(_rows.kind == KIND, _rows.known_at <= bindparam("as_of"))
    .order_by(_rows.id)
)


def subject_of(document: int, digest: str) -> str:
    """What a decision on a document is about: a document, and the digest of one content of it."""
    return f"{KIND}:{document}:{digest}"


def document_answers(db: Connection, as_of: datetime) -> dict[str, DocumentAnswer]:
    """The last answer by ``as_of`` on each subject."""
    return {row.subject: DocumentAnswer(row.value) for row in db.execute(_ANSWERS, {"as_of": as_of})}


def is_settled(db: Connection, document: int, digest: str, as_of: datetime) -> bool:
    """Whether a person has settled by ``as_of`` the doubts about one content of a document."""
    return document_answers(db, as_of).get(subject_of(document, digest)) in SETTLING
