"""A total time for a step, kept at the socket: every single read ends with it.

Timeouts of sockets and HTTP libraries bound one read. A server that sends a byte now and then, in the status
line, in headers, in chunk lengths or in the body, would hold its reader for ever.
"""

from __future__ import annotations

import io
import math
import socket
from typing import Any

from servanda.network.clock import Monotonic


class Deadline:
    """Until when a step may last; ``allow`` sets it anew for the next step.

    ``read_seconds`` bounds a single read besides. Without a clock each read may last as long as the step.
    """

    def __init__(self, monotonic: Monotonic | None, *, read_seconds: float = math.inf) -> None:
        self._monotonic = monotonic or (lambda: 0.0)
        self._read_seconds = read_seconds
        self._until = 0.0

    def allow(self, seconds: float) -> Deadline:
        """The step that begins now may last so long."""
        self._until = self._monotonic() + seconds
        return self

    @property
    def is_over(self) -> bool:
        return self._monotonic() >= self._until

    def left(self) -> float:
        """Seconds that the next read may take; TimeoutError where the step's time is over."""
        left = self._until - self._monotonic()
        if left <= 0:
            raise TimeoutError("the total time is over")
        return min(self._read_seconds, left)


class DeadlineStream(io.RawIOBase):
    """The bytes of a socket; the timeout is set anew before each read."""

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
