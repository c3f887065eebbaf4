"""A page that is watched for change."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Unpack

import pytest
from support.answers import AT, Answers, RouteFields, exchange_of, source_with
from support.pdfs import pdf_of

from servanda.instruments.routes import PageOptions
from servanda.scrapers.exchange import ScrapeError, Unreachable, Unrecognised, Validators
from servanda.scrapers.platforms import READERS
from servanda.scrapers.platforms.page import read_watched_page
from servanda.scrapers.route_reading import Item, ReadRequest, RouteReading, Unchanged

URL = "https://www.agency.example/agreements"
TEXT = "The two sides agreed on the steps below, which follow the talks of last November."


def page(text: str = TEXT, heading: str = "Agreements in force", furniture: str = "Visits: 1") -> bytes:
    return (
        f"<html lang='en'><body><nav>{furniture}</nav><main><h1>{heading}</h1><p>{text}</p></main>"
        f"<footer>{furniture}</footer></body></html>"
    ).encode()


def read(
    body: bytes, now: datetime = AT, content_type: str = "text/html", **route: Unpack[RouteFields]
) -> RouteReading:
    source, made = source_with(PageOptions(platform="page"), url=URL, **(RouteFields(sampled=True) | route))
    reading = read_watched_page(source, made, Answers().serve(URL, body, content_type), ReadRequest(now))
    assert isinstance(reading, RouteReading)
    return reading


def item(
    body: bytes, *, now: datetime = AT, content_type: str = "text/html", **route: Unpack[RouteFields]
) -> Item:
    (only,) = read(body, now, content_type, **route).items
    return only


def test_a_page_is_one_item_of_the_day_on_which_it_was_seen() -> None:
    evening = datetime(2019, 9, 6, 3, 59, tzinfo=UTC)  # still the 5th in Washington
    found = item(page(), now=evening)
    assert (found.title, found.url, str(found.published)) == ("Agreements in force", URL, "2019-09-05")
    assert str(item(page(), now=datetime(2019, 9, 6, 4, tzinfo=UTC)).published) == "2019-09-06"


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param(page(), True, id="nothing changed"),
        pytest.param(page(furniture="Visits: 2"), True, id="a counter outside its main part"),
        pytest.param(page(text=TEXT.replace("steps", "measures")), False, id="a word"),
        pytest.param(page(heading="Agreements"), False, id="its heading"),
    ],
)
def test_another_content_is_another_item(other: bytes, same: bool) -> None:
    assert (item(page()).aliases == item(other).aliases) is same


def test_a_content_that_comes_back_is_the_item_that_it_was() -> None:
    before, between, after = (item(page(text=text)) for text in (TEXT, TEXT + " New.", TEXT))
    assert before.aliases == after.aliases != between.aliases


def test_the_part_that_is_watched_can_be_named() -> None:
    one = page(text=f"{TEXT}</p><p id='list'>First decision of the year.")
    two = page(text="Another introduction altogether.</p><p id='list'>First decision of the year.")
    assert item(one, content="#list").aliases == item(two, content="#list").aliases
    assert item(one).aliases != item(two).aliases


def test_a_file_can_be_watched_too() -> None:
    one, two = pdf_of([[TEXT]]), pdf_of([[TEXT, "And more."]])
    found = item(one, content_type="application/pdf")
    assert found.title == URL
    assert found.aliases != item(two, content_type="application/pdf").aliases


def test_a_page_is_asked_for_conditionally() -> None:
    source, route = source_with(PageOptions(platform="page"), url=URL, sampled=True)
    answers = Answers({URL: exchange_of(URL, b"", None, status=304)})
    assert (
        read_watched_page(source, route, answers, ReadRequest(AT, validators=Validators('"a"')))
        == Unchanged()
    )
    tagged = Answers({URL: exchange_of(URL, page(), headers=(("ETag", '"b"'),))})
    reading = read_watched_page(source, route, tagged, ReadRequest(AT))
    assert isinstance(reading, RouteReading)
    assert reading.validators == Validators('"b"')


@pytest.mark.parametrize(
    ("answers", "error", "kind"),
    [
        (Answers().serve(URL, page(heading="Page not found")), Unrecognised, "not_found"),
        (Answers().serve(URL, b"<html><body></body></html>"), Unrecognised, "no_main_text"),
        (Answers().serve(URL, b"{}", "application/json"), Unrecognised, "wrong_type"),
        (Answers(), Unreachable, "http_404"),
    ],
)
def test_what_is_no_such_page_is_refused(answers: Answers, error: type[ScrapeError], kind: str) -> None:
    source, route = source_with(PageOptions(platform="page"), url=URL, sampled=True)
    with pytest.raises(error) as caught:
        read_watched_page(source, route, answers, ReadRequest(AT))
    assert caught.value.kind == kind


def test_the_recorded_list_of_decisions_that_names_years_alone(real: Path) -> None:
    body = (real / "justice_gov_html" / "eoir_bia_2021-12-19.html").read_bytes()
    whole = item(body, content=".field--name-field-page-body")
    assert whole.title == "Volume 28"
    shorter = body.replace(b"B-Z-R-,", b"B-Z-S-,")
    assert shorter != body
    assert item(shorter, content=".field--name-field-page-body").aliases != whole.aliases


def test_the_registry_names_the_reader() -> None:
    assert READERS["page"] is read_watched_page
