"""One reader for each platform that publishers use; a new platform is a module and a line here."""

from __future__ import annotations

from servanda.instruments.routes import Route, Source
from servanda.scrapers.exchange import Fetch
from servanda.scrapers.platforms.cdx import read_cdx
from servanda.scrapers.platforms.dof import read_dof
from servanda.scrapers.platforms.dof_index import read_dof_index
from servanda.scrapers.platforms.doj_news import read_doj_news
from servanda.scrapers.platforms.federal_register import read_federal_register
from servanda.scrapers.platforms.feed import read_feed
from servanda.scrapers.platforms.item_checks import refuse_foreign
from servanda.scrapers.platforms.listing import read_listing
from servanda.scrapers.platforms.page import read_watched_page
from servanda.scrapers.platforms.sitemap import read_sitemap
from servanda.scrapers.platforms.wordpress import read_wordpress
from servanda.scrapers.route_reading import Reader, ReadRequest, RouteReading, Unchanged

READERS: dict[str, Reader] = {
    "feed": read_feed,
    "listing": read_listing,
    "federal_register": read_federal_register,
    "dof": read_dof,
    "dof_index": read_dof_index,
    "doj_news": read_doj_news,
    "wordpress": read_wordpress,
    "sitemap": read_sitemap,
    "page": read_watched_page,
    "cdx": read_cdx,
}


def read_by_platform(
    source: Source, route: Route, fetch: Fetch, ask: ReadRequest
) -> RouteReading | Unchanged:
    """A reading of a route, whose items lead to where the route says. Raises what its reader raises, and
    Unrecognised ``foreign_item``."""
    reading = READERS[route.read.platform](source, route, fetch, ask)
    if isinstance(reading, RouteReading):
        refuse_foreign(reading.items, route)
    return reading
