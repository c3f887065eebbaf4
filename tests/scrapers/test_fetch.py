"""Fetching over real HTTP on loopback: what an exchange holds, tries, pauses, conditions, names of failures."""

from __future__ import annotations

import gzip
import hashlib
import socket
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from support.http_publisher import USER_AGENT, FakeClock, Publisher, Reply, hang_up

from scrapers.exchange import Blocked, Exchange, Fetch, Recording, Unreachable, Validators
from scrapers.fetch import Fetcher, Persistence, retry_after
from scrapers.pacing import Pacer

PAGE = b"<html><title>Press releases</title>" + b"<p>Joint declaration</p>" * 200 + b"</html>"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher().running() as running:
        yield running


# --- what an exchange holds ---------------------------------------------------------------------


def test_an_exchange_keeps_the_request_and_the_response(publisher: Publisher) -> None:
    url = publisher.say("/press?page=2", Reply(200, PAGE, {"Content-Type": "text/html", "X-Tag": "a"}))
    exchange, recording = publisher.get(url)
    assert exchange == recording.exchanges[-1]
    assert (exchange.url, exchange.final_url, exchange.status, exchange.reason) == (url, url, 200, "OK")
    assert exchange.body == exchange.wire == PAGE
    assert exchange.sha256 == hashlib.sha256(PAGE).hexdigest()
    assert exchange.header("x-tag") == "a"
    assert exchange.at == publisher.clock.now()
    assert exchange.failure is None
    sent = dict(exchange.request_headers)
    assert sent["Host"] == f"127.0.0.1:{publisher.port}"
    assert sent["User-Agent"] == publisher.seen[-1].headers["User-Agent"] == USER_AGENT


def test_what_is_recorded_as_sent_is_what_arrived(publisher: Publisher) -> None:
    exchange, _ = publisher.get(publisher.say("/a", Reply()))
    assert dict(exchange.request_headers) == publisher.seen[-1].headers


def test_a_fragment_is_not_sent(publisher: Publisher) -> None:
    url = publisher.say("/a", Reply())
    exchange, _ = publisher.get(url + "#top")
    assert exchange.url == url
    assert publisher.paths == ["/a"]


def test_repeated_headers_are_all_kept(publisher: Publisher) -> None:
    def twice(handler: Any) -> None:
        handler.send_response(200)
        for value in ("a=1", "b=2"):
            handler.send_header("Set-Cookie", value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    exchange, _ = publisher.get(publisher.say("/a", twice))
    assert [value for name, value in exchange.headers if name == "Set-Cookie"] == ["a=1", "b=2"]


def test_cookies_are_never_sent_back(publisher: Publisher) -> None:
    url = publisher.say("/a", Reply(200, b"x", {"Set-Cookie": "id=7; Path=/"}))
    fetch = publisher.fetcher().session(Recording())
    fetch(url, pause_seconds=0)
    fetch(url, pause_seconds=0)
    assert all("Cookie" not in seen.headers for seen in publisher.seen)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    "coding, wire",
    [
        ("gzip", gzip.compress(PAGE)),
        ("GZIP", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE)),
        ("gzip", gzip.compress(PAGE[:100]) + gzip.compress(PAGE[100:])),
        ("gzip", gzip.compress(PAGE) + b"\0\0\0padding"),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", raw_deflate(PAGE)),
        ("identity", PAGE),
        ("", PAGE),
    ],
)
def test_the_wire_is_kept_and_the_body_decoded(publisher: Publisher, coding: str, wire: bytes) -> None:
    exchange, _ = publisher.get(publisher.say("/a", Reply(200, wire, {"Content-Encoding": coding})))
    assert exchange.wire == wire
    assert exchange.body == PAGE
    assert exchange.sha256 == hashlib.sha256(PAGE).hexdigest()


def test_the_transfer_coding_is_removed(publisher: Publisher) -> None:
    def chunked(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"5\r\nJoint\r\n" + b"c;x=y\r\n declaration\r\n" + b"0\r\nTrailer: 1\r\n\r\n")

    exchange, _ = publisher.get(publisher.say("/a", chunked))
    assert exchange.wire == exchange.body == b"Joint declaration"


def test_connections_are_kept_alive_over_exchanges(publisher: Publisher) -> None:
    ports = []

    def note_port(handler: Any) -> None:
        ports.append(handler.client_address[1])
        handler.send(Reply())

    fetch = publisher.fetcher().session(Recording())
    for _ in range(3):
        fetch(publisher.say("/a", note_port), pause_seconds=0)
    assert len(set(ports)) == 1


def test_hostile_header_values_become_one_line(publisher: Publisher) -> None:
    def folded(handler: Any) -> None:
        handler.wfile.write(b"HTTP/1.1 200 fi\x1b[31mne\r\nX-A: one\r\n two\x00\r\nContent-Length: 0\r\n\r\n")

    exchange, _ = publisher.get(publisher.say("/a", folded))
    assert exchange.header("X-A") == "one two"
    assert exchange.reason == "fi [31mne"


# --- conditional requests -----------------------------------------------------------------------


def test_validators_make_the_request_conditional_and_304_is_an_answer(publisher: Publisher) -> None:
    url = publisher.say("/feed", Reply(304, b"", {"ETag": '"a"'}))
    validators = Validators('W/"a b"', "Thu, 05 Sep 2019 12:00:00 GMT")
    exchange, _ = publisher.get(url, validators=validators)
    assert (exchange.status, exchange.body, exchange.wire) == (304, b"", b"")
    sent = publisher.seen[-1].headers
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('W/"a b"', "Thu, 05 Sep 2019 12:00:00 GMT")


def test_robots_txt_is_never_asked_for_conditionally(publisher: Publisher) -> None:
    publisher.get(publisher.say("/feed", Reply()), validators=Validators(etag='"a"'))
    assert publisher.seen[0].path == "/robots.txt"
    assert "If-None-Match" not in publisher.seen[0].headers


@pytest.mark.parametrize("etag", ["", "a\r\nX: y", "ñ", "…", " lead", "trail ", "x" * 1001, "a\x00"])
def test_a_validator_that_is_no_header_value_is_not_sent(publisher: Publisher, etag: str) -> None:
    publisher.get(publisher.say("/feed", Reply()), validators=Validators(etag=etag))
    assert "If-None-Match" not in publisher.seen[-1].headers


@pytest.mark.parametrize("validators", [None, Validators(), Validators(etag="…")])
def test_304_without_a_condition_is_no_answer(publisher: Publisher, validators: Validators | None) -> None:
    failure, _ = publisher.get(publisher.say("/feed", Reply(304, b"")), validators=validators)
    assert (type(failure), failure.kind) == (Unreachable, "http_304")


# --- statuses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "status, family, tries",
    [
        (202, Unreachable, 1),
        (204, Unreachable, 1),
        (300, Unreachable, 1),
        (302, Unreachable, 1),
        (400, Unreachable, 1),
        (401, Blocked, 1),
        (403, Blocked, 1),
        (404, Unreachable, 1),
        (407, Unreachable, 1),
        (410, Unreachable, 1),
        (429, Blocked, 3),
        (451, Blocked, 1),
        (499, Unreachable, 1),
        (500, Unreachable, 3),
        (501, Unreachable, 1),
        (502, Unreachable, 3),
        (503, Unreachable, 3),
        (504, Unreachable, 3),
        (505, Unreachable, 1),
    ],
)
def test_a_status_names_its_failure(publisher: Publisher, status: int, family: type, tries: int) -> None:
    body = b"" if status == 204 else b"sorry"
    failure, recording = publisher.get(publisher.say("/a", Reply(status, body)))
    assert (type(failure), failure.kind) == (family, f"http_{status}")
    assert publisher.paths == ["/a"] * tries
    statuses = [exchange.status for exchange in recording.exchanges]
    assert statuses == [404] + [status] * tries, "robots.txt and every try are recorded"
    assert recording.exchanges[-1].body == body


# --- tries --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answers, outcome, sleeps",
    [
        ([Reply()], 200, []),
        ([Reply(503), Reply()], 200, [1.0]),
        ([Reply(503), Reply(429), Reply()], 200, [1.0, 2.0]),
        ([Reply(503), Reply(503), Reply(503), Reply()], "http_503", [1.0, 2.0]),
        ([Reply(503), Reply(404), Reply()], "http_404", [1.0]),
        ([Reply(503, headers={"Retry-After": "7"}), Reply()], 200, [7.0]),
        ([Reply(503, headers={"Retry-After": "0"}), Reply()], 200, [1.0]),
        ([Reply(503, headers={"Retry-After": "60"}), Reply()], 200, [60.0]),
        ([Reply(503, headers={"Retry-After": "61"}), Reply()], "http_503", []),
        ([Reply(429, headers={"Retry-After": "3600"}), Reply()], "http_429", []),
        ([Reply(503, headers={"Retry-After": "soon"}), Reply()], 200, [1.0]),
        ([Reply(403, headers={"Retry-After": "1"}), Reply()], "http_403", []),
    ],
)
def test_tries_and_their_pauses(
    publisher: Publisher, answers: list[Reply], outcome: int | str, sleeps: list[float]
) -> None:
    result, _ = publisher.get(publisher.say("/a", *answers))
    assert (result.status if isinstance(result, Exchange) else result.kind) == outcome
    assert publisher.clock.sleeps == sleeps
    assert len(publisher.paths) == len(sleeps) + 1


def test_what_a_publisher_asked_for_is_in_the_reason(publisher: Publisher) -> None:
    failure, _ = publisher.get(publisher.say("/a", Reply(429, headers={"Retry-After": "3600"})))
    assert "Retry-After: 3600" in failure.reason


def stop_early(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    handler.close_connection = True


def break_chunk(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf")
    handler.close_connection = True


def talk_nonsense(handler: Any) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    handler.close_connection = True


@pytest.mark.parametrize(
    "answer, kind, status, wire",
    [
        (hang_up, "disconnected", None, b""),
        (talk_nonsense, "disconnected", None, b""),
        (stop_early, "truncated", 200, b"half"),
        (break_chunk, "truncated", 200, b"half"),
    ],
)
def test_a_broken_response_is_tried_again_and_named(
    publisher: Publisher, answer: Any, kind: str, status: int | None, wire: bytes
) -> None:
    failure, recording = publisher.get(publisher.say("/a", answer))
    assert (type(failure), failure.kind) == (Unreachable, kind)
    assert publisher.paths == ["/a"] * 3
    last = recording.exchanges[-1]
    assert (last.status, last.wire, last.body) == (status, wire, b"")
    assert last.failure is not None
    assert last.failure.startswith(kind)
    assert last.sha256 == hashlib.sha256(b"").hexdigest()


def test_a_broken_response_can_be_followed_by_a_whole_one(publisher: Publisher) -> None:
    exchange, recording = publisher.get(publisher.say("/a", hang_up, stop_early, Reply(200, PAGE)))
    assert exchange.body == PAGE
    assert [e.failure is None for e in recording.exchanges] == [True, False, False, True]


def test_a_closed_port_is_refused(publisher: Publisher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    failure, recording = publisher.get(
        f"http://127.0.0.1:{port}/a", allow_hosts=frozenset({("127.0.0.1", port)})
    )
    assert (type(failure), failure.kind) == (Unreachable, "refused")
    assert [exchange.status for exchange in recording.exchanges] == [None] * 3


def test_a_name_that_does_not_resolve_is_dns(publisher: Publisher) -> None:
    def unknown(*_: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    failure, recording = publisher.get("http://agency.example/a", resolver=unknown)
    assert (type(failure), failure.kind) == (Unreachable, "dns")
    assert [exchange.status for exchange in recording.exchanges] == [None] * 3


@pytest.mark.parametrize(
    "header, date, seconds",
    [
        (None, None, None),
        ("", None, None),
        ("120", None, 120.0),
        ("-1", None, None),
        ("1.5", None, None),
        ("9" * 10, None, None),
        ("Thu, 05 Sep 2019 12:00:30 GMT", None, 30.0),
        ("Thu, 05 Sep 2019 11:59:00 GMT", None, 0.0),
        ("Thu, 05 Sep 2019 12:00:30 GMT", "Thu, 05 Sep 2019 12:00:20 GMT", 10.0),
        ("Thu, 05 Sep 2019 12:00:30", "Thu, 05 Sep 2019 12:00:20 GMT", None),
        ("Thu, 45 Sep 2019 12:00:30 GMT", None, None),
    ],
)
def test_retry_after_is_read_by_the_publishers_clock(
    header: str | None, date: str | None, seconds: float | None
) -> None:
    headers = tuple((n, v) for n, v in (("Retry-After", header), ("Date", date)) if v is not None)
    now = datetime(2019, 9, 5, 12, 0, tzinfo=UTC)
    exchange = Exchange("u", "u", (), 503, "", headers, b"", b"", "", now, 0.0)
    assert retry_after(exchange, now) == seconds


# --- pauses -------------------------------------------------------------------------------------


def test_starts_of_requests_to_one_host_lie_apart(publisher: Publisher) -> None:
    publisher.say("/robots.txt", Reply(404))
    fetch = publisher.fetcher().session(Recording())
    for path in ("/a", "/b", "/c"):
        fetch(publisher.say(path, Reply()), pause_seconds=5)
    assert [seen.second for seen in publisher.seen] == [0, 5, 10, 15]


def test_pauses_hold_over_sessions_and_tries_and_redirects(publisher: Publisher) -> None:
    fetcher = publisher.fetcher()
    url = publisher.say("/a", Reply(503), Reply(301, b"", {"Location": "/b"}))
    publisher.say("/b", Reply())
    fetcher.session(Recording())(url, pause_seconds=5)
    fetcher.session(Recording())(publisher.url + "/b", pause_seconds=3)
    assert [(seen.path, seen.second) for seen in publisher.seen] == [
        ("/robots.txt", 0), ("/a", 5), ("/a", 10), ("/b", 15), ("/b", 18)
    ]  # fmt: skip


@pytest.mark.parametrize("idle, start", [(0, 5.0), (4.9, 5.0), (5, 5.0), (5.1, 5.1)])
def test_time_that_has_passed_counts_for_the_pause(idle: float, start: float) -> None:
    clock = FakeClock()
    pacer = Pacer(clock)
    pacer.wait("a.example", 5)
    clock.sleep(idle)
    pacer.wait("a.example", 5)
    assert clock.monotonic() == pytest.approx(start)
    pacer.wait("b.example", 5)
    assert clock.monotonic() == pytest.approx(start), "hosts do not wait for each other"


def test_threads_book_different_starts() -> None:
    class Ledger(FakeClock):
        """Sleeping takes no time here: what counts is which start each thread was given."""

        def sleep(self, seconds: float) -> None:
            self.sleeps.append(seconds)

    clock = Ledger()
    pacer = Pacer(clock)
    threads = [threading.Thread(target=pacer.wait, args=("a.example", 2)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(clock.sleeps) == [2.0 * n for n in range(1, 10)]


# --- the fetcher itself -------------------------------------------------------------------------


@pytest.mark.parametrize("agent", ["", "Servanda/0.1\r\nX: y", "Servanda/0.1 (señor)", " Servanda", "1"])
def test_a_user_agent_that_is_none_is_refused(agent: str) -> None:
    with pytest.raises(ValueError, match="is no User-Agent"):
        Fetcher(user_agent=agent, clock=FakeClock())


def test_a_fetcher_satisfies_the_contract_of_readers(publisher: Publisher) -> None:
    fetch: Fetch = publisher.fetcher(persistence=Persistence(tries=1)).session(Recording())
    with pytest.raises(Unreachable, match="http_500"):
        fetch(publisher.say("/a", Reply(500)), pause_seconds=0)
    assert publisher.paths == ["/a"]
