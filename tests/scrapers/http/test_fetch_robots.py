"""robots.txt: read once per host and day, obeyed, and what its absence means."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.http_publisher import Publisher, Reply, hang_up

from servanda.scrapers.exchange import Blocked, Exchange, Recording, Unreachable
from servanda.scrapers.http.robots import FAILURE_KEPT_SECONDS, KEPT_SECONDS, parse_rules


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher().running() as running:
        running.say("/press/a", Reply())
        running.say("/private/a", Reply())
        yield running


def robots(text: str) -> Reply:
    return Reply(200, text.encode(), {"Content-Type": "text/plain"})


NOT_PRIVATE = "User-agent: *\nDisallow: /private/\n"


@pytest.mark.parametrize(
    "text, path, allowed",
    [
        ("", "/press/a", True),
        (NOT_PRIVATE, "/press/a", True),
        (NOT_PRIVATE, "/private/a", False),
        ("User-agent: *\nDisallow: /", "/press/a", False),
        ("User-agent: *\nDisallow: /\nAllow: /press/", "/press/a", True),
        ("User-agent: Other\nDisallow: /", "/press/a", True),
        ("User-agent: Servanda\nDisallow: /\n\nUser-agent: *\nDisallow:", "/press/a", False),
        ("user-agent: SERVANDA/0.1 # us\nDisallow: /", "/press/a", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: servanda\nAllow: /", "/press/a", True),
        ("User-agent: Other\nUser-agent: *\nDisallow: /", "/press/a", False),
        ("User-agent: *\nUser-agent: Other\nDisallow: /", "/press/a", False),
        ("User-agent: compliance\nDisallow: /", "/press/a", True),
        ("User-agent: s\nDisallow: /", "/press/a", True),
        ("User-agent *\nDisallow /private/", "/private/a", False),
        ("\ufeffUser-agent: *\r\nDisallow: /private/", "/private/a", False),
        ("User-agent: *\nDisallow: /*/a$", "/private/a", False),
        ("<html><title>Welcome</title></html>", "/press/a", True),
        ("\x00\xff\xfe" * 50, "/press/a", True),
    ],
)
def test_rules_are_obeyed(publisher: Publisher, text: str, path: str, allowed: bool) -> None:
    publisher.say("/robots.txt", robots(text))
    result, _ = publisher.get(path)
    if allowed:
        assert isinstance(result, Exchange)
    else:
        assert (type(result), result.kind) == (Blocked, "robots")
        assert path in result.reason
    assert publisher.paths == ([path] if allowed else [])


@pytest.mark.parametrize(
    "status, tries, outcome",
    [
        (204, 1, "read"),
        (401, 1, "read"),
        (403, 1, "read"),
        (404, 1, "read"),
        (410, 1, "read"),
        (429, 3, "read"),
        (500, 3, "robots"),
        (503, 3, "robots"),
        (505, 1, "robots"),
    ],
)
def test_without_a_file_all_is_allowed_and_with_a_broken_server_nothing(
    publisher: Publisher, status: int, tries: int, outcome: str
) -> None:
    publisher.say("/robots.txt", Reply(status, b"" if status == 204 else b"no"))
    result, recording = publisher.get("/press/a")
    if outcome == "read":
        assert isinstance(result, Exchange)
    else:
        assert (type(result), result.kind) == (Blocked, "robots")
        assert f"answered {status}" in result.reason
    asked = [exchange for exchange in recording.exchanges if exchange.url.endswith("/robots.txt")]
    assert [exchange.status for exchange in asked] == [status] * tries


def test_a_host_that_does_not_answer_keeps_the_name_of_its_failure(publisher: Publisher) -> None:
    publisher.say("/robots.txt", hang_up)
    failure, recording = publisher.get("/press/a")
    assert (type(failure), failure.kind) == (Unreachable, "disconnected")
    assert publisher.paths == []
    assert len(recording.exchanges) == 3


@pytest.mark.parametrize("location", ["/", "http://www.elsewhere.example/robots.txt", "/robots.txt"])
def test_a_robots_txt_that_leads_nowhere_is_none(publisher: Publisher, location: str) -> None:
    publisher.say("/robots.txt", Reply(302, b"", {"Location": location}))
    exchange, _ = publisher.get("/press/a")
    assert isinstance(exchange, Exchange)


def test_a_robots_txt_that_moved_within_the_site_is_obeyed(publisher: Publisher) -> None:
    publisher.say("/robots.txt", Reply(301, b"", {"Location": "/en/robots.txt"}))
    publisher.say("/en/robots.txt", robots(NOT_PRIVATE))
    failure, _ = publisher.get("/private/a")
    assert failure.kind == "robots"


def test_a_redirect_into_a_forbidden_place_is_not_followed(publisher: Publisher) -> None:
    publisher.say("/robots.txt", robots(NOT_PRIVATE))
    failure, _ = publisher.get(publisher.say("/press/b", Reply(301, b"", {"Location": "/private/a"})))
    assert (type(failure), failure.kind) == (Blocked, "robots")
    assert publisher.paths == ["/press/b"]


# --- how long it is kept ------------------------------------------------------------------------


def robots_reads(publisher: Publisher) -> int:
    return sum(seen.path == "/robots.txt" for seen in publisher.seen)


@pytest.mark.parametrize("age, reads", [(0, 1), (KEPT_SECONDS - 1, 1), (KEPT_SECONDS, 2)])
def test_it_is_read_once_a_day(publisher: Publisher, age: float, reads: int) -> None:
    publisher.say("/robots.txt", robots(NOT_PRIVATE))
    fetcher = publisher.fetcher()
    fetcher.session(Recording())(publisher.url + "/press/a", pause_seconds=0)
    publisher.clock.sleep(age)
    fetcher.session(Recording())(publisher.url + "/press/a", pause_seconds=0)
    assert robots_reads(publisher) == reads


@pytest.mark.parametrize(
    "age, healed", [(0, False), (FAILURE_KEPT_SECONDS - 1, False), (FAILURE_KEPT_SECONDS, True)]
)
def test_a_failure_to_read_it_is_forgotten_sooner(publisher: Publisher, age: float, healed: bool) -> None:
    publisher.say("/robots.txt", Reply(500))
    fetch = publisher.fetcher().session(Recording())
    with pytest.raises(Blocked, match="robots"):
        fetch(publisher.url + "/press/a", pause_seconds=0)
    publisher.say("/robots.txt", robots(NOT_PRIVATE))
    publisher.clock.sleep(age)
    if healed:
        assert fetch(publisher.url + "/press/a", pause_seconds=0).status == 200
    else:
        with pytest.raises(Blocked, match="robots"):
            fetch(publisher.url + "/press/a", pause_seconds=0)
    assert robots_reads(publisher) == (4 if healed else 3)


def test_each_host_has_its_own(publisher: Publisher) -> None:
    names = ("a.example", "b.example")
    publisher.say("/robots.txt", robots(NOT_PRIVATE))
    fetch = publisher.fetcher(names).session(Recording())
    for name in (*names, *names):
        fetch(f"http://{name}:{publisher.port}/press/a", pause_seconds=0)
    assert robots_reads(publisher) == 2


def test_threads_read_it_once(publisher: Publisher) -> None:
    publisher.say("/robots.txt", robots(NOT_PRIVATE))
    fetcher = publisher.fetcher()

    def read(_: int) -> int | None:
        return fetcher.session(Recording())(publisher.url + "/press/a", pause_seconds=0).status

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, range(16))) == [200] * 16
    assert robots_reads(publisher) == 1


# --- crawl delay --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "delay, pause, gap",
    [
        ("10", 2, 10),
        ("1", 2, 2),
        ("30", 2, 30),
        ("31", 2, 30),
        ("1e9", 2, 30),
        ("1e9", 40, 40),
        ("nan", 2, 2),
        ("inf", 2, 2),
        ("-5", 2, 2),
        ("soon", 2, 2),
        ("0", 2, 2),
    ],
)
def test_the_greater_pause_holds(publisher: Publisher, delay: str, pause: float, gap: float) -> None:
    publisher.say("/robots.txt", robots(f"User-agent: *\nCrawl-delay: {delay}\n"))
    fetch = publisher.fetcher().session(Recording())
    for _ in range(2):
        fetch(publisher.url + "/press/a", pause_seconds=pause)
    first, second = (seen.second for seen in publisher.seen if seen.path == "/press/a")
    assert second - first == pytest.approx(gap)


def test_the_crawl_delay_of_another_robot_is_not_ours() -> None:
    text = b"User-agent: Other\nCrawl-delay: 20\n\nUser-agent: *\nCrawl-delay: 3\n"
    assert parse_rules(text, "Servanda").crawl_delay == 3


# --- hostile files ------------------------------------------------------------------------------


def many_agents_and_rules() -> bytes:
    agents = "".join(f"User-agent: a{n}\n" for n in range(15_000))
    return (agents + "Disallow: /x\n" * 15_000).encode()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(many_agents_and_rules(), id="agents times rules"),
        pytest.param(b"User-agent: *\nDisallow: /" + b"*a" * 200_000, id="one pattern of wildcards"),
        pytest.param(b"User-agent: *\n" + b"Disallow: /*a*a*a*b\n" * 20_000, id="many patterns of wildcards"),
        pytest.param(b"\n" * 10_000_000, id="much of nothing"),
    ],
)
def test_a_hostile_file_costs_little(text: bytes) -> None:
    begun = time.process_time()
    rules = parse_rules(text, "Servanda")
    rules.refusal("https://www.agency.example/" + "a" * 1500)
    assert time.process_time() - begun < 2
