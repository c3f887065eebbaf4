"""An alert as a mail: subject, text and HTML. Pure: the same alert and recipient give the same mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from servanda.alerts.formats.text_layout import block_text, language_note, more_note, wrapped
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
from servanda.alerts.payloads.alert import (
    AddressSuspended,
    Alert,
    ConditionRecorded,
    DocumentChange,
    EvidencePayload,
    MailGivenUp,
    NowMonitoring,
    ReviewWaiting,
    SilenceEnded,
    SourceHealth,
    WindowClosing,
    WindowOpened,
    WindowVerdict,
)
from servanda.alerts.text import sanitising as plain
from servanda.alerts.text.translation import Words, msgid

REPLAY = msgid("REPLAY – reconstructed")
REPLAY_MEANING = msgid(
    "This is a replay of the past with simulated knowledge. Nothing in it was sent at the time."
)
SUBJECT_LIMIT = 180


@dataclass(frozen=True, slots=True)
class Mail:
    """``subject`` has at most SUBJECT_LIMIT characters, in one line; ``letter`` is what both parts say."""

    subject: str
    text: str
    html: str
    letter: Letter | None = None


@dataclass(frozen=True, slots=True)
class Footer:
    """What ends a mail: why its reader gets it, and how to change that.

    Without addresses of pages, ``contact`` says whom to write to.
    """

    why: str
    contact: str
    preferences_url: str | None = None
    unsubscribe_url: str | None = None


_WRITERS: dict[type, Callable[[Alert, Any, Words], Letter]] = {
    NowMonitoring: monitoring_letter,
    EvidencePayload: evidence_letter,
    DocumentChange: change_letter,
    WindowOpened: opened_letter,
    WindowClosing: closing_letter,
    WindowVerdict: verdict_letter,
    ConditionRecorded: condition_letter,
    ReviewWaiting: review_letter,
    SourceHealth: source_letter,
    SilenceEnded: silence_letter,
    AddressSuspended: suspended_letter,
    MailGivenUp: given_up_letter,
}
"""What writes the letter of each payload."""


def render(alert: Alert, footer: Footer, words: Words) -> Mail:
    """The mail that tells ``alert`` to one reader, in their language."""
    return lay_out_mail(write_letter(alert, words), footer, words, replay=alert.mode == "replay")


def write_letter(alert: Alert, words: Words) -> Letter:
    """The clean letter that tells ``alert``, whoever reads it."""
    letter: Letter = clean_letter(_WRITERS[type(alert.payload)](alert, alert.payload, words))
    return letter


def lay_out_mail(letter: Letter, footer: Footer, words: Words, *, replay: bool) -> Mail:
    """A clean letter as subject, text and HTML."""
    values = {
        "letter": letter,
        "language": words.language,
        "words": words,
        "say": words.say,
        "banner": words.say(REPLAY) if replay else None,
        "banner_meaning": words.say(REPLAY_MEANING),
        "why": plain.one_line(footer.why, plain.REASON_LIMIT),
        "contact": plain.one_line(footer.contact),
        "preferences_url": plain.link(footer.preferences_url or ""),
        "unsubscribe_url": plain.link(footer.unsubscribe_url or ""),
    }
    return Mail(
        subject=_subject(letter, words.say(REPLAY) if replay else None),
        text=_TEMPLATES.get_template("letter.txt.j2").render(values),
        html=_TEMPLATES.get_template("letter.html.j2").render(values),
        letter=letter,
    )


def _subject(letter: Letter, banner: str | None) -> str:
    """The subject, with whatever could be read as an encoded word (RFC 2047) taken apart."""
    subject = f"{banner}: {letter.subject}" if banner else letter.subject
    return plain.one_line(subject.replace("=?", "= ?"), SUBJECT_LIMIT)


def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("servanda.alerts"),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html.j2",), default_for_string=True),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"block_text": block_text, "language_note": language_note, "more_note": more_note}
    environment.filters["wrapped"] = lambda text: "\n".join(wrapped(text))
    return environment


_TEMPLATES = _templates()
