"""Who watches, and what they wish to be told: the nouns that routing decides by."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from servanda.compliance.vocabulary import STRICT

Channel = Literal["mail", "webhook", "chat"]
"""How a watcher is reached: by mail, by signed JSON over HTTPS, by a chat service."""

Language = Literal["en", "es"]
Frequency = Literal["at_once", "daily", "weekly"]
HeartbeatFrequency = Literal["never", "daily", "weekly"]
SeverityName = Literal["info", "notice", "urgent"]

State = Literal["asked", "active", "suspended", "ended"]
"""``asked``: somebody else gave the address, and its owner has not agreed yet. ``suspended``: its server
refuses it for good. Only who is ``active`` is told anything."""

Role = Literal["subscriber", "analyst", "operator"]
"""Operators run the monitor, analysts review what it found; both may subscribe like anybody."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A watcher's own wishes. Digests go at ``hour`` (0 to 23), on ``weekday`` (0 is Monday), in ``zone``."""

    name: str = ""
    language: Language = "en"
    zone: str = "UTC"
    hour: int = 8
    weekday: int = 0
    heartbeat: HeartbeatFrequency = "weekly"
    operator: bool = False
    analyst: bool = False
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a watcher wants to be told; each filter is empty for all.

    ``severity`` is the least that is told. ``unacknowledged_after`` (minutes): told only of flags that nobody
    has acknowledged by then; None: told whether or not.
    """

    slug: str = "all"
    instruments: tuple[str, ...] = ()
    commitments: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    severity: SeverityName = "info"
    frequency: Frequency = "at_once"
    unacknowledged_after: int | None = None
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class Watcher:
    """A person, or a machine, that is told. ``key`` is random and stands for them in signed links."""

    id: int
    address: str
    channel: Channel = "mail"
    state: State = "active"
    profile: Profile = Profile()
    subscriptions: tuple[Subscription, ...] = ()
    key: str = field(default="", repr=False)
    secret: str | None = field(default=None, repr=False)

    @property
    def active(self) -> bool:
        return self.state == "active"


def shown_address(watcher: Watcher) -> str:
    """The address; of a chat the service alone, for the rest of it is a key."""
    return watcher.address.partition("://")[0] + "://…" if watcher.channel == "chat" else watcher.address
