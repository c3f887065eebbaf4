"""What is worth telling, once: the alert and its payload, fixed in the transaction of its cause.

A payload holds everything its mail says, so that a mail can be written again, word for word, from what is
stored. Texts may come from the web and are kept as they came; ``alerts.formats.mail`` makes them safe.
Days left, percentages and sentences are not stored: they are derived.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import AwareDatetime, TypeAdapter

from servanda.alerts.payloads.kinds import AlertKind as AlertKind
from servanda.alerts.payloads.payloads_delivery import AddressSuspended as AddressSuspended
from servanda.alerts.payloads.payloads_delivery import MailGivenUp as MailGivenUp
from servanda.alerts.payloads.payloads_people import ConditionRecorded as ConditionRecorded
from servanda.alerts.payloads.payloads_people import ReviewWaiting as ReviewWaiting
from servanda.alerts.payloads.payloads_silences import SilenceEnded as SilenceEnded
from servanda.alerts.payloads.window_payloads import DocumentChange as DocumentChange
from servanda.alerts.payloads.window_payloads import EvidencePayload as EvidencePayload
from servanda.alerts.payloads.window_payloads import NowMonitoring as NowMonitoring
from servanda.alerts.payloads.window_payloads import SourceHealth as SourceHealth
from servanda.alerts.payloads.window_payloads import WindowClosing as WindowClosing
from servanda.alerts.payloads.window_payloads import WindowOpened as WindowOpened
from servanda.alerts.payloads.window_payloads import WindowVerdict as WindowVerdict

Payload = (
    NowMonitoring
    | EvidencePayload
    | DocumentChange
    | WindowOpened
    | WindowClosing
    | WindowVerdict
    | ConditionRecorded
    | ReviewWaiting
    | SourceHealth
    | SilenceEnded
    | AddressSuspended
    | MailGivenUp
)

PAYLOADS: dict[AlertKind, type[Payload]] = {
    AlertKind.NOW_MONITORING: NowMonitoring,
    AlertKind.NEW_EVIDENCE: EvidencePayload,
    AlertKind.CANDIDATE: EvidencePayload,
    AlertKind.DOCUMENT_EDITED: DocumentChange,
    AlertKind.DOCUMENT_WITHDRAWN: DocumentChange,
    AlertKind.DOCUMENT_RESTORED: DocumentChange,
    AlertKind.WINDOW_OPENED: WindowOpened,
    AlertKind.WINDOW_CLOSING: WindowClosing,
    AlertKind.WINDOW_ENDED: WindowVerdict,
    AlertKind.FINAL_WORD: WindowVerdict,
    AlertKind.CORRECTION: WindowVerdict,
    AlertKind.CONDITION_RECORDED: ConditionRecorded,
    AlertKind.REVIEW_WAITING: ReviewWaiting,
    AlertKind.SOURCE_BLIND: SourceHealth,
    AlertKind.SOURCE_RECOVERED: SourceHealth,
    AlertKind.SILENCE_ENDED: SilenceEnded,
    AlertKind.ADDRESS_SUSPENDED: AddressSuspended,
    AlertKind.MAIL_GIVEN_UP: MailGivenUp,
}
"""The payload that each kind carries."""


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
        wanted = PAYLOADS[self.kind]
        if not isinstance(self.payload, wanted):
            raise TypeError(f"{self.kind} carries a {wanted.__name__}, got a {type(self.payload).__name__}")


# --- storage ------------------------------------------------------------------------------------------

_ADAPTERS: dict[type[Payload], TypeAdapter[Payload]] = {
    one: TypeAdapter(one) for one in set(PAYLOADS.values())
}


def to_json(payload: Payload) -> dict[str, Any]:
    """The payload as JSON data (strings, numbers, lists, dicts), to be stored."""
    data: dict[str, Any] = _ADAPTERS[type(payload)].dump_python(payload, mode="json")
    return data


def from_json(kind: AlertKind | str, data: dict[str, Any]) -> Payload:
    """The payload of a stored alert, exactly as it was; pydantic's ValidationError names what does not fit.

    It is read as JSON text: strict reading of Python values would refuse the strings that stand for instants.
    """
    return _ADAPTERS[PAYLOADS[AlertKind(kind)]].validate_json(json.dumps(data))
