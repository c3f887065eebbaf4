"""Responses of the register that are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from support.answers import PAGES, Answers
from support.register import FIRST, LAST, PAGE_1, refusal, register, two_pages

from servanda.scrapers.exchange import Blocked
from servanda.scrapers.platforms.federal_register import query_url


def without(page: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in page.items() if name != key}


def with_result(**changes: object) -> dict[str, Any]:
    return {**PAGE_1, "results": [PAGE_1["results"][0], {**PAGE_1["results"][1], **changes}]}


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ([], "the whole"),
        ("no object", "the whole"),
        (json.loads((PAGES / "register_error.json").read_text()), "count"),
        (without(PAGE_1, "count"), "count"),
        ({**PAGE_1, "count": "3"}, "count"),
        ({**PAGE_1, "count": -1}, "count"),
        ({**PAGE_1, "count": True}, "count"),
        (without(PAGE_1, "results"), "3 hits and no results"),
        ({**PAGE_1, "results": None}, "results"),
        ({**PAGE_1, "next_page_url": 7}, "next_page_url"),
        ({**PAGE_1, "results": [PAGE_1["results"][0], None]}, "results.1"),
        (
            {**PAGE_1, "results": [PAGE_1["results"][0], without(PAGE_1["results"][1], "abstract")]},
            "results.1.abstract",
        ),
        (with_result(title=None), "results.1.title"),
        (with_result(title=""), "results.1.title"),
        (with_result(document_number=201919280), "results.1.document_number"),
        (with_result(publication_date="09/05/2019"), "results.1.publication_date"),
        (with_result(publication_date=20190905), "results.1.publication_date"),
        (with_result(html_url=["https://www.register.example/a"]), "results.1.html_url"),
        (with_result(html_url="ftp://www.register.example/a"), "result 2 of"),
        (with_result(title="<b> </b>"), "result 2 of"),
    ],
)
def test_a_response_of_another_shape_is_named(page: Any, reason: str) -> None:
    error = refusal(two_pages(page))
    assert error.kind == "bad_json"
    assert reason in error.reason


@pytest.mark.parametrize("body", [b"", b"{", b'{"count": 0', b"\xff\xfe{}", b"[" * 100_000])
def test_what_is_no_json(body: bytes) -> None:
    url = query_url(register()[1], FIRST, LAST)
    assert refusal(Answers().serve(url, body, "application/json")).kind == "bad_json"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"<!DOCTYPE html><title>Request Access</title>", "text/html; charset=utf-8"),
        (b"\n <html><title>Request Access</title></html>", "application/json"),
        (b"Please wait", "text/html"),
    ],
)
def test_a_web_page_in_place_of_json_is_a_block(body: bytes, content_type: str) -> None:
    url = query_url(register()[1], FIRST, LAST)
    assert refusal(Answers().serve(url, body, content_type), Blocked).kind == "html_instead_of_json"


@pytest.mark.parametrize("day", ["2019-08-31", "2019-09-07", "1989-01-01"])
def test_a_document_outside_the_range_shows_that_the_query_was_not_obeyed(day: str) -> None:
    assert refusal(two_pages(with_result(publication_date=day))).kind == "out_of_range"


@pytest.mark.parametrize(
    "next_url",
    [
        "https://elsewhere.example/api/v1/documents?page=2",
        "http://www.register.example/api/v1/documents?page=2",
        "https://www.register.example:8443/api/v1/documents?page=2",
        "https://www.register.example/api/v1/agencies?page=2",
        "file:///etc/passwd",
        "",
    ],
)
def test_a_next_page_elsewhere_is_not_followed(next_url: str) -> None:
    assert refusal(two_pages({**PAGE_1, "next_page_url": next_url})).kind == "bad_next"
