"""Articles of our own, read as a job would read them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from support.answers import PAGES, exchange_of, source_with

from servanda.compliance.prefilter import Prefilter
from servanda.instruments.routes import FeedOptions, SitemapOptions
from servanda.scrapers.documents.extract import MAX_CHARS, read_article
from servanda.scrapers.exchange import Unrecognised
from servanda.scrapers.route_reading import Article

URL = "https://www.external.example/joint-declaration-on-migration/"
AT = datetime(2019, 6, 10, tzinfo=UTC)
TITLE = "Joint Declaration on Migration"
FEED = FeedOptions(platform="feed")
SITEMAP = SitemapOptions(platform="sitemap", paths=("/",))
STATEMENT = (PAGES / "statement.html").read_text(encoding="utf-8")
COMUNICADO = (PAGES / "comunicado.html").read_text(encoding="utf-8")


def read(
    page: str | bytes,
    title: str = TITLE,
    content_type: str | None = "text/html; charset=utf-8",
    *,
    content: str | None = None,
    url: str = URL,
    at: datetime = AT,
    language: str = "en",
    zone: str = "America/New_York",
    dated: bool = False,
    scan: Prefilter | None = None,
    max_chars: int = MAX_CHARS,
) -> Article:
    """``dated``: by a route whose documents must date themselves."""
    platform = SITEMAP if dated else FEED
    source, route = source_with(platform, url=URL, content=content, language=language, zone=zone)
    body = page.encode() if isinstance(page, str) else page
    exchange = exchange_of(url, body, content_type, at=at)
    return read_article(
        exchange, route=route, source=source, item_title=title, scan=scan, max_chars=max_chars
    )


def text_of(article: Article) -> str:
    """The text of an article that was extracted."""
    assert article.text is not None
    return article.text


def refusal(
    page: str | bytes,
    content_type: str | None = "text/html",
    *,
    content: str | None = None,
    max_chars: int = MAX_CHARS,
) -> str:
    with pytest.raises(Unrecognised) as caught:
        read(page, content_type=content_type, content=content, max_chars=max_chars)
    return caught.value.kind


def page_of(main: str, head: str = "", lang: str = "en") -> str:
    return f'<!DOCTYPE html><html lang="{lang}"><head>{head}</head><body><main>{main}</main></body></html>'
