"""The kinds of alert: one record each, with all that is decided about it but the words of its letter."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self, get_args

from servanda.alerts.payloads.decision_payloads import ConditionRecorded, ReviewWaiting
from servanda.alerts.payloads.delivery_payloads import AddressSuspended, MailGivenUp
from servanda.alerts.payloads.document_payloads import DocumentChange, EvidencePayload
from servanda.alerts.payloads.monitoring_payloads import NowMonitoring, SourceHealth
from servanda.alerts.payloads.payload import Payload
from servanda.alerts.payloads.silence_payloads import SilenceEnded
from servanda.alerts.payloads.window_payloads import WindowClosing, WindowOpened, WindowVerdict
from servanda.alerts.text.translation import msgid
from servanda.compliance.watchers import Role, SeverityName

SEVERITIES: tuple[SeverityName, ...] = get_args(SeverityName)
"""From the least to the gravest."""


@dataclass(frozen=True, slots=True)
class KindRecord:
    """One kind of alert. ``title`` is what people call it; ``payload`` is the class that its alerts carry.

    ``audience``: a subscriber's kind goes to whoever subscribes to it; another goes to everyone in that role,
    whatever they subscribe to, and to nobody else. ``public``: it tells what happened to instruments, so that
    feeds may show it; how the monitor itself does, and whom it mails, stands in no feed. ``flag``: it is the
    product's main claim, which is never silenced, never bundled, and to be acknowledged.
    """

    name: str
    title: str
    severity: SeverityName
    payload: type[Payload]
    audience: Role = "subscriber"
    public: bool = False
    flag: bool = False


class AlertKind(StrEnum):
    """Every kind; its value is the name that is stored. ``alerts.letters.registry`` has its letter."""

    record: KindRecord

    def __new__(cls, record: KindRecord | str) -> Self:
        """A member of its record. A look-up by name has this signature too, and does not come here."""
        assert isinstance(record, KindRecord)
        kind = str.__new__(cls, record.name)
        kind._value_ = record.name
        kind.record = record
        return kind

    NOW_MONITORING = KindRecord("now_monitoring", msgid("now monitoring"), "info", NowMonitoring, public=True)
    NEW_EVIDENCE = KindRecord("new_evidence", msgid("new evidence"), "info", EvidencePayload, public=True)
    CANDIDATE = KindRecord("candidate", msgid("candidate"), "notice", EvidencePayload, public=True)
    DOCUMENT_EDITED = KindRecord(
        "document_edited", msgid("document edited"), "notice", DocumentChange, public=True
    )
    DOCUMENT_WITHDRAWN = KindRecord(
        "document_withdrawn", msgid("document withdrawn"), "urgent", DocumentChange, public=True
    )
    DOCUMENT_RESTORED = KindRecord(
        "document_restored", msgid("document restored"), "notice", DocumentChange, public=True
    )
    WINDOW_OPENED = KindRecord("window_opened", msgid("window opened"), "notice", WindowOpened, public=True)
    WINDOW_CLOSING = KindRecord(
        "window_closing", msgid("window closing"), "notice", WindowClosing, public=True
    )
    WINDOW_ENDED = KindRecord(
        "window_ended", msgid("window ended"), "urgent", WindowVerdict, public=True, flag=True
    )
    FINAL_WORD = KindRecord(
        "final_word", msgid("final word"), "urgent", WindowVerdict, public=True, flag=True
    )
    CORRECTION = KindRecord(
        "correction", msgid("correction"), "urgent", WindowVerdict, public=True, flag=True
    )
    CONDITION_RECORDED = KindRecord(
        "condition_recorded", msgid("condition recorded"), "notice", ConditionRecorded, public=True
    )
    REVIEW_WAITING = KindRecord(
        "review_waiting", msgid("review waiting"), "notice", ReviewWaiting, audience="analyst"
    )
    SOURCE_BLIND = KindRecord(
        "source_blind", msgid("source blind"), "urgent", SourceHealth, audience="operator"
    )
    SOURCE_RECOVERED = KindRecord(
        "source_recovered", msgid("source recovered"), "notice", SourceHealth, audience="operator"
    )
    SILENCE_ENDED = KindRecord("silence_ended", msgid("silence ended"), "notice", SilenceEnded)
    ADDRESS_SUSPENDED = KindRecord(
        "address_suspended", msgid("address suspended"), "notice", AddressSuspended, audience="operator"
    )
    MAIL_GIVEN_UP = KindRecord(
        "mail_given_up", msgid("mail given up"), "urgent", MailGivenUp, audience="operator"
    )


FLAGS = frozenset(kind for kind in AlertKind if kind.record.flag)
PUBLIC_KINDS = frozenset(kind for kind in AlertKind if kind.record.public)


def severity_rank(severity: SeverityName) -> int:
    """0 for the least; the greater, the graver."""
    return SEVERITIES.index(severity)
