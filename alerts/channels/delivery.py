"""What passes between us and whoever takes a mail: a receipt, or a failure with what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Literal, Protocol, Self

from servanda.alerts.text.sanitising import REASON_LIMIT, one_line

FIRST_WAITS = (1, 2, 5, 10, 20)
"""Minutes to wait after the first failed attempts: six in the first hour."""

LATER_WAIT = 30
"""Minutes to wait after each later one."""

GIVE_UP_AFTER = timedelta(days=4)
"""RFC 5321, 4.5.4.1: give up after at least 4 to 5 days."""

LONGEST_WAIT = timedelta(days=1)
"""The most that whoever refuses may ask us to wait."""

Concern = Literal["envelope", "recipient", "server"]
"""What a failure speaks of: this envelope alone, all that goes to its recipient, all that goes this way."""

RecheckContent = Callable[[], bytes]
"""Asked right before the content is handed over: the bytes to send, or Withheld."""


class DeliveryWithheld(Exception):
    """Nothing was handed over, by our own decision: whoever was to do so may not, or not any more."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The server's own answer to the end of the mail: only this makes it sent."""

    code: int
    answer: str


class DeliveryError(Exception):
    """A mail was not taken. ``permanent``: trying again would be refused again.

    ``code`` is the server's (0 where none came), ``answer`` its words or ours, one bounded line.
    ``uncertain``: the content was handed over and no answer came, so that it may have arrived.
    ``wait`` is how long we are asked to wait, if we are. ``gone``: the address itself is gone for good.
    """

    def __init__(
        self,
        permanent: bool,
        code: int,
        answer: str,
        *,
        concerns: Concern = "envelope",
        uncertain: bool = False,
        wait: timedelta | None = None,
        gone: bool = False,
    ) -> None:
        self.permanent = permanent
        self.code = code
        self.answer = one_line(answer, REASON_LIMIT)
        self.concerns = concerns
        self.uncertain = uncertain
        self.wait = wait
        self.gone = gone
        super().__init__(f"{code} {self.answer}" if code else self.answer)


class Sender(Protocol):
    """Takes one envelope to one recipient. It may be closed twice, and used again after that."""

    def deliver(
        self,
        envelope: bytes,
        sender: str,
        recipient: str,
        recheck_before_content: RecheckContent | None = None,
    ) -> Receipt:
        """Returns once the mail is taken; raises DeliveryError, and nothing else, where it is not.

        ``recheck_before_content`` is asked once, at the last moment, and gives the bytes that are sent in the
        stead of ``envelope``; the DeliveryWithheld that it raises is passed on, and then nothing was sent.
        """

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


class ClosingSender:
    """Makes a sender close itself at the end of a ``with``."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Nothing to close."""


def next_attempt_at(
    attempts: int, first_at: datetime, now: datetime, wait: timedelta | None = None
) -> datetime | None:
    """When to try again after ``attempts`` failed ones, the first at ``first_at``, the last ``now``.

    None: give up. The waits are FIRST_WAITS, then LATER_WAIT each, until GIVE_UP_AFTER has passed since the
    first attempt; time in which nothing was tried before it does not count. ``wait`` is how long the other
    side asks us to wait, heeded up to LONGEST_WAIT.
    """
    if attempts < 1:
        raise ValueError(f"an attempt comes first, got {attempts}")
    if now - first_at >= GIVE_UP_AFTER:
        return None
    minutes = FIRST_WAITS[attempts - 1] if attempts <= len(FIRST_WAITS) else LATER_WAIT
    return now + max(timedelta(minutes=minutes), min(wait or timedelta(0), LONGEST_WAIT))
