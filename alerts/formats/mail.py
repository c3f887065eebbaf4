"""An alert as a mail: subject, text and HTML. Pure: the same alert and recipient give the same mail."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from servanda.alerts.formats.text_layout import block_text, language_note, more_note, wrapped
from servanda.alerts.letters.letter import Letter
from servanda.alerts.letters.registry import write_letter
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.text import sanitising as plain
from servanda.alerts.text.msgid import msgid
from servanda.alerts.text.translation import Words

REPLAY = msgid("REPLAY – reconstructed")
REPLAY_MEANING = msgid(
    "This is a replay of the past with simulated knowledge. Nothing in it was sent at the time."
)
SUBJECT_LIMIT = 180


_STYLE = re.compile(r' style="[^"]*"')


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

    Without addresses of pages, ``contact`` says whom to write to. ``page_url``: the public page of the window
    that the mail is about.
    """

    why: str
    contact: str
    preferences_url: str | None = None
    unsubscribe_url: str | None = None
    page_url: str | None = None


def render(alert: Alert, footer: Footer, words: Words) -> Mail:
    """The mail that tells ``alert`` to one reader, in their language."""
    return lay_out_mail(write_letter(alert, words), footer, words, replay=alert.mode == "replay")


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
        "page_url": plain.link(footer.page_url or ""),
    }
    return Mail(
        subject=_subject(letter, words.say(REPLAY) if replay else None),
        text=_TEMPLATES.get_template("letter.txt.j2").render(values),
        html=_TEMPLATES.get_template("letter.html.j2").render(values),
        letter=letter,
    )


def markup_for_feed(letter: Letter, words: Words) -> str:
    """A clean letter as a feed's entry shows it: the mail's markup without styles; readers have their own.

    No text holds what looks like a style: the template escapes every quotation mark of a text.
    """
    body = _TEMPLATES.get_template("letter_body.html.j2").render(letter=letter, words=words)
    return f'<div lang="{words.language}">\n{_STYLE.sub("", body)}</div>'


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
