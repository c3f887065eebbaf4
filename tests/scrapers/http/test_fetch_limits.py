"""Bounds in time and size: nothing a server sends makes an exchange long or large."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from support.http_publisher import FakeClock, Publisher, Reply

from servanda.network.deadline import Deadline
from servanda.scrapers.exchange import Unreachable
from servanda.scrapers.http.decoding import MOST_MEMBERS, decode_body
from servanda.scrapers.http.transport import ExchangeLimits

SMALL = ExchangeLimits(max_wire_bytes=1000, max_body_bytes=5000)
SHORT = ExchangeLimits(read_seconds=0.3, total_seconds=0.4)


class RunningClock(FakeClock):
    """The machine's time, for tests of how long a response may take; pauses between requests take none."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher().running() as running:
        yield running


def endless(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    while True:
        handler.wfile.write(b"x" * 4096)


def endless_chunks(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        handler.wfile.write(b"10\r\n" + b"x" * 16 + b"\r\n")


def plain(size: int) -> Reply:
    return Reply(200, b"x" * size)


def packed(size: int, coding: str = "gzip") -> Reply:
    pack = gzip.compress if coding == "gzip" else zlib.compress
    return Reply(200, pack(b"x" * size), {"Content-Encoding": coding})


@pytest.mark.parametrize(
    "answer, outcome",
    [
        (plain(1000), 200),
        (plain(1001), "too_large"),
        (Reply(200, b"", {"Content-Length": "1001"}), "too_large"),
        (endless, "too_large"),
        (endless_chunks, "too_large"),
        (packed(5000), 200),
        (packed(5001), "bomb"),
        (packed(900_000), "bomb"),
        (packed(5000, "deflate"), 200),
        (packed(5001, "deflate"), "bomb"),
        (Reply(200, b"not gzip at all", {"Content-Encoding": "gzip"}), "bad_encoding"),
        (Reply(200, gzip.compress(b"x" * 500)[:-9], {"Content-Encoding": "gzip"}), "bad_encoding"),
        (Reply(200, gzip.compress(b"x")[:5], {"Content-Encoding": "gzip"}), "bad_encoding"),
        (Reply(200, b"x", {"Content-Encoding": "br"}), "bad_encoding"),
        (Reply(200, gzip.compress(b"x"), {"Content-Encoding": "gzip, gzip"}), "bad_encoding"),
    ],
)
def test_a_body_is_bounded_as_transferred_and_as_decoded(
    publisher: Publisher, answer: Any, outcome: int | str
) -> None:
    result, recording = publisher.get(publisher.say("/a", answer), limits=SMALL)
    last = recording.exchanges[-1]
    assert publisher.paths == ["/a"], "trying again cannot help"
    assert last.status == 200
    if outcome == 200:
        assert result == last
        assert last.failure is None
    else:
        assert (type(result), result.kind) == (Unreachable, outcome)
        assert last.body == b""
        assert last.failure == str(result)
    assert len(last.wire) <= SMALL.max_wire_bytes + (1 << 16)


@pytest.mark.parametrize("status", [302, 404, 503])
def test_the_body_of_any_status_is_bounded(publisher: Publisher, status: int) -> None:
    bomb = gzip.compress(b"x" * 900_000)
    headers = {"Content-Encoding": "gzip", "Location": "/b"}
    failure, _ = publisher.get(publisher.say("/a", Reply(status, bomb, headers)), limits=SMALL)
    assert failure.kind == "bomb"
    assert publisher.paths == ["/a"]


def test_an_empty_body_needs_no_decoding(publisher: Publisher) -> None:
    exchange, _ = publisher.get(publisher.say("/a", Reply(200, b"", {"Content-Encoding": "gzip"})))
    assert (exchange.wire, exchange.body) == (b"", b"")


def test_a_deflated_body_may_inflate_to_the_limit_exactly_over_many_steps() -> None:
    size = (1 << 18) * 3
    wire = zlib.compress(b"\0" * size)
    assert len(decode_body(wire, "deflate", size)) == size
    with pytest.raises(Unreachable, match="bomb"):
        decode_body(wire, "deflate", size - 1)


@pytest.mark.parametrize("members, fits", [(MOST_MEMBERS, True), (MOST_MEMBERS + 1, False), (50_000, False)])
def test_the_number_of_gzip_members_is_bounded(members: int, fits: bool) -> None:
    wire = gzip.compress(b"") * members
    if fits:
        assert decode_body(wire, "gzip", 10) == b""
    else:
        with pytest.raises(Unreachable, match="bad_encoding"):
            decode_body(wire, "gzip", 10)


def drip(before: bytes, piece: bytes) -> Callable[[Any], None]:
    """Send ``before``, then ``piece`` every 20 ms for as long as someone listens."""

    def send(handler: Any) -> None:
        handler.wfile.write(before)
        for _ in range(500):
            handler.wfile.write(piece)
            time.sleep(0.02)

    return send


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(drip(OK + b"Content-Length: 9999\r\n\r\n", b"x"), id="body"),
        pytest.param(drip(OK + b"Connection: close\r\n\r\n", b"x"), id="body without length"),
        pytest.param(drip(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"), id="chunks"),
        pytest.param(drip(OK + b"Transfer-Encoding: chunked\r\n\r\n1", b"0"), id="length of a chunk"),
        pytest.param(drip(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"T: x\r\n"), id="trailers"),
        pytest.param(drip(OK + b"X: ", b"x"), id="a header"),
        pytest.param(drip(b"HTTP/1.1 200 ", b"x"), id="the status line"),
        pytest.param(drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), id="interim responses"),
    ],
)
def test_a_drip_ends_at_the_total_time(answer: Any) -> None:
    with Publisher(RunningClock()).running() as publisher:
        begun = time.monotonic()
        failure, recording = publisher.get(publisher.say("/a", answer), limits=SHORT)
        assert (type(failure), failure.kind) == (Unreachable, "too_slow")
        assert publisher.paths == ["/a"], "trying again would take as long"
        assert 0.3 < time.monotonic() - begun < 3
        assert recording.exchanges[-1].seconds == pytest.approx(0.4, abs=0.3)


def test_silence_ends_at_the_total_time_too() -> None:
    def fall_silent(handler: Any) -> None:
        handler.wfile.write(OK)
        handler.rfile.read(1)

    with Publisher(RunningClock()).running() as publisher:
        limits = ExchangeLimits(read_seconds=60, total_seconds=0.3)
        begun = time.monotonic()
        failure, _ = publisher.get(publisher.say("/a", fall_silent), limits=limits)
    assert (type(failure), failure.kind) == (Unreachable, "too_slow")
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    "passed, timeout", [(0, 20), (39, 20), (41, 19), (59.5, 0.5), (60, None), (61, None)]
)
def test_a_read_waits_no_longer_than_the_time_that_is_left(passed: float, timeout: float | None) -> None:
    clock = FakeClock()
    deadline = Deadline(clock.monotonic, read_seconds=20).allow(60)
    clock.sleep(passed)
    assert deadline.is_over is (timeout is None)
    if timeout is None:
        with pytest.raises(TimeoutError):
            deadline.left()
    else:
        assert deadline.left() == timeout


@pytest.mark.parametrize("before, status", [(b"", None), (OK + b"Content-Length: 9\r\n\r\nhalf", 200)])
def test_silence_is_a_timeout_and_tried_again(before: bytes, status: int | None) -> None:
    def fall_silent(handler: Any) -> None:
        handler.wfile.write(before)
        handler.rfile.read(1)

    limits = ExchangeLimits(read_seconds=0.1, total_seconds=30)
    with Publisher(RunningClock()).running() as publisher:
        failure, recording = publisher.get(publisher.say("/a", fall_silent), limits=limits)
    assert (type(failure), failure.kind) == (Unreachable, "timeout")
    assert [exchange.status for exchange in recording.exchanges[1:]] == [status] * 3


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"X: " + b"x" * 70_000 + b"\r\n", id="a long header"),
        pytest.param(b"".join(b"X-%d: x\r\n" % n for n in range(150)), id="many headers"),
    ],
)
def test_headers_are_bounded(publisher: Publisher, head: bytes) -> None:
    def send(handler: Any) -> None:
        handler.wfile.write(OK + head + b"Content-Length: 0\r\n\r\n")

    failure, recording = publisher.get(publisher.say("/a", send))
    assert (type(failure), failure.kind) == (Unreachable, "disconnected")
    assert recording.exchanges[-1].status is None
