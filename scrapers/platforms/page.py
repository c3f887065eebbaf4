"""A single page, watched for change."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from servanda.compliance.prefilter import Prefilter
from servanda.compliance.publication import PublicationTime
from servanda.instruments.routes import Route, Source
from servanda.scrapers.addresses import MAX_LENGTH, normalised
from servanda.scrapers.documents.extract import read_article
from servanda.scrapers.exchange import Fetch
from servanda.scrapers.platforms.item_checks import LONGEST_TITLE, validators_of
from servanda.scrapers.route_reading import Item, ReadRequest, RouteReading, Unchanged
from servanda.scrapers.text_cleaning import shorten

NO_TEXT = Prefilter.of(())
"""Title and digest are enough here; the text is drawn where the item is read as a document."""


def read_watched_page(
    source: Source, route: Route, fetch: Fetch, ask: ReadRequest
) -> RouteReading | Unchanged:
    """The page as one item, known by the digest of its content: another content is another item.

    Its time is the day of ``ask.now`` in the source's zone. What stood there between two readings is not
    known. Raises what ``read_article`` and ``fetch`` raise.
    """
    exchange = fetch(route.url, pause_seconds=route.pause.total_seconds(), validators=ask.validators)
    if exchange.status == 304:
        return Unchanged()
    article = read_article(exchange, route=route, source=source, item_title="", scan=NO_TEXT)
    content = f"{article.digest}@{normalised(route.url)}"[:MAX_LENGTH]
    seen_on = PublicationTime.day(ask.now.astimezone(ZoneInfo(source.zone)).date(), source.zone)
    title = shorten(article.title or route.url, LONGEST_TITLE)
    item = Item(title, route.url, seen_on, (("page", content),))
    return RouteReading((item,), pages=1, reached_end=False, validators=validators_of(exchange))
