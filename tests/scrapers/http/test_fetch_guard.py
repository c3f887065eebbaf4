"""No connection to a private address, however it is written and whichever way it is reached."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import IPv4Network
from typing import Any

import pytest
from ssrfguard import Policy
from support.http_publisher import FakeClock, Publisher, Reply

from servanda.network.guarded import GuardedAdapter
from servanda.scrapers.exchange import Blocked, Exchange, Recording
from servanda.scrapers.http.transport import ExchangeLimits, Transport


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher().running() as running:
        yield running


FORBIDDEN = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001",
    "127.255.255.254", "①②⑦.0.0.1", "localhost", "LOCALHOST",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]", "[::127.0.0.1]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[::]",
    "0.0.0.0", "0", "169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "[::ffff:a9fe:a9fe]",
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "198.18.0.1",
    "224.0.0.1", "255.255.255.255", "240.0.0.1",
    "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "0xa9.254.43518", "169.254.43518", "[::a9fe:a9fe]",
    "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::a9fe:a9fe]", "[2002:a9fe:a9fe::]", "[2002:a00:1::1]", "[2001:0:a9fe:a9fe::1]",
    "[2001:db8::1]", "[ff02::1]", "[fec0::1]", "[100::1]", "127.0.0.1.",
]  # fmt: skip


@pytest.mark.parametrize("host", FORBIDDEN)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_special_address_is_refused_in_every_spelling(publisher: Publisher, host: str, scheme: str) -> None:
    failure, recording = publisher.get(f"{scheme}://{host}/latest/meta-data/", allow_hosts=frozenset())
    assert (type(failure), failure.kind) == (Blocked, "forbidden_address")
    assert len(recording.exchanges) == 1, "refused once, not tried again"
    [exchange] = recording.exchanges
    assert (exchange.status, exchange.wire) == (None, b"")
    assert exchange.failure is not None
    assert exchange.failure.startswith("forbidden_address")


@pytest.mark.parametrize("host", FORBIDDEN)
def test_the_same_spellings_are_refused_on_the_port_of_an_exempt_server(
    publisher: Publisher, host: str
) -> None:
    """The exemption is of 127.0.0.1:PORT as written, and 127.0.0.1 itself is the only one that passes."""
    result, _ = publisher.get(f"http://{host}:{publisher.port}/a")
    if host == "127.0.0.1":
        assert result.kind == "http_404"
    else:
        assert (type(result), result.kind) == (Blocked, "forbidden_address")
        assert publisher.seen == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://agency.example/",
        "gopher://agency.example/",
        "data:text/html,x",
        "//agency.example/",
        "agency.example",
        "",
        "http://",
        "http:///path",
        "http://agency.example:22/",
        "http://agency.example:99999/",
        "http://agency.example:port/",
        "http://user:secret@agency.example/",
        "http://agency.example@127.0.0.1/",
        "http://[bad/",
        "http://[::1%25lo]/",
        "http://a b/",
        "http://agency.example/\r\nHost: x",
        "http://" + "a" * 300 + ".example/",
        "http://agency.example/" + "a" * 9000,
        "http://agency..example/",
        "http://xn--\x00.example/",
        "http://\ud800.example/",
    ],
)
def test_what_is_no_public_web_address_is_refused_before_any_look_up(publisher: Publisher, url: str) -> None:
    def no_look_up(*_: Any) -> Any:
        raise AssertionError("a name was looked up")

    failure, recording = publisher.get(url, resolver=no_look_up, allow_hosts=frozenset())
    assert type(failure) is Blocked
    assert failure.kind in {"forbidden_address", "bad_url"}
    [exchange] = recording.exchanges
    assert exchange.url.isascii()
    assert not set("\r\n ") & set(exchange.url)
    assert len(exchange.url) <= 6000


def resolving_to(*addresses: str) -> Any:
    def resolve(host: str, port: int, *_: Any) -> Any:
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [
            (family[":" in a], socket.SOCK_STREAM, 6, "", (a, port, 0, 0) if ":" in a else (a, port))
            for a in addresses
        ]

    return resolve


@pytest.mark.parametrize(
    "addresses",
    [("127.0.0.1",), ("10.1.2.3",), ("::1",), ("::ffff:10.0.0.1",), ("169.254.169.254",),
     ("8.8.8.8", "127.0.0.1"), ("127.0.0.1", "8.8.8.8")],
)  # fmt: skip
def test_a_public_name_with_a_private_address_is_refused(
    publisher: Publisher, addresses: tuple[str, ...]
) -> None:
    failure, _ = publisher.get("http://www.agency.example/", resolver=resolving_to(*addresses))
    assert (type(failure), failure.kind) == (Blocked, "forbidden_address")
    assert publisher.seen == []


def test_a_name_is_looked_up_once_for_each_connection(publisher: Publisher) -> None:
    """No second look-up that could give another answer than the one that was checked."""
    looked_up: list[str] = []

    def resolve(host: str, port: int, *_: Any) -> Any:
        looked_up.append(host)
        return resolving_to("127.0.0.1")(host, port)

    hosts = frozenset({("www.agency.example", publisher.port)})
    url = f"http://www.agency.example:{publisher.port}/a"
    publisher.say("/a", Reply())
    exchange, _ = publisher.get(url, resolver=resolve, allow_hosts=hosts)
    assert exchange.status == 200
    assert looked_up == ["www.agency.example"]
    assert publisher.seen[-1].headers["Host"] == f"www.agency.example:{publisher.port}"


def test_a_name_that_turns_private_after_robots_txt_is_refused(publisher: Publisher) -> None:
    """The page's connection looks the name up anew, and what it is told then is checked."""
    answers = iter(["127.0.0.1", "169.254.169.254"])
    looked_up: list[str] = []

    def rebinding(host: str, port: int, *_: Any) -> Any:
        looked_up.append(host)
        return resolving_to(next(answers))(host, port)

    def say_and_close(handler: Any) -> None:
        handler.close_connection = True
        handler.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    publisher.say("/robots.txt", say_and_close)
    publisher.say("/a", Reply())
    name = "www.agency.example"
    recording = Recording()
    fetcher = publisher.fetcher(resolver=rebinding, allow_hosts=frozenset())
    adapter = GuardedAdapter(
        policy=Policy(
            allowed_networks=(IPv4Network("127.0.0.0/8"),), allowed_ports=frozenset({publisher.port})
        ),
        resolver=rebinding,
    )  # it admits what stands in for a public address here, and nothing else
    fetcher.transport._client._public = adapter
    with pytest.raises(Blocked) as caught:
        fetcher.session(recording)(f"http://{name}:{publisher.port}/a", pause_seconds=0)
    assert caught.value.kind == "forbidden_address"
    assert "169.254.169.254" in caught.value.reason
    assert looked_up == [name, name]
    assert publisher.paths == []
    assert [exchange.status for exchange in recording.exchanges] == [404, None]


@pytest.mark.parametrize(
    "target",
    ["http://169.254.169.254/latest/", "http://10.0.0.1/", "http://[::1]/", "http://localhost/", "//127.1/x",
     "http://127.0.0.1/other-port", "http://2130706433/", "http://127.0.0.1:1/"],
)  # fmt: skip
def test_a_redirect_to_a_private_address_is_refused(publisher: Publisher, target: str) -> None:
    url = publisher.say("/a", Reply(302, b"", {"Location": target}))
    failure, recording = publisher.get(url)
    assert type(failure) is Blocked
    assert failure.kind in {"forbidden_address", "redirected_away"}
    assert publisher.paths == ["/a"]
    if "localhost" not in target:
        assert failure.kind == "forbidden_address"
        assert recording.exchanges[-1].status is None


def test_a_redirect_of_robots_txt_to_a_private_address_is_refused(publisher: Publisher) -> None:
    publisher.say("/robots.txt", Reply(302, b"", {"Location": "http://169.254.169.254/"}))
    failure, _ = publisher.get(publisher.say("/a", Reply()))
    assert (type(failure), failure.kind) == (Blocked, "forbidden_address")
    assert publisher.paths == []


def test_an_exemption_is_of_one_port(publisher: Publisher) -> None:
    with Publisher().running() as other:
        failure, _ = publisher.get(other.say("/a", Reply()))
        assert (type(failure), failure.kind) == (Blocked, "forbidden_address")
        assert other.seen == []


def test_an_exempt_name_may_be_private_and_an_unlisted_one_on_its_port_may_not(publisher: Publisher) -> None:
    publisher.say("/a", Reply())
    names = ("intranet.example",)
    exchange, _ = publisher.get(f"http://intranet.example:{publisher.port}/a", names=names)
    assert isinstance(exchange, Exchange)
    failure, _ = publisher.get(f"http://other.example:{publisher.port}/a", names=names)
    assert (type(failure), failure.kind) == (Blocked, "forbidden_address")


def test_proxies_netrc_and_the_environment_are_not_used(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://10.0.0.1:3128")
    exchange, _ = publisher.get(publisher.say("/a", Reply()))
    assert exchange.status == 200
    assert "Authorization" not in publisher.seen[-1].headers


def test_a_response_cannot_make_the_guard_forget(publisher: Publisher) -> None:
    """After an answer of an exempt server the same fetcher still refuses the rest."""
    fetch = publisher.fetcher().session(Recording())
    fetch(publisher.say("/a", Reply()), pause_seconds=0)
    with pytest.raises(Blocked, match="forbidden_address"):
        fetch("http://127.0.0.1:1/", pause_seconds=0)


@pytest.mark.parametrize(
    "url, refused",
    [
        ("http://[::1]:8000/", False),
        ("http://[0:0:0:0:0:0:0:1]:8000/", True),
        ("http://[::1]:8001/", True),
        ("http://[::1]/", True),
        ("http://INTRANET.example:8000/", False),
        ("http://x.intranet.example:8000/", True),
        ("http://intranet.example:80/", False),
        ("http://intranet.example:22/", True),
    ],
)
def test_an_exemption_is_of_one_spelling(url: str, refused: bool) -> None:
    """A public port of an exempt name is not refused by its address; what it resolves to then decides."""
    hosts = frozenset({("::1", 8000), ("intranet.example", 8000)})
    assert Transport(clock=FakeClock(), limits=ExchangeLimits(), allow_hosts=hosts).refuses(url) is refused
