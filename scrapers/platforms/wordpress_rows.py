"""A row of a WordPress answer as the page of its document: title, time, address and text in one place."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import unquote, urlsplit

import lxml.html
from lxml import etree

from servanda.instruments.routes import Route
from servanda.scrapers.addresses import normalised
from servanda.scrapers.documents.markup import MAX_BYTES, MAX_TAGS
from servanda.scrapers.exchange import Exchange, Fetch, ScrapeError, Unrecognised
from servanda.scrapers.platforms.wordpress_answers import Row, read_rows
from servanda.scrapers.platforms.wordpress_queries import get_answer
from servanda.scrapers.text_cleaning import html_to_text

PART_ID = "wordpress-content-rendered"
PART = f"main#{PART_ID}"
"""Where the document's text stands on the page that is made of a row."""


def is_rest_answer(exchange: Exchange) -> bool:
    """Whether a response is a list of rows, by its type and its beginning."""
    stated = (exchange.header("Content-Type") or "").partition(";")[0].strip().lower()
    return stated == "application/json" and exchange.body.lstrip()[:1] == b"["


def row_of(rows: Sequence[Row], address: str) -> Row | None:
    """The row of a document, by its address, or by the last step of it where the site's addresses have
    changed since; None where there is none, or more than one."""
    wanted = normalised(address)
    found = [row for row in rows if normalised(row.link) == wanted]
    last = unquote(urlsplit(address).path).rstrip("/").rpartition("/")[2]
    found = found or [row for row in rows if last and unquote(row.slug) == last]
    return found[0] if len(found) == 1 else None


def fetch_row(fetch: Fetch, route: Route, row_url: str, address: str) -> Exchange:
    """The answer that holds the row of a document, asked for by the last step of its address.

    An answer that lacks it does not say why, so its page is asked. Raises Unrecognised ``row_missing`` for a
    page that stands, ``no_route`` where the interface is gone; and what ``fetch`` raises: ``http_404`` is the
    page's own word.
    """
    try:
        exchange = get_answer(fetch, row_url, route)
    except ScrapeError as error:
        if error.kind in ("http_404", "http_410", "soft_404"):
            raise Unrecognised("no_route", error.reason) from error
        raise
    if row_of(read_rows(exchange), address) is not None:
        return exchange
    fetch(address, pause_seconds=route.pause.total_seconds())
    raise Unrecognised("row_missing", f"{row_url} has no row of {address}, and its page stands")


def page_of_row(exchange: Exchange, address: str) -> Exchange:
    """The document at an address as a page, made of its row in a response.

    Raises Unrecognised ``not_found`` (no such row), ``no_main_text`` (its text is protected, or not given),
    ``too_large``, ``bad_json``.
    """
    row = row_of(read_rows(exchange), address)
    if row is None:
        raise Unrecognised("not_found", f"{exchange.final_url} has no row of {address[:200]}")
    if row.content is None or row.content.protected or not row.content.rendered.strip():
        why = "protected" if row.content is not None and row.content.protected else "not given"
        raise Unrecognised("no_main_text", f"the text of {address[:200]} is {why} in {exchange.final_url}")
    body = _page(row, address).encode()
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return replace(exchange, url=address, final_url=address, headers=headers, body=body, wire=b"")


def _page(row: Row, address: str) -> str:
    title, at = row.title.rendered, row.date_gmt.removesuffix("Z") + "Z"
    content = row.content.rendered if row.content is not None else ""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{_without_tags(title)}</title>'
        f'<link rel="canonical" href="{html.escape(address)}">'
        f'<meta property="article:published_time" content="{html.escape(at)}"></head>'
        f'<body><h1>{_without_tags(title)}</h1><main id="{PART_ID}">{_closed(content, address)}</main>'
        "</body></html>"
    )


def _closed(content: str, address: str) -> str:
    """Mark-up whose elements are all closed, so that none of it falls out of the part that it stands in."""
    if len(content) > MAX_BYTES or content.count("<") > MAX_TAGS:
        raise Unrecognised("too_large", f"the text of {address[:200]} is longer than is read")
    try:
        parsed = lxml.html.fragment_fromstring(content.replace("\0", ""), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Unrecognised(
            "no_main_text", f"the text of {address[:200]} is no mark-up: {error}"[:500]
        ) from error
    return str(lxml.html.tostring(parsed, encoding="unicode"))


def _without_tags(title: str) -> str:
    return html.escape(html_to_text(title))
