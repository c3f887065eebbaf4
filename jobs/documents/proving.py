"""Check from the kept bytes what was read before there were checks, or checked by other rules.

A version whose bytes cannot be read any more is doubtful: nothing shows what it was.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.document_doubts import DocumentFacts, Doubt
from servanda.compliance.prose import ProseFacts
from servanda.instruments.routes import Route
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.documents.checking import ListedAs, record_document_check
from servanda.jobs.documents.document_reader import DocumentReader
from servanda.jobs.documents.failures import failure_of
from servanda.jobs.documents.late_extraction import route_of
from servanda.jobs.documents.parts import text_beside
from servanda.models.archive.folder import ArchiveError
from servanda.models.documents import checks
from servanda.models.documents.documents import Version, record_text, version
from servanda.models.documents.observations import archived_response
from servanda.models.polls.polls import Failure
from servanda.scrapers.route_reading import Article

log = logging.getLogger(__name__)

BATCH = 100

UNREADABLE = Doubt("unreadable", "what was kept of it cannot be read")
NOTHING_SHOWN = DocumentFacts("nowhere", ProseFacts())


def prove_versions(ledger: Ledger, reader: DocumentReader) -> int:
    """Check every version that today's rules have not checked; how many. Safe to run at any time."""
    with ledger.reading() as (db, _):
        if checks.are_complete(db):
            return 0
    proven, after = 0, 0
    while batch := _batch(ledger, after):
        read = [_read(ledger, reader, one) for one in batch]
        with ledger.writing() as (db, now):
            for one in read:
                _record(db, one, now)
        proven, after = proven + len(batch), batch[-1].id
    return proven


@dataclass(frozen=True, slots=True)
class _Reread:
    """A version, and what its kept bytes gave: with its route and the address that answered."""

    version: Version
    route: Route | None
    answered: str
    got: Article | Failure


def _record(db: Connection, one: _Reread, now: datetime) -> None:
    known = one.version
    if isinstance(one.got, Article) and one.route is not None:
        listed = ListedAs(known.document, one.route, known.title, known.url, known.published)
        record_document_check(db, known.id, one.got, listed, one.answered, now)
        if one.got.text is not None and one.got.text != known.text:
            record_text(db, known.id, one.got.text, one.got.extractor, now)
        return
    doubts, title, published = (UNREADABLE,), known.title, known.published
    checks.record_check(db, known.id, NOTHING_SHOWN, doubts, title=title, listed=published, now=now)


def _batch(ledger: Ledger, after: int) -> list[Version]:
    with ledger.reading() as (db, _):
        return [version(db, one) for one in checks.unchecked_versions(db, after, BATCH)]


def _read(ledger: Ledger, reader: DocumentReader, one: Version) -> _Reread:
    """What is kept of a version, read as it would be today; its text only where a rule may match."""
    with ledger.reading() as (db, _):
        kept = archived_response(db, one.id)
        beside = text_beside(db, one.document)
    route = None
    try:
        source = reader.catalogue.source(one.source)
        route = route_of(source, one.route)
        title = "" if route.dated_by_document else one.title
        article = reader.read_archived(kept, source, route, title, reader.scan, beside, one.url)
        return _Reread(one, route, kept.url, article)
    except ArchiveError as error:
        log.error("what was kept of %s cannot be read: %s", one.url, error)
        return _Reread(one, route, kept.url, Failure("archive", "archive_damaged", str(error)[:500]))
    except Exception as error:
        return _Reread(one, route, kept.url, failure_of(error, f"what was kept of {one.url}"))
