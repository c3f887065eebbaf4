"""What the REST interface of a WordPress site answers: pages of rows, totals, and errors that say why.

Read off whole answers of WordPress 7.1.4 and recorded ones of 4.7.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from servanda.scrapers.documents.markup import starts_like_html
from servanda.scrapers.exchange import Blocked, Exchange, ScrapeError, Unrecognised
from servanda.scrapers.failures import sanitise_detail
from servanda.scrapers.platforms.json_responses import Filled, read_json

CLOSED = frozenset({"rest_cannot_access", "rest_forbidden", "rest_not_logged_in", "rest_login_required"})
"""Codes by which a site says that its interface is not for everybody; plug-ins have more, all with 401."""

_BOUND = re.compile(r"per_page must be between \d+ \(inclusive\) and (\d{1,3}) \(inclusive\)")


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class Rendered(_Shape):
    """A text as it is shown. ``protected``: it is behind a password, and empty here."""

    rendered: str
    protected: bool = False


class Row(_Shape):
    """One published item. ``date`` is civil time at the site, ``date_gmt`` in UTC; neither names its zone."""

    id: Annotated[int, Field(ge=1)]
    date: Filled
    date_gmt: Filled
    link: Filled
    title: Rendered
    slug: str = ""
    content: Rendered | None = None


class _Site(_Shape):
    timezone_string: str
    gmt_offset: float | int | str


_ROWS: TypeAdapter[tuple[Row, ...]] = TypeAdapter(tuple[Row, ...])


@dataclass(frozen=True, slots=True)
class RowsPage:
    """One page of a query: its rows, and how many rows and pages the site counts in all."""

    rows: tuple[Row, ...]
    total: int
    pages: int

    @property
    def counts(self) -> tuple[int, int]:
        return self.total, self.pages

    @property
    def ids(self) -> list[int]:
        return [row.id for row in self.rows]


def read_rows_page(exchange: Exchange) -> RowsPage:
    """An answer as rows with their totals.

    Raises Blocked ``html_instead_of_json``; Unrecognised ``no_totals`` (something stands before the rows, or
    the site does not count them), ``bad_json``.
    """
    if starts_like_html(exchange.body):
        raise Blocked("html_instead_of_json", f"{exchange.final_url} answers with a web page")
    total, pages = (_count(exchange, name) for name in ("X-WP-Total", "X-WP-TotalPages"))
    if total is None or pages is None:
        begins = sanitise_detail(exchange.body[:200].decode("utf-8", "replace"), 100)
        raise Unrecognised("no_totals", f"{exchange.final_url} does not count its rows; it begins {begins!r}")
    return RowsPage(read_rows(exchange), total, pages)


def read_rows(exchange: Exchange) -> tuple[Row, ...]:
    """The rows of an answer, whatever it says of their number. Raises Unrecognised ``bad_json``."""
    try:
        return _ROWS.validate_json(exchange.body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "the whole"
        raise Unrecognised("bad_json", f"{exchange.final_url}: {where}: {first['msg']}"[:500]) from error


def read_zone(exchange: Exchange) -> tzinfo:
    """The site's time zone. Raises Unrecognised ``no_zone``, and what ``read_json`` raises."""
    site = read_json(exchange, _Site)
    try:
        if site.timezone_string:
            return ZoneInfo(site.timezone_string)
        return timezone(timedelta(hours=float(site.gmt_offset)))
    except (ValueError, ZoneInfoNotFoundError, OverflowError) as error:
        stated = sanitise_detail(f"{site.timezone_string!r}, {site.gmt_offset!r}", 100)
        raise Unrecognised("no_zone", f"{exchange.final_url} names no time zone: {stated}") from error


def instants_of(row: Row, zone: tzinfo) -> tuple[datetime, ...]:
    """The instants that a row's two times allow: one where they agree; none where one is unreadable."""
    try:
        civil = datetime.fromisoformat(row.date)
        at = datetime.fromisoformat(f"{row.date_gmt.removesuffix('Z')}+00:00")
    except ValueError:
        return ()
    if civil.tzinfo is not None:
        return ()
    if at.astimezone(zone).replace(tzinfo=None) == civil:
        return (at,)
    return (at, civil.replace(tzinfo=zone))


def explain(error: ScrapeError) -> ScrapeError:
    """A failure by its status, as the interface itself names it in the body; any other as it is."""
    code, message = _said(error.answer)
    if error.answer is None or not code:
        return error
    told = f"{error.answer.final_url} answers {code}: {message}"
    if error.answer.status == 401 or code in CLOSED:
        return Blocked("rest_closed", told, error.answer)
    if code == "rest_no_route":
        return Unrecognised("no_route", told, error.answer)
    if code == "rest_post_invalid_page_number":
        return Unrecognised("past_the_end", told, error.answer)
    if error.answer.status == 400:
        return Unrecognised("bad_query", told, error.answer)
    return error


def lower_bound_of(error: ScrapeError) -> int | None:
    """The most rows on a page, where that is what an answer objects to."""
    _, message = _said(error.answer)
    found = _BOUND.search(message)
    return int(found[1]) if found and int(found[1]) >= 1 else None


def _said(answer: Exchange | None) -> tuple[str, str]:
    """Code and message of an error, with what it says of parameters; empty where it is none."""
    if answer is None:
        return "", ""
    try:
        body: Any = TypeAdapter(dict[str, Any]).validate_json(answer.body)
    except ValidationError:
        return "", ""
    code, data = body.get("code"), body.get("data")
    params = data.get("params") if isinstance(data, dict) else None
    details = params.values() if isinstance(params, dict) else ()
    told = "; ".join(str(one) for one in (body.get("message", ""), *details))
    return (sanitise_detail(code, 60), sanitise_detail(told)) if isinstance(code, str) else ("", "")


def _count(exchange: Exchange, name: str) -> int | None:
    stated = (exchange.header(name) or "").strip()
    return int(stated) if re.fullmatch(r"\d{1,9}", stated) else None
