"""What people call the kinds of alert."""

from __future__ import annotations

from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.text.translation import Words, msgid

KIND_NAMES = {
    AlertKind.NOW_MONITORING: msgid("now monitoring"),
    AlertKind.NEW_EVIDENCE: msgid("new evidence"),
    AlertKind.CANDIDATE: msgid("candidate"),
    AlertKind.DOCUMENT_EDITED: msgid("document edited"),
    AlertKind.DOCUMENT_WITHDRAWN: msgid("document withdrawn"),
    AlertKind.DOCUMENT_RESTORED: msgid("document restored"),
    AlertKind.WINDOW_OPENED: msgid("window opened"),
    AlertKind.WINDOW_CLOSING: msgid("window closing"),
    AlertKind.WINDOW_ENDED: msgid("window ended"),
    AlertKind.FINAL_WORD: msgid("final word"),
    AlertKind.CORRECTION: msgid("correction"),
    AlertKind.CONDITION_RECORDED: msgid("condition recorded"),
    AlertKind.REVIEW_WAITING: msgid("review waiting"),
    AlertKind.SOURCE_BLIND: msgid("source blind"),
    AlertKind.SOURCE_RECOVERED: msgid("source recovered"),
    AlertKind.SILENCE_ENDED: msgid("silence ended"),
    AlertKind.ADDRESS_SUSPENDED: msgid("address suspended"),
    AlertKind.MAIL_GIVEN_UP: msgid("mail given up"),
}


def kind_name(kind: str, words: Words) -> str:
    """The name of a kind in the reader's language; a kind that there is none of, as it is written."""
    named = {one.value: name for one, name in KIND_NAMES.items()}.get(kind)
    return words.say(named) if named else kind.replace("_", " ")
