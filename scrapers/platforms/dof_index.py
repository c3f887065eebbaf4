"""The Diario Oficial's index pages: each edition of each day, asked for by name.

``index_111.php`` without an edition gives one of a day and hides the others. So each is asked for: the
morning's first, then those that a page links to; all of them on a day without a morning edition, since a
Sunday may have an extraordinary one. A page without any says "No hay datos para la fecha seleccionada".
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

from bs4 import BeautifulSoup, Tag

from servanda.compliance.folding import fold
from servanda.compliance.publication import PublicationTime
from servanda.instruments.routes import DofIndexOptions, Route, Source
from servanda.scrapers.addresses import document_aliases
from servanda.scrapers.documents.select import attribute_of, open_page, text_of
from servanda.scrapers.exchange import Exchange, Fetch, Unrecognised, Validators
from servanda.scrapers.platforms.days import RequestedDays, days_asked
from servanda.scrapers.platforms.dof import CONTROL_DAYS
from servanda.scrapers.platforms.item_checks import LONGEST_TITLE, plausible_or_none, refuse_few, refuse_many
from servanda.scrapers.route_reading import Item, ReadRequest, RouteReading
from servanda.scrapers.text_cleaning import shorten

MORNING = "MAT"
EDITIONS = {MORNING: "matutina", "VES": "vespertina", "EXT": "extraordinaria"}
EMPTY = "no hay datos para la fecha seleccionada"

_HEAD = re.compile(r"fecha: (\d\d)/(\d\d)/(\d{4}) - edicion (\w+)")
_NOTE = "a[href*='nota_detalle.php']"


def read_dof_index(source: Source, route: Route, fetch: Fetch, ask: ReadRequest) -> RouteReading:
    """All notes of the editions of the days from ``ask.back_to`` (None: the last 7 days) to ``ask.until``.

    Newest day first, at most ``route.max_pages`` days: ``asked`` holds just these. ``stated`` counts what the
    pages link to. Raises Unrecognised ``no_edition`` (neither an edition nor the word that there is
    none), ``out_of_range`` (another day or edition than was asked for), ``bad_row``, ``control_failed`` (no
    edition at all, nor on a week before), ``too_few_items``, ``too_many_items``; and what ``fetch`` raises.
    """
    until = min(ask.until, ask.now) if ask.until is not None else None
    days = days_asked(source, replace(ask, until=until)).newest(route.max_pages)
    found: list[Item] = []
    pages = 0
    for on in days:
        notes, asked = _notes_of_day(source, route, fetch, ask, on)
        found += notes
        pages += asked
    if not found:
        _refuse_false_silence(source, route, fetch, ask, days)
    items = tuple({item.aliases[0]: item for item in found}.values())
    refuse_few(items, route)
    asked_for = days.interval(source.zone)
    return RouteReading(items, pages, False, Validators(), asked=asked_for, stated=len(items))


def edition_url(route: Route, on: date, edition: str) -> str:
    """Where one edition of one day is asked for."""
    query = urlencode({"year": f"{on:%Y}", "month": f"{on:%m}", "day": f"{on:%d}", "edicion": edition})
    return f"{route.url}{'&' if '?' in route.url else '?'}{query}"


def _notes_of_day(
    source: Source, route: Route, fetch: Fetch, ask: ReadRequest, on: date
) -> tuple[list[Item], int]:
    """The notes of a day's editions, and how many pages were asked for."""
    wanted, seen, notes = [MORNING], set[str](), list[Item]()
    while wanted:
        edition = wanted.pop(0)
        seen.add(edition)
        exchange = fetch(edition_url(route, on, edition), pause_seconds=route.pause.total_seconds())
        page = open_page(exchange)
        if is_empty(page, exchange.final_url):
            others = set(EDITIONS) if edition == MORNING else set()
        else:
            _refuse_other(page, exchange.final_url, on, edition)
            others = _linked_editions(page)
            notes += _items(page, exchange, source, route, ask, on)
        wanted += sorted(others - seen - set(wanted))
    return notes, len(seen)


def is_empty(page: BeautifulSoup, url: str) -> bool:
    """Whether a page says that there is no such edition. Raises Unrecognised ``no_edition`` for a page that
    says neither that nor which one it is."""
    said, notes = fold(page.get_text(" ", strip=True)), page.select(_NOTE)
    if EMPTY in said and not notes:
        return True
    if not notes or not _HEAD.search(said):
        raise Unrecognised("no_edition", f"{url} shows no edition, and does not say that there is none")
    return False


def _refuse_other(page: BeautifulSoup, url: str, on: date, edition: str) -> None:
    head = _HEAD.search(fold(page.get_text(" ", strip=True)))
    assert head is not None
    day, month, year, name = head.groups()
    if (f"{on:%d%m%Y}", EDITIONS.get(edition)) != (f"{day}{month}{year}", name):
        told = f"edition {name} of {day}/{month}/{year}"
        raise Unrecognised("out_of_range", f"{url} answers with {told}, asked for {edition} of {on:%d/%m/%Y}")


def _linked_editions(page: BeautifulSoup) -> set[str]:
    """The other editions of the day. One whose name is not known is asked for all the same, and refused."""
    links = (attribute_of(link, "href") or "" for link in page.select("a[href*='edicion=']"))
    names = (name for link in links for name in parse_qs(urlsplit(link).query).get("edicion", ()))
    return {name for name in names if re.fullmatch(r"[A-Z]{2,5}\d?", name)}


def _items(
    page: BeautifulSoup, exchange: Exchange, source: Source, route: Route, ask: ReadRequest, on: date
) -> list[Item]:
    rows = page.select(_NOTE)
    refuse_many(len(rows), exchange.final_url)
    where = f"of {exchange.final_url}"
    return [_item(row, f"note {n} {where}", source, route, ask, on) for n, row in enumerate(rows, 1)]


def _item(row: Tag, where: str, source: Source, route: Route, ask: ReadRequest, on: date) -> Item:
    assert isinstance(route.read, DofIndexOptions)
    query = parse_qs(urlsplit(attribute_of(row, "href") or "").query)
    code, stated = (query.get(name, [""])[0] for name in ("codigo", "fecha"))
    title = shorten(text_of(row), LONGEST_TITLE)
    published = plausible_or_none(PublicationTime.day(on, source.zone), ask.now)
    if not re.fullmatch(r"\d{1,15}", code) or stated != f"{on:%d/%m/%Y}" or not title or published is None:
        raise Unrecognised(
            "bad_row", f"{where} has no usable number, day or title: {code[:20]!r}, {stated[:20]!r}"
        )
    url = f"{route.read.documents}{code}"
    return Item(title, url, published, document_aliases(url, (("dof", code),)))


def _refuse_false_silence(
    source: Source, route: Route, fetch: Fetch, ask: ReadRequest, days: RequestedDays
) -> None:
    """Raise Unrecognised ``control_failed`` where days without an edition are not borne out by one before."""
    for back in range(1, CONTROL_DAYS + 1):
        if _notes_of_day(source, route, fetch, ask, days.first - timedelta(days=back))[0]:
            return
    why = f"has no edition from {days.first} on, and none on the {CONTROL_DAYS} days before either"
    raise Unrecognised("control_failed", f"{route.url} {why}")
