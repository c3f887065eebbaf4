"""One request and its response, bounded in time and size: the only module that opens a socket to a publisher.

Connections go only to public addresses. The address that was checked is the one connected to (``ssrfguard``
pins it), so that neither another spelling, nor a redirect, nor a name that changes its address between check
and connection leads into a private network. ``allow_hosts`` exempts exact host:port pairs, and nothing else
of that host.

TLS is always verified, against certifi's roots or, in their stead, ``ca_bundle`` (a file or folder in PEM, as
``REQUESTS_CA_BUNDLE`` names one). Neither proxies, nor netrc, nor cookies are used, and the environment is
not read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urldefrag, urlsplit

import requests
from ssrfguard import Policy, Resolver, SSRFGuardError

from scrapers.deadline import PATIENCE, Patience, PatientAdapter
from scrapers.decoding import decoded
from scrapers.exchange import Exchange, Headers, ScrapeError, Unreachable
from scrapers.failures import WIRE_ERRORS, name_failure, plain
from scrapers.pacing import Clock
from scrapers.resolving import PatientResolver

PIECE_BYTES = 1 << 16
LONGEST_URL = 2000
LONGEST_HEADER = 1 << 16
EVERYWHERE = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one exchange. Seconds and bytes.

    ``total_seconds`` runs from the start of an exchange; a connection attempt ends by ``connect_seconds``
    for each of at most four addresses, and so does the look-up of a name.
    """

    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    max_wire_bytes: int = 20 * 2**20
    max_body_bytes: int = 50 * 2**20


@dataclass(frozen=True, slots=True)
class Answer:
    """An exchange, and why it is of no use: None where a response came whole, whatever its status."""

    exchange: Exchange
    error: ScrapeError | None = None


@dataclass(slots=True)
class _Arrival:
    """What was sent, and what has come so far."""

    url: str
    sent: Headers
    at: datetime
    response: requests.Response | None = None
    wire: bytearray = field(default_factory=bytearray)
    body: bytes = b""

    def exchange(self, seconds: float, error: ScrapeError | None) -> Exchange:
        """Everything as a fact. The body is empty unless it came whole: a half proves nothing."""
        response, body = self.response, self.body
        return Exchange(
            url=self.url,
            final_url=self.url,
            request_headers=self.sent,
            status=None if response is None else response.status_code,
            reason="" if response is None else plain(response.reason or ""),
            headers=() if response is None else _received_headers(response),
            wire=bytes(self.wire),
            body=body,
            sha256=hashlib.sha256(body).hexdigest(),
            at=self.at,
            seconds=seconds,
            failure=None if error is None else str(error),
        )


class Transport:
    """Sends single GET requests; thread-safe. ``resolver`` stands in for ``socket.getaddrinfo``."""

    def __init__(
        self,
        *,
        clock: Clock,
        limits: Limits,
        allow_hosts: frozenset[tuple[str, int]] = frozenset(),
        ca_bundle: Path | None = None,
        resolver: Resolver | None = None,
    ) -> None:
        if ca_bundle is not None and not ca_bundle.exists():
            raise ValueError(f"no CA certificates at {ca_bundle}; valid: a PEM file or a folder of them")
        self._clock = clock
        self._limits = limits
        self._verify: bool | str = True if ca_bundle is None else str(ca_bundle)
        patient = PatientResolver(resolver, limits.connect_seconds)
        self._public = PatientAdapter(policy=Policy(), resolver=patient)
        self._exempt = {
            (host.lower(), port): PatientAdapter(policy=_exempting(host, port), resolver=patient)
            for host, port in allow_hosts
        }

    def close(self) -> None:
        """Close the connections that are kept alive."""
        for adapter in (self._public, *self._exempt.values()):
            adapter.close()

    def refuses(self, url: str) -> bool:
        """Whether the address alone, before any look-up, shows that no connection will be made."""
        try:
            self._adapter(url).policy.check_url(url)
        except SSRFGuardError:
            return True
        return False

    def get(self, url: str, headers: Mapping[str, str]) -> Answer:
        """Send one request. Redirects are not followed; nothing is raised for what goes wrong on the wire."""
        begun = self._clock.monotonic()
        patience = Patience(self._clock, self._limits.read_seconds, begun + self._limits.total_seconds)
        arrival = _Arrival(_recordable(url), tuple(headers.items()), self._clock.now())
        error: ScrapeError | None = None
        token = PATIENCE.set(patience)
        try:
            self._receive(url, headers, arrival)
        except ScrapeError as failure:
            error = failure
        except WIRE_ERRORS as failure:
            error = name_failure(failure, too_slow=patience.is_over)
        finally:
            PATIENCE.reset(token)
        return Answer(arrival.exchange(self._clock.monotonic() - begun, error), error)

    def _receive(self, url: str, headers: Mapping[str, str], arrival: _Arrival) -> None:
        """Send, read the whole body, decode it. What has come is in ``arrival`` even if this raises.

        The adapter is called directly: a session would read a redirect's body without any bound.
        """
        self._adapter(url).policy.check_url(url)
        prepared = requests.Request("GET", urldefrag(url).url, headers=dict(headers)).prepare()
        target = prepared.url or url
        adapter = self._adapter(target)
        adapter.policy.check_url(target)
        arrival.url, arrival.sent = target, (("Host", urlsplit(target).netloc), *arrival.sent)
        timeout = (self._limits.connect_seconds, self._limits.read_seconds)
        with closing(adapter.send(prepared, stream=True, timeout=timeout, verify=self._verify)) as response:
            arrival.response = response
            self._read_body(response, arrival.wire)
        if arrival.wire:
            coding = response.headers.get("Content-Encoding", "")
            arrival.body = decoded(bytes(arrival.wire), coding, self._limits.max_body_bytes)

    def _read_body(self, response: requests.Response, wire: bytearray) -> None:
        limit = self._limits.max_wire_bytes
        stated = response.headers.get("Content-Length", "")
        if re.fullmatch(r"\d{1,18}", stated) and int(stated) > limit:
            raise Unreachable("too_large", f"the response states {stated} bytes, {limit} are allowed")
        while piece := response.raw.read1(PIECE_BYTES, decode_content=False):
            wire += piece
            if len(wire) > limit:
                raise Unreachable("too_large", f"the response has more than {limit} bytes")

    def _adapter(self, url: str) -> PatientAdapter:
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


def _received_headers(response: requests.Response) -> Headers:
    """All header lines in order, repeated ones too, each as one line."""
    return tuple((plain(name), plain(value, LONGEST_HEADER)) for name, value in response.raw.headers.items())


def _recordable(url: str) -> str:
    """An address that could not be sent, as one bounded line of ASCII."""
    return quote(url[:LONGEST_URL], safe="%/:?#[]@!$&'()*+,;=~", errors="replace")
