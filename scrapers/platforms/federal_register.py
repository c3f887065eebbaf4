"""The Federal Register API v1: every document of some agencies between two publication dates.

Documented at https://www.federalregister.gov/developers/documentation/api/v1. What that leaves
out is read off recorded responses: no hit, no ``results``; ``count`` stops at 10000, ``total_pages`` at 50.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from servanda.compliance.publication import PublicationTime
from servanda.instruments.routes import FederalRegisterOptions, Route, Source
from servanda.scrapers.addresses import absolute, document_aliases
from servanda.scrapers.exchange import Exchange, Fetch, Unrecognised, Validators
from servanda.scrapers.platforms.days import RequestedDays, days_asked
from servanda.scrapers.platforms.item_checks import (
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    plausible_or_none,
    refuse_few,
)
from servanda.scrapers.platforms.json_responses import Filled, read_json
from servanda.scrapers.route_reading import Item, ReadRequest, RouteReading
from servanda.scrapers.text_cleaning import html_to_text, shorten

CAPPED_COUNT = 10_000
CAPPED_PAGES = 50
FIELDS = ("title", "document_number", "html_url", "publication_date", "type", "abstract")


class _Document(BaseModel):
    """One result. ``publication_date`` is a civil date in Washington."""

    model_config = ConfigDict(strict=True, frozen=True)

    title: Filled
    document_number: Filled
    html_url: Filled
    publication_date: date
    type: str
    abstract: str | None


class ResultPage(BaseModel):
    """One response. A query without hits has no ``results``; the last page has no ``next_page_url``."""

    model_config = ConfigDict(strict=True, frozen=True)

    count: int = Field(ge=0)
    results: tuple[_Document, ...] = ()
    next_page_url: str | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    items: tuple[Item, ...]
    stated: int
    pages: int


def read_federal_register(source: Source, route: Route, fetch: Fetch, ask: ReadRequest) -> RouteReading:
    """All documents published from ``ask.back_to`` (None: the last 7 days) to ``ask.until`` (None: now).

    A range with more hits than the API shows is asked for in halves. A dated query is read whole or not at
    all, so ``route.max_pages`` does not bound it; conditional requests do not apply to it. ``stated`` is the
    publisher's count; where it is none, a control shows that the query works. Raises Blocked
    ``html_instead_of_json``; Unrecognised ``bad_json``, ``bad_next``, ``out_of_range``, ``capped``,
    ``control_failed``, ``too_few_items``; and what ``fetch`` raises.
    """
    days = days_asked(source, ask)
    found = _read_days(source, route, fetch, ask, days)
    if found.stated == 0:
        _refuse_false_zero(route, fetch, days)
    items = {item.aliases[0]: item for item in found.items}
    refuse_few(items.values(), route)
    return RouteReading(
        tuple(items.values()),
        found.pages,
        False,
        Validators(),
        asked=days.interval(source.zone),
        stated=found.stated,
    )


def _refuse_false_zero(route: Route, fetch: Fetch, days: RequestedDays) -> None:
    """Raise Unrecognised ``control_failed`` where "no document" is not borne out by a control: the same query
    without dates finds nothing either, or finds something that is of these days."""
    exchange = fetch(control_url(route), pause_seconds=route.pause.total_seconds())
    newest = read_result_page(exchange).results
    asked = f"from {days.first} to {days.last}"
    if not newest:
        why = "and none without dates either: the query finds nothing at all"
        raise Unrecognised("control_failed", f"{route.url} has no document {asked}, {why}")
    inside = [one.document_number for one in newest if one.publication_date in days]
    if inside:
        why = f"and yet its newest are of these days: {inside[0][:40]}"
        raise Unrecognised("control_failed", f"{route.url} has no document {asked}, {why}")


def control_url(route: Route) -> str:
    """The route's newest documents, whatever their dates."""
    return _query(route, ())


def query_url(route: Route, first: date, last: date) -> str:
    """The first page of a query for the documents of the route's agencies; both dates are included."""
    dates = (
        ("conditions[publication_date][gte]", first.isoformat()),
        ("conditions[publication_date][lte]", last.isoformat()),
    )
    return _query(route, dates)


def _query(route: Route, dates: Sequence[tuple[str, str]]) -> str:
    assert isinstance(route.read, FederalRegisterOptions)
    parameters = [
        *(("conditions[agencies][]", agency) for agency in route.read.agencies),
        *dates,
        ("order", "newest"),
        ("per_page", str(route.read.per_page)),
        *(("fields[]", name) for name in FIELDS),
    ]
    return f"{route.url}{'&' if '?' in route.url else '?'}{urlencode(parameters)}"


def read_result_page(exchange: Exchange) -> ResultPage:
    """A response as its type. Raises Blocked ``html_instead_of_json``, Unrecognised ``bad_json``."""
    envelope = read_json(exchange, ResultPage)
    if envelope.count and not envelope.results:
        raise Unrecognised("bad_json", f"{exchange.final_url}: {envelope.count} hits and no results")
    return envelope


def _read_days(source: Source, route: Route, fetch: Fetch, ask: ReadRequest, days: RequestedDays) -> _Found:
    """Every page of one range of days; of its halves where the range has more hits than the API shows."""
    assert isinstance(route.read, FederalRegisterOptions)
    pause, per_page = route.pause.total_seconds(), route.read.per_page
    exchange = fetch(query_url(route, days.first, days.last), pause_seconds=pause)
    envelope = first = read_result_page(exchange)
    if first.count >= CAPPED_COUNT or first.count > CAPPED_PAGES * per_page:
        if days.first == days.last:
            raise Unrecognised("capped", f"{first.count} hits on {days.first}, more than the API shows")
        later, earlier = (_read_days(source, route, fetch, ask, half) for half in days.halves())
        return _Found(
            later.items + earlier.items, later.stated + earlier.stated, 1 + later.pages + earlier.pages
        )
    items, pages = list(_items(envelope, exchange, source, ask, days)), 1
    while envelope.next_page_url is not None and len(items) < first.count:
        exchange = fetch(_same_query(envelope.next_page_url, route), pause_seconds=pause)
        envelope = read_result_page(exchange)
        items.extend(_items(envelope, exchange, source, ask, days))
        pages += 1
    return _Found(tuple(items), first.count, pages)


def _items(
    envelope: ResultPage, exchange: Exchange, source: Source, ask: ReadRequest, days: RequestedDays
) -> list[Item]:
    return [
        _item(document, f"result {n} of {exchange.final_url}", exchange, source, ask, days)
        for n, document in enumerate(envelope.results, 1)
    ]


def _item(
    document: _Document, where: str, exchange: Exchange, source: Source, ask: ReadRequest, days: RequestedDays
) -> Item:
    on = document.publication_date
    if on not in days:
        raise Unrecognised("out_of_range", f"{where} is of {on}, asked for {days.first} to {days.last}")
    title = shorten(html_to_text(document.title), LONGEST_TITLE)
    url = absolute(document.html_url, exchange.final_url)
    published = plausible_or_none(PublicationTime.day(on, source.zone), ask.now)
    if not title or url is None or published is None:
        found = {"title": title, "html_url": url, "publication_date": published}
        missing = ", ".join(name for name, value in found.items() if not value)
        raise Unrecognised("bad_json", f"{where} has no usable {missing}")
    summary = shorten(html_to_text(document.abstract or ""), LONGEST_SUMMARY)
    return Item(
        title, url, published, document_aliases(url, (("fr", document.document_number),)), summary or None
    )


def _same_query(next_page_url: str, route: Route) -> str:
    """The next page, if it is one of the same API: same origin, same path with or without ``.json``."""
    here, there = urlsplit(route.url), urlsplit(next_page_url)
    same_origin = (here.scheme, here.netloc.lower()) == (there.scheme, there.netloc.lower())
    if not same_origin or here.path.removesuffix(".json") != there.path.removesuffix(".json"):
        raise Unrecognised("bad_next", f"the query would go on at {next_page_url[:200]}")
    return next_page_url
