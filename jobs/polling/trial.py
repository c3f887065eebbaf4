"""Read a route once, keep nothing, and show what its reader understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from servanda.compliance.coverage import newest_first_run
from servanda.compliance.intervals import Interval
from servanda.compliance.publication import Precision, start_of_day
from servanda.instruments.routes import ListingOptions, Route, Source
from servanda.jobs.polling.coverage_claims import prove_coverage
from servanda.jobs.polling.poll import read_route
from servanda.jobs.polling.tried_document import TriedDocument, try_document
from servanda.models.polls.polls import Failure
from servanda.scrapers.exchange import Exchange, Recording
from servanda.scrapers.http.fetch import Fetcher
from servanda.scrapers.isolation.reader_process import ArticleReader
from servanda.scrapers.route_reading import Item, ReadRequest, RouteReading


@dataclass(frozen=True, slots=True)
class Trial:
    """What a route showed. ``doubts`` are for a person.

    ``covered`` is what a counting reader would cover: the newest stretch, where there are several.
    ``document``: its newest document as it would be kept, None where there is none; ``exchanges``: all that
    was received.
    """

    items: tuple[Item, ...]
    pages: int
    requests: tuple[tuple[str, int | None], ...]
    failure: Failure | None
    covered: Interval | None
    basis: str
    doubts: tuple[str, ...]
    document: TriedDocument | None = None
    exchanges: tuple[Exchange, ...] = ()

    @property
    def is_reachable(self) -> bool:
        """Whether the publisher gave a page at all."""
        return self.failure is None or self.failure.family == "unrecognised"


def try_route(
    fetcher: Fetcher,
    reader: ArticleReader,
    source: Source,
    route: Route,
    now: datetime,
    *,
    since: date | None = None,
    until: date | None = None,
) -> Trial:
    """Read a route as the daily job would, or from ``since`` to ``until``, both inclusive, and its newest
    document; keep nothing."""
    ask = ReadRequest(
        now,
        back_to=start_of_day(since, source.zone) if since else None,
        until=start_of_day(until + timedelta(days=1), source.zone) if until else None,
    )
    recording = Recording()
    result = read_route(fetcher, source, route, ask, recording)
    requests = tuple((e.url, e.status) for e in recording.exchanges)
    counted = route if route.sampled else assume_reader_recorded(route)
    proof = prove_coverage(source, counted, result, None, now, counts=counted.counts)
    if not isinstance(result, RouteReading):
        failure = result if isinstance(result, Failure) else None
        received = tuple(recording.exchanges)
        return Trial((), 0, requests, failure, None, proof.basis, (), exchanges=received)
    doubts = (*doubts_about(source, route, result), *result.doubts)
    document = try_document(fetcher, reader, source, route, result.items, recording)
    return Trial(
        result.items,
        result.pages,
        tuple((e.url, e.status) for e in recording.exchanges),
        None,
        proof.newest,
        proof.basis,
        doubts,
        document,
        tuple(recording.exchanges),
    )


def assume_reader_recorded(route: Route) -> Route:
    """The route as if its reader were known."""
    return route.model_copy(update={"reader": "recorded"})


def doubts_about(source: Source, route: Route, reading: RouteReading) -> list[str]:
    """What a person should look at before confirming; each a sentence."""
    items = reading.items
    found: list[str] = []
    run = newest_first_run([item.published for item in items])
    if len(run) < len(items):
        found.append(f"{len(items) - len(run)} of {len(items)} items do not stand in date order")
    if items and all(item.published.precision is Precision.DAY for item in items):
        found.append("items are dated by day: coverage begins a day after the oldest")
    if len({item.title for item in items}) < len(items):
        found.append("titles repeat")
    if len(items) > 2 and len({item.published for item in items}) == 1:
        found.append("all items have one and the same publication time")
    times = sorted(item.published.interval.from_at for item in items)
    widest = max((b - a for a, b in pairwise(times)), default=timedelta(0))
    if widest > source.longest_silence:
        found.append(f"{widest.days} days lie between two items, more than the longest normal silence")
    if route.depth and reading.pages == 1 and reading.reached_end is False and reading.asked is None:
        found.append("only one page was read; try with --since to see whether the next page is found")
    if len(items) == route.minimum_items and not _has_pages(route):
        found.append("there are no more items than the declared minimum")
    return found


def _has_pages(route: Route) -> bool:
    """Whether the declared minimum is that of a page, which a page that is full holds just."""
    return isinstance(route.read, ListingOptions) and route.read.next is not None
