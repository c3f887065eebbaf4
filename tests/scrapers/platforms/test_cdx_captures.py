"""What a web archive's index says of an address: lines of our own, and the recorded ones."""

from __future__ import annotations

import base64
import gzip
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from support.answers import PAGES, Answers, exchange_of, source_with

from servanda.compliance.intervals import Interval
from servanda.instruments.routes import CdxOptions, FeedOptions, Route
from servanda.scrapers.exchange import Blocked, ScrapeError, Unrecognised
from servanda.scrapers.memento import attested_at
from servanda.scrapers.platforms.cdx_captures import (
    MOST_CAPTURES,
    CdxCapture,
    CdxCaptures,
    captures_url,
    find_captures,
    parse_captures,
)

PLAIN = "text/plain;charset=UTF-8"
WITHIN = Interval(datetime(2019, 9, 1, tzinfo=UTC), datetime(2019, 9, 7, 4, tzinfo=UTC))


def route() -> Route:
    read = CdxOptions(platform="cdx", archive="https://archive.example/", read=FeedOptions(platform="feed"))
    return source_with(read, url="https://www.agency.example/press/")[1]


def parsed(body: bytes, content_type: str | None = PLAIN) -> CdxCaptures:
    return parse_captures(exchange_of("https://archive.example/cdx/search/cdx", body, content_type))


def test_captures_in_their_order_and_what_was_passed_over() -> None:
    captures = parsed((PAGES / "cdx.txt").read_bytes())
    assert captures.found == (
        CdxCapture(datetime(2019, 9, 3, 12, tzinfo=UTC), "http://www.agency.example:80/press/"),
        CdxCapture(datetime(2019, 9, 5, 12, tzinfo=UTC), "https://www.agency.example/press/"),
    )
    assert captures.passed_over == 4


def test_what_is_asked_for() -> None:
    url = captures_url(route(), WITHIN)
    assert url.startswith("https://archive.example/cdx/search/cdx?")
    assert parse_qsl(urlsplit(url).query) == [
        ("url", "https://www.agency.example/press/"),
        ("from", "20190901000000"),
        ("to", "20190907040000"),
        ("filter", "statuscode:200"),
        ("collapse", "timestamp:10"),
        ("limit", "5001"),
    ]
    answers = Answers().serve(url, (PAGES / "cdx.txt").read_bytes(), PLAIN)
    assert len(find_captures(route(), answers, WITHIN).found) == 2


def test_no_capture_is_an_empty_answer() -> None:
    assert parsed(b"") == CdxCaptures((), 0)
    assert parsed(b"\n") == CdxCaptures((), 0)


@pytest.mark.parametrize(
    ("body", "content_type", "error", "kind"),
    [
        (b"<html><title>Wayback Machine</title></html>", "text/html", Blocked, "html_instead_of_cdx"),
        (b"\n<!DOCTYPE html>", PLAIN, Blocked, "html_instead_of_cdx"),
        (
            b"org.archive.util.io.RuntimeIOException: org.archive.wayback.exception."
            b"AdministrativeAccessControlException: Blocked Site Error\n",
            PLAIN,
            Blocked,
            "excluded",
        ),
        (b'[["urlkey","timestamp"]]', PLAIN, Unrecognised, "bad_cdx"),
        (b"Service is busy", PLAIN, Unrecognised, "bad_cdx"),
        (b"\xff\xfe\x00", None, Unrecognised, "bad_cdx"),
        (b"a 20190905120000 https://a.example/ b 200 C 1\n" * (MOST_CAPTURES + 1), PLAIN, Unrecognised,
         "too_many_captures"),
    ],
)  # fmt: skip
def test_what_is_no_index_is_named(
    body: bytes, content_type: str | None, error: type[ScrapeError], kind: str
) -> None:
    with pytest.raises(error) as caught:
        parsed(body, content_type)
    assert caught.value.kind == kind


# --- the recordings ---------------------------------------------------------------------------------------


def recorded_body(path: Path) -> bytes:
    """The body of the only response of a recording."""
    packed = re.search(r"!!binary \|\n((?:\s{8}\S+\n)+)", path.read_text(encoding="utf-8"))
    assert packed is not None
    return gzip.decompress(base64.b64decode("".join(packed[1].split())))


@pytest.fixture
def recordings(real: Path) -> Path:
    return real / "wayback_cdx_and_memento"


def test_the_recorded_answer(recordings: Path) -> None:
    captures = parsed(recorded_body(recordings / "test_search.yaml"))
    assert captures == CdxCaptures(
        (CdxCapture(datetime(1996, 12, 31, 23, 58, 47, tzinfo=UTC), "http://www.nasa.gov:80/"),), 0
    )


def test_the_recorded_lines_with_impossible_times(recordings: Path) -> None:
    captures = parsed((recordings / "bad_timestamp_cdx.txt").read_bytes())
    assert [f"{capture.at:%Y-%m-%d}" for capture in captures.found] == [
        "2000-01-25",
        "2000-03-11",
        "2001-11-20",
    ]
    assert captures.passed_over == 2


def test_the_recorded_capture_says_when_it_was_made(recordings: Path) -> None:
    recording = (recordings / "test_get_memento.yaml").read_text(encoding="utf-8")
    stated = re.search(r"memento-datetime:\n\s+- (.+)\n", recording)
    assert stated is not None
    body = recorded_body(recordings / "test_get_memento.yaml")
    exchange = exchange_of(
        "https://web.archive.org/web/20171124151315id_/https://www.fws.gov/birds/",
        body,
        headers=(("memento-datetime", stated[1]),),
    )
    assert attested_at(exchange) == datetime(2017, 11, 24, 15, 13, 15, tzinfo=UTC)
    assert body == (recordings / "fws-gov-birds.txt").read_bytes()


@pytest.mark.parametrize(
    "stated",
    [
        None,
        "",
        "yesterday",
        "Fri, 24 Nov 2017 15:13:15 -0000",
        "Fri, 24 Nov 2099 15:13:15 GMT",
        "Fri, 99 Nov 2017",
    ],
)
def test_a_response_that_attests_nothing(stated: str | None) -> None:
    headers = (("Memento-Datetime", stated),) if stated is not None else ()
    assert attested_at(exchange_of("https://www.agency.example/", b"", headers=headers)) is None
