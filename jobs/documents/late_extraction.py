"""Texts that were not drawn when their documents were read, because no rule of that time could match them.

They are drawn from the archived bytes when rules change, or when a person asks.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.prefilter import Prefilter
from servanda.instruments.routes import Route, Source
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.documents.document_reader import DocumentReader
from servanda.jobs.documents.failures import failure_of
from servanda.jobs.documents.fetching import QUARANTINE_PERIOD, quarantine_document
from servanda.jobs.documents.parts import text_beside
from servanda.jobs.documents.prefilter_marks import mark_unmatchable
from servanda.models.archive.folder import ArchiveError
from servanda.models.documents import documents, quarantine, screenings
from servanda.models.documents.documents import Version
from servanda.models.documents.observations import ArchivedResponse, archived_response
from servanda.models.polls.polls import Failure
from servanda.scrapers.route_reading import Article

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ExtractionOutcome:
    """What came of reading a version's kept bytes; None where they broke their reader only lately."""

    kept: ArchivedResponse
    got: Article | Failure | None

    @property
    def text(self) -> str | None:
        return self.got.text if isinstance(self.got, Article) else None


def extract_texts(
    ledger: Ledger, reader: DocumentReader, versions: Sequence[Version]
) -> dict[int, ExtractionOutcome]:
    """Read those versions again that have no text and were not scanned for the rules as they are; by id."""
    deferred = [version for version in versions if version.text is None]
    if not deferred:
        return {}
    with ledger.reading() as (db, _):
        scanned = screenings.screened_by(db, [version.id for version in deferred], reader.scan_digest)
    return {
        version.id: extract_text(ledger, reader, version, reader.scan)
        for version in deferred
        if version.id not in scanned
    }


def extract_text(
    ledger: Ledger, reader: DocumentReader, version: Version, scan: Prefilter | None
) -> ExtractionOutcome:
    """Read what is kept of a version; its text is drawn where a rule may match (``scan`` None: always)."""
    with ledger.reading() as (db, now):
        kept = archived_response(db, version.id)
        aside = quarantine.quarantines(db, version.document, now)
        beside = text_beside(db, version.document)
    if scan is not None and any(now < a.known_at + QUARANTINE_PERIOD for a in aside):
        return ExtractionOutcome(kept, None)
    source = reader.catalogue.source(version.source)
    route = route_of(source, version.route)
    title = "" if route.dated_by_document else version.title
    try:
        got = reader.read_archived(kept, source, route, title, scan, beside, version.url)
        return ExtractionOutcome(kept, got)
    except ArchiveError as error:
        log.error("what was kept of %s cannot be read: %s", version.url, error)
        return ExtractionOutcome(kept, Failure("archive", "archive_damaged", str(error)[:500]))
    except Exception as error:
        return ExtractionOutcome(kept, failure_of(error, f"what was kept of {version.url}"))


def store_text(
    db: Connection, version: Version, drawn: ExtractionOutcome, scan_digest: str, now: datetime
) -> bool:
    """Keep what was drawn. False where nothing can be told of the version: then its document is put aside,
    which is a duty of its windows, and tried again some days later."""
    if isinstance(drawn.got, Failure):
        quarantine_document(db, version.document, drawn.kept.exchange, drawn.got, now)
    if not isinstance(drawn.got, Article):
        return False
    if drawn.got.text is None:
        mark_unmatchable(db, version.id, scan_digest, now)
    else:
        documents.record_text(db, version.id, drawn.got.text, drawn.got.extractor, now)
    return True


def with_extracted_text(version: Version, drawn: Mapping[int, ExtractionOutcome]) -> Version:
    """A version with the text that was drawn of it."""
    return replace(version, text=drawn[version.id].text) if version.id in drawn else version


def route_of(source: Source, route_id: str) -> Route:
    """A route by its id. One that the catalogue no longer has is taken to read as the first one does, without
    a selector of its own."""
    found = next((route for route in source.routes if route.id == route_id), None)
    return found or source.routes[0].model_copy(update={"content": None})
