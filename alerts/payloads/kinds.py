"""The kinds of alert, how grave each is, and whom each concerns by their role."""

from __future__ import annotations

from enum import StrEnum

from servanda.compliance.watchers import Role, SeverityName


class AlertKind(StrEnum):
    NOW_MONITORING = "now_monitoring"
    NEW_EVIDENCE = "new_evidence"
    CANDIDATE = "candidate"
    DOCUMENT_EDITED = "document_edited"
    DOCUMENT_WITHDRAWN = "document_withdrawn"
    DOCUMENT_RESTORED = "document_restored"
    WINDOW_OPENED = "window_opened"
    WINDOW_CLOSING = "window_closing"
    WINDOW_ENDED = "window_ended"
    FINAL_WORD = "final_word"
    CORRECTION = "correction"
    CONDITION_RECORDED = "condition_recorded"
    REVIEW_WAITING = "review_waiting"
    SOURCE_BLIND = "source_blind"
    SOURCE_RECOVERED = "source_recovered"
    SILENCE_ENDED = "silence_ended"
    ADDRESS_SUSPENDED = "address_suspended"
    MAIL_GIVEN_UP = "mail_given_up"


SEVERITIES: tuple[SeverityName, ...] = ("info", "notice", "urgent")
"""From the least to the gravest."""

SEVERITY: dict[AlertKind, SeverityName] = {
    AlertKind.NOW_MONITORING: "info",
    AlertKind.NEW_EVIDENCE: "info",
    AlertKind.CANDIDATE: "notice",
    AlertKind.DOCUMENT_EDITED: "notice",
    AlertKind.DOCUMENT_WITHDRAWN: "urgent",
    AlertKind.DOCUMENT_RESTORED: "notice",
    AlertKind.WINDOW_OPENED: "notice",
    AlertKind.WINDOW_CLOSING: "notice",
    AlertKind.WINDOW_ENDED: "urgent",
    AlertKind.FINAL_WORD: "urgent",
    AlertKind.CORRECTION: "urgent",
    AlertKind.CONDITION_RECORDED: "notice",
    AlertKind.REVIEW_WAITING: "notice",
    AlertKind.SOURCE_BLIND: "urgent",
    AlertKind.SOURCE_RECOVERED: "notice",
    AlertKind.SILENCE_ENDED: "notice",
    AlertKind.ADDRESS_SUSPENDED: "notice",
    AlertKind.MAIL_GIVEN_UP: "urgent",
}

FLAGS = frozenset({AlertKind.WINDOW_ENDED, AlertKind.FINAL_WORD, AlertKind.CORRECTION})
"""The product's main claim: never silenced, never bundled, and to be acknowledged."""

FOR_ROLE: dict[AlertKind, Role] = {
    AlertKind.REVIEW_WAITING: "analyst",
    AlertKind.SOURCE_BLIND: "operator",
    AlertKind.SOURCE_RECOVERED: "operator",
    AlertKind.ADDRESS_SUSPENDED: "operator",
    AlertKind.MAIL_GIVEN_UP: "operator",
}
"""Kinds that go to everyone in a role, whatever they subscribe to, and to nobody else."""
