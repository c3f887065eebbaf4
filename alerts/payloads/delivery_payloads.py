"""What the alerts say that speak of mail itself: an address that is suspended, a mail that was given up."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import AwareDatetime

from servanda.alerts.payloads.payload import NOTHING, References
from servanda.compliance.vocabulary import STRICT
from servanda.compliance.watchers import Channel


@dataclass(frozen=True, slots=True)
class AddressSuspended:
    """An address that took no mail several times in a row. ``refused``: how often; ``answer``: the last one.

    ``withdrawn`` is the number of envelopes that waited for it and are not sent.
    """

    address: str
    channel: Channel
    refused: int
    answer: str
    withdrawn: int
    __pydantic_config__ = STRICT

    @property
    def references(self) -> References:
        return NOTHING


@dataclass(frozen=True, slots=True)
class MailGivenUp:
    """An envelope that nobody took for days. ``kinds`` and ``alerts`` are those that it carried.

    ``first_at`` and ``last_at`` are the first and the last of its ``attempts``; ``answer`` is the last one.
    """

    address: str
    channel: Channel
    message_id: str
    alerts: tuple[int, ...]
    kinds: tuple[str, ...]
    attempts: int
    first_at: AwareDatetime
    last_at: AwareDatetime
    answer: str
    __pydantic_config__ = STRICT

    @property
    def references(self) -> References:
        return NOTHING
