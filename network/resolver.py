"""The look-up of a name, within a time: the system's resolver takes none.

``socket.getaddrinfo`` waits as long as the system's settings say, and a name server that never answers would
hold a reader for minutes. So the look-up runs in a thread of its own, which is left behind where it takes
too long: it ends whenever the system gives up, and as few as ``MOST_LEFT`` may be waited for at once.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread
from typing import Any

from ssrfguard import Resolver

from servanda.network.deadline import Deadline

MOST_LEFT = 16
"""Look-ups under way, hanging ones included; past it names count as not to be resolved for now."""


class BoundedResolver:
    """``resolver`` (``socket.getaddrinfo`` where None) with a bound in seconds. Thread-safe.

    ``deadline`` gives that of the exchange under way, where there is one: a look-up ends by it, too. Raises
    what the resolver raises, and ``socket.gaierror`` where it does not answer in time. What it answers is
    checked by whoever asked, like any other answer.
    """

    def __init__(
        self,
        resolver: Resolver | None,
        seconds: float,
        deadline: Callable[[], Deadline | None] = lambda: None,
    ) -> None:
        self._resolver = resolver or socket.getaddrinfo
        self._seconds = seconds
        self._deadline = deadline
        self._left = BoundedSemaphore(MOST_LEFT)

    def __call__(self, *question: Any, **more: Any) -> Iterable[Any]:
        deadline = self._deadline()
        seconds = self._seconds if deadline is None else min(self._seconds, deadline.left())
        if not self._left.acquire(blocking=False):
            raise socket.gaierror(socket.EAI_AGAIN, f"{MOST_LEFT} look-ups of names hang already")
        answered: SimpleQueue[tuple[list[Any], BaseException | None]] = SimpleQueue()
        Thread(target=self._ask, args=(answered, question, more), name="look-up", daemon=True).start()
        try:
            found, error = answered.get(timeout=seconds)
        except Empty:
            raise socket.gaierror(socket.EAI_AGAIN, f"no answer in {seconds:.3g} seconds") from None
        if error is not None:
            raise error
        return found

    def _ask(
        self,
        answered: SimpleQueue[tuple[list[Any], BaseException | None]],
        question: tuple[Any, ...],
        more: dict[str, Any],
    ) -> None:
        try:
            answered.put((list(self._resolver(*question, **more)), None))
        except BaseException as error:
            answered.put(([], error))
        finally:
            self._left.release()
