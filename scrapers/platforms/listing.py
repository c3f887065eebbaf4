"""HTML listings, newest first, read page after page by the selectors of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from compliance.coverage import newest_first_run
from compliance.publication import Published
from instruments.routes import ListingReading, Route, Source
from scrapers.addresses import absolute, archive_prefix, document_aliases, normalised
from scrapers.dates import read_date
from scrapers.exchange import Exchange, Fetch, Unrecognised
from scrapers.plain import shortened
from scrapers.platforms.rules import LONGEST_TITLE, least_items, plausible, refuse_many, validators_of
from scrapers.reading import Ask, Item, Reading, Unchanged
from scrapers.select import (
    at_least,
    attribute_of,
    exactly_one,
    holds_container_of,
    one_value_or_none,
    open_page,
    text_of,
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a listing. ``next_url`` None: it links to no other; ``is_whole``: its markup is closed."""

    items: tuple[Item, ...]
    next_url: str | None
    is_whole: bool


def read_listing(source: Source, route: Route, fetch: Fetch, ask: Ask) -> Reading | Unchanged:
    """The rows of a listing, down to ``ask.back_to``, the listing's end, or ``route.max_pages``.

    A row that is met again further down (the listing moved while it was read) is kept once. A page that
    cannot be read fails the whole reading. That the end was reached, which would cover the whole past, is
    believed of a whole page without a next link only where an earlier page had one: a redesign that renames
    the link must not look like a listing of one page.

    Raises Unrecognised: ``not_html``, ``too_large``, ``no_rows``, ``too_few_items``, ``too_many_items``,
    ``bad_row``, ``bad_next``, ``page_repeats``; and what ``fetch`` raises.
    """
    pause = route.pause.total_seconds()
    first = exchange = fetch(route.url, pause_seconds=pause, validators=ask.validators)
    if first.status == 304:
        return Unchanged()
    kept: dict[str, Item] = {}
    pages = 0
    while True:
        page = read_page(exchange, source, route, ask.now, is_first=pages == 0)
        pages += 1
        before = len(kept)
        for item in page.items:
            kept.setdefault(normalised(item.url), item)
        if pages > 1 and len(kept) == before:
            raise Unrecognised("page_repeats", f"page {pages}, {exchange.final_url}, holds nothing new")
        if page.next_url is None or pages >= route.max_pages or reaches_back(page.items, ask.back_to):
            break
        exchange = fetch(_same_host(page.next_url, exchange), pause_seconds=pause)
    return Reading(
        tuple(kept.values()),
        pages=pages,
        reached_end=page.next_url is None and pages > 1 and page.is_whole,
        validators=validators_of(first),
    )


def read_page(exchange: Exchange, source: Source, route: Route, now: datetime, *, is_first: bool) -> Page:
    """The rows of one page, and the address of the next. Later pages may be shorter than the first."""
    read, page = _options(route), open_page(exchange)
    least = least_items(route) if is_first else 1
    if least == 0 and not page.select(read.row) and not holds_container_of(page, read.row):
        raise Unrecognised(
            "no_rows", f"{exchange.final_url} holds neither rows nor the element that holds them"
        )
    rows = at_least(page, read.row, least, exchange.final_url)
    refuse_many(len(rows), exchange.final_url)
    items = tuple(_item(row, f"row {n} of {exchange.final_url}", exchange, source, route, now)
                  for n, row in enumerate(rows, 1))  # fmt: skip
    return Page(items, _next_url(page, read, exchange.final_url), b"</html" in exchange.body.lower())


def reaches_back(items: Sequence[Item], back_to: datetime | None) -> bool:
    """Whether a page goes back past an instant: the oldest item of its newest-first run lies before it.

    An old item that is pinned above newer ones is no part of that run.
    """
    published: list[Published] = [item.published for item in items]
    run = newest_first_run(published)
    return back_to is None or not run or published[run[-1]].interval.until_at <= back_to


def _options(route: Route) -> ListingReading:
    assert isinstance(route.read, ListingReading)
    return route.read


def _item(row: Tag, where: str, exchange: Exchange, source: Source, route: Route, now: datetime) -> Item:
    read = _options(route)
    title = text_of(exactly_one(row, read.title, kind="bad_row", what=f"{where}, title"))
    href = attribute_of(exactly_one(row, read.link, kind="bad_row", what=f"{where}, link"), "href")
    dated = exactly_one(row, read.date.selector, kind="bad_row", what=f"{where}, date")
    name = read.date.attribute
    stated = text_of(dated) if name is None else attribute_of(dated, name) or ""
    url = absolute(href, exchange.final_url) if href else None
    published = plausible(read_date(stated, read.date, source.zone), now)
    if not title:
        raise Unrecognised("bad_row", f"{where}, title: it is empty")
    if url is None:
        raise Unrecognised("bad_row", f"{where}, link: {(href or '')[:100]!r} names no document")
    if published is None:
        raise Unrecognised(
            "bad_row", f"{where}, date: {stated[:60]!r} is none of {', '.join(read.date.formats)}"
        )
    return Item(shortened(title, LONGEST_TITLE), url, published, document_aliases(url, ()))


def _next_url(page: BeautifulSoup, read: ListingReading, page_url: str) -> str | None:
    """Where the listing goes on. On a page that came through an archive that is inside the archive too."""
    if read.next is None:
        return None
    href = one_value_or_none(page, read.next, "href", kind="bad_next", what=page_url)
    if href is None:
        return None
    url = absolute(href, page_url)
    if url is None:
        raise Unrecognised("bad_next", f"{page_url}: {href[:100]!r} names no page")
    if not archive_prefix(page_url):
        return url
    playback = urljoin(page_url, href)
    return playback if archive_prefix(playback) else archive_prefix(page_url) + url


def _same_host(url: str, exchange: Exchange) -> str:
    here, there = urlsplit(exchange.final_url).netloc, urlsplit(url).netloc
    if here.lower() != there.lower():
        raise Unrecognised("bad_next", f"the page after {exchange.final_url} would be on {there}")
    return url
