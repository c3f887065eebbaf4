"""What is worth telling, once: the alert and its payload, fixed in the transaction of its cause.

A payload holds everything its mail says, so that a mail can be written again, word for word, from what is
stored. Texts may come from the web and are kept as they came; ``alerts.formats.mail`` makes them safe.
Days left, percentages and sentences are not stored: they are derived.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import AwareDatetime, TypeAdapter

from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.payload import Payload


@dataclass(frozen=True, slots=True)
class Alert:
    """Something worth telling. ``id`` is None until it is stored.

    ``subject`` names what it is about (``window:…``, ``commitment:…``, ``document:…``, ``source:…``,
    ``instrument:…``); ``known_at`` is when we came to know it, ``effective_at`` when it became so.
    """

    id: int | None
    kind: AlertKind
    subject: str
    instrument: str | None
    dedup_key: str
    known_at: AwareDatetime
    effective_at: AwareDatetime
    mode: Literal["live", "replay"]
    payload: Payload

    def __post_init__(self) -> None:
        wanted = self.kind.record.payload
        if not isinstance(self.payload, wanted):
            raise TypeError(f"{self.kind} carries a {wanted.__name__}, got a {type(self.payload).__name__}")


# --- storage ------------------------------------------------------------------------------------------


def to_json(payload: Payload) -> dict[str, Any]:
    """The payload as JSON data (strings, numbers, lists, dicts), to be stored."""
    data: dict[str, Any] = _adapter(type(payload)).dump_python(payload, mode="json")
    return data


def from_json(kind: AlertKind | str, data: dict[str, Any]) -> Payload:
    """The payload of a stored alert, exactly as it was; pydantic's ValidationError names what does not fit.

    It is read as JSON text: strict reading of Python values would refuse the strings that stand for instants.
    """
    payload: Payload = _adapter(AlertKind(kind).record.payload).validate_json(json.dumps(data))
    return payload


@cache
def _adapter(payload: type[Payload]) -> TypeAdapter[Any]:
    """Made when it is first needed: making one takes longer than loading the modules."""
    return TypeAdapter(payload)
