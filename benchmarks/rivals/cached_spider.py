"""A Scrapy spider that polls feeds conditionally, by Scrapy's own HTTP cache and its RFC 2616 policy.

What the cache says is unchanged is not parsed again; new entries go to JSON lines.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import feedparser
import scrapy
from scrapy.crawler import CrawlerProcess

from benchmarks.rivals.running import given_options, measured


class FeedSpider(scrapy.Spider):
    name = "feeds"

    def __init__(self, feeds: list[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.feeds = feeds

    async def start(self) -> AsyncIterator[Any]:
        for feed in self.feeds:
            yield scrapy.Request(feed, callback=self.parse_feed)

    def parse_feed(self, response: Any) -> Iterator[dict[str, str]]:
        if "cached" in response.flags:
            return
        for entry in feedparser.parse(response.body).entries:
            yield {"url": entry.link, "title": entry.title, "published": entry.published}


def settings(folder: Path) -> dict[str, Any]:
    return {
        "FEEDS": {str(folder / "entries.jsonl"): {"format": "jsonlines", "encoding": "utf8"}},
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_DIR": str(folder / "httpcache"),
        "HTTPCACHE_POLICY": "scrapy.extensions.httpcache.RFC2616Policy",
        "LOG_LEVEL": "WARNING",
        "ROBOTSTXT_OBEY": True,
        "TELNETCONSOLE_ENABLED": False,
    }


def main() -> None:
    options = given_options()
    process = CrawlerProcess(settings(options.folder))
    crawler = process.create_crawler(FeedSpider)

    def read() -> int:
        process.crawl(crawler, feeds=options.feed)
        process.start()
        return int(crawler.stats.get_value("item_scraped_count", 0))

    measured(read)


if __name__ == "__main__":
    main()
