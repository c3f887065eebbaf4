"""Who is let in to the desk: a browser on this machine, and nobody through a proxy.

The desk has no log-in, so it shows itself only where none is needed. What a proxy hands on comes from this
machine too, so three more things are asked: that no header speaks of a proxy, that the request names this
machine as its host (which also stops pages that rebind a name of theirs to 127.0.0.1), and, where the pages
for watchers are reached through a proxy, that it came in at a port of the desk's own.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

FORWARDING = frozenset(
    {
        "forwarded",
        "via",
        "x-real-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "true-client-ip",
        "cf-connecting-ip",
    }
)
"""Headers by which proxies say for whom they ask; those that begin with ``x-forwarded`` count too."""

THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Door:
    """``port``: the desk's own, None where it shares the port of all other pages."""

    port: int | None = None

    def admits(self, scope: Scope) -> bool:
        """Whether the request comes from a browser on this machine and asks for this machine."""
        server, client = scope.get("server"), scope.get("client")
        if server is None or client is None or not _is_loopback(client[0]):
            return False
        if self.port is not None and server[1] != self.port:
            return False
        headers = Headers(scope=scope)
        if any(name in FORWARDING or name.startswith("x-forwarded") for name in headers):
            return False
        return scope.get("http_version") != "1.0" and _names_this_machine(headers.get("host", ""), server[1])


def needs_own_port(public_url: str | None) -> bool:
    """Whether pages are reached from outside, so that a proxy stands before the port that they share."""
    return public_url is not None and urlsplit(public_url).hostname not in THIS_MACHINE


class GuardedDesk:
    """The desk behind its door: ``otherwise`` answers whom the door does not admit."""

    def __init__(self, desk: ASGIApp, door: Door, otherwise: ASGIApp) -> None:
        self._desk, self._door, self._otherwise = desk, door, otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        admitted = scope["type"] == "http" and self._door.admits(scope)
        await (self._desk if admitted else self._otherwise)(scope, receive, send)


def _is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


def _names_this_machine(host: str, port: int) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        return parts.hostname in THIS_MACHINE and (parts.port or 80) == port and "@" not in host
    except ValueError:
        return False
