"""One request to a publisher and its response, bounded in time and size, as an exchange to be kept.

Which addresses are admitted, and how TLS is verified: ``network.guarded``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

import requests
from ssrfguard import Resolver

from servanda.network.clock import Clock
from servanda.network.deadline import Deadline
from servanda.network.guarded import GuardedClient
from servanda.scrapers.exchange import Exchange, Headers, ScrapeError, Unreachable
from servanda.scrapers.failures import WIRE_ERRORS, name_failure, sanitise_detail
from servanda.scrapers.http.decoding import decode_body

PIECE_BYTES = 1 << 16
LONGEST_URL = 2000
LONGEST_HEADER = 1 << 16


@dataclass(frozen=True, slots=True)
class ExchangeLimits:
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
class TransportResult:
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
            reason="" if response is None else sanitise_detail(response.reason or ""),
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
        limits: ExchangeLimits,
        allow_hosts: frozenset[tuple[str, int]] = frozenset(),
        ca_bundle: Path | None = None,
        resolver: Resolver | None = None,
    ) -> None:
        self._clock = clock
        self._limits = limits
        self._client = GuardedClient(
            connect_seconds=limits.connect_seconds,
            allow_hosts=allow_hosts,
            ca_bundle=ca_bundle,
            resolver=resolver,
        )

    def close(self) -> None:
        """Close the connections that are kept alive."""
        self._client.close()

    def refuses(self, url: str) -> bool:
        """Whether the address alone, before any look-up, shows that no connection will be made."""
        return self._client.refuses(url)

    def get(self, url: str, headers: Mapping[str, str]) -> TransportResult:
        """Send one request. Redirects are not followed; nothing is raised for what goes wrong on the wire."""
        begun = self._clock.monotonic()
        deadline = Deadline(self._clock.monotonic, read_seconds=self._limits.read_seconds)
        deadline.allow(self._limits.total_seconds)
        arrival = _Arrival(_recordable(url), tuple(headers.items()), self._clock.now())
        error: ScrapeError | None = None
        try:
            self._receive(url, headers, arrival, deadline)
        except ScrapeError as failure:
            error = failure
        except WIRE_ERRORS as failure:
            error = name_failure(failure, too_slow=deadline.is_over)
        return TransportResult(arrival.exchange(self._clock.monotonic() - begun, error), error)

    def _receive(self, url: str, headers: Mapping[str, str], arrival: _Arrival, deadline: Deadline) -> None:
        """Send, read the whole body, decode it. What has come is in ``arrival`` even if this raises."""
        prepared = self._client.prepare("GET", url, headers)
        arrival.url = prepared.url or url
        arrival.sent = (("Host", urlsplit(arrival.url).netloc), *arrival.sent)
        with self._client.send(prepared, deadline) as response:
            arrival.response = response
            self._read_body(response, arrival.wire)
        if arrival.wire:
            coding = response.headers.get("Content-Encoding", "")
            arrival.body = decode_body(bytes(arrival.wire), coding, self._limits.max_body_bytes)

    def _read_body(self, response: requests.Response, wire: bytearray) -> None:
        limit = self._limits.max_wire_bytes
        stated = response.headers.get("Content-Length", "")
        if re.fullmatch(r"\d{1,18}", stated) and int(stated) > limit:
            raise Unreachable("too_large", f"the response states {stated} bytes, {limit} are allowed")
        while piece := response.raw.read1(PIECE_BYTES, decode_content=False):
            wire += piece
            if len(wire) > limit:
                raise Unreachable("too_large", f"the response has more than {limit} bytes")


def _received_headers(response: requests.Response) -> Headers:
    """All header lines in order, repeated ones too, each as one line."""
    return tuple(
        (sanitise_detail(name), sanitise_detail(value, LONGEST_HEADER))
        for name, value in response.raw.headers.items()
    )


def _recordable(url: str) -> str:
    """An address that could not be sent, as one bounded line of ASCII."""
    return quote(url[:LONGEST_URL], safe="%/:?#[]@!$&'()*+,;=~", errors="replace")
