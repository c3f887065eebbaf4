"""Why somebody is told: data that is stored with the recipient, and the sentence that ends their mail."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from alerts.kind_names import kind_name
from alerts.wishes import filters
from alerts.words import Words
from compliance.vocabulary import STRICT
from compliance.watching import Frequency, Role, SeverityName, Subscription


@dataclass(frozen=True, slots=True)
class Why:
    """By which role somebody is told, and by which of their subscriptions."""

    role: Role
    slug: str = "all"
    instruments: tuple[str, ...] = ()
    commitments: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    severity: SeverityName = "info"
    frequency: Frequency = "at_once"
    unacknowledged_after: int | None = None
    __pydantic_config__ = STRICT


def subscribed(wanted: Subscription) -> Why:
    return Why(
        "subscriber",
        wanted.slug,
        wanted.instruments,
        wanted.commitments,
        wanted.parties,
        wanted.kinds,
        wanted.severity,
        wanted.frequency,
        wanted.unacknowledged_after,
    )


_ADAPTER = TypeAdapter(Why)


def to_json(why: Why) -> dict[str, Any]:
    """To be stored; ``from_json`` reads it back."""
    data: dict[str, Any] = _ADAPTER.dump_python(why, mode="json", exclude_defaults=True)
    return {"role": why.role, **data}


def from_json(data: dict[str, Any]) -> Why:
    return _ADAPTER.validate_json(json.dumps(data))


def sentence(why: Why, words: Words) -> str:
    """Why its reader gets a mail."""
    if why.role == "operator":
        return words.say(
            "You get this because you are an operator of this monitor: operators are told of sources that "
            "cannot be read, and of mail that cannot be delivered."
        )
    if why.role == "analyst":
        return words.say("You get this because you review what this monitor finds.")
    what = (
        words.say("the instrument {instruments}", instruments=", ".join(why.instruments))
        if why.instruments
        else words.say("all instruments")
    )
    return words.say(
        "You get this because you watch {what} ({which}).", what=what, which="; ".join(_which(why, words))
    )


def _which(why: Why, words: Words) -> tuple[str, ...]:
    """Which alerts of the instruments, and the other filters of the subscription."""
    kinds = (
        words.say("these alerts: {kinds}", kinds=", ".join(kind_name(kind, words) for kind in why.kinds))
        if why.kinds
        else words.say("all alerts")
    )
    others = Subscription(commitments=why.commitments, parties=why.parties, severity=why.severity)
    return (kinds, *filters(others, words))
