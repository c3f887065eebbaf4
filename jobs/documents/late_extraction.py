"""Texts that were not drawn when their documents were read, because no rule of that time could match them.

They are drawn from the archived bytes when rules change, or when a person asks.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from servanda.compliance.prefilter import Scan
from servanda.instruments.routes import Route, Source
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.documents.archived_pages import read_kept
from servanda.jobs.documents.fetching import HELD_FOR, failure_of, put_aside
from servanda.jobs.documents.screened_marks import note_scanned
from servanda.models.archive.folder import ArchiveError
from servanda.models.documents import documents, quarantine, screenings
from servanda.models.documents.documents import Version
from servanda.models.documents.observations import KeptBytes, kept_bytes
from servanda.models.polls.polls import Failure
from servanda.scrapers.reading import Article

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of reading a version's kept bytes; None where they broke their reader only lately."""

    kept: KeptBytes
    got: Article | Failure | None

    @property
    def text(self) -> str | None:
        return self.got.text if isinstance(self.got, Article) else None


def draw_texts(wiring: Wiring, versions: Sequence[Version]) -> dict[int, Drawn]:
    """Read those versions again that have no text and were not scanned for the rules as they are; by id."""
    deferred = [version for version in versions if version.text is None]
    if not deferred:
        return {}
    with wiring.store.reading() as db:
        digest = wiring.scan_digest
        scanned = screenings.screened_by(db, [version.id for version in deferred], digest)
    scan = wiring.scan
    return {version.id: draw_text(wiring, version, scan) for version in deferred if version.id not in scanned}


def draw_text(wiring: Wiring, version: Version, scan: Scan | None) -> Drawn:
    """Read what is kept of a version; its text is drawn where a rule may match (``scan`` None: always)."""
    with wiring.store.reading() as db:
        kept = kept_bytes(db, version.id)
        aside = quarantine.quarantines(db, version.document, wiring.now)
    if scan is not None and any(wiring.now < a.known_at + HELD_FOR for a in aside):
        return Drawn(kept, None)
    source = wiring.catalogue.source(version.source)
    route = route_of(source, version.route)
    title = "" if route.dated_by_document else version.title
    try:
        return Drawn(kept, read_kept(wiring, kept, source, route, title, scan))
    except ArchiveError as error:
        log.error("what was kept of %s cannot be read: %s", version.url, error)
        return Drawn(kept, Failure("archive", "archive_damaged", str(error)[:500]))
    except Exception as error:
        return Drawn(kept, failure_of(error, f"what was kept of {version.url}"))


def keep_text(db: Connection, wiring: Wiring, version: Version, drawn: Drawn) -> bool:
    """Keep what was drawn. False where nothing can be told of the version: then its document is put aside,
    which is a duty of its windows, and tried again some days later."""
    if isinstance(drawn.got, Failure):
        put_aside(db, wiring, version.document, drawn.kept.exchange, drawn.got)
    if not isinstance(drawn.got, Article):
        return False
    if drawn.got.text is None:
        note_scanned(db, wiring, version.id)
    else:
        documents.record_text(db, version.id, drawn.got.text, drawn.got.extractor, wiring.now)
    return True


def with_text(version: Version, drawn: Mapping[int, Drawn]) -> Version:
    """A version with the text that was drawn of it."""
    return replace(version, text=drawn[version.id].text) if version.id in drawn else version


def route_of(source: Source, route_id: str) -> Route:
    """A route by its id. One that the catalogue no longer has is taken to read as the first one does, without
    a selector of its own."""
    found = next((route for route in source.routes if route.id == route_id), None)
    return found or source.routes[0].model_copy(update={"content": None})
