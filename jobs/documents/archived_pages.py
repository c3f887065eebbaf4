"""Documents read once more from the bytes that were kept of them, without asking their publisher."""

from __future__ import annotations

from servanda.compliance.prefilter import Scan
from servanda.instruments.routes import Route, Source
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.documents.fetching import read_page
from servanda.models.archive.warc_reading import StoredBytes
from servanda.models.documents.observations import KeptBytes
from servanda.scrapers.exchange import Exchange
from servanda.scrapers.reading import Article


def read_kept(
    wiring: Wiring, kept: KeptBytes, source: Source, route: Route, title: str, scan: Scan | None
) -> Article:
    """The document in a response of the archive, read as ``read_page`` reads it.

    Raises ArchiveError where the bytes are missing or damaged, and what reading raises.
    """
    stored = wiring.archive.load(kept.place, sha256=kept.sha256)
    return read_page(wiring, exchange_from(stored, kept), source, route, title, scan)


def exchange_from(stored: StoredBytes, kept: KeptBytes) -> Exchange:
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
