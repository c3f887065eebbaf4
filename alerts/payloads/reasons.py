"""Why somebody is told: data that is stored with the recipient, and the sentence that ends their mail."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from pydantic import TypeAdapter

from servanda.compliance.watchers import Role, Subscription


@dataclass(frozen=True, slots=True)
class RecipientReason:
    """By which role somebody is told. ``subscription`` is the one that asked for it, of a subscriber."""

    role: Role
    subscription: Subscription = field(default_factory=Subscription)


_ROLE: TypeAdapter[Role] = TypeAdapter(Role)
_SUBSCRIPTION = TypeAdapter(Subscription)


def to_json(why: RecipientReason) -> dict[str, Any]:
    """To be stored: the role beside what the subscription says; ``from_json`` reads it back."""
    wanted = _SUBSCRIPTION.dump_python(why.subscription, mode="json", exclude_defaults=True)
    return {"role": why.role, **wanted}


def from_json(data: dict[str, Any]) -> RecipientReason:
    wanted = {name: value for name, value in data.items() if name != "role"}
    role = _ROLE.validate_python(data.get("role"))
    return RecipientReason(role, _SUBSCRIPTION.validate_json(json.dumps(wanted)))
