"""The mark of sentences that are translated where they are said, not where they stand."""

from __future__ import annotations


def msgid(text: str) -> str:
    """The same text, marked as a sentence that ``Words.say`` gets elsewhere, so that it is translated."""
    return text
