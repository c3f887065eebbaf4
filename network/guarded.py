"""HTTP to admitted addresses only, bounded in time: the one module that opens HTTP connections.

Connections go to public addresses. The address that was checked is the one connected to (``ssrfguard`` pins
it), so that neither another spelling, nor a redirect, nor a name that changes its address between check and
connection leads into a private network. ``allow_hosts`` exempts exact host:port pairs, and nothing else of
that host.

TLS is always verified, against certifi's roots or, in their stead, ``ca_bundle`` (a file or folder in PEM,
as ``REQUESTS_CA_BUNDLE`` names one). Neither proxies, nor netrc, nor cookies are used, redirects are not
followed, and the environment is not read.
"""

from __future__ import annotations

import http.client
import io
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urlsplit

import requests
from ssrfguard import Policy, Resolver, SSRFGuardError
from ssrfguard.requests import SafeAdapter

from servanda.network.deadline import Deadline, DeadlineStream
from servanda.network.resolver import BoundedResolver

EVERYWHERE = ("0.0.0.0/0", "::/0")
PUBLIC = Policy()
"""Public addresses, at the usual ports of HTTP and HTTPS."""

LEAST_SECONDS = 0.001
"""What an attempt to connect gets where no time is left: it fails like any other that took too long."""

_DEADLINE: ContextVar[Deadline] = ContextVar("deadline")
"""That of the exchange under way in this thread; connections outlive exchanges, so it cannot lie on them."""


class _Response(http.client.HTTPResponse):
    """What the connection reads its status line, headers and body with."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(DeadlineStream(sock, _DEADLINE.get()))


class _Connecting:
    """Mixed into a connection class: an attempt to connect gets its share of the time that is left.

    ``timeout`` is read for a connection after the look-up, and holds for each address that is tried. It is
    read once more for the message of an attempt that took too long, so that it must not raise.
    """

    attempts: int
    response_class = _Response
    _seconds: float | None = None

    @property
    def timeout(self) -> float | None:
        deadline = _DEADLINE.get(None)
        if deadline is None:
            return self._seconds
        try:
            share = deadline.left() / self.attempts
        except TimeoutError:
            share = LEAST_SECONDS
        return share if self._seconds is None else min(self._seconds, share)

    @timeout.setter
    def timeout(self, seconds: float | None) -> None:
        self._seconds = seconds


class GuardedAdapter(SafeAdapter):
    """Connects only to addresses that its policy admits, and connects and reads only within the deadline.

    The guard makes its connection classes anew for each adapter, so that nothing outside it is changed.
    """

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        pools: dict[str, Any] = self.poolmanager.pool_classes_by_scheme
        attempts = self.policy.max_connection_attempts
        for pool in pools.values():
            bases = (_Connecting, pool.ConnectionCls)
            pool.ConnectionCls = type(pool.ConnectionCls.__name__, bases, {"attempts": attempts})


class GuardedClient:
    """Sends single requests; thread-safe. ValueError where ``ca_bundle`` does not exist.

    ``public`` admits what is not exempt. ``resolver`` stands in for ``socket.getaddrinfo``; what it answers
    is checked like any other address. A look-up and each attempt to connect end by ``connect_seconds``.
    """

    def __init__(
        self,
        *,
        connect_seconds: float,
        public: Policy = PUBLIC,
        allow_hosts: frozenset[tuple[str, int]] = frozenset(),
        ca_bundle: Path | None = None,
        resolver: Resolver | None = None,
    ) -> None:
        if ca_bundle is not None and not ca_bundle.exists():
            raise ValueError(f"no CA certificates at {ca_bundle}; valid: a PEM file or a folder of them")
        self._verify: bool | str = True if ca_bundle is None else str(ca_bundle)
        self._connect_seconds = connect_seconds
        bounded = BoundedResolver(resolver, connect_seconds, lambda: _DEADLINE.get(None))
        self._public = GuardedAdapter(policy=public, resolver=bounded)
        self._exempt = {
            (host.lower(), port): GuardedAdapter(policy=_exempting(host, port), resolver=bounded)
            for host, port in allow_hosts
        }

    def close(self) -> None:
        """Close the connections that are kept alive; the client can still be used."""
        for adapter in (self._public, *self._exempt.values()):
            adapter.close()

    def check(self, url: str) -> None:
        """Raise SSRFGuardError where the address alone shows that no connection will be made."""
        self._adapter(url).policy.check_url(url)

    def refuses(self, url: str) -> bool:
        """Whether ``check`` would raise."""
        try:
            self.check(url)
        except SSRFGuardError:
            return True
        return False

    def prepare(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> requests.PreparedRequest:
        """The request as it will be sent; its address is checked as it was written, and as it is sent."""
        self.check(url)
        prepared = requests.Request(method, urldefrag(url).url, headers=dict(headers), data=body).prepare()
        self.check(prepared.url or url)
        return prepared

    @contextmanager
    def send(self, prepared: requests.PreparedRequest, deadline: Deadline) -> Iterator[requests.Response]:
        """The response, its body unread. Raises what requests, urllib3, ``ssrfguard`` and the socket raise.

        The adapter is called directly: a session would read a redirect's body without any bound.
        """
        token = _DEADLINE.set(deadline)
        try:
            timeout = (self._connect_seconds, deadline.left())
            adapter = self._adapter(prepared.url or "")
            with closing(
                adapter.send(prepared, stream=True, timeout=timeout, verify=self._verify)
            ) as response:
                yield response
        finally:
            _DEADLINE.reset(token)

    def _adapter(self, url: str) -> GuardedAdapter:
        """That of the exempt host:port, else the one for public addresses; each checks again for itself."""
        try:
            parts = urlsplit(url)
            port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
        except ValueError:
            return self._public
        return self._exempt.get((host_of(url), port), self._public)


def host_of(url: str) -> str:
    """The host's name or address in lower case, without port; "" where there is none to be read."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _exempting(host: str, port: int) -> Policy:
    """A policy that admits one host:port: an address itself alone, a name whatever it resolves to."""
    is_literal = ":" in host or re.fullmatch(r"[\d.]+", host) is not None
    return Policy(
        allowed_networks=(host,) if is_literal else EVERYWHERE,  # type: ignore[arg-type]
        allowed_ports=frozenset({port}),
        allowed_hosts=frozenset({host}),
    )
