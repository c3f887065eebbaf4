"""What is asked of the REST interface of a WordPress site, and pages that move while they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from servanda.compliance.intervals import Interval
from servanda.instruments.routes import Route, WordPressOptions
from servanda.scrapers.exchange import Exchange, Fetch, ScrapeError, Unreachable, Unrecognised
from servanda.scrapers.platforms.wordpress_answers import (
    Row,
    RowsPage,
    explain,
    lower_bound_of,
    read_rows_page,
)

FIELDS = "id,date,date_gmt,modified_gmt,slug,link,title,content"

MARGIN = timedelta(days=1)
"""So much more is asked for at each end, and dropped. Releases before 5.3 take any time for civil time at the
site: what they leave out lies in the margin then."""

MOST_READS = 3
"""A window whose pages and counts do not agree so often is read again at the next poll."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """All pages of a query, read once. ``total`` is the site's count; ``is_steady``: its pages agree."""

    rows: tuple[Row, ...]
    total: int
    pages: int
    is_steady: bool


@dataclass(slots=True)
class WindowQuery:
    """The query for one window. ``per_page``: how many rows on a page, lower where the site says so."""

    route: Route
    fetch: Fetch
    asked: Interval
    per_page: int
    seen: dict[int, Row] = field(default_factory=dict)

    def settled(self) -> tuple[Sweep, tuple[str, ...]]:
        """The first sweep whose pages and rows agree; else all that was met, with what speaks against it.

        Raises Unreachable ``shifted``, Unrecognised ``too_many_pages``, and what pages raise.
        """
        for _ in range(MOST_READS):
            sweep = self._sweep()
            if sweep.is_steady and sweep.total == len(sweep.rows):
                return sweep, ()
        if not sweep.is_steady:
            raise Unreachable("shifted", f"{self.route.url} moved during each of {MOST_READS} readings")
        why = f"the site counts {sweep.total} items and gives {len(sweep.rows)}: some are withheld"
        return Sweep(tuple(self.seen.values()), sweep.total, sweep.pages, is_steady=True), (why,)

    def _sweep(self) -> Sweep:
        """Every page, and the first one again: a row that moved up between two requests is on neither."""
        first = self._page(1)
        rows, n, is_steady = {row.id: row for row in first.rows}, 1, True
        while is_steady and len(rows) < first.total:
            page = self._next_or_none(n + 1, first)
            if page is None or not page.rows:
                is_steady = n >= first.pages
                break
            n += 1
            rows |= {row.id: row for row in page.rows}
            is_steady = page.counts == first.counts
        if is_steady and n > 1:
            again = self._page(1)
            is_steady = (again.ids, again.counts) == (first.ids, first.counts)
        self.seen |= rows
        return Sweep(tuple(rows.values()), first.total, n, is_steady)

    def _next_or_none(self, n: int, first: RowsPage) -> RowsPage | None:
        """A further page; None where the site says that it lies past the end."""
        if n > self.route.max_pages:
            why = f"{self.route.url} has {first.total} items then, more than {n - 1} pages hold"
            raise Unrecognised("too_many_pages", f"{why}: ask for fewer days")
        try:
            return self._page(n)
        except ScrapeError as error:
            if error.kind == "past_the_end":
                return None
            raise

    def _page(self, n: int) -> RowsPage:
        try:
            return self._ask(n)
        except ScrapeError as error:
            bound = lower_bound_of(error)
            if bound is None or bound >= self.per_page:
                raise
            self.per_page = bound
            return self._ask(n)

    def _ask(self, n: int) -> RowsPage:
        url = query_url(self.route, self.asked, page=n, per_page=self.per_page)
        return read_rows_page(get_answer(self.fetch, url, self.route))


def zone_url(route: Route) -> str:
    """Where the site states its zone."""
    root = route.url.partition("/wp/v2/")[0]
    return f"{root}/?{urlencode({'_fields': 'timezone_string,gmt_offset'}, safe=',')}"


def query_url(route: Route, within: Interval, *, page: int = 1, per_page: int | None = None) -> str:
    """A page of the items between two instants, both widened by ``MARGIN``; by id, which has no ties."""
    wide = widened(within)
    asked = (
        ("after", utc(wide.from_at)),
        ("before", utc(wide.until_at)),
        ("orderby", "id"),
        ("order", "asc"),
    )
    return _url(route, asked, per_page=per_page or options_of(route).per_page, page=page)


def control_url(route: Route, order: Literal["asc", "desc"]) -> str:
    """The oldest or the newest item of all."""
    return _url(route, (("orderby", "date"), ("order", order)), per_page=1, page=1)


def item_url(route: Route, slug: str) -> str:
    """One item, by the last step of its address."""
    return _with(route, (("slug", slug), ("_fields", FIELDS)))


def get_answer(fetch: Fetch, url: str, route: Route) -> Exchange:
    """An answer; an error under the name that the interface gives it."""
    try:
        return fetch(url, pause_seconds=route.pause.total_seconds())
    except ScrapeError as error:
        raise explain(error) from error


def widened(asked: Interval) -> Interval:
    """What is asked for in truth."""
    return Interval(asked.from_at - MARGIN, asked.until_at + MARGIN)


def options_of(route: Route) -> WordPressOptions:
    assert isinstance(route.read, WordPressOptions)
    return route.read


def utc(at: datetime) -> str:
    """An instant as every release takes it: ``Z`` needs no escape."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _url(route: Route, asked: Sequence[tuple[str, str]], *, per_page: int, page: int) -> str:
    return _with(route, (*asked, ("per_page", str(per_page)), ("page", str(page)), ("_fields", FIELDS)))


def _with(route: Route, parameters: Sequence[tuple[str, str]]) -> str:
    return f"{route.url}{'&' if '?' in route.url else '?'}{urlencode(parameters, safe=',')}"
