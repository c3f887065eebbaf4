"""What a source and its routes must hold together, and what is worth a warning about them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from servanda.compliance.instrument import Instrument
from servanda.instruments.instrument_checks import count_faults, duplicate_faults, list_known, zone_faults
from servanda.instruments.problems import Fault, Path
from servanda.instruments.routes import (
    CdxOptions,
    DofIndexOptions,
    DofOptions,
    DojNewsOptions,
    FederalRegisterOptions,
    FeedOptions,
    ListingOptions,
    PageOptions,
    Route,
    Source,
    WordPressOptions,
)

_WORDPRESS = re.compile(r"https?://[^?#]+/wp/v2/[\w-]+")
MOST_ROUTES = 50
"""Each is asked on its own, with its own pauses."""

_DAY_OF = (re.compile(r"%[Yy]"), re.compile(r"%[mbB]"), re.compile(r"%d"))


def source_faults(source: Source, stem: str, parties: Collection[str] | None) -> Iterator[Fault]:
    """``stem`` is the file's name; ``parties`` those of all instruments, None where some are unreadable."""
    if source.id != stem:
        yield Fault(("id",), "is not the name of its file", stem)
    yield from zone_faults(("zone",), source.zone)
    if source.party is not None and parties is not None and source.party not in parties:
        yield Fault(("party",), "is no party of any instrument", f"{list_known(parties)}, or null")
    yield from count_faults(("routes",), len(source.routes), MOST_ROUTES)
    yield from duplicate_faults("routes", [r.id for r in source.routes])
    for i, route in enumerate(source.routes):
        yield from _route_faults(("routes", i), route)
    yield from _existence_faults(source)
    yield from _canary_faults(source)


def _canary_faults(source: Source) -> Iterator[Fault]:
    """A canary that its route could not show, or that nothing would look for."""
    for i, route in enumerate(source.routes):
        for j, canary in enumerate(route.canaries):
            path: Path = ("routes", i, "canaries", j)
            if not route.depth:
                yield Fault(("routes", i, "canaries"), "stand beside depth: false", "none, or depth: true")
            since = max(route.begins or date.min, source.existed.since or date.min)
            until = source.existed.until or date.max
            if not since <= canary.published_on <= until:
                valid = (
                    f"a day from {'any' if since == date.min else since} to {source.existed.until or 'now'}"
                )
                yield Fault((*path, "published_on"), "is outside what the route can show", valid)


def _existence_faults(source: Source) -> Iterator[Fault]:
    since, until = source.existed.since or date.min, source.existed.until or date.max
    if since > until:
        yield Fault(("existed", "until"), "is before since", f"{since} or later")
        return
    for i, route in enumerate(source.routes):
        if route.begins and not since <= route.begins <= until:
            valid = f"a day from {source.existed.since or 'any'} to {source.existed.until or 'any'}"
            yield Fault(("routes", i, "begins"), "is outside the source's existence", valid)


def _route_faults(path: Path, route: Route) -> Iterator[Fault]:
    if route.pause < timedelta(0):
        yield Fault((*path, "pause"), "is negative", "a duration such as PT2S")
    if route.empty == "news" and route.minimum_items > 0:
        yield Fault((*path, "minimum_items"), "stands beside empty: news", "0, or empty: fault")
    yield from _reread_faults((*path, "reread"), route)
    yield from _reach_faults(path, route)
    if isinstance(route.read, ListingOptions):
        yield from _listing_faults((*path, "read"), route.read)
    if isinstance(route.read, CdxOptions) and isinstance(route.read.read, ListingOptions):
        yield from _listing_faults((*path, "read", "read"), route.read.read)
    if route.content is not None:
        yield from _selector_faults((*path, "content"), route.content)


def _reread_faults(path: Path, route: Route) -> Iterator[Fault]:
    """Ages at which documents are read again: each greater than the one before it, the first than nothing."""
    for i, (before, age) in enumerate(zip((timedelta(0), *route.reread), route.reread, strict=False)):
        if age <= before:
            yield Fault(
                (*path, i), "is not greater than what stands before it", "ages such as PT6H, P1D, P7D"
            )


def _reach_faults(path: Path, route: Route) -> Iterator[Fault]:
    """How far back a platform can go, and what it can prove."""
    if route.depth:
        yield from _depth_faults((*path, "depth"), route)
    if isinstance(route.read, CdxOptions):
        yield from _archive_faults(path, route)
    if route.dated_by_document and not route.sampled:
        valid = "true, or read.lastmod_is_publication: true where it is known to be that"
        yield Fault((*path, "sampled"), "must be true: lastmod says when a page was changed", valid, "false")
    if isinstance(route.read, DofOptions) and route.read.leave_out and not route.sampled:
        why = "must be true: parts of the Diario are left out"
        yield Fault((*path, "sampled"), why, "true, or no read.leave_out", "false")
    if isinstance(route.read, WordPressOptions) and not _WORDPRESS.fullmatch(route.url):
        valid = "…/wp-json/wp/v2/<type>, such as https://www.state.gov/wp-json/wp/v2/state_press_release"
        yield Fault((*path, "url"), "is no address of a WordPress REST interface", valid)
    if isinstance(route.read, PageOptions) and not route.sampled:
        why = "must be true: a page shows what stands there, not all there was"
        yield Fault((*path, "sampled"), why, "true", "false")


def _depth_faults(path: Path, route: Route) -> Iterator[Fault]:
    read, pages = route.read, route.max_pages
    if isinstance(read, FeedOptions) and (read.pages is None or pages < 2):
        valid = "false, or read.pages and max_pages above 1"
        yield Fault(path, "a feed reaches no further than its last items", valid)
    if isinstance(read, PageOptions):
        yield Fault(path, "a page shows what stands there now", "false")
    if isinstance(read, DofOptions | DofIndexOptions) and pages < 2:
        yield Fault(path, "cannot be: it reads one day", "max_pages above 1")
    if isinstance(read, DojNewsOptions) and pages < 2:
        yield Fault(path, "cannot be: it reads one page", "max_pages above 1")
    if isinstance(read, ListingOptions) and (read.next is None or pages < 2):
        yield Fault(path, "cannot be: it reads one page", "read.next, and max_pages above 1")


def _archive_faults(path: Path, route: Route) -> Iterator[Fault]:
    if not route.on_demand:
        yield Fault((*path, "on_demand"), "must be true: an archive is asked for dates", "true", "false")
    if not route.depth or route.max_pages < 2:
        valid = "true, and max_pages above 1"
        yield Fault((*path, "depth"), "must be true: it goes back capture by capture", valid, "false")


def _listing_faults(path: Path, read: ListingOptions) -> Iterator[Fault]:
    """``path`` is where ``read`` stands."""
    selectors = {
        "row": read.row, "title": read.title, "link": read.link, "next": read.next, "others": read.others
    }  # fmt: skip
    for key, selector in selectors.items():
        if selector is not None:
            yield from _selector_faults((*path, key), selector)
    yield from _selector_faults((*path, "date", "selector"), read.date.selector)
    if not read.date.formats:
        yield Fault((*path, "date", "formats"), "is empty", "iso or strptime formats", "an empty list")
    for i, form in enumerate(read.date.formats):
        if form != "iso" and not all(part.search(form) for part in _DAY_OF):
            valid = "iso, or a strptime format with year, month and day such as %B %d, %Y"
            yield Fault((*path, "date", "formats", i), "does not name a day", valid)


def _selector_faults(path: Path, selector: str) -> Iterator[Fault]:
    import soupsieve  # not with the module: it takes longer to import than a kept catalogue to load

    try:
        soupsieve.compile(selector)
    except soupsieve.SelectorSyntaxError as error:
        yield Fault(path, f"is not a CSS selector: {str(error).splitlines()[0]}", "a CSS selector")


def required_source_faults(instrument: Instrument, sources: dict[str, Source]) -> Iterator[Fault]:
    """Sources that a window requires and that nothing reads any more."""
    for i, window in enumerate(instrument.windows):
        for j, required in enumerate(window.sources):
            if required in sources and all(route.retired for route in sources[required].routes):
                valid = "a source with a route that is not retired"
                yield Fault(("windows", i, "sources", j), "all its routes are retired", valid)


def required_source_warnings(instrument: Instrument, sources: dict[str, Source]) -> Iterator[Fault]:
    """Required sources whose live routes cannot prove absence, however often they are read."""
    for i, window in enumerate(instrument.windows):
        for j, required in enumerate(window.sources):
            if not any(route.depth and route.counts for route in sources[required].live_routes):
                valid = "a live route with depth: true and reader: recorded, read at least daily"
                yield Fault(("windows", i, "sources", j), "no live route of it has depth and counts", valid)


def source_warnings(source: Source) -> Iterator[Fault]:
    """A source that is read and whose readings count for nothing."""
    if source.live_routes and not any(route.counts for route in source.live_routes):
        found = ", ".join(sorted({_why_not_counted(route) for route in source.live_routes}))
        valid = "a reader that is recorded, or confirmed against the live site, and no mere sample"
        yield Fault(("routes",), "no live route counts for coverage", valid, found)


def canary_warnings(source: Source) -> Iterator[Fault]:
    """Routes that prove absence, could be asked for a single day, and are never asked for a known one."""
    for i, route in enumerate(source.routes):
        if (
            isinstance(route.read, FederalRegisterOptions | DofOptions | DofIndexOptions | WordPressOptions)
            and route.counts
            and not route.canaries
        ):
            valid = "a document that the route is known to hold, with its day"
            yield Fault(("routes", i, "canaries"), "names no known document to look for", valid)


def _why_not_counted(route: Route) -> str:
    return "sampled: true" if route.sampled else f"reader: {route.reader}"
