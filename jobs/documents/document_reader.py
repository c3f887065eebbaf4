"""Reads documents from their bytes: those that have just come, and those that lie in the archive."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from servanda.compliance.prefilter import Prefilter
from servanda.instruments.catalogue import Catalogue
from servanda.instruments.routes import Route, Source
from servanda.instruments.rule_digests import scan_digest
from servanda.models.archive.folder import Archive
from servanda.models.archive.warc_reading import StoredBytes
from servanda.models.documents.observations import ArchivedResponse
from servanda.scrapers.documents.extract import BesidePage
from servanda.scrapers.exchange import Exchange
from servanda.scrapers.isolation.reader_process import ArticleReader
from servanda.scrapers.platforms.wordpress_rows import PART, is_rest_answer, page_of_row
from servanda.scrapers.route_reading import Article


@dataclass(frozen=True)
class DocumentReader:
    """What reads documents, and the catalogue whose rules decide which texts are worth drawing."""

    archive: Archive
    article_reader: ArticleReader
    catalogue: Catalogue

    @cached_property
    def scan(self) -> Prefilter:
        """All rules of the catalogue, ready to be looked for."""
        return Prefilter.of(self.catalogue.instruments)

    @cached_property
    def scan_digest(self) -> str:
        """Names the rules that ``scan`` looks for."""
        return scan_digest(self.catalogue.rules_digests.values())

    def read(
        self,
        exchange: Exchange,
        source: Source,
        route: Route,
        title: str,
        scan: Prefilter | None,
        beside: BesidePage,
        address: str = "",
    ) -> Article:
        """The document in a response; its text only where the scan says that a rule may match, or without
        one. ``beside``: what of it stands elsewhere; ``address``: its own, by which it is found in a list."""
        if address and is_rest_answer(exchange):
            made, by_part = page_of_row(exchange, address), route.model_copy(update={"content": PART})
            article = self._read(made, source, by_part, title, scan, beside)
            return replace(article, facts=replace(article.facts, days=None))  # no page stands around its text
        return self._read(exchange, source, route, title, scan, beside)

    def _read(
        self,
        exchange: Exchange,
        source: Source,
        route: Route,
        title: str,
        scan: Prefilter | None,
        beside: BesidePage,
    ) -> Article:
        return self.article_reader.read(
            exchange, route=route, source=source, item_title=title, scan=scan, beside=beside
        )

    def read_archived(
        self,
        kept: ArchivedResponse,
        source: Source,
        route: Route,
        title: str,
        scan: Prefilter | None,
        beside: BesidePage,
        address: str,
    ) -> Article:
        """The document in a response of the archive, read as ``read`` reads it.

        Raises ArchiveError where the bytes are missing or damaged, and what reading raises.
        """
        stored = self.archive.load(kept.place, sha256=kept.sha256)
        return self.read(restore_exchange(stored, kept), source, route, title, scan, beside, address)


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
