"""HTML listings, newest first, read page after page by the selectors of the catalogue."""

from __future__ import annotations

from servanda.instruments.routes import Route, Source
from servanda.scrapers.exchange import Exchange, Fetch
from servanda.scrapers.platforms.listing_rows import read_page
from servanda.scrapers.platforms.page_walk import ListingPage, PageWalk
from servanda.scrapers.route_reading import ReadRequest, RouteReading, Unchanged


def read_listing(source: Source, route: Route, fetch: Fetch, ask: ReadRequest) -> RouteReading | Unchanged:
    """The rows of a listing, down to ``ask.back_to``, the listing's end, or ``route.max_pages``.

    Several pages are read there and back, so that rows that move from page to page meanwhile are neither lost
    nor kept twice: of n pages, 2n - 1 requests where nothing moves, and n - 1 more for each further sweep
    (``scrapers.platforms.repeated_reads``). Pages that gave validators are asked for conditionally on the way
    back. A page that cannot be read fails the whole reading.

    That the end was reached, which would cover the whole past, is believed of a whole page without a next
    link only where an earlier page had one: a redesign that renames the link must not look like a listing of
    one page.

    Raises Unrecognised ``page_repeats``; Unreachable ``shifted`` (it moved all the while); what ``read_page``
    and ``fetch`` raise.
    """

    def read(exchange: Exchange, is_first: bool) -> ListingPage:
        return read_page(exchange, source, route, ask.now, is_first=is_first)

    walk = PageWalk(route, fetch, ask, read)
    if not walk.down():
        return Unchanged()
    last = walk.sweeps[0][-1]
    return RouteReading(
        walk.settled(),
        pages=len(walk.urls),
        reached_end=last.next_url is None and len(walk.urls) > 1 and last.is_whole,
        validators=walk.validators[0],
    )
