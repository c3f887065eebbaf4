"""Time as it is handed to whatever waits, and the pauses we owe a publisher."""

from __future__ import annotations

from threading import Lock

from servanda.network.clock import Clock


class Pacer:
    """Keeps the starts of requests to one host apart, over all threads that share it.

    A host is a name without its port. A caller books the next free start and sleeps until then
    without holding the lock, so that one slow host never delays another.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._last_start: dict[str, float] = {}

    def wait(self, host: str, pause_seconds: float) -> None:
        """Return when a request to ``host`` may start: ``pause_seconds`` after the start before it."""
        with self._lock:
            now = self._clock.monotonic()
            last = self._last_start.get(host)
            start = now if last is None else max(now, last + pause_seconds)
            self._last_start[host] = start
        if start > now:
            self._clock.sleep(start - now)
