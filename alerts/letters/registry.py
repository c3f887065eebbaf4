"""Which letter tells each kind of alert."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from servanda.alerts.letters.change_letters import change_letter
from servanda.alerts.letters.decision_letters import condition_letter
from servanda.alerts.letters.delivery_letters import given_up_letter, suspended_letter
from servanda.alerts.letters.evidence_letters import evidence_letter
from servanda.alerts.letters.letter import Letter, clean_letter
from servanda.alerts.letters.monitoring_letter import monitoring_letter
from servanda.alerts.letters.opened_letters import opened_letter
from servanda.alerts.letters.review_letters import review_letter
from servanda.alerts.letters.silence_letter import silence_letter
from servanda.alerts.letters.source_letters import source_letter
from servanda.alerts.letters.verdict_letters import verdict_letter
from servanda.alerts.letters.window_letters import closing_letter
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.text.translation import Words

LetterWriter = Callable[[Alert, Any, Words], Letter]
"""Writes the letter of an alert, whose payload is of the class that its kind carries."""

LETTERS: Mapping[AlertKind, LetterWriter] = {
    AlertKind.NOW_MONITORING: monitoring_letter,
    AlertKind.NEW_EVIDENCE: evidence_letter,
    AlertKind.CANDIDATE: evidence_letter,
    AlertKind.DOCUMENT_EDITED: change_letter,
    AlertKind.DOCUMENT_WITHDRAWN: change_letter,
    AlertKind.DOCUMENT_RESTORED: change_letter,
    AlertKind.WINDOW_OPENED: opened_letter,
    AlertKind.WINDOW_CLOSING: closing_letter,
    AlertKind.WINDOW_ENDED: verdict_letter,
    AlertKind.FINAL_WORD: verdict_letter,
    AlertKind.CORRECTION: verdict_letter,
    AlertKind.CONDITION_RECORDED: condition_letter,
    AlertKind.REVIEW_WAITING: review_letter,
    AlertKind.SOURCE_BLIND: source_letter,
    AlertKind.SOURCE_RECOVERED: source_letter,
    AlertKind.SILENCE_ENDED: silence_letter,
    AlertKind.ADDRESS_SUSPENDED: suspended_letter,
    AlertKind.MAIL_GIVEN_UP: given_up_letter,
}


def check_complete(letters: Mapping[AlertKind, LetterWriter]) -> None:
    """TypeError names the kinds that have no letter, and the letters of kinds that there are not."""
    if unlike := set(AlertKind) ^ letters.keys():
        raise TypeError(f"each kind of alert has one letter; not so: {', '.join(sorted(unlike))}")


check_complete(LETTERS)


def write_letter(alert: Alert, words: Words) -> Letter:
    """The clean letter that tells ``alert``, whoever reads it."""
    letter: Letter = clean_letter(LETTERS[alert.kind](alert, alert.payload, words))
    return letter
