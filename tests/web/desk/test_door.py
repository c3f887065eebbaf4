from __future__ import annotations

from typing import Any

import pytest

from servanda.web.desk.door import Door, needs_own_port

HOME = ("127.0.0.1", 8765)


def request(
    host: str = "127.0.0.1:8765",
    client: str = "127.0.0.1",
    server: tuple[str, int] = HOME,
    version: str = "1.1",
    **headers: str,
) -> dict[str, Any]:
    named = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return {
        "type": "http",
        "http_version": version,
        "client": (client, 50000),
        "server": server,
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }


@pytest.mark.parametrize(
    "asked",
    [
        request(),
        request("localhost:8765"),
        request("LOCALHOST:8765"),
        request("[::1]:8765", client="::1"),
        request(client="::ffff:127.0.0.1"),
        request("localhost", server=("127.0.0.1", 80)),
    ],
)
def test_a_browser_on_this_machine_is_let_in(asked: dict[str, Any]) -> None:
    assert Door().admits(asked)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (request("evil.example:8765"), "a name that was rebound to this machine"),
        (request("127.0.0.1.evil.example:8765"), "a name that begins like this machine"),
        (request("127.0.0.1:8766"), "another port than the one it came in at"),
        (request("127.0.0.1"), "the port of the web at another port"),
        (request("user@127.0.0.1:8765"), "a name with a user"),
        (request(""), "no host"),
        (request("[::1"), "what is no host"),
        (request(client="192.0.2.7"), "another machine"),
        (request(client="::ffff:192.0.2.7"), "another machine, in the form of IPv6"),
        (request(client="testclient"), "what is no address"),
        (request(version="1.0"), "HTTP as proxies speak it by default"),
        (request(x_forwarded_for="127.0.0.1"), "a proxy that says for whom"),
        (request(x_forwarded_proto="https"), "a proxy that says by what"),
        (request(forwarded="for=127.0.0.1"), "a proxy by the standard (RFC 7239)"),
        (request(via="1.1 proxy"), "a proxy that names itself"),
        (request(x_real_ip="127.0.0.1"), "a proxy by nginx's custom"),
    ],
)
def test_nobody_else_is(asked: dict[str, Any], why: str) -> None:
    assert not Door().admits(asked), why


def test_a_door_of_its_own_opens_at_its_port_alone() -> None:
    """A proxy that hands requests on in its plainest form cannot be told from a browser, but by the port."""
    own = Door(port=8766)
    assert own.admits(request("127.0.0.1:8766", server=("127.0.0.1", 8766)))
    assert not own.admits(request())


@pytest.mark.parametrize(
    ("public_url", "needs"),
    [
        (None, False),
        ("http://localhost:8765", False),
        ("http://127.0.0.1:8765", False),
        ("https://watch.example.org", True),
        ("https://watch.example.org/servanda", True),
    ],
)
def test_where_a_proxy_stands_before_the_pages_the_desk_has_a_port_of_its_own(
    public_url: str | None, needs: bool
) -> None:
    assert needs_own_port(public_url) is needs
