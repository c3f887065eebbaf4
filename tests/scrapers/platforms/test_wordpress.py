"""The REST interface of a WordPress site: what is read of it, and what of it is not believed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.answers import source_with
from support.wordpress import URL, ZONE, Answer, Release, WordPress, daily, error

from servanda.compliance.coverage import CoveredInterval, NoCoverage, query_covers
from servanda.compliance.publication import Precision
from servanda.instruments.routes import Route, Source, WordPressOptions
from servanda.scrapers.exchange import Blocked, ScrapeError, Unreachable, Unrecognised
from servanda.scrapers.platforms.wordpress import read_wordpress
from servanda.scrapers.route_reading import ReadRequest, RouteReading

FIRST = datetime(2019, 6, 1, 14, tzinfo=UTC)
NOW = FIRST + timedelta(days=100, hours=3)
ASK = ReadRequest(NOW, back_to=datetime(2019, 6, 7, 4, tzinfo=UTC), until=datetime(2019, 9, 6, 4, tzinfo=UTC))


def route(**more: Any) -> tuple[Source, Route]:
    read = WordPressOptions(platform="wordpress", per_page=more.pop("per_page", 100))
    return source_with(
        read, url=URL, zone=ZONE, **{"minimum_items": 0, "empty": "news", "max_pages": 20, **more}
    )


def read(site: WordPress, ask: ReadRequest = ASK, **more: Any) -> RouteReading:
    source, made = route(**more)
    return read_wordpress(source, made, site, ask)


def refusal(site: WordPress, ask: ReadRequest = ASK, **more: Any) -> ScrapeError:
    with pytest.raises(ScrapeError) as caught:
        read(site, ask, **more)
    return caught.value


def covered(reading: RouteReading, ask: ReadRequest = ASK) -> CoveredInterval | NoCoverage:
    source, _ = route()
    assert reading.asked is not None and reading.stated is not None
    return query_covers(
        reading.asked,
        read_at=ask.now,
        lag=timedelta(days=1),
        existed=source.existence,
        stated=reading.stated,
        found=len(reading.items),
    )


def test_a_window_is_read_whole_and_counted() -> None:
    site = WordPress(daily(FIRST, 101))
    reading = read(site)
    assert [str(item.published) for item in (reading.items[0], reading.items[-1])] == [
        "2019-09-05T10:00:00-04:00",
        "2019-06-07T10:00:00-04:00",
    ]
    assert (len(reading.items), reading.stated) == (91, 91)
    first = reading.items[-1]
    assert first.title == "Release number 6 & \u201cquoted\u201d"
    assert first.aliases[0] == ("wp", "press_release/47")
    assert first.url == "https://www.department.example/releases/release-number-47/"
    assert isinstance(covered(reading), CoveredInterval)


def test_more_pages_are_followed_and_the_first_is_looked_at_again() -> None:
    site = WordPress(daily(FIRST, 101))
    assert len(read(site, per_page=40).items) == 91
    assert [query["page"] for query in site.asked] == ["1", "2", "3", "1"]


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2019-06-07T03:59:59Z", False),
        ("2019-06-07T04:00:00Z", True),
        ("2019-09-06T03:59:59Z", True),
        ("2019-09-06T04:00:00Z", False),
    ],
)
def test_a_release_of_the_first_and_of_the_last_second_is_in_the_window(at: str, inside: bool) -> None:
    edge = Release(900, datetime.fromisoformat(at), "On the edge")
    reading = read(WordPress([*daily(FIRST, 101), edge]))
    assert ("On the edge" in [item.title for item in reading.items]) is inside
    assert reading.stated == len(reading.items)


def test_a_site_that_takes_instants_for_civil_time_loses_nothing() -> None:
    edge = Release(900, datetime(2019, 6, 7, 4, 30, tzinfo=UTC), "Early on the first day")
    late = Release(901, datetime(2019, 9, 6, 3, 30, tzinfo=UTC), "Late on the last day")
    releases = [edge, late, *daily(FIRST + timedelta(days=10), 80)]
    reading = read(WordPress(releases, takes_civil=True))
    assert {"Early on the first day", "Late on the last day"} <= {item.title for item in reading.items}


def test_a_lower_bound_is_taken_from_the_refusal() -> None:
    site = WordPress(daily(FIRST, 101), bound=25)
    assert len(read(site).items) == 91
    assert {query["per_page"] for query in site.asked} == {"100", "25"}


def test_a_site_that_clamps_in_silence_is_read_to_its_end() -> None:
    assert len(read(WordPress(daily(FIRST, 101), bound=30, clamps=True)).items) == 91


def test_an_item_withheld_after_counting_covers_nothing_and_is_named() -> None:
    reading = read(WordPress(daily(FIRST, 101), withheld=frozenset({60})))
    assert isinstance(found := covered(reading), NoCoverage)
    assert found.reason == "the publisher counts 91 documents, 90 were read"
    assert reading.doubts == ("the site counts 93 items and gives 92: some are withheld",)


def test_a_protected_item_is_an_item() -> None:
    secret = Release(900, datetime(2019, 7, 1, tzinfo=UTC), "A protected one", protected=True)
    assert len(read(WordPress([*daily(FIRST, 101), secret])).items) == 92


def _remove(site: WordPress, *, at: int) -> None:
    """Withdraw the first release just before the request of that number."""
    site.before = lambda query, n: site.releases.__delitem__(10) if n == at else None


def test_a_release_withdrawn_between_two_pages_makes_it_read_again() -> None:
    site = WordPress(daily(FIRST, 101))
    _remove(site, at=2)
    assert len(read(site, per_page=40).items) == 90
    assert len(site.asked) == 6


def test_a_release_withdrawn_while_another_is_back_dated_hides_nothing() -> None:
    site = WordPress(daily(FIRST, 101))
    middle = Release(10, datetime(2019, 6, 20, tzinfo=UTC), "Back-dated")

    def swap(query: dict[str, str], n: int) -> None:
        if n == 2:
            del site.releases[10]
            site.releases.append(middle)

    site.before = swap
    reading = read(site, per_page=40)
    assert {item.aliases[0][1] for item in reading.items} == {
        f"press_release/{n}" for n in (10, *range(47, 138)) if n != 51
    }


def test_a_site_that_never_rests_is_tried_later() -> None:
    site = WordPress(daily(FIRST, 101))
    site.before = lambda query, n: site.releases.__delitem__(20)
    failure = refusal(site, per_page=40)
    assert isinstance(failure, Unreachable) and failure.kind == "shifted"


BEFORE = ReadRequest(NOW, back_to=datetime(2019, 3, 1, tzinfo=UTC), until=datetime(2019, 4, 1, tzinfo=UTC))


def test_an_empty_window_counts_beside_controls() -> None:
    older = Release(1, datetime(2019, 2, 1, tzinfo=UTC), "An older one")
    site = WordPress([older, *daily(FIRST, 101)])
    reading = read(site, BEFORE)
    assert (reading.items, reading.stated, len(site.asked)) == ((), 0, 4)
    assert isinstance(covered(reading, BEFORE), CoveredInterval)


def test_a_site_that_begins_later_proves_no_silence_before() -> None:
    failure = refusal(WordPress(daily(FIRST, 101)), BEFORE)
    assert failure.kind == "control_failed"
    assert "nothing older: it begins on 2019-06-01" in failure.reason


def test_a_claim_begins_with_the_oldest_item_of_the_site() -> None:
    reading = read(WordPress(daily(FIRST, 101)), replace(ASK, back_to=datetime(2019, 3, 1, tzinfo=UTC)))
    assert reading.asked is not None
    assert (reading.asked.from_at, len(reading.items)) == (FIRST, 97)


def test_a_site_whose_windows_are_all_empty_is_no_silence() -> None:
    older = Release(1, datetime(2019, 2, 1, tzinfo=UTC), "An older one")
    site = WordPress([older, *daily(FIRST, 101)])
    site.says["window"] = (200, {"X-WP-Total": "0", "X-WP-TotalPages": "0"}, b"[]")
    failure = refusal(site, BEFORE)
    assert failure.kind == "control_failed" and "in a window around it" in failure.reason


def test_a_wrong_route_is_no_silence() -> None:
    failure = refusal(WordPress([]), BEFORE)
    assert (failure.kind, failure.family) == ("control_failed", "unrecognised")
    assert "no item at all" in failure.reason


def test_a_site_that_has_stopped_is_no_silence() -> None:
    site = WordPress(daily(FIRST, 60))
    ask = ReadRequest(NOW, back_to=NOW - timedelta(days=7))
    assert "the newest of all is of 2019-07-30" in refusal(site, ask).reason


def test_a_claim_ends_a_longest_silence_after_the_newest_item() -> None:
    site = WordPress(daily(FIRST, 60))
    last = FIRST + timedelta(days=59)
    reading = read(site, ReadRequest(NOW, back_to=last - timedelta(days=3)))
    assert reading.asked is not None
    assert (len(reading.items), reading.asked.until_at) == (4, last + timedelta(days=7))


def test_a_query_that_hides_what_the_control_shows_is_refused() -> None:
    site = WordPress(daily(FIRST, 101))
    site.says["window"] = (200, {"X-WP-Total": "0", "X-WP-TotalPages": "0"}, b"[]")
    assert "lacks its newest item" in refusal(site, ReadRequest(NOW)).reason


@pytest.mark.parametrize("parameter", ["after", "before"])
def test_a_parameter_that_is_ignored_is_noticed(parameter: str) -> None:
    ask = replace(ASK, back_to=datetime(2019, 6, 20, tzinfo=UTC), until=datetime(2019, 7, 20, tzinfo=UTC))
    failure = refusal(WordPress(daily(FIRST, 101), ignored=frozenset({parameter})), ask)
    assert failure.kind == "out_of_range"


def test_two_times_that_disagree_leave_the_day() -> None:
    odd = Release(
        900, datetime(2019, 7, 1, 18, tzinfo=UTC), "Moved by hours", gmt=datetime(2019, 7, 1, 23, tzinfo=UTC)
    )
    reading = read(WordPress([*daily(FIRST, 101), odd]))
    (found,) = (item for item in reading.items if item.title == "Moved by hours")
    assert (found.published.precision, str(found.published)) == (Precision.DAY, "2019-07-01")


def test_the_doubled_hour_of_autumn_is_told_by_utc() -> None:
    twice = [
        Release(900 + n, datetime(2019, 11, 3, 5 + n, 30, tzinfo=UTC), f"At half past one, {n}")
        for n in (0, 1)
    ]
    now = datetime(2019, 11, 5, tzinfo=UTC)
    reading = read(WordPress(twice), ReadRequest(now, back_to=now - timedelta(days=4)))
    assert [str(item.published) for item in reading.items] == [
        "2019-11-03T01:30:00-05:00",
        "2019-11-03T01:30:00-04:00",
    ]


HTML = {"Content-Type": "text/html; charset=UTF-8"}
ANSWERS: dict[str, tuple[str, Answer, type[ScrapeError], str]] = {
    "closed": ("window", error(401, "rest_cannot_access", "Only members."), Blocked, "rest_closed"),
    "forbidden": ("root", error(403, "rest_forbidden", "No."), Blocked, "rest_closed"),
    "route removed": ("window", error(404, "rest_no_route", "No route."), Unrecognised, "no_route"),
    "another complaint": ("window", error(400, "rest_invalid_param", "after"), Unrecognised, "bad_query"),
    "maintenance": ("window", error(503, "wp_die", "Briefly unavailable"), Unreachable, "http_503"),
    "a fatal error": ("window", error(500, "internal_server_error", "<p>"), Unreachable, "http_500"),
    "a web page": ("window", (200, HTML, b"<!DOCTYPE html><html></html>"), Blocked, "html_instead_of_json"),
    "a warning first": ("window", (200, HTML, b"<br />\n<b>Warning</b>: x [{}]"), Unrecognised, "no_totals"),
    "no totals": ("window", (200, {}, b"[]"), Unrecognised, "no_totals"),
    "a total in words": (
        "window", (200, {"X-WP-Total": "many", "X-WP-TotalPages": "1"}, b"[]"), Unrecognised, "no_totals",
    ),
    "an object": (
        "window", (200, {"X-WP-Total": "1", "X-WP-TotalPages": "1"}, b'{"a": 1}'), Unrecognised, "bad_json",
    ),
    "no zone": ("root", (200, {}, b'{"timezone_string": "Mars/Base", "gmt_offset": 0}'), Unrecognised, "no_zone"),
    "an offset too far": ("root", (200, {}, b'{"timezone_string": "", "gmt_offset": 99}'), Unrecognised, "no_zone"),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_each_other_state_has_its_name(name: str) -> None:
    where, answer, family, kind = ANSWERS[name]
    failure = refusal(WordPress(daily(FIRST, 101), says={where: answer}))
    assert (type(failure), failure.kind) == (family, kind)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"title": {"rendered": " &nbsp; "}}, "bad_item"),
        ({"link": "javascript:alert(1)"}, "bad_item"),
        ({"date": "yesterday"}, "bad_item"),
        ({"date": "2019-07-02T10:00:00+02:00"}, "bad_item"),
        ({"date": "2031-07-02T10:00:00", "date_gmt": "2031-07-02T14:00:00"}, "out_of_range"),
        ({"title": "a string"}, "bad_json"),
        ({"id": 0}, "bad_json"),
    ],
)
def test_a_row_that_is_not_understood_stops_the_reader(change: dict[str, Any], kind: str) -> None:
    row = Release(1, datetime(2019, 7, 1, tzinfo=UTC), "A release").row() | change
    totals = {"X-WP-Total": "1", "X-WP-TotalPages": "1"}
    site = WordPress([], says={"window": (200, totals, json.dumps([row]).encode())})
    assert refusal(site).kind == kind


def test_a_window_of_too_many_pages_is_refused() -> None:
    assert refusal(WordPress(daily(FIRST, 101)), per_page=10, max_pages=3).kind == "too_many_pages"
