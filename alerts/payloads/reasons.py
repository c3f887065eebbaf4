"""Why somebody is told: data that is stored with the recipient, and the sentence that ends their mail."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from servanda.compliance.vocabulary import STRICT
from servanda.compliance.watchers import Frequency, Role, SeverityName, Subscription


@dataclass(frozen=True, slots=True)
class RecipientReason:
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


def subscription_reason(wanted: Subscription) -> RecipientReason:
    return RecipientReason(
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


_ADAPTER = TypeAdapter(RecipientReason)


def to_json(why: RecipientReason) -> dict[str, Any]:
    """To be stored; ``from_json`` reads it back."""
    data: dict[str, Any] = _ADAPTER.dump_python(why, mode="json", exclude_defaults=True)
    return {"role": why.role, **data}


def from_json(data: dict[str, Any]) -> RecipientReason:
    return _ADAPTER.validate_json(json.dumps(data))
