"""The shortlist of a window, as plain data: the shape is a contract, documented in ``docs/json.md``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.shortlist import ShortlistedDocument
from servanda.compliance.shortlist_duties import documents_in_term
from servanda.compliance.windows import count_window
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.knowledge.snapshot import load_window_knowledge
from servanda.jobs.views.json_values import Json
from servanda.models.documents.document_record import document_record


def shortlist_of(
    db: Connection, catalogue: Catalogue, instrument: Instrument, window: Window, as_of: datetime
) -> tuple[ShortlistedDocument, ...]:
    """What stands on the shortlist of a window by its primary count, in the order of publication."""
    known = load_window_knowledge(db, catalogue, instrument, window, as_of)
    found = documents_in_term(known.shortlists.get(window.id, ()), count_window(window, window.primary))
    return tuple(sorted(found, key=lambda one: (one.published.interval.from_at, one.document)))


def shortlist(ledger: Ledger, catalogue: Catalogue, window_id: str, as_of: datetime) -> list[Json]:
    """The shortlist of a window, each document with why it stands there and who looked at it.

    LookupError names the windows that exist.
    """
    instrument, window = catalogue.window(window_id)
    with ledger.reading() as (db, _):
        found = shortlist_of(db, catalogue, instrument, window, as_of)
        records = {one.document: document_record(db, one.document, as_of) for one in found}
    urls = {document: record.counts.url for document, record in records.items() if record}
    return [_document_json(one, urls) for one in found]


def _document_json(one: ShortlistedDocument, urls: Mapping[int, str]) -> Json:
    return {
        "document": one.document,
        "version": one.version,
        "source": one.source,
        "title": one.title,
        "url": urls.get(one.document, ""),
        "published": str(one.published),
        "stated": [str(said.published) for said in one.stated],
        "why": [asdict(reason) for reason in one.why],
        "reviewed_by": one.reviewed_by,
        "reason": one.reason,
    }
