"""Redirects: which are followed, and what the others are called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from support.http_publisher import Publisher, Reply

from servanda.scrapers.exchange import Blocked, Exchange, ScrapeError, Unreachable
from servanda.scrapers.redirects import check_redirect, is_home, is_same_site, redirect_target


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher().running() as running:
        yield running


def moved(to: str, status: int = 301) -> Reply:
    return Reply(status, b"moved", {"Location": to})


@pytest.mark.parametrize(
    "one, other, same",
    [
        ("https://state.gov/a", "https://www.state.gov/b", True),
        ("https://www.state.gov/a", "https://2017-2021.state.gov/a", True),
        ("http://www.state.gov/", "https://WWW.STATE.GOV/", True),
        ("https://www.state.gov./", "https://www.state.gov/", True),
        ("https://www.federalregister.gov/", "https://unblock.federalregister.gov/", True),
        ("https://www.state.gov/", "https://www.justice.gov/", False),
        ("https://www.state.gov/", "https://www.state.gov.example/", False),
        ("https://www.state.gov/", "https://evilstate.gov/", False),
        ("https://www.whitehouse.gov/", "https://trumpwhitehouse.archives.gov/", False),
        ("https://gob.mx/sre", "https://www.gob.mx/sre", True),
        ("https://www.gob.mx/sre", "https://sre.gob.mx/", False),
        ("https://www.gob.mx/sre", "https://evil.gob.mx/", False),
        ("https://portales.sre.gob.mx/", "https://www.sre.gob.mx/", True),
        ("https://www.gov.uk/", "https://other.gov.uk/", False),
        ("https://news.gov.example/", "https://www.gov.example/", True),
        ("http://127.0.0.1:80/", "http://127.0.0.1:8000/", True),
        ("http://127.0.0.1/", "http://10.0.0.1/", False),
        ("http://1.2.0.1/", "http://9.9.0.1/", False),
        ("http://[::1]/", "http://[::2]/", False),
        ("http://localhost/", "http://intranet/", False),
        ("http://localhost/", "http://localhost:8000/", True),
    ],
)
def test_a_site_is_what_one_owner_registered(one: str, other: str, same: bool) -> None:
    assert is_same_site(one, other) is same
    assert is_same_site(other, one) is same


@pytest.mark.parametrize(
    "url, home",
    [
        ("https://a.gov", True), ("https://a.gov/", True), ("https://a.gov/index.html", True),
        ("https://a.gov/INDEX.PHP", True), ("https://a.gov/#news", True), ("https://a.gov/?p=7", False),
        ("https://a.gov/news/", False), ("https://a.gov/index.html/x", False),
    ],
)  # fmt: skip
def test_a_front_page_has_no_path_and_no_query(url: str, home: bool) -> None:
    assert is_home(url) is home


DEEP = "https://www.a.gov/news/declaration/"


@pytest.mark.parametrize(
    "source, target, visited, failure",
    [
        (DEEP, "https://www.a.gov/new-place/", 0, None),
        (DEEP, "https://archive.a.gov/news/declaration/", 0, None),
        ("http://www.a.gov/x", "https://www.a.gov/x", 0, None),
        ("http://www.a.gov/", "https://www.a.gov/", 0, None),
        ("https://a.gov", "https://www.a.gov/", 0, None),
        (DEEP, "https://www.a.gov/?p=7", 0, None),
        (DEEP, "https://www.a.gov/", 0, (Blocked, "redirected_home")),
        (DEEP, "https://unblock.a.gov/", 0, (Blocked, "challenge")),
        (DEEP, "https://unblock.a.gov/?from=1", 0, (Blocked, "challenge")),
        (DEEP, "https://geo.captcha-delivery.com/captcha/?x=1", 0, (Blocked, "challenge")),
        (DEEP, "https://www.a.gov/captcha/", 0, (Blocked, "challenge")),
        (DEEP, "https://www.challenge.a.gov/news/", 0, None),
        ("https://unblock.a.gov/a", "https://unblock.a.gov/b", 0, None),
        (DEEP, "https://archive.a.gov/", 0, (Blocked, "redirected_home")),
        ("https://www.a.gov/?p=7", "https://www.a.gov/", 0, (Blocked, "redirected_home")),
        (DEEP, "https://www.b.gov/news/declaration/", 0, (Blocked, "redirected_away")),
        (DEEP, "http://www.a.gov/news/declaration/", 0, (Blocked, "redirected_away")),
        (DEEP, DEEP, 0, (Unreachable, "redirect_loop")),
        (DEEP, "https://www.a.gov/n", 4, None),
        (DEEP, "https://www.a.gov/n", 5, (Unreachable, "redirect_loop")),
    ],
)
def test_a_redirect_is_followed_or_named(
    source: str, target: str, visited: int, failure: tuple[type[ScrapeError], str] | None
) -> None:
    hops = [f"https://www.a.gov/{n}" for n in range(visited)] + [source]
    if failure is None:
        check_redirect(source, target, hops, 5)
        return
    with pytest.raises(failure[0]) as raised:
        check_redirect(source, target, hops, 5)
    assert raised.value.kind == failure[1]


def response(status: int, location: str | None) -> Exchange:
    headers = () if location is None else (("Location", location),)
    at = datetime(2019, 9, 5, tzinfo=UTC)
    return Exchange(DEEP, DEEP, (), status, "", headers, b"", b"", "", at, 0.0)


@pytest.mark.parametrize(
    "status, location, target",
    [
        (301, "/b", "https://www.a.gov/b"),
        (302, "b?x=1#top", "https://www.a.gov/news/declaration/b?x=1"),
        (303, "//c.a.gov/b", "https://c.a.gov/b"),
        (307, " https://c.a.gov/b ", "https://c.a.gov/b"),
        (308, "HTTPS://c.a.gov/b", "https://c.a.gov/b"),
        (301, "/declaraci\u00c3\u00b3n", "https://www.a.gov/declaración"),
        (301, "/declaraci\u00f3n", "https://www.a.gov/declaración"),
        (301, None, None),
        (301, "", None),
        (304, "/b", None),
        (200, "/b", None),
        (201, "/b", None),
    ],
)
def test_the_target_of_a_redirect(status: int, location: str | None, target: str | None) -> None:
    assert redirect_target(response(status, location)) == target


@pytest.mark.parametrize(
    "location", ["javascript:alert(1)", "mailto:a@a.gov", "file:///etc/passwd", "http://[x/"]
)
def test_a_target_off_the_web_leads_away(location: str) -> None:
    with pytest.raises(Blocked) as raised:
        redirect_target(response(301, location))
    assert raised.value.kind == "redirected_away"


# --- over HTTP ----------------------------------------------------------------------------------


def test_every_hop_is_an_exchange_of_its_own(publisher: Publisher) -> None:
    start = publisher.say("/a", moved("/b"))
    publisher.say("/b", moved("c?x=1", 307))
    publisher.say("/c?x=1", Reply(200, b"here"))
    exchange, recording = publisher.get(start)
    assert exchange.final_url == publisher.url + "/c?x=1"
    assert exchange.body == b"here"
    hops = [(e.url.removeprefix(publisher.url), e.status) for e in recording.exchanges]
    assert hops == [("/robots.txt", 404), ("/a", 301), ("/b", 307), ("/c?x=1", 200)]
    assert recording.exchanges[1].body == b"moved"


@pytest.mark.parametrize("hops, outcome", [(5, 200), (6, "redirect_loop")])
def test_five_redirects_are_followed(publisher: Publisher, hops: int, outcome: int | str) -> None:
    for n in range(hops):
        publisher.say(f"/{n}", moved(f"/{n + 1}"))
    publisher.say(f"/{hops}", Reply())
    result, _ = publisher.get("/0")
    assert (result.status if isinstance(result, Exchange) else result.kind) == outcome
    assert len(publisher.paths) == 6


@pytest.mark.parametrize("back_to", ["/a", "/b"])
def test_a_loop_is_seen_at_once(publisher: Publisher, back_to: str) -> None:
    publisher.say("/b", moved(back_to))
    failure, _ = publisher.get(publisher.say("/a", moved("/b")))
    assert (type(failure), failure.kind) == (Unreachable, "redirect_loop")
    assert publisher.paths == ["/a", "/b"]


def test_a_move_within_the_site_is_followed_and_robots_are_asked_there(publisher: Publisher) -> None:
    names = ("www.agency.example", "2017-2021.agency.example")
    publisher.say("/a", moved(f"http://2017-2021.agency.example:{publisher.port}/b"))
    publisher.say("/b", Reply(200, b"here"))
    exchange, _ = publisher.get(f"http://www.agency.example:{publisher.port}/a", names=names)
    assert exchange.body == b"here"
    asked = [(seen.headers["Host"].split(":")[0], seen.path) for seen in publisher.seen]
    assert asked == [(names[0], "/robots.txt"), (names[0], "/a"), (names[1], "/robots.txt"), (names[1], "/b")]


def test_a_move_to_another_site_is_not_followed(publisher: Publisher) -> None:
    names = ("www.agency.example", "www.elsewhere.example")
    publisher.say("/a", moved(f"http://www.elsewhere.example:{publisher.port}/a"))
    failure, recording = publisher.get(f"http://www.agency.example:{publisher.port}/a", names=names)
    assert (type(failure), failure.kind) == (Blocked, "redirected_away")
    assert "www.elsewhere.example" in failure.reason
    assert all("elsewhere" not in seen.headers["Host"] for seen in publisher.seen)
    assert recording.exchanges[-1].status == 301


def test_a_page_that_became_the_front_page_is_not_read(publisher: Publisher) -> None:
    publisher.say("/", Reply(200, b"welcome"))
    failure, _ = publisher.get(publisher.say("/press/declaration", moved("/")))
    assert (type(failure), failure.kind) == (Blocked, "redirected_home")
    assert publisher.paths == ["/press/declaration"]
