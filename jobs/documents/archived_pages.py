"""Documents read once more from the bytes that were kept of them, without asking their publisher."""

from __future__ import annotations

from servanda.compliance.prefilter import Prefilter
from servanda.instruments.routes import Route, Source
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.documents.fetching import read_page
from servanda.models.archive.warc_reading import StoredBytes
from servanda.models.documents.observations import ArchivedResponse
from servanda.scrapers.exchange import Exchange
from servanda.scrapers.route_reading import Article


def read_archived_page(
    wiring: Wiring, kept: ArchivedResponse, source: Source, route: Route, title: str, scan: Prefilter | None
) -> Article:
    """The document in a response of the archive, read as ``read_page`` reads it.

    Raises ArchiveError where the bytes are missing or damaged, and what reading raises.
    """
    stored = wiring.archive.load(kept.place, sha256=kept.sha256)
    return read_page(wiring, restore_exchange(stored, kept), source, route, title, scan)


def restore_exchange(stored: StoredBytes, kept: ArchivedResponse) -> Exchange:
    """The exchange as it was when it came, as far as reading looks at it."""
    return Exchange(
        url=kept.url,
        final_url=kept.url,
        request_headers=(),
        status=stored.status,
        reason="",
        headers=stored.headers,
        wire=stored.wire,
        body=stored.body,
        sha256=stored.sha256,
        at=kept.at,
        seconds=0.0,
    )
