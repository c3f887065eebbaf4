"""A name server that does not answer holds nobody for long."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from threading import Event
from time import perf_counter
from typing import Any

import pytest
from support.http_publisher import Publisher, Reply

from servanda.network.resolver import MOST_LEFT, BoundedResolver
from servanda.scrapers.exchange import Recording, Unreachable
from servanda.scrapers.http.transport import ExchangeLimits


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher().running() as running:
        yield running


def test_a_look_up_that_hangs_ends_in_time(publisher: Publisher) -> None:
    """What hangs is left behind; the next name is looked up all the same."""
    release = Event()

    def hanging(host: str, port: int, *rest: Any) -> Any:
        if host == "agency.example":
            release.wait(30)
        return socket.getaddrinfo(host, port, *rest)

    publisher.say("/a", Reply())
    fetcher = publisher.fetcher(resolver=hanging, limits=ExchangeLimits(connect_seconds=0.05))
    recording = Recording()
    fetch = fetcher.session(recording)
    begun = perf_counter()
    with pytest.raises(Unreachable) as caught:
        fetch("http://agency.example/a", pause_seconds=0)
    assert (caught.value.kind, perf_counter() - begun < 10) == ("dns", True)
    assert "no answer in 0.05 seconds" in caught.value.reason
    assert fetch(f"{publisher.url}/a", pause_seconds=0).status == 200
    release.set()


def test_look_ups_that_hang_are_bounded() -> None:
    release, begun = Event(), []

    def hanging(host: str) -> Any:
        begun.append(host)
        release.wait(30)
        return ["an answer"]

    resolve = BoundedResolver(hanging, 0.01)
    for n in range(MOST_LEFT):
        with pytest.raises(socket.gaierror, match="no answer in"):
            resolve(f"{n}.example")
    with pytest.raises(socket.gaierror, match="hang already"):
        resolve("one-more.example")
    assert len(begun) == MOST_LEFT
    release.set()
    patient = BoundedResolver(lambda host: [host], 5)
    assert [patient(str(n)) for n in range(2 * MOST_LEFT)] == [[str(n)] for n in range(2 * MOST_LEFT)]
