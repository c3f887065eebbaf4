"""Doubtful documents, as plain data: the shape is a contract, documented in ``docs/json.md``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.shortlist import is_by_eye
from servanda.compliance.vocabulary import DocumentAnswer
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.views.json_values import Json
from servanda.models.documents.checks import standing_doubts
from servanda.models.documents.current_listings import listed_lines
from servanda.models.documents.document_record import document_record
from servanda.models.documents.document_reviews import SETTLING, document_answers, subject_of
from servanda.models.documents.quarantine import standing_quarantines


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
        waiting = _unanswered(db, now)
        lines = listed_lines(db, list(waiting))
    return [
        {
            "id": line.id,
            "source": line.source,
            "title": line.title,
            "url": line.url,
            "published": str(line.published),
            "why": waiting[line.id],
        }
        for line in sorted(lines.values(), key=lambda line: line.listing)
    ]


def _unanswered(db: Connection, now: datetime) -> dict[int, str]:
    """Why documents are doubtful, of those that wait for an answer; what was put aside is unread instead,
    and what words cannot judge stands on shortlists."""
    standing, aside = standing_doubts(db, now), standing_quarantines(db, now)
    answers = document_answers(db, now) if standing else {}
    return {
        document: "; ".join(why for _, why in found.doubts)
        for document, found in standing.items()
        if document not in aside
        and not all(is_by_eye(kind) for kind, _ in found.doubts)
        and answers.get(subject_of(document, found.digest)) not in SETTLING
    }
