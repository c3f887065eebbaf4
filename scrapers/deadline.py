"""A total time for a response, kept at the socket: every single read ends with it.

Timeouts of HTTP libraries bound one read. A publisher (or someone in its place) that sends a byte now and
then, in the status line, in headers, in chunk lengths or in the body, would hold a reader for ever.
"""

from __future__ import annotations

import http.client
import io
import socket
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from ssrfguard.requests import SafeAdapter

from scrapers.pacing import Clock


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait: for one read (seconds), and until when in all (the clock's monotonic time)."""

    clock: Clock
    read_seconds: float
    until: float

    @property
    def is_over(self) -> bool:
        return self.clock.monotonic() >= self.until

    def for_next_read(self) -> float:
        """The timeout of the next read in seconds; TimeoutError where the total time is over."""
        left = self.until - self.clock.monotonic()
        if left <= 0:
            raise TimeoutError("the total time is over")
        return min(self.read_seconds, left)


PATIENCE: ContextVar[Patience] = ContextVar("patience")
"""That of the exchange under way in this thread; connections outlive exchanges, so it cannot lie on them."""


class _PatientStream(io.RawIOBase):
    """The bytes of a socket; the timeout is set anew before each read."""

    def __init__(self, sock: socket.socket, patience: Patience) -> None:
        self._sock = sock
        self._patience = patience
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._patience.for_next_read())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _PatientResponse(http.client.HTTPResponse):
    """What the connection reads its status line, headers and body with."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_PatientStream(sock, PATIENCE.get()))


class PatientAdapter(SafeAdapter):
    """Connects only to addresses that its policy admits, and reads only within ``PATIENCE``.

    ``response_class`` is the seam that ``http.client`` offers; the guard makes its connection classes anew
    for each adapter, so that nothing outside it is changed.
    """

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        pools: dict[str, Any] = self.poolmanager.pool_classes_by_scheme
        for pool in pools.values():
            pool.ConnectionCls.response_class = _PatientResponse
