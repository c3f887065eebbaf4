"""A mail as structure: what both its parts, text and HTML, are written from.

Builders bound what they quote; ``clean_letter`` makes every string one line of visible text, whoever built
it; the templates lay out and escape.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, ClassVar

from servanda.alerts.text import sanitising as plain

LISTED = 20
"""Entries shown of one list; the rest is a number, and the command line shows all."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    shape: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """Somebody else's words, in their own language (BCP 47)."""

    shape: ClassVar[str] = "quotation"
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Labelled values."""

    shape: ClassVar[str] = "facts"
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An address on a line of its own; ``href`` None where it is shown as text alone."""

    shape: ClassVar[str] = "link"
    address: str
    href: str | None


@dataclass(frozen=True, slots=True)
class Commands:
    """What to type, a line each."""

    shape: ClassVar[str] = "commands"
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: its text, further lines about it, and at most one quotation and one link."""

    text: str
    lines: tuple[str, ...] = ()
    quotation: Quotation | None = None
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """A list; ``more`` counts the entries that were left out."""

    shape: ClassVar[str] = "entries"
    entries: tuple[Entry, ...]
    more: int = 0


Block = Paragraph | Quotation | Facts | Link | Commands | Entries


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of a mail. ``title`` None: the opening part."""

    title: str | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """``subject`` is for the inbox, ``headline`` stands above the text; neither speaks of a replay."""

    subject: str
    headline: str
    sections: tuple[Section, ...]


def quotation(text: str, language: str) -> Quotation:
    return Quotation(plain.one_line(text, plain.QUOTE_LIMIT), plain.language_tag(language))


def link(url: str) -> Link:
    """A link to a web address; what is not fit for one is shown as text."""
    href = plain.link(url)
    return Link(href or plain.one_line(url, plain.LINK_LIMIT), href)


def entries(listed: Iterable[Entry], none: str) -> Entries | Paragraph:
    """A bounded list, or the sentence ``none`` where it is empty."""
    every = tuple(listed)
    if not every:
        return Paragraph(none)
    return Entries(every[:LISTED], max(0, len(every) - LISTED))


def clean_letter(part: Any) -> Any:
    """The same letter, or part of one, with every string as one line of visible characters."""
    if isinstance(part, str):
        return plain.one_line(part, plain.LINE_LIMIT)
    if isinstance(part, tuple):
        return tuple(clean_letter(item) for item in part)
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{f.name: clean_letter(getattr(part, f.name)) for f in fields(part)})
    return part
