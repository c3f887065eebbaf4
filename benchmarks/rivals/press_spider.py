"""Scrapy, feedparser and trafilatura: fetch feeds, extract what is behind their items, write JSON lines.

The script that one writes for the purpose: Scrapy as it comes, robots.txt obeyed, its own exporter.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import feedparser
import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess

from benchmarks.rivals.names import DOCUMENTS
from benchmarks.rivals.running import given_options, measured


class PressSpider(scrapy.Spider):
    """``metadata``: have trafilatura find title, author, date and so on as well, as it does for its JSON."""

    name = "press"

    def __init__(self, feeds: list[str], metadata: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.feeds, self.metadata = feeds, metadata

    async def start(self) -> AsyncIterator[Any]:
        for feed in self.feeds:
            yield scrapy.Request(feed, callback=self.parse_feed)

    def parse_feed(self, response: Any) -> Iterator[Any]:
        for entry in feedparser.parse(response.body).entries:
            listed = {"title": entry.title, "published": entry.published}
            yield scrapy.Request(entry.link, callback=self.parse_page, cb_kwargs={"listed": listed})

    def parse_page(self, response: Any, listed: dict[str, str]) -> Iterator[dict[str, Any]]:
        if self.metadata:
            found = trafilatura.extract(
                response.text, url=response.url, output_format="json", with_metadata=True
            )
            yield {**json.loads(found or "{}"), "url": response.url, **listed}
        else:
            yield {"url": response.url, **listed, "text": trafilatura.extract(response.text)}


def settings(folder: Path) -> dict[str, Any]:
    """Scrapy's defaults, but for what it writes where."""
    return {
        "FEEDS": {str(folder / DOCUMENTS): {"format": "jsonlines", "encoding": "utf8"}},
        "LOG_LEVEL": "WARNING",
        "ROBOTSTXT_OBEY": True,
        "TELNETCONSOLE_ENABLED": False,
    }


def main() -> None:
    options = given_options("--metadata")
    process = CrawlerProcess(settings(options.folder))
    crawler = process.create_crawler(PressSpider)

    def read() -> int:
        process.crawl(crawler, feeds=options.feed, metadata=options.metadata)
        process.start()
        return int(crawler.stats.get_value("item_scraped_count", 0))

    measured(read)


if __name__ == "__main__":
    main()
