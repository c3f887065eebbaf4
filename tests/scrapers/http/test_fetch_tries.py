"""How often a request is made, and when: tries, what a publisher asks for, pauses per host."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.http_publisher import FakeClock, Publisher, Reply, hang_up

from servanda.network.retry_after import retry_after
from servanda.scrapers.exchange import Exchange, Recording, Unreachable
from servanda.scrapers.pacing import Pacer

PAGE = b"<html><title>Press releases</title></html>"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher().running() as running:
        yield running


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
        ([Reply(429, headers={"Retry-After": "3600"}), Reply()], "rate_limited", []),
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
    asked = retry_after(header, datetime(2019, 9, 5, 12, 0, tzinfo=UTC), date)
    assert asked == (None if seconds is None else timedelta(seconds=seconds))


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


def test_after_an_idle_time_the_next_pause_is_whole() -> None:
    clock = FakeClock()
    pacer = Pacer(clock)
    pacer.wait("a.example", 5)
    clock.sleep(60)
    starts = []
    for _ in range(3):
        pacer.wait("a.example", 5)
        starts.append(clock.monotonic())
    assert starts == [60, 65, 70]


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
