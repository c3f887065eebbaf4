"""The recorded responses of the Federal Register API."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from support.answers import Answers, exchange_of, source_with

from servanda.instruments.routes import FederalRegisterOptions
from servanda.scrapers.exchange import Unreachable, Unrecognised
from servanda.scrapers.platforms.federal_register import (
    FIELDS,
    control_url,
    query_url,
    read_federal_register,
    read_result_page,
)
from servanda.scrapers.route_reading import ReadRequest

URL = "https://www.federalregister.gov/api/v1/documents.json"
READ = FederalRegisterOptions(platform="federal_register", agencies=(), per_page=5)
NOW = datetime(2026, 7, 13, 12, tzinfo=UTC)
SINCE = datetime(2000, 1, 2, tzinfo=UTC)


@pytest.fixture
def recordings(real: Path) -> Path:
    return real / "federal_register_api"


@pytest.mark.parametrize(
    ("name", "count", "numbers", "days", "goes_on"),
    [
        (
            "documents_bears_ears_page1.json",
            110,
            ["2026-07755", "2025-22068", "2025-19485", "2025-00863", "2024-30953"],
            ["2026-04-21", "2025-12-05", "2025-10-06", "2025-01-16", "2024-12-27"],
            True,
        ),
        ("search-newest-page-one.json", 10_000, ["2024-31440", "2024-31439"], ["2024-12-31"] * 2, True),
        ("search-newest-page-two.json", 10_000, ["2024-31438", "2024-31437"], ["2024-12-31"] * 2, True),
        ("search-terminal.json", 0, [], [], False),
    ],
)
def test_a_recorded_response(
    recordings: Path, name: str, count: int, numbers: list[str], days: list[str], goes_on: bool
) -> None:
    body = (recordings / name).read_bytes()
    envelope = read_result_page(exchange_of(URL, body, "application/json; charset=utf-8"))
    assert envelope.count == count
    assert [document.document_number for document in envelope.results] == numbers
    assert [document.publication_date for document in envelope.results] == [
        date.fromisoformat(d) for d in days
    ]
    assert (envelope.next_page_url is not None) is goes_on


def test_the_titles_and_addresses_of_a_recorded_response(recordings: Path) -> None:
    body = (recordings / "search-newest-page-two.json").read_bytes()
    documents = "https://www.federalregister.gov/documents/2024/12/31"
    assert [
        (d.title, d.html_url) for d in read_result_page(exchange_of(URL, body, "application/json")).results
    ] == [
        (
            "Notice of Application and Establishing Intervention Deadline; Eastern Gas Transmission and Storage, Inc.",
            f"{documents}/2024-31438/notice-of-application-and-establishing-intervention-deadline-"
            "eastern-gas-transmission-and-storage",
        ),
        (
            "Notice of Request Under Blanket Authorization and Establishing Intervention and Protest Deadline; "
            "Columbia Gas Transmission, LLC",
            f"{documents}/2024-31437/notice-of-request-under-blanket-authorization-and-establishing-"
            "intervention-and-protest-deadline",
        ),
    ]


def test_a_recorded_first_page_whose_next_is_missing_fails_whole(recordings: Path) -> None:
    source, route = source_with(READ, url=URL, minimum_items=0, empty="news")
    body = (recordings / "documents_bears_ears_page1.json").read_bytes()
    answers = Answers().serve(query_url(route, date(2000, 1, 1), date(2026, 7, 13)), body, "application/json")
    with pytest.raises(Unreachable):
        read_federal_register(source, route, answers, ReadRequest(NOW, back_to=SINCE))
    assert answers.asked[1:] == [
        "https://www.federalregister.gov/api/v1/documents"
        "?conditions%5Bterm%5D=%22Bears+Ears%22&format=json&order=newest&page=2&per_page=5"
    ]


def test_a_recorded_capped_response_is_asked_for_in_halves(recordings: Path) -> None:
    source, route = source_with(READ, url=URL, minimum_items=0, empty="news")
    body = (recordings / "search-newest-page-one.json").read_bytes()
    first, last, now = date(2024, 1, 1), date(2024, 12, 31), datetime(2024, 12, 31, 20, tzinfo=UTC)
    answers = Answers().serve(query_url(route, first, last), body, "application/json")
    with pytest.raises(Unreachable):
        read_federal_register(
            source, route, answers, ReadRequest(now, back_to=datetime(2024, 1, 1, 12, tzinfo=UTC))
        )
    assert answers.asked == [query_url(route, first, last), query_url(route, date(2024, 7, 2), last)]


def test_the_recorded_empty_answer(recordings: Path) -> None:
    source, route = source_with(READ, url=URL, minimum_items=0, empty="news")
    body = (recordings / "search-terminal.json").read_bytes()
    answers = Answers().serve(query_url(route, date(2024, 1, 1), date(2026, 7, 13)), body, "application/json")
    control = json.loads((recordings / "documents_bears_ears_page1.json").read_bytes())
    document = {name: control["results"][0].get(name) for name in FIELDS} | {"publication_date": "2023-12-31"}
    answers.serve(
        control_url(route), json.dumps({"count": 1, "results": [document]}).encode(), "application/json"
    )
    reading = read_federal_register(
        source, route, answers, ReadRequest(NOW, back_to=datetime(2024, 1, 1, 12, tzinfo=UTC))
    )
    assert (reading.items, reading.stated, reading.pages) == ((), 0, 1)


def test_the_recorded_error_is_no_answer(recordings: Path) -> None:
    """Its status is 400, which a fetch refuses; with a status of 200 it would still be no answer."""
    body = (recordings / "fields-unknown.json").read_bytes()
    with pytest.raises(Unrecognised) as caught:
        read_result_page(exchange_of(URL, body, "application/json"))
    assert caught.value.kind == "bad_json"
