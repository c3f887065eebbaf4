"""One page of an HTML listing, held strictly to what the catalogue says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from servanda.compliance.publication import PublicationTime
from servanda.instruments.routes import ListingOptions, Route, Source
from servanda.scrapers.addresses import (
    absolute,
    archive_prefix,
    document_aliases,
    normalised,
)
from servanda.scrapers.dates import names_foreign_month, read_date
from servanda.scrapers.documents.script_markup import following_page, is_script
from servanda.scrapers.documents.select import (
    at_least,
    attribute_of,
    base_of,
    exactly_one,
    holds_container_of,
    one_value_or_none,
    open_page,
    text_of,
)
from servanda.scrapers.exchange import Blocked, Exchange, Unrecognised
from servanda.scrapers.platforms.item_checks import (
    LONGEST_TITLE,
    minimum_items,
    plausible_or_none,
    refuse_future,
    refuse_many,
)
from servanda.scrapers.platforms.page_walk import ListingPage
from servanda.scrapers.route_reading import Item
from servanda.scrapers.text_cleaning import shorten

LEAST_FOR_ORDER = 5
"""So few rows, strictly oldest first, may be a listing with pinned items; more are another order."""


def read_page(
    exchange: Exchange, source: Source, route: Route, now: datetime, *, is_first: bool
) -> ListingPage:
    """The rows of one page, and the address of the next. Only the last page may be short.

    Of rows that come as a script the end is nowhere said: a page without any ends the reading, and is no
    proof that nothing lies behind it. None of them may be short.

    Raises Blocked ``wrong_language``; Unrecognised: ``wrong_type``, ``truncated``, ``too_large``,
    ``no_rows``, ``too_few_items``, ``too_many_items``, ``unknown_row`` (beside the rows stands
    one that the catalogue does not know), ``bad_row``, ``duplicate_row``, ``foreign_date``, ``future_date``,
    ``wrong_order`` (oldest first), ``bad_next``, ``bad_script``.
    """
    read, page = options_of(route), open_page(exchange)
    _refuse_other_language(page, exchange, read.language or source.language)
    base = base_of(page, exchange.final_url)
    scripted = is_script(exchange)
    if scripted and not is_first and not page.select(read.row):
        return ListingPage((), (), None, is_whole=False)
    next_url = _next_url(page, read, exchange.final_url, base)
    if scripted and read.next is not None:
        next_url = following_page(exchange.final_url)
    least = minimum_items(route) if is_first or next_url is not None else 1
    if least == 0 and not page.select(read.row) and not holds_container_of(page, read.row):
        raise Unrecognised(
            "no_rows", f"{exchange.final_url} holds neither rows nor the element that holds them"
        )
    rows = at_least(page, read.row, least, exchange.final_url)
    refuse_many(len(rows), exchange.final_url)
    _refuse_unknown(rows, read, exchange.final_url)
    items = tuple(_item(row, f"row {n} of {exchange.final_url}", base, source, route, now)
                  for n, row in enumerate(rows, 1))  # fmt: skip
    keys = tuple(normalised(item.url) for item in items)
    _refuse_repeated(keys, exchange.final_url)
    _refuse_oldest_first([item.published for item in items], exchange.final_url)
    return ListingPage(items, keys, next_url, b"</html" in exchange.body.lower())


def options_of(route: Route) -> ListingOptions:
    assert isinstance(route.read, ListingOptions)
    return route.read


def _refuse_other_language(page: BeautifulSoup, exchange: Exchange, language: str) -> None:
    """The page says of itself, or its header of it, that it is in the other one of the two languages."""
    stated = (attribute_of(page.html, "lang") if page.html else None) or exchange.header("Content-Language")
    primary = (stated or "").strip().lower().partition("-")[0]
    if primary in ("en", "es") and primary != language:
        raise Blocked(
            "wrong_language", f"{exchange.final_url} says that it is in {primary!r}, not in {language!r}"
        )


def _refuse_unknown(rows: Sequence[Tag], read: ListingOptions, url: str) -> None:
    """Refuse what stands beside rows under the same name and is unknown: it may be a row that has changed."""
    for stranger in _strangers(rows):
        if read.others is None or not stranger.css.match(read.others):
            shown = f"<{stranger.name} class={attribute_of(stranger, 'class') or ''!r}>"
            raise Unrecognised(
                "unknown_row", f"{url}: beside the rows stands {shown[:100]}: {text_of(stranger)[:100]!r}"
            )


def _strangers(rows: Sequence[Tag]) -> Iterator[Tag]:
    """Siblings of rows that bear their name and are none; of wrappers, where each row has one of its own."""
    units = list(rows)
    if len(units) > 1 and all(_is_only_child(row) for row in units):
        units = [row.parent for row in units if row.parent is not None]
    known = {id(unit) for unit in units}
    parents = {id(unit.parent): unit.parent for unit in units if unit.parent is not None}
    names = {unit.name for unit in units}
    for parent in parents.values():
        for child in parent.find_all(names, recursive=False):
            if isinstance(child, Tag) and id(child) not in known:
                yield child


def _is_only_child(row: Tag) -> bool:
    return row.parent is not None and sum(isinstance(child, Tag) for child in row.parent.children) == 1


def _item(row: Tag, where: str, base: str, source: Source, route: Route, now: datetime) -> Item:
    read = options_of(route)
    title = text_of(exactly_one(row, read.title, kind="bad_row", what=f"{where}, title"))
    href = attribute_of(exactly_one(row, read.link, kind="bad_row", what=f"{where}, link"), "href")
    url = absolute(href, base) if href else None
    published = _published(row, f"{where}, date", read, source, now)
    if not title:
        raise Unrecognised("bad_row", f"{where}, title: it is empty")
    if url is None:
        raise Unrecognised("bad_row", f"{where}, link: {(href or '')[:100]!r} names no document")
    return Item(shorten(title, LONGEST_TITLE), url, published, document_aliases(url, ()))


def _published(row: Tag, where: str, read: ListingOptions, source: Source, now: datetime) -> PublicationTime:
    dated = exactly_one(row, read.date.selector, kind="bad_row", what=where)
    stated = _stated_date(dated, read.date.attribute, where)
    found = read_date(stated, read.date, source.zone)
    if found is None and names_foreign_month(stated, read.date.language):
        raise Unrecognised("foreign_date", f"{where}: {stated[:60]!r} is not in {read.date.language!r}")
    refuse_future(found, now, where)
    published = plausible_or_none(found, now)
    if published is None:
        raise Unrecognised("bad_row", f"{where}: {stated[:60]!r} is none of {', '.join(read.date.formats)}")
    return published


def _stated_date(dated: Tag, attribute: str | tuple[str, ...] | None, where: str) -> str:
    """What an element says of a date, in its text or in one of some attributes."""
    if attribute is None:
        return text_of(dated)
    names = (attribute,) if isinstance(attribute, str) else attribute
    said = {value for name in names if (value := attribute_of(dated, name))}
    if len(said) > 1:
        raise Unrecognised("bad_row", f"{where}: {' and '.join(names)} disagree: {str(sorted(said))[:100]}")
    return said.pop() if said else ""


def _refuse_repeated(keys: Sequence[str], url: str) -> None:
    seen: dict[str, int] = {}
    for n, key in enumerate(keys, 1):
        first = seen.setdefault(key, n)
        if first != n:
            raise Unrecognised("duplicate_row", f"{url}: rows {first} and {n} both lead to {key[:200]}")


def _refuse_oldest_first(published: Sequence[PublicationTime], url: str) -> None:
    """Rows each newer than the one above: the listing is sorted another way than it was."""
    pairs = pairwise(published)
    if len(published) >= LEAST_FOR_ORDER and all(
        upper.interval.until_at <= lower.interval.from_at for upper, lower in pairs
    ):
        raise Unrecognised("wrong_order", f"{url}: its {len(published)} rows stand oldest first")


def _next_url(page: BeautifulSoup, read: ListingOptions, page_url: str, base: str) -> str | None:
    """Where the listing goes on. On a page that came through an archive that is inside the archive too."""
    if read.next is None:
        return None
    href = one_value_or_none(page, read.next, "href", kind="bad_next", what=page_url)
    if href is None:
        return None
    url = absolute(href, base)
    if url is None:
        raise Unrecognised("bad_next", f"{page_url}: {href[:100]!r} names no page")
    if not archive_prefix(page_url):
        return url
    playback = urljoin(page_url, href)
    return playback if archive_prefix(playback) else archive_prefix(page_url) + url
