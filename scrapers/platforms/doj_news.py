"""The Justice Department's News API: the releases of one office among those of all, day by day.

Documented at https://www.justice.gov/developer/api-documentation/api_v1; what it does was read off a reduced
transcript of an answer of October 2026. Its filter for an office is ignored, so the office is picked out
here, from pages over all offices. It counts all releases there are, as text; more than 50 a page are silently
50; a ``date`` is noon UTC of its day, and the rows of a day are in no order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from servanda.compliance.intervals import Interval
from servanda.compliance.publication import PublicationTime
from servanda.instruments.routes import DojNewsOptions, Route, Source
from servanda.scrapers.addresses import absolute, document_aliases
from servanda.scrapers.exchange import Fetch, Unreachable, Unrecognised, Validators
from servanda.scrapers.platforms.days import RequestedDays, days_asked
from servanda.scrapers.platforms.item_checks import (
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    plausible_or_none,
    refuse_few,
    refuse_future,
)
from servanda.scrapers.platforms.json_responses import Filled, read_json
from servanda.scrapers.route_reading import Item, ReadRequest, RouteReading
from servanda.scrapers.text_cleaning import html_to_paragraphs, html_to_text, shorten

PAGE_SIZE = 50
MOST_READS = 3

Digits = Annotated[str, StringConstraints(pattern=r"^\d{1,12}$")]


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class _Office(_Shape):
    name: Filled


class Release(_Shape):
    """One row. Its ``date`` is in seconds since 1970."""

    uuid: Filled
    title: Filled
    url: Filled
    seconds: Annotated[Digits, Field(alias="date")]
    component: tuple[_Office, ...] | str = ()
    teaser: str | None = None
    body: str | None = None

    @property
    def day(self) -> date:
        return datetime.fromtimestamp(int(self.seconds), UTC).date()

    def is_of(self, offices: tuple[str, ...]) -> bool:
        """Whether one of its offices has one of these names; one without any has an empty text there."""
        return not isinstance(self.component, str) and any(one.name in offices for one in self.component)


class _Counts(_Shape):
    count: Digits
    pagesize: Digits


class _Metadata(_Shape):
    resultset: _Counts


class NewsPage(_Shape):
    """One answer. ``count`` is of all releases that there are."""

    metadata: _Metadata
    results: Annotated[tuple[Release, ...], Field(min_length=1)]

    @property
    def count(self) -> int:
        return int(self.metadata.resultset.count)


@dataclass(frozen=True, slots=True)
class _Swept:
    """What pages held, newest day first, and how many they were. ``is_steady``: nothing moved meanwhile."""

    releases: tuple[Release, ...]
    pages: int
    is_steady: bool


def read_doj_news(source: Source, route: Route, fetch: Fetch, ask: ReadRequest) -> RouteReading:
    """The releases of some offices of the days from ``ask.back_to`` (None: the last 7 days) to ``ask.until``.

    Pages are read until the first day is passed, and further until one release of the office is met: that is
    the control, and a longest silence after the newest one the claim ends. Raises Unreachable ``shifted``;
    Unrecognised ``bad_json``, ``too_few_items`` (a page that is not full), ``wrong_order``,
    ``too_many_pages``, ``control_failed``, ``bad_item``, ``future_date``; Blocked ``html_instead_of_json``;
    and what ``fetch`` raises.
    """
    days = days_asked(source, ask)
    swept = _settled(source, route, fetch, days)
    offices = options_of(route).components
    known = [_item(one, source, route, ask) for one in swept.releases if one.is_of(offices)]
    asked = days.interval(source.zone)
    until = min(asked.until_at, ask.now, _end_of_claim(source, route, known, asked))
    items = [item for item in known if item.published.civil_on in days]
    refuse_few(items, route)
    asked = Interval(asked.from_at, max(until, asked.from_at + timedelta(seconds=1)))
    inside = tuple(items)
    return RouteReading(inside, swept.pages, False, Validators(), asked=asked, stated=len(inside))


def page_url(route: Route, page: int) -> str:
    """A page of all releases, newest first; the first one is page 0."""
    query = {"sort": "date", "direction": "DESC", "pagesize": PAGE_SIZE, "page": page}
    return f"{route.url}{'&' if '?' in route.url else '?'}{urlencode(query)}"


def options_of(route: Route) -> DojNewsOptions:
    assert isinstance(route.read, DojNewsOptions)
    return route.read


def _settled(source: Source, route: Route, fetch: Fetch, days: RequestedDays) -> _Swept:
    for _ in range(MOST_READS):
        swept = _sweep(source, route, fetch, days)
        if swept.is_steady:
            return swept
    raise Unreachable("shifted", f"{route.url} moved during each of {MOST_READS} readings")


def _sweep(source: Source, route: Route, fetch: Fetch, days: RequestedDays) -> _Swept:
    """Pages down to what is wanted, and the first one again. Every page is full, and no day is newer than one
    above it."""
    earliest = days.first - source.longest_silence
    first = page = _page(route, fetch, 0)
    rows = {one.uuid: one for one in first.results}
    read, n = len(first.results), 0
    while not _is_enough(rows, page, days.first, earliest, options_of(route).components):
        n += 1
        if n >= route.max_pages:
            raise Unrecognised("too_many_pages", f"{route.url}: {n} pages do not reach {days.first}")
        page = _page(route, fetch, n)
        read += len(page.results)
        rows |= {one.uuid: one for one in page.results}
        if page.count != first.count:
            return _Swept((), n, is_steady=False)
    again = _page(route, fetch, 0) if n else first
    steady = again == first and read == len(rows)
    _refuse_other_order(list(rows.values()), route) if steady else None
    return _Swept(tuple(rows.values()), n + 1, is_steady=steady)


def _is_enough(
    rows: dict[str, Release], page: NewsPage, first: date, earliest: date, offices: tuple[str, ...]
) -> bool:
    """Whether the window's first day is passed, and a release of the office met, or too old to matter."""
    last = page.results[-1].day
    met = any(one.is_of(offices) for one in rows.values())
    return last < first and (met or last < earliest)


def _page(route: Route, fetch: Fetch, n: int) -> NewsPage:
    exchange = fetch(page_url(route, n), pause_seconds=route.pause.total_seconds())
    page = read_json(exchange, NewsPage)
    full = min(PAGE_SIZE, max(0, page.count - n * PAGE_SIZE))
    if len(page.results) != full:
        why = f"holds {len(page.results)} rows, {full} are expected"
        raise Unrecognised("too_few_items", f"{exchange.final_url} {why}")
    return page


def _refuse_other_order(rows: list[Release], route: Route) -> None:
    for upper, lower in pairwise(rows):
        if lower.day > upper.day:
            why = f"a row of {lower.day} stands below one of {upper.day}"
            raise Unrecognised("wrong_order", f"{route.url}: {why}")


def _end_of_claim(source: Source, route: Route, known: list[Item], asked: Interval) -> datetime:
    """A longest silence after the newest release of the office. Raises Unrecognised ``control_failed`` where
    there is none, or that is over before the window begins: the office may bear another name by now."""
    newest = max((item.published.interval.from_at for item in known), default=None)
    if newest is None or newest + source.longest_silence <= asked.from_at:
        names = ", ".join(options_of(route).components)
        since = newest.date() if newest is not None else "the longest silence before the window"
        raise Unrecognised("control_failed", f"{route.url} has no release of {names} since {since}")
    return newest + source.longest_silence


def _item(release: Release, source: Source, route: Route, ask: ReadRequest) -> Item:
    where = f"release {release.uuid[:40]} of {route.url}"
    stated = PublicationTime.day(release.day, source.zone)
    refuse_future(stated, ask.now, where)
    published = plausible_or_none(stated, ask.now)
    title = shorten(html_to_text(release.title), LONGEST_TITLE)
    url = absolute(release.url, route.url)
    if not title or url is None or published is None:
        found = {"title": title, "url": url, "date": published}
        missing = ", ".join(name for name, value in found.items() if not value)
        raise Unrecognised("bad_item", f"{where} has no usable {missing}")
    summary = shorten(html_to_text(release.teaser or ""), LONGEST_SUMMARY)
    text = "\n\n".join(html_to_paragraphs(release.body or ""))
    aliases = document_aliases(url, (("doj", release.uuid),))
    return Item(title, url, published, aliases, summary or None, text or None)
