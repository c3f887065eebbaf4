"""HTTP to admitted addresses only, bounded in time: look-ups, attempts to connect, and what a server sends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import requests
from ssrfguard import SSRFGuardError
from support.http_publisher import Publisher, Reply
from support.unanswered import AddressInfo, hanging_resolver, resolving_to, unanswered_port
from urllib3.exceptions import HTTPError

from servanda.network.deadline import Deadline
from servanda.network.guarded import GuardedClient, host_of

NAME = "agency.example"
LONG = 60.0
"""Seconds that no test waits: what ends in time has ended by another bound."""


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher().running() as running:
        yield running


def client_of(
    port: int, resolver: Callable[..., list[AddressInfo]] | None = None, connect_seconds: float = LONG
) -> GuardedClient:
    """A client that may reach this port of loopback, by name too."""
    hosts = frozenset({("127.0.0.1", port), (NAME, port)})
    return GuardedClient(connect_seconds=connect_seconds, allow_hosts=hosts, resolver=resolver)


def get(client: GuardedClient, url: str, total_seconds: float = LONG) -> tuple[int, bytes]:
    """Status and body of an exchange that is given so much time."""
    deadline = Deadline(time.monotonic).allow(total_seconds)
    with client.send(client.prepare("GET", url, {}), deadline) as response:
        return response.status_code, response.raw.read(decode_content=False)


def seconds_to_fail(client: GuardedClient, url: str, total_seconds: float) -> float:
    begun = time.monotonic()
    with pytest.raises((requests.RequestException, HTTPError, OSError)):
        get(client, url, total_seconds)
    return time.monotonic() - begun


# --- time: the look-up, the attempts to connect -------------------------------------------------------


@pytest.mark.parametrize(
    "why, connect_seconds, total_seconds",
    [
        ("by the time of the exchange", LONG, 0.2),
        ("by its own time", 0.2, LONG),
        ("by the lesser of the two", 0.2, 0.3),
    ],
)
def test_a_look_up_that_hangs_ends(why: str, connect_seconds: float, total_seconds: float) -> None:
    with hanging_resolver() as resolver:
        client = client_of(80, resolver, connect_seconds)
        assert 0.15 < seconds_to_fail(client, f"http://{NAME}/", total_seconds) < 3, why


ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.6")


@pytest.mark.parametrize(
    "why, addresses, connect_seconds, total_seconds",
    [
        ("one address has its share of the time", ADDRESSES[:1], LONG, 0.4),
        ("four have the time of the exchange together", ADDRESSES[:4], LONG, 0.4),
        ("of more than four no more are tried", ADDRESSES, LONG, 0.4),
        ("each ends by its own time", ADDRESSES[:4], 0.1, LONG),
    ],
)
def test_addresses_that_do_not_answer_end(
    why: str, addresses: tuple[str, ...], connect_seconds: float, total_seconds: float
) -> None:
    with unanswered_port() as port:
        client = client_of(port, resolving_to(*addresses), connect_seconds)
        took = seconds_to_fail(client, f"http://{NAME}:{port}/", total_seconds)
    assert 0.09 * min(len(addresses), 4) < took < 3, why


def test_an_address_that_answers_is_reached_behind_those_that_do_not(publisher: Publisher) -> None:
    publisher.say("/a", Reply(200, b"it is here"))
    with unanswered_port("127.0.0.2", publisher.port), unanswered_port("127.0.0.3", publisher.port):
        client = client_of(publisher.port, resolving_to("127.0.0.2", "127.0.0.3", "127.0.0.1"))
        assert get(client, f"http://{NAME}:{publisher.port}/a", 1.2) == (200, b"it is here")


# --- time: what a server sends ------------------------------------------------------------------------


def drip(before: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    """Send ``before``, then a byte every 10 ms for as long as someone listens."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(before)
        for _ in range(500):
            handler.wfile.write(b"x")
            time.sleep(0.01)

    return send


@pytest.mark.parametrize(
    "before",
    [b"HTTP/1.1 200 ", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"],
    ids=["status line", "header", "body"],
)
def test_a_drip_of_bytes_ends(publisher: Publisher, before: bytes) -> None:
    url = publisher.say("/drip", drip(before))
    assert 0.15 < seconds_to_fail(client_of(publisher.port), url, 0.2) < 3


def test_on_a_connection_that_is_kept_alive_each_exchange_has_its_own_time(publisher: Publisher) -> None:
    ports: list[int] = []

    def note_port(handler: BaseHTTPRequestHandler) -> None:
        ports.append(handler.client_address[1])
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    def note_port_and_drip(handler: BaseHTTPRequestHandler) -> None:
        ports.append(handler.client_address[1])
        drip(b"HTTP/1.1 200 OK\r\nX: ")(handler)

    client = client_of(publisher.port)
    assert get(client, publisher.say("/a", note_port)) == (200, b"ok")
    assert seconds_to_fail(client, publisher.say("/b", note_port_and_drip), 0.2) < 3
    assert get(client, f"{publisher.url}/a") == (200, b"ok")
    assert ports[0] == ports[1] != ports[2], "one connection carried two, and was given up with the second"


# --- which addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url, is_refused",
    [
        ("https://agency.example/", False),
        ("http://agency.example:80/", False),
        ("http://8.8.8.8/", False),
        ("http://agency.example:8080/", True),
        ("ftp://agency.example/", True),
        ("http://user@agency.example/", True),
        ("http://127.0.0.1:4000/", False),
        ("http://127.0.0.1:4001/", True),
        ("http://127.0.0.1/", True),
        ("http://127.0.0.2:4000/", True),
        ("http://[::1]:4000/", True),
        ("http://Intranet.Example:4000/", False),
        ("http://intranet.example:4001/", True),
        ("http://10.0.0.1/", True),
        ("http://[bad/", True),
        ("http://agency.example:port/", True),
        ("", True),
    ],
)
def test_an_exemption_is_of_one_host_and_port(url: str, is_refused: bool) -> None:
    exempt = frozenset({("127.0.0.1", 4000), ("Intranet.example", 4000)})
    client = GuardedClient(connect_seconds=1, allow_hosts=exempt)
    assert client.refuses(url) is is_refused
    if is_refused:
        with pytest.raises(SSRFGuardError):
            client.prepare("GET", url, {})


@pytest.mark.parametrize(
    "why, addresses, is_reached",
    [
        ("a private address behind a public name", ("127.0.0.1",), False),
        ("one among others", ("8.8.8.8", "127.0.0.1"), False),
        ("a name that is exempt, wherever it leads", ("127.0.0.1",), True),
    ],
)
def test_what_a_name_resolves_to_is_checked(
    publisher: Publisher, why: str, addresses: Sequence[str], is_reached: bool
) -> None:
    exempt = frozenset({(NAME, publisher.port)}) if is_reached else frozenset()
    publisher.say("/a", Reply(200, b"it is here"))
    client = GuardedClient(connect_seconds=1, allow_hosts=exempt, resolver=resolving_to(*addresses))
    url = f"http://{NAME}:{publisher.port}/a" if is_reached else f"http://{NAME}/a"
    if is_reached:
        assert get(client, url) == (200, b"it is here"), why
        return
    with pytest.raises(SSRFGuardError):
        get(client, url)
    assert publisher.seen == [], why


def test_a_redirect_is_an_answer_like_any_other(publisher: Publisher) -> None:
    url = publisher.say("/old", Reply(302, b"moved", {"Location": "/new"}))
    assert get(client_of(publisher.port), url) == (302, b"moved")
    assert publisher.paths == ["/old"]


def test_a_fragment_is_not_sent(publisher: Publisher) -> None:
    prepared = client_of(publisher.port).prepare("GET", f"{publisher.url}/a?b=c#d", {})
    assert prepared.url == f"{publisher.url}/a?b=c"


def test_a_client_that_was_closed_can_be_used_again(publisher: Publisher) -> None:
    url = publisher.say("/a", Reply(200, b"it is here"))
    client = client_of(publisher.port)
    for _ in range(2):
        assert get(client, url) == (200, b"it is here")
        client.close()


def test_certificates_that_are_not_there_are_an_error_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no CA certificates at .*; valid: a PEM file or a folder of them"):
        GuardedClient(connect_seconds=1, ca_bundle=tmp_path / "absent.pem")


@pytest.mark.parametrize(
    "url, host",
    [
        ("https://Agency.Example/news", "agency.example"),
        ("http://agency.example:8080", "agency.example"),
        ("http://[2001:DB8::1]:80/", "2001:db8::1"),
        ("http://user:secret@agency.example/", "agency.example"),
        ("mailto:ana@agency.example", ""),
        ("http://[bad/", ""),
        ("", ""),
    ],
)
def test_the_host_of_an_address(url: str, host: str) -> None:
    assert host_of(url) == host
