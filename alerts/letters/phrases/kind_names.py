"""What people call the kinds of alert, in their language."""

from __future__ import annotations

from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.text.translation import Words


def kind_name(kind: str, words: Words) -> str:
    """The name of a kind in the reader's language; a kind that there is none of, as it is written."""
    titles = {known.value: known.record.title for known in AlertKind}
    return words.say(titles[kind]) if kind in titles else kind.replace("_", " ")
