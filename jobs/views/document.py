"""One document over time, as plain data: the shape is a contract, documented in ``docs/json.md``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from servanda.compliance.document_history import HistoryStep, derive_history, is_withdrawn
from servanda.compliance.intervals import utc_text
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.documents.document_reader import DocumentReader
from servanda.jobs.documents.late_extraction import extract_text
from servanda.jobs.views.doubtful_documents import document_doubts
from servanda.models.documents import documents, quarantine
from servanda.models.documents import recheck_queue as reread
from servanda.models.documents.document_record import DocumentRecord, Statement, document_record
from servanda.models.documents.observations import exchanges_of, observations
from servanda.models.documents.versions import VersionRow, versions
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings.evidence import EvidenceRow
from servanda.models.polls.polls import Failure
from servanda.scrapers.route_reading import Article

Json = dict[str, Any]


def document(
    ledger: Ledger,
    catalogue: Catalogue,
    document_id: int,
    as_of: datetime,
    *,
    reader: DocumentReader | None = None,
) -> Json:
    """What was known of a document at ``as_of``; with a ``reader`` the text of the content seen last, too."""
    with ledger.reading() as (db, _):
        found = _listed(db, document_id, as_of)
        looks = observations(db, document_id, as_of)
        steps = derive_history(looks)
        contents = versions(db, document_id, as_of)
        answers = exchanges_of(db, [step.observation for step in steps])
        aside = quarantine.standing_quarantines(db, as_of).get(document_id)
        rows = evidence_rows.evidence(db, as_of, document=document_id)
        due_at = reread.recheck_due_at(db, document_id)
        doubts = document_doubts(db, document_id, as_of)
    seen = [look for look in looks if look.state == "seen"]
    last = seen[-1].version if seen else None
    digests = {content.id: content.digest for content in contents}
    counts = found.counts
    return {
        "id": found.id,
        "source": found.source,
        "title": counts.title,
        "url": counts.url,
        "published": str(counts.published),
        "precision": counts.published.precision.value,
        "language": contents[-1].language if contents else catalogue.source(found.source).language,
        "state": "quarantined" if aside else _state(steps, contents),
        "quarantined": f"{aside.kind}: {aside.reason}" if aside else None,
        "doubts": [{"kind": kind, "why": why} for kind, why in doubts.doubts] if doubts else [],
        "answer": doubts.answer.value if doubts and doubts.answer else None,
        "first_seen_at": utc_text(found.first_seen_at),
        "last_seen_at": utc_text(seen[-1].at) if seen else None,
        "reread_at": utc_text(due_at) if due_at else None,
        "listings": [_statement_json(statement) for statement in found.statements],
        "versions": [_version_json(content) for content in contents],
        "history": [_step_json(step, digests, *answers[step.observation]) for step in steps],
        "evidence": [_evidence_json(row, digests) for row in rows],
        "text": _text(ledger, last, reader) if reader is not None and last is not None else None,
    }


def _listed(db: Connection, document_id: int, as_of: datetime) -> DocumentRecord:
    found = document_record(db, document_id, as_of)
    if found is None:
        raise UsageError(f"there is no document {document_id}; `servanda documents` lists those there are")
    return found


def _state(steps: Sequence[HistoryStep], contents: Sequence[VersionRow]) -> str:
    if is_withdrawn(steps):
        return "withdrawn"
    return "standing" if contents else "unread"


def _statement_json(statement: Statement) -> Json:
    return {
        "known_at": utc_text(statement.known_at),
        "route": statement.route,
        "title": statement.title,
        "url": statement.url,
        "published": str(statement.published),
    }


def _version_json(content: VersionRow) -> Json:
    return {
        "digest": content.digest,
        "title": content.title,
        "language": content.language,
        "first_seen_at": utc_text(content.first_seen_at),
        "last_seen_at": utc_text(content.last_seen_at),
        "capture": content.exchange,
        "sha256": content.sha256,
        "text_drawn": content.text is not None,
    }


def _step_json(step: HistoryStep, digests: Mapping[int, str], known_at: datetime, capture: int) -> Json:
    return {
        "step": step.kind,
        "at": utc_text(step.at),
        "known_at": utc_text(known_at),
        "digest": digests.get(step.version or 0),
        "capture": capture,
    }


def _evidence_json(row: EvidenceRow, digests: Mapping[int, str]) -> Json:
    return {
        "id": row.id,
        "instrument": row.instrument,
        "commitment": row.commitment,
        "window": row.window,
        "digest": digests[row.version],
        "candidate": row.candidate,
        "review": row.review.value,
        "due_for_another_look": row.due_for_another_look,
    }


def _text(ledger: Ledger, version_id: int, reader: DocumentReader) -> str:
    """A version's text, drawn from its bytes and kept where it was not yet."""
    with ledger.reading() as (db, _):
        version = documents.version(db, version_id)
    if version.text is not None:
        return version.text
    got = extract_text(ledger, reader, version, None).got
    if not isinstance(got, Article) or got.text is None:
        why = f"{got.kind}: {got.reason}" if isinstance(got, Failure) else "it has none"
        raise UsageError(f"no text can be drawn from what is kept of document {version.document}: {why}")
    with ledger.writing() as (db, now):
        documents.record_text(db, version_id, got.text, got.extractor, now)
    return got.text
