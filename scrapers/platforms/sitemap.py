"""XML sitemaps and indexes of sitemaps, as https://www.sitemaps.org/protocol.html has them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from lxml import etree

from servanda.compliance.publication import PublicationTime
from servanda.instruments.routes import Route, SitemapOptions, Source
from servanda.scrapers.addresses import absolute, document_aliases, normalised
from servanda.scrapers.dates import read_iso
from servanda.scrapers.documents.markup import starts_like_html
from servanda.scrapers.exchange import Blocked, Exchange, Fetch, Unrecognised, Validators
from servanda.scrapers.platforms.days import DEFAULT_REACH
from servanda.scrapers.platforms.item_checks import (
    LONGEST_TITLE,
    plausible_or_none,
    refuse_few,
    refuse_future,
    refuse_many,
    validators_of,
)
from servanda.scrapers.route_reading import Item, ReadRequest, RouteReading, Unchanged
from servanda.scrapers.text_cleaning import one_line, shorten

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

MAX_BYTES = 10_000_000
"""Of one file. The protocol allows five times as much; sites divide theirs at some thousand pages."""

MAX_ENTRIES = 50_000
"""Of one file, as the protocol has it."""

MAX_TAGS = 1_000_000
"""Of one file: twenty for each entry. A parser needs some hundred bytes for each."""


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """One page or one sitemap of an index: its address, and when it was changed (None where not said)."""

    url: str
    changed: PublicationTime | None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """One file. ``is_index``: its entries are sitemaps."""

    entries: tuple[SitemapEntry, ...]
    is_index: bool


OLDER_ONES = 3

MOST_OF_ONE_SECOND = 10
"""Documents that may have been published at once, where they are most of a reading."""


@dataclass(slots=True)
class _Collected:
    """What the sitemaps of a route hold. ``skipped``: a sitemap that was not changed since was not read."""

    pages: int = 0
    entries: list[SitemapEntry] = field(default_factory=list)
    skipped: bool = False


def read_sitemap(source: Source, route: Route, fetch: Fetch, ask: ReadRequest) -> RouteReading | Unchanged:
    """The documents changed since ``ask.back_to`` (None: in the last 7 days), newest first.

    Where the route dates by ``lastmod``, the next older document is kept too: the reading reaches back to
    it. Where it does not, an item's time is the day of its last change, a stand-in, and its title is made
    of its address; entries without ``lastmod`` are left out, and counted in ``doubts``. Of an index, the
    sitemaps on the same host that were changed since then are read, all of them, at most ``route.max_pages``
    files in all.

    Raises Blocked ``html_instead_of_sitemap``; Unrecognised: ``not_a_sitemap``, ``truncated``, ``too_large``,
    ``bad_item``, ``future_date``, ``dates_alike``, ``bad_next`` (a sitemap elsewhere), ``too_many_pages``,
    ``too_many_items``, ``too_few_items``; and what ``fetch`` raises.
    """
    first = fetch(route.url, pause_seconds=route.pause.total_seconds(), validators=ask.validators)
    if first.status == 304:
        return Unchanged()
    back_to = ask.back_to if ask.back_to is not None else ask.now - DEFAULT_REACH
    root = parse_sitemap(first, source)
    found = _follow(root, first, source, route, fetch, back_to)
    wanted = [entry for entry in found.entries if _is_wanted(entry, route)]
    dated, undated = _by_date(wanted, route)
    kept = _since(dated, back_to, some_more=not route.dated_by_document)
    refuse_many(len(kept), route.url)
    items = tuple(_item(entry, source, route, ask) for entry in kept)
    _refuse_one_time(items, route)
    refuse_few(items, route)
    return RouteReading(
        items,
        pages=found.pages,
        reached_end=not found.skipped and len(kept) == len(dated) and not undated,
        validators=Validators() if root.is_index else validators_of(first),
        doubts=(f"{undated} of {len(wanted)} entries say nothing of their last change",) if undated else (),
    )


def parse_sitemap(exchange: Exchange, source: Source) -> Sitemap:
    """One file as its entries. Entities are refused, nothing else is fetched."""
    url = exchange.final_url
    if starts_like_html(exchange.body):
        raise Blocked("html_instead_of_sitemap", f"{url} answers with a web page")
    root = _root(exchange.body, url)
    kinds = {f"{NAMESPACE}urlset": f"{NAMESPACE}url", f"{NAMESPACE}sitemapindex": f"{NAMESPACE}sitemap"}
    if root.tag not in kinds:
        raise Unrecognised(
            "not_a_sitemap", f"{url} is neither urlset nor sitemapindex: {str(root.tag)[:100]}"
        )
    if len(root) > MAX_ENTRIES:
        raise Unrecognised("too_large", f"{url} has {len(root)} entries, at most {MAX_ENTRIES} are read")
    entries = (
        _entry(element, f"entry {n} of {url}", kinds[root.tag], url, source)
        for n, element in enumerate(root, 1)
    )
    return Sitemap(tuple(entries), is_index=root.tag == f"{NAMESPACE}sitemapindex")


def _root(body: bytes, url: str) -> Any:
    if len(body) > MAX_BYTES:
        raise Unrecognised("too_large", f"{url} has {len(body)} bytes, at most {MAX_BYTES} are read")
    if body.count(b"<") > MAX_TAGS:
        raise Unrecognised("too_large", f"{url} has more than {MAX_TAGS} tags")
    if b"<!DOCTYPE" in (ascii_view := body.replace(b"\0", b"")) or b"<!ENTITY" in ascii_view:
        raise Unrecognised("not_a_sitemap", f"{url} has a document type of its own")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        begun = re.search(rb"<(urlset|sitemapindex)\b", ascii_view) is not None
        is_cut = begun and re.search(rb"</(urlset|sitemapindex)\s*>\s*$", ascii_view[-200:]) is None
        kind = "truncated" if is_cut else "not_a_sitemap"
        raise Unrecognised(kind, f"{url} is no whole XML document: {error}"[:500]) from error


def _entry(element: Any, where: str, tag: str, url: str, source: Source) -> SitemapEntry:
    if element.tag != tag:
        raise Unrecognised("not_a_sitemap", f"{where} is {str(element.tag)[:100]!r}")
    addresses = [one_line(loc.text or "") for loc in element.findall(f"{NAMESPACE}loc")]
    stated = [one_line(changed.text or "") for changed in element.findall(f"{NAMESPACE}lastmod")]
    address = absolute(addresses[0], url) if len(addresses) == 1 else None
    changed = read_iso(stated[0], source.zone) if len(stated) == 1 else None
    if address is None:
        raise Unrecognised("bad_item", f"{where} names no document: {str(addresses)[:200]}")
    if stated and changed is None:
        raise Unrecognised("bad_item", f"{where} has no readable lastmod: {str(stated)[:100]}")
    return SitemapEntry(address, changed)


def _follow(
    root: Sitemap, first: Exchange, source: Source, route: Route, fetch: Fetch, back_to: datetime
) -> _Collected:
    """The entries of a sitemap; of an index those of its sitemaps that may hold something changed since."""
    if not root.is_index:
        return _Collected(1, list(root.entries))
    wanted = [e for e in root.entries if e.changed is None or e.changed.interval.until_at > back_to]
    if len(wanted) >= route.max_pages:
        reason = f"{first.final_url} names {len(wanted)} sitemaps to read, at most {route.max_pages - 1} are"
        raise Unrecognised("too_many_pages", reason)
    found = _Collected(1, skipped=len(wanted) < len(root.entries))
    for entry in wanted:
        if urlsplit(entry.url).netloc.lower() != urlsplit(first.final_url).netloc.lower():
            raise Unrecognised("bad_next", f"{first.final_url} names a sitemap elsewhere: {entry.url[:200]}")
        child = parse_sitemap(fetch(entry.url, pause_seconds=route.pause.total_seconds()), source)
        if child.is_index:
            raise Unrecognised("not_a_sitemap", f"{entry.url} is an index within an index")
        found.entries += child.entries
        found.pages += 1
    return found


def _is_wanted(entry: SitemapEntry, route: Route) -> bool:
    return urlsplit(entry.url).path.startswith(_options(route).paths)


def _by_date(entries: Sequence[SitemapEntry], route: Route) -> tuple[list[SitemapEntry], int]:
    """Each document once, by its last change, newest first; and how many say nothing of it."""
    dated: dict[str, SitemapEntry] = {}
    undated = 0
    for entry in sorted(entries, key=_changed_at, reverse=True):
        if entry.changed is not None:
            dated.setdefault(normalised(entry.url), entry)
        elif route.dated_by_document:
            undated += 1
        else:
            raise Unrecognised("bad_item", f"{entry.url[:200]} has no lastmod")
    return list(dated.values()), undated


def _changed_at(entry: SitemapEntry) -> float:
    return entry.changed.interval.from_at.timestamp() if entry.changed is not None else 0.0


def _since(dated: Sequence[SitemapEntry], back_to: datetime, *, some_more: bool) -> list[SitemapEntry]:
    """Those that were changed at or after an instant, and where ``some_more`` the next older ones.

    Several, because a single item is in no order and proves nothing of a quiet time, and because older ones,
    whose times are known, show whether all times have moved.
    """
    recent = [e.changed is not None and e.changed.interval.until_at > back_to for e in dated]
    if not some_more:
        return [entry for entry, is_recent in zip(dated, recent, strict=True) if is_recent]
    last = max((n for n, is_recent in enumerate(recent) if is_recent), default=-1)
    return list(dated[: last + 1 + OLDER_ONES])


def _refuse_one_time(items: Sequence[Item], route: Route) -> None:
    """Raise Unrecognised ``dates_alike`` where most items are of one second, as after a new run."""
    times = Counter(item.published.at for item in items if item.published.at is not None)
    at, found = times.most_common(1)[0] if times else (None, 0)
    if found > MOST_OF_ONE_SECOND and found > len(items) / 2:
        raise Unrecognised("dates_alike", f"{route.url} dates {found} of {len(items)} documents with {at}")


def _item(entry: SitemapEntry, source: Source, route: Route, ask: ReadRequest) -> Item:
    changed = entry.changed
    if changed is not None and route.dated_by_document and changed.at is not None:
        changed = PublicationTime.day(changed.at.astimezone(ZoneInfo(source.zone)).date(), source.zone)
    refuse_future(changed, ask.now, entry.url[:200])
    published = plausible_or_none(changed, ask.now)
    if published is None:
        raise Unrecognised("bad_item", f"{entry.url[:200]} has no plausible lastmod: {changed}")
    return Item(_title_of(entry.url), entry.url, published, document_aliases(entry.url, ()))


def _title_of(url: str) -> str:
    """The words of an address's last step: a stand-in for a title."""
    steps: Iterator[str] = filter(None, reversed(unquote(urlsplit(url).path).split("/")))
    words = re.sub(r"[-_+]+", " ", re.sub(r"\.\w{2,5}$", "", next(steps, "")))
    return shorten(one_line(words) or one_line(url), LONGEST_TITLE)


def _options(route: Route) -> SitemapOptions:
    assert isinstance(route.read, SitemapOptions)
    return route.read
