"""What passes between us and whoever takes a mail: a receipt, or a failure with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Protocol, Self

from alerts.plain import REASON_LIMIT, one_line

FIRST_WAITS = (1, 2, 5, 10, 20)
"""Minutes to wait after the first failed attempts."""

LATER_WAIT = 30
"""Minutes to wait after each later one."""

GIVE_UP_AFTER = timedelta(days=4)
"""RFC 5321, 4.5.4.1: give up after at least 4 to 5 days."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The server's own answer to the end of the mail: only this makes it sent."""

    code: int
    answer: str


class DeliveryError(Exception):
    """A mail was not taken. ``permanent``: trying again would be refused again.

    ``code`` is the server's (0 where none came), ``answer`` its words or ours, one bounded line.
    """

    def __init__(self, permanent: bool, code: int, answer: str) -> None:
        self.permanent = permanent
        self.code = code
        self.answer = one_line(answer, REASON_LIMIT)
        super().__init__(f"{code} {self.answer}" if code else self.answer)


class Sender(Protocol):
    """Takes one envelope to one recipient. It may be closed twice, and used again after that."""

    def deliver(self, envelope: bytes, sender: str, recipient: str) -> Receipt:
        """Returns once the mail is taken; raises DeliveryError, and nothing else, where it is not."""

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...


class Closing:
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


def next_attempt_at(attempts: int, now: datetime) -> datetime | None:
    """When to try again after ``attempts`` failed ones, the last of them at ``now``; None: give up.

    The waits are FIRST_WAITS, then LATER_WAIT each, while all of them together stay within GIVE_UP_AFTER.
    """
    if attempts < 1:
        raise ValueError(f"an attempt comes first, got {attempts}")
    waits = (*FIRST_WAITS[:attempts], *[LATER_WAIT] * (attempts - len(FIRST_WAITS)))
    if timedelta(minutes=sum(waits)) > GIVE_UP_AFTER:
        return None
    return now + timedelta(minutes=waits[-1])
