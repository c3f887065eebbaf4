"""The Federal Register API, on responses of our own: queries, pages, splits, and what is refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from support.answers import Answers, exchange_of, source_with
from support.register import FIRST, FROM, LAST, NOW, PAGE_1, PAGE_2, URL, read, refusal, register, two_pages

from servanda.compliance.intervals import Interval
from servanda.instruments.routes import FederalRegisterOptions, Route
from servanda.scrapers.exchange import Exchange, Unreachable, Unrecognised, Validators
from servanda.scrapers.platforms import READERS
from servanda.scrapers.platforms.federal_register import control_url, query_url, read_federal_register
from servanda.scrapers.route_reading import ReadRequest


def test_all_pages_of_a_query() -> None:
    reading = read(answers := two_pages())
    assert [
        (i.title, i.url.rpartition("/")[2], str(i.published), i.aliases[0], i.summary) for i in reading.items
    ] == [
        (
            "Agency Information Collection Activities; Border & Trade Surveys",
            "agency-information-collection-activities",
            "2019-09-06",
            ("fr", "2019-19401"),
            None,
        ),
        (
            "Eligibility and Procedural Modifications",
            "eligibility-and-procedural-modifications",
            "2019-09-05",
            ("fr", "2019-19280"),
            "This rule changes who may apply at the border.",
        ),
        (
            "Meeting of the Advisory Council",
            "meeting-of-the-advisory-council",
            "2019-09-03",
            ("fr", "2019-19011"),
            None,
        ),
    ]
    assert (reading.pages, reading.stated, reading.reached_end, len(answers.asked)) == (2, 3, False, 2)
    assert reading.validators == Validators()


def test_an_item_is_known_by_number_address_and_path() -> None:
    assert read(two_pages()).items[2].aliases == (
        ("fr", "2019-19011"),
        (
            "url",
            "https://www.register.example/documents/2019/09/03/2019-19011/meeting-of-the-advisory-council",
        ),
        ("path", "/documents/2019/09/03/2019-19011/meeting-of-the-advisory-council"),
    )


def test_what_the_query_asks_for() -> None:
    several = FederalRegisterOptions(platform="federal_register", agencies=("homeland-department", "state"))
    _, route = source_with(several, url=URL)
    assert parse_qsl(urlsplit(query_url(route, FIRST, LAST)).query) == [
        ("conditions[agencies][]", "homeland-department"),
        ("conditions[agencies][]", "state"),
        ("conditions[publication_date][gte]", "2019-09-01"),
        ("conditions[publication_date][lte]", "2019-09-06"),
        ("order", "newest"),
        ("per_page", "200"),
        ("fields[]", "title"),
        ("fields[]", "document_number"),
        ("fields[]", "html_url"),
        ("fields[]", "publication_date"),
        ("fields[]", "type"),
        ("fields[]", "abstract"),
    ]


@pytest.mark.parametrize(
    ("ask", "first", "last"),
    [
        pytest.param({"back_to": None}, "2019-08-30", "2019-09-06", id="the last seven days"),
        pytest.param(
            {"back_to": datetime(2019, 9, 2, 3, 59, tzinfo=UTC)}, "2019-09-01", "2019-09-06", id="evening"
        ),
        pytest.param(
            {"back_to": datetime(2019, 9, 2, 4, tzinfo=UTC)}, "2019-09-02", "2019-09-06", id="midnight"
        ),
        pytest.param(
            {"until": datetime(2019, 9, 4, 4, tzinfo=UTC)}, "2019-09-01", "2019-09-03", id="until midnight"
        ),
        pytest.param(
            {"until": datetime(2019, 9, 4, 4, 1, tzinfo=UTC)}, "2019-09-01", "2019-09-04", id="until later"
        ),
        pytest.param({"back_to": NOW + timedelta(days=9)}, "2019-09-06", "2019-09-06", id="from the future"),
    ],
)
def test_instants_are_asked_for_as_civil_days_in_washington(
    ask: dict[str, Any], first: str, last: str
) -> None:
    days = (date.fromisoformat(first), date.fromisoformat(last))
    url = query_url(register()[1], *days)
    answers = without_hits(url, newest="2019-08-20")
    reading = read(answers, **ask)
    midnights = [
        datetime(d.year, d.month, d.day, 4, tzinfo=UTC) for d in (days[0], days[1] + timedelta(days=1))
    ]
    assert reading.asked == Interval(midnights[0], midnights[1])
    assert (reading.items, reading.stated, reading.pages) == ((), 0, 1)
    assert answers.asked == [url, control_url(register()[1])]


def without_hits(url: str, newest: str | None) -> Answers:
    """No hit at an address; without dates a document of that day, or none at all."""
    answers = Answers().serve_page(url, "register_no_hits.json")
    if newest is None:
        return answers.serve_page(control_url(register()[1]), "register_no_hits.json")
    page = {**PAGE_2, "results": [{**PAGE_2["results"][0], "publication_date": newest}]}
    return answers.serve(control_url(register()[1]), json.dumps(page).encode(), "application/json")


@pytest.mark.parametrize(
    ("newest", "why"),
    [
        (None, "the query finds nothing at all, whatever is asked"),
        ("2019-09-01", "its newest is of the first day asked for"),
        ("2019-09-06", "of the last"),
    ],
)
def test_no_hit_is_not_believed_where_a_control_speaks_against_it(newest: str | None, why: str) -> None:
    answers = without_hits(query_url(register()[1], FIRST, LAST), newest)
    assert refusal(answers).kind == "control_failed", why


@pytest.mark.parametrize("newest", ["2019-08-31", "2019-09-07"])
def test_no_hit_is_believed_where_the_newest_lies_outside(newest: str) -> None:
    answers = without_hits(query_url(register()[1], FIRST, LAST), newest)
    assert read(answers).stated == 0


def test_no_hit_is_a_fault_where_the_catalogue_says_so() -> None:
    answers = without_hits(query_url(register()[1], FIRST, LAST), newest="2019-08-31")
    assert refusal(answers, empty="fault").kind == "too_few_items"


def test_a_document_that_moved_to_the_next_page_is_kept_once_and_the_count_tells() -> None:
    reading = read(two_pages(page_2={**PAGE_2, "results": [PAGE_1["results"][1]]}))
    assert (len(reading.items), reading.stated) == (2, 3)


def test_pages_after_the_stated_count_are_not_asked_for() -> None:
    answers = two_pages(page_2={**PAGE_2, "next_page_url": PAGE_1["next_page_url"]})
    assert (read(answers).pages, len(answers.asked)) == (2, 2)


def test_a_later_page_that_does_not_come_fails_the_whole_reading() -> None:
    answers = two_pages()
    del answers.pages[PAGE_1["next_page_url"]]
    with pytest.raises(Unreachable):
        read(answers)


# --- ranges with more hits than the API shows --------------------------------------------------------------


def answer(route: Route, first: str, last: str, count: int, *days: str) -> tuple[str, Exchange]:
    """One page that states ``count`` and holds a document for each of ``days``."""
    results = [
        {**PAGE_2["results"][0], "document_number": f"{day}-{n}", "publication_date": day}
        for n, day in enumerate(days)
    ]
    url = query_url(route, date.fromisoformat(first), date.fromisoformat(last))
    return url, exchange_of(
        url, json.dumps({"count": count, "results": results}).encode(), "application/json"
    )


@pytest.mark.parametrize("capped", [10_000, 101], ids=["10000 hits", "more than 50 pages of 2"])
def test_a_capped_range_is_asked_for_in_halves(capped: int) -> None:
    source, route = register()
    answers = Answers(
        dict(
            [
                answer(route, "2019-09-01", "2019-09-06", capped, "2019-09-06", "2019-09-06"),
                answer(route, "2019-09-04", "2019-09-06", 2, "2019-09-06", "2019-09-04"),
                answer(route, "2019-09-01", "2019-09-03", capped, "2019-09-03"),
                answer(route, "2019-09-03", "2019-09-03", 1, "2019-09-03"),
                answer(route, "2019-09-01", "2019-09-02", 1, "2019-09-01"),
            ]
        )
    )
    reading = read_federal_register(source, route, answers, ReadRequest(NOW, back_to=FROM))
    assert [str(item.published) for item in reading.items] == [
        "2019-09-06",
        "2019-09-04",
        "2019-09-03",
        "2019-09-01",
    ]
    assert (reading.stated, reading.pages) == (4, 5)
    assert reading.asked == Interval(datetime(2019, 9, 1, 4, tzinfo=UTC), datetime(2019, 9, 7, 4, tzinfo=UTC))


def test_one_hit_less_than_the_cap_is_no_cap() -> None:
    source, route = register()
    answers = Answers(dict([answer(route, "2019-09-01", "2019-09-06", 100, "2019-09-06")]))
    assert read_federal_register(source, route, answers, ReadRequest(NOW, back_to=FROM)).stated == 100


def test_a_capped_day_cannot_be_halved() -> None:
    source, route = register()
    answers = Answers(dict([answer(route, "2019-09-06", "2019-09-06", 10_000, "2019-09-06")]))
    with pytest.raises(Unrecognised) as caught:
        read_federal_register(source, route, answers, ReadRequest(NOW, back_to=NOW))
    assert caught.value.kind == "capped"


def test_the_registry_names_the_reader() -> None:
    assert READERS["federal_register"] is read_federal_register
