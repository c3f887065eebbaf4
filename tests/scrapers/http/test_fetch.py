"""Fetching over real HTTP on loopback: what an exchange holds, conditional requests, statuses."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from support.http_publisher import USER_AGENT, FakeClock, Publisher, Reply

from servanda.scrapers.exchange import Blocked, Fetch, Recording, Unreachable, Validators
from servanda.scrapers.http.fetch import Fetcher, RetryPolicy

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
    assert sent["Accept"] == "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"


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


# --- the fetcher itself -------------------------------------------------------------------------


@pytest.mark.parametrize("agent", ["", "Servanda/0.1\r\nX: y", "Servanda/0.1 (señor)", " Servanda", "1"])
def test_a_user_agent_that_is_none_is_refused(agent: str) -> None:
    with pytest.raises(ValueError, match="is no User-Agent"):
        Fetcher(user_agent=agent, clock=FakeClock())


def test_a_fetcher_satisfies_the_contract_of_readers(publisher: Publisher) -> None:
    fetch: Fetch = publisher.fetcher(persistence=RetryPolicy(tries=1)).session(Recording())
    with pytest.raises(Unreachable, match="http_500"):
        fetch(publisher.say("/a", Reply(500)), pause_seconds=0)
    assert publisher.paths == ["/a"]
