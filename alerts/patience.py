"""A bound on waiting, kept at the socket: a step as a whole ends by its time, not only each of its reads.

Timeouts of a socket bound one read. A server that sends a byte now and then would hold a sender beyond its
lease, and another one would send the same.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from typing import Any

Monotonic = Callable[[], float]


class Deadline:
    """Until when the next step may last; each sets it anew. Without a clock each read may last so long."""

    def __init__(self, monotonic: Monotonic | None) -> None:
        self._monotonic = monotonic or (lambda: 0.0)
        self._until = 0.0

    def allow(self, seconds: float) -> None:
        self._until = self._monotonic() + seconds

    def left(self) -> float:
        """Seconds left; TimeoutError where there are none."""
        left = self._until - self._monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return left


class PatientStream(io.RawIOBase):
    """The bytes of a socket; the timeout is what is left of the step."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock, self._deadline = sock, deadline
        self._raw: Any = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._deadline.left())
        read: int | None = self._raw.readinto(buffer)
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()
