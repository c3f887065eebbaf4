"""Listings that come as a script, as gob.mx answers programs: both forms, both attributes, and what is refused."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.answers import PAGES, Answers, exchange_of, source_with

from servanda.instruments.catalogue import builtin_catalogue, load_catalogue
from servanda.instruments.routes import DateField, ListingOptions, Route, Source
from servanda.scrapers.exchange import ScrapeError
from servanda.scrapers.platforms import read_by_platform
from servanda.scrapers.platforms.listing import read_listing
from servanda.scrapers.platforms.listing_rows import read_page
from servanda.scrapers.platforms.page_walk import ListingPage
from servanda.scrapers.route_reading import ReadRequest, RouteReading

NOW = datetime(2025, 12, 1, tzinfo=UTC)
URL = "https://www.gob.mx/relaciones/archivo/prensa?order=DESC&page=1"
NEXT = URL.replace("page=1", "page=2")
JS = "text/javascript; charset=utf-8"
PRENSA = ListingOptions(
    platform="listing",
    row="#prensa article",
    title="h2",
    link="a.small-link",
    date=DateField(selector="time", attribute=("datetime", "date"), formats=("%Y-%m-%d %H:%M:%S",)),
    next="ul.pagination a[rel=next]",
)


def listing() -> tuple[Source, Route]:
    return source_with(PRENSA, url=URL, zone="America/Mexico_City", language="es", max_pages=9, depth=True)


def rows_of(page: str) -> list[str]:
    found = re.findall(r"<article.*?</article>", (PAGES / page).read_text(), re.DOTALL)
    return [row for row in found if "small-link" in row]


def in_single_quotes(rows: list[str]) -> bytes:
    """A call for each row, as Rails' ``escape_javascript`` writes it."""
    return "".join(f"$('#prensa').append('{_escaped(row)}');\n" for row in rows).encode()


def in_double_quotes(rows: list[str]) -> bytes:
    return f'$("#prensa").append({json.dumps("".join(rows))});'.encode()


def _escaped(row: str) -> str:
    return (
        row.replace("\\", "\\\\")
        .replace("'", "\\'")
        .replace('"', '\\"')
        .replace("\n", "\\n")
        .replace("</", "<\\/")
    )


def page(body: bytes, content_type: str = JS, *, is_first: bool = True) -> ListingPage:
    source, route = listing()
    return read_page(exchange_of(URL, body, content_type), source, route, NOW, is_first=is_first)


FIRST, SECOND = rows_of("prensa_listing_1.html"), rows_of("prensa_listing_2.html")
FORMS = {
    "single quotes": in_single_quotes(FIRST),
    "double quotes": in_double_quotes(FIRST),
    "the other attribute": in_single_quotes([row.replace("<time datetime=", "<time date=") for row in FIRST]),
    "followed by what is no row": in_single_quotes(FIRST)
    + b"$('#more').hide();\n$('ul').html('<li>2</li>');",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("content_type", [JS, "application/javascript", "text/html; charset=utf-8"])
def test_each_form_holds_the_rows_of_the_page(form: str, content_type: str) -> None:
    whole = page((PAGES / "prensa_listing_1.html").read_bytes(), "text/html; charset=utf-8")
    found = page(FORMS[form], content_type)
    assert found.items == whole.items
    assert (len(found.items) > 2, found.next_url, found.is_whole) == (True, NEXT, False)


REFUSED = {
    "cut within a row": (in_single_quotes(FIRST)[:-40], "bad_script"),
    "rows in a call that is not known": (in_single_quotes(FIRST).replace(b".append(", b".prependTo("), "bad_script"),
    "one row in another call": (in_single_quotes(FIRST).replace(b".append(", b".after(", 1), "bad_script"),
    "two dates that disagree": (
        in_single_quotes([FIRST[0].replace("<time ", "<time date='2024-01-01 00:00:00' "), *FIRST[1:]]), "bad_row",
    ),
    "nothing at first": (b"\n", "no_rows"),
    "an error in words": (b"alert('Error');", "no_rows"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_whole_list_is_refused(name: str) -> None:
    body, kind = REFUSED[name]
    with pytest.raises(ScrapeError) as caught:
        page(body)
    assert caught.value.kind == kind


def test_pages_are_counted_on_until_one_is_empty_which_proves_no_end() -> None:
    source, route = listing()
    answers = Answers().serve(URL, in_double_quotes(FIRST), JS).serve(NEXT, in_single_quotes(SECOND), JS)
    answers.serve(URL.replace("page=1", "page=3"), b"", JS)
    reading = read_listing(source, route, answers, ReadRequest(NOW, back_to=datetime(2001, 1, 1, tzinfo=UTC)))
    assert isinstance(reading, RouteReading)
    assert (len(reading.items), reading.reached_end) == (len(FIRST) + len(SECOND), False)


def test_a_page_may_be_followed_by_a_script() -> None:
    source, route = listing()
    answers = Answers().serve_page(URL, "prensa_listing_1.html").serve(NEXT, in_single_quotes(SECOND), JS)
    answers.serve(URL.replace("page=1", "page=3"), b"", JS)
    reading = read_listing(source, route, answers, ReadRequest(NOW, back_to=datetime(2001, 1, 1, tzinfo=UTC)))
    assert isinstance(reading, RouteReading)
    assert len(reading.items) == len(FIRST) + len(SECOND)


@pytest.mark.parametrize(("starts", "kind"), [(("/relaciones/",), None), (("/segob/",), "foreign_item"),
                                              (("https://www.gob.mx/relaciones/prensa/",), None),
                                              (("https://www.gob.mx/relaciones/documentos/",), "foreign_item")])  # fmt: skip
def test_the_page_of_another_agency_is_refused(starts: tuple[str, ...], kind: str | None) -> None:
    source, route = listing()
    route = route.model_copy(update={"addresses": starts, "max_pages": 1})
    answers = Answers().serve(URL, in_single_quotes(FIRST), JS)
    try:
        read_by_platform(source, route, answers, ReadRequest(NOW))
        found = None
    except ScrapeError as error:
        found = error.kind
    assert found == kind


# --- the emulated answers beside the recordings ---------------------------------------------------------


def test_every_emulated_answer_holds_the_rows_of_the_recorded_page(real: Path) -> None:
    source, route = listing()
    recorded = (real / "gobmx_sep_prensa_listing" / "archivo_prensa_page1.html").read_bytes()
    url = URL.replace("/relaciones/", "/sep/")
    whole = read_page(exchange_of(url, recorded), source, route, NOW, is_first=True)
    folder = real / "emulated_gobmx_js"
    counted = {
        entry["file"]: entry["rows"] for entry in json.loads((folder / "MANIFEST.json").read_text())["files"]
    }
    for path in sorted(folder.glob("*.js")):
        made = read_page(exchange_of(url, path.read_bytes(), JS), source, route, NOW, is_first=False)
        assert len(made.items) == counted[path.name]
        assert made.items == (whole.items if made.items else ())


def test_the_listings_of_other_agencies_refuse_the_recorded_page(real: Path) -> None:
    recorded = (real / "gobmx_sep_prensa_listing" / "archivo_prensa_page1.html").read_bytes()
    catalogue, refused = load_catalogue(builtin_catalogue()), []
    for source in catalogue.sources:
        for route in (r for r in source.live_routes if "gob.mx" in r.url and r.read.platform == "listing"):
            answers = Answers().serve(route.url, recorded)
            with pytest.raises(ScrapeError) as caught:
                read_by_platform(source, route, answers, ReadRequest(NOW))
            assert caught.value.kind == "foreign_item"
            refused.append(source.id)
    assert len(refused) >= 6
