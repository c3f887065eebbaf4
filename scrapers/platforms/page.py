"""A single page, watched for change."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from servanda.compliance.prefilter import Scan
from servanda.compliance.publication import Published
from servanda.instruments.routes import Route, Source
from servanda.scrapers.addresses import MAX_LENGTH, normalised
from servanda.scrapers.documents.extract import read_article
from servanda.scrapers.exchange import Fetch
from servanda.scrapers.platforms.rules import LONGEST_TITLE, validators_of
from servanda.scrapers.reading import Ask, Item, Reading, Unchanged
from servanda.scrapers.text_cleaning import shortened

NO_TEXT = Scan.of(())
"""Title and digest are enough here; the text is drawn where the item is read as a document."""


def read_watched_page(source: Source, route: Route, fetch: Fetch, ask: Ask) -> Reading | Unchanged:
    """The page as one item, known by the digest of its content: another content is another item.

    Its time is the day of ``ask.now`` in the source's zone. What stood there between two readings is not
    known. Raises what ``read_article`` and ``fetch`` raise.
    """
    exchange = fetch(route.url, pause_seconds=route.pause.total_seconds(), validators=ask.validators)
    if exchange.status == 304:
        return Unchanged()
    article = read_article(exchange, route=route, source=source, item_title="", scan=NO_TEXT)
    content = f"{article.digest}@{normalised(route.url)}"[:MAX_LENGTH]
    seen_on = Published.day(ask.now.astimezone(ZoneInfo(source.zone)).date(), source.zone)
    title = shortened(article.title or route.url, LONGEST_TITLE)
    item = Item(title, route.url, seen_on, (("page", content),))
    return Reading((item,), pages=1, reached_end=False, validators=validators_of(exchange))
