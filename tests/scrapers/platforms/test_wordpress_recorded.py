"""Every whole answer of a real WordPress 7.1.4, and recorded ones of 4.7.2, as the reader understands them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from support.answers import exchange_of, source_with
from support.wordpress import recorded_exchange

from servanda.compliance.intervals import Interval
from servanda.instruments.routes import FeedOptions, Route, Source, WordPressOptions
from servanda.scrapers.exchange import Exchange, ScrapeError, Validators
from servanda.scrapers.platforms.feed import read_feed
from servanda.scrapers.platforms.wordpress import read_wordpress
from servanda.scrapers.platforms.wordpress_answers import (
    explain,
    instants_of,
    lower_bound_of,
    read_rows,
    read_rows_page,
    read_zone,
)
from servanda.scrapers.platforms.wordpress_queries import control_url, query_url, zone_url
from servanda.scrapers.route_reading import ReadRequest, RouteReading

URL = "http://127.0.0.1:8899/wp-json/wp/v2/state_press_release"
NOW = datetime(2019, 11, 6, tzinfo=UTC)
NEWEST = datetime(2019, 11, 3, 5, 30, tzinfo=UTC)

KINDS = {
    "rest_cannot_access": "rest_closed",
    "rest_cannot_create": "rest_closed",
    "rest_forbidden": "rest_closed",
    "rest_forbidden_context": "rest_closed",
    "rest_invalid_param": "bad_query",
    "rest_post_invalid_page_number": "past_the_end",
    "rest_no_route": "no_route",
    "rest_post_invalid_id": "http_404",
    "internal_server_error": "http_500",
    "wp_die": "http_503",
}


@pytest.fixture
def lab(real: Path) -> Path:
    return real / "wordpress_rest_lab"


def manifest(lab: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((lab / "MANIFEST.json").read_text())["files"]
    return found


def test_every_list_is_read_with_its_totals(lab: Path) -> None:
    read = 0
    for entry in manifest(lab):
        if entry["x_wp_total"] is None or entry["rows"] is None or not entry["status"].endswith("200 OK"):
            continue
        page = read_rows_page(recorded_exchange(lab / entry["file"], URL))
        assert (len(page.rows), page.total, page.pages) == (
            entry["rows"],
            int(entry["x_wp_total"]),
            int(entry["x_wp_totalpages"]),
        ), entry["file"]
        read += 1
    assert read >= 40


def test_every_error_has_its_name(lab: Path) -> None:
    named = 0
    for entry in manifest(lab):
        if entry["code"] is None:
            continue
        with pytest.raises(ScrapeError) as caught:
            recorded_exchange(lab / entry["file"], URL)
        assert explain(caught.value).kind == KINDS[entry["code"]], entry["file"]
        named += 1
    assert named >= 20


def test_nothing_else_passes_for_a_list(lab: Path) -> None:
    others = []
    for entry in manifest(lab):
        if entry["code"] is not None or (entry["x_wp_total"] is not None and entry["rows"] is not None):
            continue
        try:
            exchange = recorded_exchange(lab / entry["file"], URL)
        except ScrapeError:
            others.append(entry["file"])
            continue
        with pytest.raises(ScrapeError):
            read_rows_page(exchange)
        others.append(entry["file"])
    assert {"php_warning_before_json.http", "password_item.http", "root.http", "feed_posts.http"} <= set(
        others
    )


def test_the_bounds_that_are_said_in_words(lab: Path) -> None:
    said = {}
    for name in ("cap25_err_per_page_100", "err_per_page_101", "err_page_0", "err_orderby"):
        with pytest.raises(ScrapeError) as caught:
            recorded_exchange(lab / f"{name}.http", URL)
        said[name] = lower_bound_of(caught.value)
    assert said == {
        "cap25_err_per_page_100": 25, "err_per_page_101": 100, "err_page_0": None, "err_orderby": None,
    }  # fmt: skip


def test_the_zone_of_the_site_and_of_the_real_department(lab: Path, real: Path) -> None:
    assert str(read_zone(recorded_exchange(lab / "root.http", URL))) == "America/New_York"
    begins = (
        real / "state_gov_wp_json_index_excerpt" / "wp-json-index_2026-09-07.first-bytes.txt"
    ).read_bytes()
    whole = begins.partition(b',"authentication"')[0] + b"}"
    assert str(read_zone(exchange_of(URL, whole, "application/json"))) == "America/New_York"


def test_the_rows_of_every_release_have_times_that_agree(lab: Path) -> None:
    zone = read_zone(recorded_exchange(lab / "root.http", URL))
    for name in ("cpt_page1_100", "cpt_page2_100", "doubled_hour_Z_second", "shift_desc_page2"):
        for row in read_rows(recorded_exchange(lab / f"{name}.http", URL)):
            assert len(instants_of(row, zone)) == 1, (name, row.id)


def test_the_older_release_is_read_too(real: Path) -> None:
    path = real / "wordpress_rest_cassette_wp4.7.2" / "custom_post_type_collection.yml"
    cassette = YAML(typ="safe").load(path.read_text())
    answers = [one["response"] for one in cassette["http_interactions"]]
    pages = []
    for answer in answers:
        headers = tuple((name, values[0]) for name, values in answer["headers"].items())
        exchange = exchange_of(URL, answer["body"]["string"].encode(), None, headers=headers)
        if exchange.header("X-WP-Total"):
            pages.append(read_rows_page(exchange))
    assert pages and all(page.rows and page.total >= len(page.rows) for page in pages)


class Lab:
    """Gives recorded answers, in their order, whatever page of the window is asked for."""

    def __init__(
        self, folder: Path, route: Route, asked: Interval, *windows: str, per_page: int = 100
    ) -> None:
        self.folder, self.route = folder, route
        self.windows = [*windows]
        self.fixed = {
            zone_url(route): "root",
            control_url(route, "desc"): "unknown_parameter_ignored",
            control_url(route, "asc"): "modified_after",
            query_url(
                route, Interval(NEWEST, NEWEST + timedelta(seconds=1)), per_page=per_page
            ): "doubled_hour_Z_second",
        }
        self.pages = {query_url(route, asked, page=n, per_page=per_page) for n in range(1, 9)}

    def __call__(self, url: str, *, pause_seconds: float, validators: Validators | None = None) -> Exchange:
        assert url in self.fixed or url in self.pages, url
        name = self.fixed.get(url) or self.windows.pop(0)
        return recorded_exchange(self.folder / f"{name}.http", url)


def reading(lab: Path, back_to: str, until: str, *names: str, per_page: int = 100) -> RouteReading:
    source, route = made(per_page)
    ask = ReadRequest(NOW, back_to=datetime.fromisoformat(back_to), until=datetime.fromisoformat(until))
    assert ask.back_to is not None and ask.until is not None
    answers = Lab(lab, route, Interval(ask.back_to, ask.until), *names, per_page=per_page)
    return read_wordpress(source, route, answers, ask)


def made(per_page: int) -> tuple[Source, Route]:
    read = WordPressOptions(platform="wordpress", per_page=per_page)
    source, route = source_with(read, url=URL, minimum_items=0, empty="news", max_pages=9)
    return source.model_copy(update={"longest_silence": timedelta(days=70)}), route


def test_the_window_of_the_instrument_is_read_whole(lab: Path) -> None:
    found = reading(lab, "2019-06-08T00:00:00-04:00", "2019-09-04T00:00:00-04:00", "cpt_window")
    assert found.asked is not None and found.stated == len(found.items) == 92
    assert "A protected one" in {item.title for item in found.items}
    assert found.items[-1].title == "Release number 38 & \u201cquoted\u201d"


def test_two_pages_agree(lab: Path) -> None:
    pages = ("window_two_pages_1", "window_two_pages_2", "window_two_pages_1")
    found = reading(lab, "2019-06-08T00:00:00-04:00", "2019-09-04T00:00:00-04:00", *pages, per_page=50)
    assert found.stated == len(found.items) == 91


def test_an_empty_window_beside_its_control(lab: Path) -> None:
    found = reading(lab, "2019-09-10T00:00:00-04:00", "2019-10-30T00:00:00-04:00", "cpt_window_empty")
    assert (found.items, found.stated) == ((), 0)


@pytest.mark.parametrize("kind", ["delete", "shift"])
def test_what_moves_between_two_pages_is_noticed(lab: Path, kind: str) -> None:
    names = [f"{kind}_desc_page{n}" for n in (1, 2)] * 3
    with pytest.raises(ScrapeError) as caught:
        reading(lab, "2019-04-01T00:00:00-04:00", "2019-11-04T23:00:00-05:00", *names, per_page=50)
    assert caught.value.kind == "shifted"


def test_a_sticky_post_of_another_time_is_no_row_of_the_window(lab: Path) -> None:
    names = ["posts_window_ignore_sticky_false"] * 3
    with pytest.raises(ScrapeError) as caught:
        reading(lab, "2019-03-01T00:00:00-04:00", "2019-04-01T00:00:00-04:00", *names)
    assert caught.value.kind == "out_of_range"


def test_the_feed_of_the_same_site(lab: Path) -> None:
    source, route = source_with(FeedOptions(platform="feed"), url="http://127.0.0.1:8899/releases/feed/")
    counts: dict[str, int] = {}
    answer: Callable[..., Exchange]
    for name in ("feed_posts", "feed_cpt_page2"):
        answer = lambda url, **_: recorded_exchange(lab / f"{name}.http", url)  # noqa: B023, E731
        found = read_feed(source, route, answer, ReadRequest(NOW))
        assert isinstance(found, RouteReading)
        counts[name] = len(found.items)
    assert counts == {"feed_posts": 10, "feed_cpt_page2": 10}
