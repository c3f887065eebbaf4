"""Mexico's Diario Oficial de la Federación: every note of its editions, asked for day by day.

``WS_getDiarioFull.php`` is not documented; its shape is read off recorded answers. It states no count of its
own. A day without an edition was not recorded: public clients of this service describe it as a list of
editions whose ``id`` is null.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from servanda.compliance.publication import PublicationTime
from servanda.instruments.routes import DateField, DofOptions, Route, Source
from servanda.scrapers.addresses import absolute, document_aliases
from servanda.scrapers.dates import read_date
from servanda.scrapers.exchange import Exchange, Fetch, Unrecognised, Validators
from servanda.scrapers.platforms.days import days_asked
from servanda.scrapers.platforms.item_checks import LONGEST_TITLE, plausible_or_none, refuse_few, refuse_many
from servanda.scrapers.platforms.json_responses import Filled, read_json
from servanda.scrapers.route_reading import Item, ReadRequest, RouteReading
from servanda.scrapers.text_cleaning import html_to_text, one_line, shorten

EDITION_DATE = DateField(selector="fecha", formats=("%A %d de %B %Y", "%A %d de %B de %Y"), language="es")
"""viernes 24 de enero 2014"""

NOTE_DATE = DateField(selector="date", formats=("%d/%m/%Y",))


CONTROL_DAYS = 7
"""So many days in a row have never been without an edition."""


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class _Note(_Shape):
    id: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,15}$")]
    date: Filled
    titulo: Filled
    url: Filled


class _Office(_Shape):
    content: tuple[_Note, ...]


class _Branch(_Shape):
    name: Filled
    content: _Office


class _Section(_Shape):
    contentsection: _Branch


class _Edition(_Shape):
    """One edition; ``id`` None where the day has none."""

    id: Filled | None
    fecha: str | None = None
    secciones: tuple[_Section, ...] | None = None

    @property
    def notes(self) -> tuple[_Note, ...]:
        return self.notes_but(())

    def notes_but(self, leave_out: tuple[str, ...]) -> tuple[_Note, ...]:
        """Its notes without those of the parts whose names begin so."""
        parts = (section.contentsection for section in self.secciones or ())
        return tuple(n for p in parts if not p.name.startswith(leave_out) for n in p.content.content)


class DayOfEditions(_Shape):
    """One day's editions: morning, evening, extraordinary. A day without any has one without number."""

    ejemplares: tuple[_Edition, ...] = Field(min_length=1)


def read_dof(source: Source, route: Route, fetch: Fetch, ask: ReadRequest) -> RouteReading:
    """All notes of the days from ``ask.back_to`` (None: the last 7 days) to ``ask.until`` (None: today).

    One request a day, newest day first, at most ``route.max_pages``: of a longer range the newest days are
    read, and ``asked`` holds just these. ``stated`` counts the entries of all answers; it exceeds the items
    where one note stands twice. Raises Blocked ``html_instead_of_json``; Unrecognised ``bad_json``,
    ``out_of_range`` (another day than asked for), ``control_failed`` (no edition at all),
    ``too_few_items``, ``too_many_items``; and what ``fetch`` raises.
    """
    until = min(ask.until, ask.now) if ask.until is not None else None
    days = days_asked(source, replace(ask, until=until)).newest(route.max_pages)
    kept: dict[tuple[str, str], Item] = {}
    stated = 0
    for on in days:
        exchange = fetch(day_url(route, on), pause_seconds=route.pause.total_seconds())
        found = items_of_day(exchange, source, route, ask, on)
        stated += len(found)
        for item in found:
            kept.setdefault(item.aliases[0], item)
    if not kept:
        _refuse_false_silence(source, route, fetch, ask, days.first)
    refuse_few(kept.values(), route)
    pages = (days.last - days.first).days + 1
    asked = days.interval(source.zone)
    return RouteReading(tuple(kept.values()), pages, False, Validators(), asked=asked, stated=stated)


def _refuse_false_silence(source: Source, route: Route, fetch: Fetch, ask: ReadRequest, first: date) -> None:
    """Raise Unrecognised ``control_failed`` where days without an edition are not borne out by a control: an
    edition on one of the days before them."""
    for back in range(1, CONTROL_DAYS + 1):
        on = first - timedelta(days=back)
        exchange = fetch(day_url(route, on), pause_seconds=route.pause.total_seconds())
        if items_of_day(exchange, source, route, ask, on):
            return
    reason = f"{route.url} has no edition from {first} on, and none on the {CONTROL_DAYS} days before either"
    raise Unrecognised("control_failed", reason)


def day_url(route: Route, on: date) -> str:
    """Where the editions of one day are asked for."""
    query = urlencode({"year": f"{on:%Y}", "month": f"{on:%m}", "day": f"{on:%d}"})
    return f"{route.url}{'&' if '?' in route.url else '?'}{query}"


def items_of_day(exchange: Exchange, source: Source, route: Route, ask: ReadRequest, on: date) -> list[Item]:
    """The wanted notes of one day's editions, in their order; none where the day has no edition."""
    assert isinstance(route.read, DofOptions)
    editions = read_json(exchange, DayOfEditions, labelled=False).ejemplares
    for edition in editions:
        _check(edition, exchange.final_url, source, on)
    notes = [note for edition in editions for note in edition.notes_but(route.read.leave_out)]
    refuse_many(len(notes), exchange.final_url)
    return [_item(note, f"note {n} of {exchange.final_url}", exchange, source, ask, on)
            for n, note in enumerate(notes, 1)]  # fmt: skip


def _check(edition: _Edition, url: str, source: Source, on: date) -> None:
    """An edition is of the day asked for and has notes; where there is none, nothing hangs on it.

    A note's own date may be a slip of the pen (one of the recorded ones is of the following year), so the
    edition's date is when it was published; but most must agree with it.
    """
    if edition.id is None:
        if edition.notes:
            raise Unrecognised("bad_json", f"{url}: notes of an edition without id")
        return
    stated = read_date(one_line(edition.fecha or ""), EDITION_DATE, source.zone)
    if stated is None or not edition.notes:
        missing = "notes" if stated else f"date (it says {(edition.fecha or '')[:60]!r})"
        raise Unrecognised("bad_json", f"{url}: edition {edition.id[:20]} has no {missing}")
    if stated.civil_on != on:
        raise Unrecognised("out_of_range", f"{url} answers with an edition of {stated}, asked for {on}")
    dated = [read_date(note.date, NOTE_DATE, source.zone) for note in edition.notes]
    if 2 * dated.count(stated) <= len(dated):
        raise Unrecognised("bad_json", f"{url}: most notes are not dated {on:%d/%m/%Y}")


def _item(note: _Note, where: str, exchange: Exchange, source: Source, ask: ReadRequest, on: date) -> Item:
    title = shorten(html_to_text(note.titulo), LONGEST_TITLE)
    url = absolute(note.url, exchange.final_url)
    published = plausible_or_none(PublicationTime.day(on, source.zone), ask.now)
    if not title or url is None or published is None:
        found = {"titulo": title, "url": url, "fecha": published}
        missing = ", ".join(name for name, value in found.items() if not value)
        raise Unrecognised("bad_json", f"{where} has no usable {missing}")
    return Item(title, url, published, document_aliases(url, (("dof", note.id),)))
