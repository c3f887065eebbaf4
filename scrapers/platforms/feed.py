"""RSS and Atom feeds, parsed by feedparser from bytes that were already fetched."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import feedparser

from servanda.instruments.routes import FeedOptions, Route, Source
from servanda.scrapers.addresses import MAX_LENGTH, absolute, base_address, document_aliases
from servanda.scrapers.dates import read_feed_date
from servanda.scrapers.documents.markup import MAX_BYTES, starts_like_html
from servanda.scrapers.exchange import Blocked, Exchange, Fetch, Unrecognised
from servanda.scrapers.platforms.item_checks import (
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    plausible_or_none,
    refuse_few,
    refuse_future,
    refuse_many,
    validators_of,
)
from servanda.scrapers.platforms.page_walk import ListingPage, PageWalk
from servanda.scrapers.route_reading import Item, ReadRequest, RouteReading, Unchanged
from servanda.scrapers.text_cleaning import html_to_paragraphs, html_to_text, one_line, shorten

LONGEST_HEAD = 10_000
"""Bytes before the first element. Real feeds have about 40; feedparser's search there is quadratic."""

LONGEST_TEXT = 1_000_000
"""Characters of an item's own text; one that is longer is read from its page alone."""

_ROOT_CLOSED = re.compile(rb"</\s*(rss|feed|([\w.-]+:)?RDF)\s*>\s*(<!--.*-->\s*)?", re.IGNORECASE | re.DOTALL)


def read_feed(source: Source, route: Route, fetch: Fetch, ask: ReadRequest) -> RouteReading | Unchanged:
    """The items of a feed, in the document's order. It never says that its end was reached.

    An item that stands twice, as before and after a correction, is kept once. A feed with pages is followed
    down to ``ask.back_to``, there and back, as a listing is: past its last page it answers 404, which ends a
    reading and proves nothing older. Every page but that one is as long as the first. Raises Blocked
    ``html_instead_of_feed``; Unrecognised: ``not_a_feed``, ``truncated``, ``too_large``, ``bad_item``,
    ``duplicate_item``, ``future_date``, ``too_few_items``, ``too_many_items``, ``page_repeats``; Unreachable
    ``shifted``; and what ``fetch`` raises.
    """
    assert isinstance(route.read, FeedOptions)
    if route.read.pages is not None:
        return _read_pages(source, route, fetch, ask)
    exchange = fetch(route.url, pause_seconds=route.pause.total_seconds(), validators=ask.validators)
    if exchange.status == 304:
        return Unchanged()
    items = items_of_feed(exchange, source, route, ask)
    return RouteReading(items, pages=1, reached_end=False, validators=validators_of(exchange))


def items_of_feed(exchange: Exchange, source: Source, route: Route, ask: ReadRequest) -> tuple[Item, ...]:
    """One answer's items, each once, and no fewer than the route must hold."""
    items = _items_once(exchange, source, route, ask)
    refuse_few(items, route)
    return items


def _read_pages(source: Source, route: Route, fetch: Fetch, ask: ReadRequest) -> RouteReading | Unchanged:
    def read(exchange: Exchange, is_first: bool) -> ListingPage:
        items = (items_of_feed if is_first else _items_once)(exchange, source, route, ask)
        keys = tuple(":".join(item.aliases[0]) for item in items)
        return ListingPage(items, keys, _page_after(exchange.url, route), is_whole=True)

    walk = PageWalk(route, fetch, ask, read, ends_missing=True)
    if not walk.down():
        return Unchanged()
    _refuse_short_pages([len(page.items) for page in walk.latest], route, ended=walk.ended)
    return RouteReading(walk.settled(), len(walk.urls), reached_end=False, validators=walk.validators[0])


def _refuse_short_pages(lengths: list[int], route: Route, *, ended: bool) -> None:
    """Raise Unrecognised ``too_few_items`` for a page, but the last, that is shorter than the first."""
    whole = lengths[:-1] if ended else lengths
    short = [n for n, length in enumerate(whole, 1) if length < lengths[0]]
    if short:
        why = f"page {short[0]} holds {whole[short[0] - 1]} items, the first one {lengths[0]}"
        raise Unrecognised("too_few_items", f"{route.url}: {why}")


def _page_after(url: str, route: Route) -> str:
    """The following page, by its number; the first one has none."""
    assert isinstance(route.read, FeedOptions) and route.read.pages is not None
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    number = next((int(value) for name, value in pairs if name == route.read.pages and value.isdigit()), 1)
    others = [pair for pair in pairs if pair[0] != route.read.pages]
    return urlunsplit(parts._replace(query=urlencode([*others, (route.read.pages, str(number + 1))])))


def _items_once(exchange: Exchange, source: Source, route: Route, ask: ReadRequest) -> tuple[Item, ...]:
    entries = _entries(exchange)
    refuse_many(len(entries), exchange.final_url)
    kept: dict[tuple[str, str], Item] = {}
    for item in _items(entries, exchange, source, route, ask):
        if kept.setdefault(item.aliases[0], item).url != item.url:
            reason = (
                f"{exchange.final_url}: two items at different addresses bear {item.aliases[0][1][:200]!r}"
            )
            raise Unrecognised("duplicate_item", reason)
    return tuple(kept.values())


def _entries(exchange: Exchange) -> list[Any]:
    """feedparser's entries.

    It is given a stream, because bytes that name a file would make it read that file, and no feed that
    declares entities: those are of no use to a publisher, and of some to an attacker.
    """
    body = exchange.body
    _refuse_dangerous(body, exchange.final_url)
    content_type = exchange.header("Content-Type") or ""
    parsed = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": content_type} if "charset" in content_type else {},
        sanitize_html=False,  # titles and summaries are reduced to text, the rest is not used
        resolve_relative_uris=False,
    )
    if not parsed.get("version") or (parsed.bozo and not parsed.entries):
        why = f": {parsed.get('bozo_exception')}" if parsed.bozo else ""
        raise Unrecognised("not_a_feed", f"{exchange.final_url} is neither RSS nor Atom{why}"[:500])
    if parsed.bozo and not _is_closed(body):
        raise Unrecognised("truncated", f"{exchange.final_url} ends before its root element does")
    entries = list(parsed.entries)
    return _without_ids_as_links(entries) if parsed.version.startswith("atom") else entries


def _refuse_dangerous(body: bytes, url: str) -> None:
    if starts_like_html(body):
        raise Blocked("html_instead_of_feed", f"{url} answers with a web page")
    if len(body) > MAX_BYTES:
        raise Unrecognised("too_large", f"{url} has {len(body)} bytes, at most {MAX_BYTES} are read")
    ascii_view = body.replace(b"\0", b"")  # so that UTF-16 is seen through too
    first = re.search(rb"<\w", ascii_view)
    if first is None or first.start() > LONGEST_HEAD:
        raise Unrecognised("not_a_feed", f"{url} has no element at its beginning")
    if b"<!ENTITY" in ascii_view:
        raise Unrecognised("not_a_feed", f"{url} declares entities of its own")


def _is_closed(body: bytes) -> bool:
    """Whether the root element is closed at the very end, which tells a sloppy feed from a truncated one."""
    tail = body.replace(b"\0", b"")[-2000:]
    return any(_ROOT_CLOSED.fullmatch(tail, m.start()) for m in re.finditer(rb"</", tail))


def _items(
    entries: list[Any], exchange: Exchange, source: Source, route: Route, ask: ReadRequest
) -> Iterator[Item]:
    assert isinstance(route.read, FeedOptions)
    for number, entry in enumerate(entries, 1):
        title = shorten(html_to_text(entry.get("title", "")), LONGEST_TITLE)
        url = _link(entry, exchange.final_url)
        stated = entry.get("published", "")
        found_date = read_feed_date(stated, source.zone)
        refuse_future(found_date, ask.now, f"item {number} of {exchange.final_url}")
        published = plausible_or_none(found_date, ask.now)
        if not title or url is None or published is None:
            found = {"title": title, "link": url, f"plausible date (it says {stated[:60]!r})": published}
            missing = ", ".join(name for name, value in found.items() if not value)
            raise Unrecognised("bad_item", f"item {number} of {exchange.final_url} has no {missing}")
        guid = one_line(entry.get("id", ""))[:MAX_LENGTH]
        extra = ((route.read.guid_scheme, guid),) if guid else ()
        summary = shorten(html_to_text(entry.get("summary", "")), LONGEST_SUMMARY)
        text = _text(entry)
        yield Item(title, url, published, document_aliases(url, extra), summary or None, text or None)


def _text(entry: Any) -> str:
    """What the feed gives of the item's text: its longest content, else its description."""
    given = [one.get("value", "") for one in entry.get("content", ())] or [entry.get("summary", "")]
    longest = max(given, key=len)
    return "\n\n".join(html_to_paragraphs(longest)) if len(longest) <= LONGEST_TEXT else ""


def _link(entry: Any, feed_url: str) -> str | None:
    """The item's address, None where it has none. feedparser takes a guid for the link, whatever it holds."""
    link, guid = entry.get("link") or "", entry.get("id")
    is_only_a_guid = link == guid and not re.match(r"https?://", link, re.IGNORECASE)
    base = base_address((entry.get("title_detail") or {}).get("base"), feed_url)
    return None if is_only_a_guid else absolute(link, base)


def _without_ids_as_links(entries: list[Any]) -> list[Any]:
    """Atom's entries: their ids name them, and are no addresses, though feedparser takes them for such."""
    for entry in entries:
        if not any(one.get("href") == entry.get("link") for one in entry.get("links", ())):
            entry["link"] = ""
    return entries
