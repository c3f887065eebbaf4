"""The register's responses under ``tests/pages``, and how they are read."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any, Unpack

import pytest
from support.answers import PAGES, Answers, RouteFields, source_with

from servanda.instruments.routes import FederalRegisterOptions, Route, Source
from servanda.scrapers.exchange import ScrapeError, Unrecognised
from servanda.scrapers.platforms.federal_register import query_url, read_federal_register
from servanda.scrapers.route_reading import ReadRequest, RouteReading

URL = "https://www.register.example/api/v1/documents.json"
NOW = datetime(2019, 9, 6, 18, tzinfo=UTC)
FROM = datetime(2019, 9, 1, 12, tzinfo=UTC)
READ = FederalRegisterOptions(platform="federal_register", agencies=("homeland-department",), per_page=2)
PAGE_1 = json.loads((PAGES / "register_page_1.json").read_text())
PAGE_2 = json.loads((PAGES / "register_page_2.json").read_text())
FIRST, LAST = date(2019, 9, 1), date(2019, 9, 6)


def register(**route: Unpack[RouteFields]) -> tuple[Source, Route]:
    return source_with(READ, url=URL, **(RouteFields(minimum_items=0, empty="news") | route))


def two_pages(page_1: Any = PAGE_1, page_2: Any = PAGE_2) -> Answers:
    answers = Answers().serve(
        query_url(register()[1], FIRST, LAST), json.dumps(page_1).encode(), "application/json"
    )
    return answers.serve(PAGE_1["next_page_url"], json.dumps(page_2).encode(), "application/json")


def read(answers: Answers, **ask: Any) -> RouteReading:
    source, route = register()
    return read_federal_register(source, route, answers, ReadRequest(NOW, **{"back_to": FROM, **ask}))


def refusal(
    answers: Answers, family: type[ScrapeError] = Unrecognised, **route: Unpack[RouteFields]
) -> ScrapeError:
    source, made = register(**route)
    with pytest.raises(family) as caught:
        read_federal_register(source, made, answers, ReadRequest(NOW, back_to=FROM))
    return caught.value
