"""The REST interface of a WordPress site: every item of one type between two instants, counted by the site.

Documented at https://developer.wordpress.org/rest-api/reference/posts/. It forgives too much: a wrong route
is an empty list, an unknown parameter is ignored, and rows move from page to page while they are read. So
nothing is believed that is not counted, held against what was asked for, and borne out by a control.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from servanda.compliance.intervals import RESOLUTION, Interval
from servanda.compliance.publication import PublicationTime
from servanda.instruments.routes import Route, Source
from servanda.scrapers.addresses import absolute, document_aliases
from servanda.scrapers.dates import either_instant
from servanda.scrapers.exchange import Fetch, Unrecognised, Validators
from servanda.scrapers.platforms.days import DEFAULT_REACH
from servanda.scrapers.platforms.item_checks import (
    LONGEST_TITLE,
    plausible_or_none,
    refuse_few,
    refuse_future,
)
from servanda.scrapers.platforms.wordpress_answers import Row, instants_of, read_rows_page, read_zone
from servanda.scrapers.platforms.wordpress_queries import (
    WindowQuery,
    control_url,
    get_answer,
    options_of,
    query_url,
    utc,
    widened,
    zone_url,
)
from servanda.scrapers.route_reading import Item, ReadRequest, RouteReading
from servanda.scrapers.text_cleaning import html_to_text, shorten


def read_wordpress(source: Source, route: Route, fetch: Fetch, ask: ReadRequest) -> RouteReading:
    """All items published from ``ask.back_to`` (None: the last 7 days) to ``ask.until`` (None: now).

    ``stated`` is the site's count of them. It differs from the items where rows are withheld after counting:
    then nothing is covered. ``asked`` is as much of the window as controls bear out. Raises Blocked
    ``html_instead_of_json``, ``rest_closed``; Unreachable ``shifted``; Unrecognised ``no_route``,
    ``bad_query``, ``no_totals``, ``bad_json``, ``no_zone``, ``out_of_range``, ``control_failed``,
    ``future_date``, ``bad_item``, ``too_many_pages``, ``too_few_items``; and what ``fetch`` raises.
    """
    until = min(ask.until, ask.now) if ask.until is not None else ask.now
    back_to = ask.back_to if ask.back_to is not None else until - DEFAULT_REACH
    asked = Interval(min(back_to, until - RESOLUTION), until)
    zone = read_zone(get_answer(fetch, zone_url(route), route))
    sweep, doubts = WindowQuery(route, fetch, asked, options_of(route).per_page).settled()
    _refuse_outside(sweep.rows, widened(asked), zone, route)
    items = [_item(row, zone, source, route, ask) for row in sweep.rows]
    inside = [item for item in items if _touches(item.published, asked)]
    asked = _borne_out(asked, items, inside, _Controls(source, route, fetch, ask, zone))
    refuse_few(inside, route)
    return RouteReading(
        tuple(sorted(inside, key=at_of, reverse=True)),
        sweep.pages,
        False,
        Validators(),
        asked=asked,
        stated=sweep.total - (len(items) - len(inside)),
        doubts=doubts,
    )


def _refuse_outside(rows: Sequence[Row], wide: Interval, zone: tzinfo, route: Route) -> None:
    """Hold every row against the window: a parameter that a site does not know is ignored in silence."""
    for row in rows:
        instants = instants_of(row, zone)
        if instants and not any(wide.from_at <= at <= wide.until_at for at in instants):
            why = f"is of {row.date_gmt[:30]}, asked for {utc(wide.from_at)} to {utc(wide.until_at)}"
            raise Unrecognised("out_of_range", f"item {row.id} of {route.url} {why}")


def _item(row: Row, zone: tzinfo, source: Source, route: Route, ask: ReadRequest) -> Item:
    where = f"item {row.id} of {route.url}"
    stated = either_instant(instants_of(row, zone), source.zone)
    refuse_future(stated, ask.now, where)
    published = plausible_or_none(stated, ask.now)
    title = shorten(html_to_text(row.title.rendered), LONGEST_TITLE)
    url = absolute(row.link, route.url)
    if not title or url is None or published is None:
        found = {"title": title, "link": url, "date": published}
        missing = ", ".join(name for name, value in found.items() if not value)
        raise Unrecognised("bad_item", f"{where} has no usable {missing}")
    kind = route.url.partition("?")[0].rstrip("/").rpartition("/")[2]
    return Item(title, url, published, document_aliases(url, (("wp", f"{kind}/{row.id}"),)))


@dataclass(frozen=True, slots=True)
class _Controls:
    """What the same route shows without a window."""

    source: Source
    route: Route
    fetch: Fetch
    ask: ReadRequest
    zone: tzinfo

    def newest(self) -> Item:
        return self._first("desc")

    def oldest(self) -> Item:
        return self._first("asc")

    def is_found_by_its_time(self, control: Item) -> bool:
        """Whether a query with a window shows an item that is known to lie in it."""
        at = at_of(control)
        url = query_url(self.route, Interval(at, at + RESOLUTION), per_page=options_of(self.route).per_page)
        rows = read_rows_page(get_answer(self.fetch, url, self.route)).rows
        return str(control.aliases[0][1]).rpartition("/")[2] in {str(row.id) for row in rows}

    def refused(self, why: str) -> Unrecognised:
        return Unrecognised("control_failed", f"{self.route.url} {why}")

    def _first(self, order: Literal["asc", "desc"]) -> Item:
        page = read_rows_page(get_answer(self.fetch, control_url(self.route, order), self.route))
        if not page.rows or not page.total:
            raise self.refused("has no item at all, in any window")
        return _item(page.rows[0], self.zone, self.source, self.route, self.ask)


def _borne_out(
    asked: Interval, items: Sequence[Item], inside: Sequence[Item], controls: _Controls
) -> Interval:
    """As much of a window as controls bear out: from the oldest item that the site has at all, to a longest
    silence after the newest. ``items`` are those of the margins too.

    Raises Unrecognised ``control_failed``: the window lacks the newest item; or it is empty, and the newest
    item is older than the longest silence, or is not shown in a window around it, or none is older than the
    window.
    """
    silence, end = controls.source.longest_silence, min(asked.until_at, controls.source.existence.until_at)
    from_at, until_at = asked.from_at, asked.until_at
    newest = max((at_of(item) for item in items), default=None)
    if not inside or newest is None or newest + silence < until_at:
        control = controls.newest()
        known = {item.aliases[0] for item in inside}
        if asked.contains(at_of(control)) and control.aliases[0] not in known:
            raise controls.refused(f"lacks its newest item, {control.url} of {control.published}")
        until_at = min(until_at, max(at_of(item) for item in (*items, control)) + silence)
        if until_at <= from_at or (not inside and until_at < end):
            raise controls.refused(f"has nothing there, and the newest of all is of {control.published}")
        if not items and not controls.is_found_by_its_time(control):
            raise controls.refused(
                f"does not show its newest item, of {control.published}, in a window around it"
            )
    if not any(at_of(item) < from_at for item in items):
        oldest = controls.oldest()
        from_at = max(from_at, at_of(oldest))
        if from_at >= until_at or (not inside and from_at > asked.from_at):
            raise controls.refused(f"has nothing there, and nothing older: it begins on {oldest.published}")
    return Interval(from_at, until_at)


def at_of(item: Item) -> datetime:
    return item.published.interval.from_at


def _touches(published: PublicationTime, asked: Interval) -> bool:
    return published.interval.from_at < asked.until_at and asked.from_at < published.interval.until_at
