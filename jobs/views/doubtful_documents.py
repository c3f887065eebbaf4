"""Doubtful documents, as plain data: the shape is a contract, documented in ``docs/json.md``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.vocabulary import DocumentAnswer
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.views.json_values import Json
from servanda.models.documents.checks import standing_doubts
from servanda.models.documents.document_record import document_record
from servanda.models.documents.document_reviews import document_answers, subject_of
from servanda.models.documents.unread_documents import unread_documents


@dataclass(frozen=True, slots=True)
class AnsweredDoubts:
    """A document's doubts as (kind, why), and what a person said of that content."""

    doubts: tuple[tuple[str, str], ...]
    answer: DocumentAnswer | None


def document_doubts(db: Connection, document: int, as_of: datetime) -> AnsweredDoubts | None:
    """Those of one document; None where it is not doubtful."""
    found = document_record(db, document, as_of)
    standing = standing_doubts(db, as_of, [found.source]).get(document) if found else None
    if standing is None:
        return None
    answer = document_answers(db, as_of).get(subject_of(document, standing.digest))
    return AnsweredDoubts(standing.doubts, answer)


def doubtful_documents(ledger: Ledger) -> list[Json]:
    """Those that nobody has answered for."""
    with ledger.reading() as (db, now):
        doubtful = [one for one in unread_documents(db, now) if one.kind == "doubtful"]
        records = {one.document: document_record(db, one.document, now) for one in doubtful}
    return [
        {
            "id": one.document,
            "source": one.source,
            "title": one.title,
            "url": record.counts.url if (record := records[one.document]) else "",
            "published": str(one.published),
            "why": (one.why or "").removeprefix("is doubtful (").removesuffix(")"),
        }
        for one in doubtful
    ]
