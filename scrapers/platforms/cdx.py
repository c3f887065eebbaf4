"""The way back: a feed or listing as a web archive captured it, each capture at its own time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from servanda.compliance.coverage import newest_first_run
from servanda.compliance.intervals import RESOLUTION, Interval
from servanda.instruments.routes import CdxOptions, Route, Source
from servanda.scrapers.exchange import Exchange, Fetch, ScrapeError, Unreachable, Unrecognised, Validators
from servanda.scrapers.memento import attested_at
from servanda.scrapers.platforms.cdx_captures import CdxCapture, find_captures
from servanda.scrapers.platforms.days import DEFAULT_REACH
from servanda.scrapers.platforms.feed import read_feed
from servanda.scrapers.platforms.listing import read_listing
from servanda.scrapers.route_reading import AttestedListing, Item, Reader, ReadRequest, RouteReading

READERS_OF_CAPTURES: dict[str, Reader] = {"feed": read_feed, "listing": read_listing}

BEYOND = timedelta(days=14)
"""How long after the range a capture is looked for that shows its end."""

FAILURES_IN_A_ROW = 3
"""So many captures that do not come, and the archive is left alone."""


def read_cdx(source: Source, route: Route, fetch: Fetch, ask: ReadRequest) -> RouteReading:
    """The items of the captures from ``ask.back_to`` (None: a week before) to ``ask.until`` (None: now).

    Captures are walked backwards, from the first that shows the end of the range. The next one is the oldest
    that was made late enough to reach, less the source's lag, up to the oldest item of the one before, so
    that what they cover joins; where there is none, it is the next older one, and a gap stays. A capture
    that cannot be read gives way to a later one. Each proves what it proves by the archive's own time
    (``RouteReading.listings``). Pages behind the first are not followed: they were captured at other times.

    Raises Unreachable ``no_captures``; where no capture could be read, the last failure; and what
    ``find_captures`` raises.
    """
    until = min(ask.until, ask.now) if ask.until is not None else ask.now
    back_to = ask.back_to if ask.back_to is not None else until - DEFAULT_REACH
    span = Interval(min(back_to, until - RESOLUTION), until)
    found = find_captures(route, fetch, Interval(span.from_at, min(until + source.lag + BEYOND, ask.now)))
    if not found.found:
        raise Unreachable("no_captures", f"the archive has no capture of {route.url} from {span.from_at} on")
    walk = _Walk(source, route, fetch)
    walk.back_over(found.found, span)
    if not walk.listings:
        raise list(walk.failures.values())[-1]
    passed_over = f"lines of the archive's index that name no capture: {found.passed_over}"
    return RouteReading(
        tuple(walk.items.values()),
        pages=len(walk.listings),
        reached_end=False,
        validators=Validators(),
        listings=tuple(walk.listings),
        doubts=tuple(filter(None, (passed_over if found.passed_over else "", *walk.doubts))),
    )


@dataclass(slots=True)
class _Walk:
    """What was read of a route's captures so far, newest first."""

    source: Source
    route: Route
    fetch: Fetch
    items: dict[tuple[str, str], Item] = field(default_factory=dict)
    listings: list[AttestedListing] = field(default_factory=list)
    failures: dict[CdxCapture, ScrapeError] = field(default_factory=dict)
    in_a_row: int = 0
    stopped: bool = False

    def back_over(self, captures: Sequence[CdxCapture], span: Interval) -> None:
        """Read captures, oldest first as they are given, from the end of ``span`` to its beginning."""
        older, needed = list(captures), span.until_at + self.source.lag
        while older:
            joining = [capture for capture in older if capture.at >= needed] or older[-1:]
            listing = self._first_readable(joining)
            if self.stopped:
                return
            older = [capture for capture in older if capture not in self.failures]
            if listing is None:
                continue
            reached = _reached(listing)
            if reached <= span.from_at:
                return
            older = [capture for capture in older if capture.at < listing.attested_at]
            needed = reached + self.source.lag

    @property
    def doubts(self) -> tuple[str, ...]:
        """What became of captures that could not be read, and whether the walk was cut short."""
        kinds = Counter(failure.kind for failure in self.failures.values())
        told = ", ".join(f"{kind} ({n})" for kind, n in sorted(kinds.items()))
        return (
            f"captures that could not be read: {told}" if kinds else "",
            f"stopped after {self._tries} captures; older ones were not read" if self.stopped else "",
        )

    @property
    def _tries(self) -> int:
        return len(self.listings) + len(self.failures)

    def _first_readable(self, captures: Sequence[CdxCapture]) -> AttestedListing | None:
        for capture in captures:
            if self._tries >= self.route.max_pages or self.in_a_row >= FAILURES_IN_A_ROW:
                self.stopped = True
                return None
            try:
                return self._keep(self._read(capture), capture.at)
            except ScrapeError as error:
                self._note(capture, error)
        return None

    def _keep(self, reading: RouteReading, at: datetime) -> AttestedListing:
        for item in reading.items:
            self.items.setdefault(item.aliases[0], item)
        self.listings.append(AttestedListing(tuple(item.published for item in reading.items), at))
        self.in_a_row = 0
        return self.listings[-1]

    def _note(self, capture: CdxCapture, error: ScrapeError) -> None:
        self.failures[capture] = error
        self.in_a_row = self.in_a_row + 1 if isinstance(error, Unreachable) else 0
        if error.kind == "rate_limited":
            self.in_a_row = FAILURES_IN_A_ROW

    def _read(self, capture: CdxCapture) -> RouteReading:
        """One capture, read by its own reader as if its address had answered it at that time."""
        read = _options(self.route).read
        original = replace(self._play_back(capture), url=self.route.url, final_url=self.route.url)
        as_it_was = self.route.model_copy(update={"read": read, "max_pages": 1})

        def answer(url: str, **_: object) -> Exchange:
            assert url == original.url
            return original

        reading = READERS_OF_CAPTURES[read.platform](self.source, as_it_was, answer, ReadRequest(capture.at))
        assert isinstance(reading, RouteReading)
        return reading

    def _play_back(self, capture: CdxCapture) -> Exchange:
        """What the archive has of just this capture; lacking it, it may answer with its nearest one."""
        url = _options(self.route).capture_url(capture.at, capture.url)
        exchange = self.fetch(url, pause_seconds=self.route.pause.total_seconds())
        if exchange.final_url != url or attested_at(exchange) != capture.at:
            found = exchange.header("Memento-Datetime") or "no capture"
            raise Unrecognised("other_capture", f"{url} answers with another capture: {found[:60]}")
        return exchange


def _reached(listing: AttestedListing) -> datetime:
    """How far back a listing goes: the end of the oldest item of its newest-first run."""
    run = newest_first_run(listing.published)
    return listing.published[run[-1]].interval.until_at if run else listing.attested_at


def _options(route: Route) -> CdxOptions:
    assert isinstance(route.read, CdxOptions)
    return route.read
