"""The Justice Department's News API: one office among all, by day, with pages over all of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from support.answers import exchange_of, source_with

from servanda.instruments.routes import DojNewsOptions, Route, Source
from servanda.scrapers.exchange import Exchange, ScrapeError, Validators
from servanda.scrapers.platforms.doj_news import NewsPage, read_doj_news
from servanda.scrapers.platforms.json_responses import read_json
from servanda.scrapers.route_reading import ReadRequest, RouteReading

URL = "https://www.justice.example/api/v1/press_releases.json"
EOIR, OTHER = "Executive Office for Immigration Review", "USAO - Maryland"
TODAY = date(2026, 10, 2)
NOW = datetime(2026, 10, 2, 22, tzinfo=UTC)


def release(number: int, on: date, office: str | None = OTHER, **more: Any) -> dict[str, Any]:
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    return {
        "uuid": f"uuid-{number}",
        "title": f"Release {number} &amp; more",
        "url": f"https://www.justice.example/opa/pr/release-{number}",
        "date": str(int(at.timestamp())),
        "created": f'<time datetime="{at.isoformat()}">1</time>',
        "component": "" if office is None else [{"uuid": "c", "name": office}],
        "teaser": "<p>In short.</p>",
        "body": "<p>The whole text.</p><p>Its second paragraph.</p>",
        **more,
    }


@dataclass
class NewsApi:
    """All releases, newest day first. ``before``: called with the number of each request."""

    rows: list[dict[str, Any]]
    before: Callable[[int], None] = lambda n: None
    dropped: int | None = None
    asked: list[str] = field(default_factory=list)
    says: bytes | None = None

    def __call__(self, url: str, *, pause_seconds: float, validators: Validators | None = None) -> Exchange:
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert (query["sort"], query["direction"], query["pagesize"]) == ("date", "DESC", "50")
        self.asked.append(query["page"])
        self.before(len(self.asked))
        start = int(query["page"]) * 50
        shown = [row for n, row in enumerate(self.rows) if start <= n < start + 50 and n != self.dropped]
        counts = {"count": str(len(self.rows)), "pagesize": "50", "page": int(query["page"])}
        answer = {"metadata": {"resultset": counts}, "results": shown}
        return exchange_of(url, self.says or json.dumps(answer).encode(), "application/json")


def some(days: int, a_day: int = 20, mine: tuple[int, ...] = (1, 9)) -> list[dict[str, Any]]:
    """``a_day`` releases on each day; one of the office on some days ago."""
    rows: list[dict[str, Any]] = []
    for ago in range(days):
        offices = [EOIR if ago in mine and n == 5 else OTHER for n in range(a_day)]
        rows += [release(1000 - len(rows) - n, TODAY - timedelta(days=ago), o) for n, o in enumerate(offices)]
    return rows


def news() -> tuple[Source, Route]:
    read = DojNewsOptions(platform="doj_news", components=(EOIR,))
    return source_with(read, url=URL, minimum_items=0, empty="news", max_pages=30)


def read(api: NewsApi, days: int = 7) -> RouteReading:
    source, route = news()
    return read_doj_news(source, route, api, ReadRequest(NOW, back_to=NOW - timedelta(days=days)))


def refusal(api: NewsApi, days: int = 7) -> ScrapeError:
    with pytest.raises(ScrapeError) as caught:
        read(api, days)
    return caught.value


def test_an_office_is_picked_out_of_all_pages_of_its_days() -> None:
    api = NewsApi(some(40))
    reading = read(api)
    assert [(str(i.published), i.title.partition(" &")[2]) for i in reading.items] == [
        ("2026-10-01", " more")
    ]
    assert api.asked == ["0", "1", "2", "3", "0"]
    assert reading.items[0].text == "The whole text.\n\nIts second paragraph."
    assert reading.stated == len(reading.items) == 1
    assert reading.asked is not None and reading.asked.until_at == NOW


def test_a_week_without_a_release_of_the_office_needs_one_before() -> None:
    reading = read(NewsApi(some(40, mine=(9,))))
    assert reading.items == () and reading.asked is not None
    assert reading.asked.until_at == datetime(2026, 9, 30, 4, tzinfo=UTC), "seven days after its newest"


def test_an_office_that_bears_another_name_is_no_silence() -> None:
    failure = refusal(NewsApi(some(40, mine=())))
    assert failure.kind == "control_failed" and EOIR in failure.reason


def test_rows_of_a_day_are_in_no_order() -> None:
    rows = some(40)
    rows[:20] = rows[:20][::-1]
    assert len(read(NewsApi(rows)).items) == 1


def test_a_release_of_several_offices_and_one_of_none() -> None:
    rows = some(40)
    rows[3]["component"] = [{"uuid": "a", "name": OTHER}, {"uuid": "b", "name": EOIR}]
    rows[4]["component"] = ""
    assert len(read(NewsApi(rows)).items) == 2


def test_a_release_that_comes_meanwhile_makes_it_read_again() -> None:
    api = NewsApi(some(40))
    api.before = lambda n: api.rows.insert(0, release(5000, TODAY, EOIR)) if n == 2 else None
    assert len(read(api).items) == 2


def test_one_withdrawn_while_another_comes_makes_it_read_again() -> None:
    api = NewsApi(some(40))

    def swap(n: int) -> None:
        if n == 2:
            del api.rows[2]
            api.rows.insert(0, release(5000, TODAY, EOIR))

    api.before = swap
    assert len(read(api).items) == 2


def _moves(api: NewsApi) -> None:
    api.before = lambda n: api.rows.insert(0, release(5000 + n, TODAY))


def _shape(change: Callable[[dict[str, Any]], None]) -> Callable[[NewsApi], None]:
    return lambda api: change(api.rows[0])


FAULTS: dict[str, tuple[Callable[[NewsApi], object], str]] = {
    "it never rests": (_moves, "shifted"),
    "a row is dropped": (lambda api: setattr(api, "dropped", 60), "too_few_items"),
    "an older page in between": (lambda api: api.rows.__setitem__(slice(0, 20), api.rows[200:220]), "wrong_order"),
    "oldest first": (lambda api: api.rows.reverse(), "wrong_order"),
    "a web page": (lambda api: setattr(api, "says", b"<!DOCTYPE html><html></html>"), "html_instead_of_json"),
    "no results": (lambda api: setattr(api, "says", b'{"metadata": {"resultset": {"count": "0", "pagesize": "50"}}, "results": []}'), "bad_json"),
    "a count that is a number": (lambda api: setattr(api, "says", b'{"metadata": {"resultset": {"count": 1, "pagesize": "50"}}, "results": [{}]}'), "bad_json"),
    "a date in words": (_shape(lambda row: row.update(date="October 2")), "bad_json"),
    "an address that is none": (_shape(lambda row: row.update(url="javascript:x", component=[{"name": EOIR}])), "bad_item"),
    "a date far ahead": (_shape(lambda row: row.update(date="2000000000", component=[{"name": EOIR}])), "future_date"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_its_name(name: str) -> None:
    break_it, kind = FAULTS[name]
    api = NewsApi(some(40))
    break_it(api)
    assert refusal(api).kind == kind


def test_a_window_of_too_many_pages_is_refused() -> None:
    api = NewsApi(some(200, a_day=40))
    assert refusal(api, days=150).kind == "too_many_pages"


def test_the_reduced_transcript_of_a_real_answer(real: Path) -> None:
    path = real / "justice_gov_news_api" / "press_releases_pagesize5_date_desc_2026-10-02.reduced.json"
    page = read_json(exchange_of(URL, path.read_bytes(), "application/json"), NewsPage)
    assert (page.count, len(page.results)) == (273_539, 5)
    assert {str(one.day) for one in page.results} == {"2026-10-02"}
    assert page.results[0].is_of(("USAO - New York, Southern",))
    assert page.results[1].is_of(("USAO - Maryland",)) and not page.results[1].is_of((EOIR,))
