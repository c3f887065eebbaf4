"""Alerts as a feed (RFC 4287). Pure: the same alerts give the same bytes.

Every text passes through the XML library as text: nothing in a title can become an element of the feed or of
the markup that an entry holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from servanda.alerts.formats.mail import REPLAY
from servanda.alerts.formats.text_layout import language_note, more_note
from servanda.alerts.letters.letter import (
    Block,
    Commands,
    Entries,
    Entry,
    Facts,
    Letter,
    Link,
    Paragraph,
    Quotation,
    Section,
)
from servanda.alerts.letters.registry import write_letter
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.text import sanitising as plain
from servanda.alerts.text.translation import Words
from servanda.compliance.intervals import utc_text

ATOM = "http://www.w3.org/2005/Atom"
XML = "http://www.w3.org/XML/1998/namespace"
register_namespace("", ATOM)

_TAG_PART = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class FeedSource:
    """Which feed it is. ``database`` (its id) and ``since`` (its creation) make its ids those of no other.

    ``self_url``: where it can be had, None where it is a file. ``instrument`` None: all of them.
    """

    database: str
    since: datetime
    instrument: str | None
    title: str
    self_url: str | None = None

    @property
    def authority(self) -> str:
        """What every id of this database begins with (RFC 4151)."""
        return f"tag:{_tag_part(self.database)}.servanda.invalid,{self.since:%Y-%m-%d}"


def feed_of(source: FeedSource, alerts: Sequence[Alert], words: Words, *, replay: bool) -> bytes:
    """The feed as bytes, newest first, in the order given."""
    feed = Element(f"{{{ATOM}}}feed", {f"{{{XML}}}lang": words.language})
    _text(feed, "id", f"{source.authority}:feed:{_tag_part(source.instrument or 'all')}")
    _text(feed, "title", plain.one_line(_marked(source.title, words, replay)))
    _text(feed, "updated", utc_text(max((one.known_at for one in alerts), default=source.since)))
    _text(SubElement(feed, f"{{{ATOM}}}author"), "name", "Servanda")
    _text(feed, "generator", "Servanda")
    if url := plain.link(source.self_url or ""):
        SubElement(feed, f"{{{ATOM}}}link", {"rel": "self", "type": "application/atom+xml", "href": url})
    for alert in alerts:
        _add_entry(feed, source, alert, words, replay)
    said: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return said + b"\n"


def _add_entry(feed: Element, source: FeedSource, alert: Alert, words: Words, replay: bool) -> None:
    letter = write_letter(alert, words)
    entry = SubElement(feed, f"{{{ATOM}}}entry")
    _text(entry, "id", f"{source.authority}:alert:{alert.id}")
    _text(entry, "title", _marked(letter.subject, words, replay))
    _text(entry, "published", utc_text(alert.known_at))
    _text(entry, "updated", utc_text(alert.known_at))
    SubElement(entry, f"{{{ATOM}}}category", {"term": alert.kind.value})
    if alert.instrument is not None:
        SubElement(entry, f"{{{ATOM}}}category", {"term": plain.one_line(alert.instrument)})
    if url := _official_page(letter):
        SubElement(entry, f"{{{ATOM}}}link", {"rel": "alternate", "href": url})
    _text(entry, "summary", _lead(letter))
    _text(entry, "content", _html(letter, words), type="html")


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}", attributes).text = text


def _marked(title: str, words: Words, replay: bool) -> str:
    return f"{words.say(REPLAY)}: {title}" if replay else title


def _tag_part(text: str) -> str:
    """Ids and slugs are plain already; anything else would be no valid tag."""
    return text if _TAG_PART.fullmatch(text) else "unnamed"


def _lead(letter: Letter) -> str:
    """The first paragraph, or the headline where none comes first."""
    blocks = letter.sections[0].blocks if letter.sections else ()
    first = next((block.text for block in blocks if isinstance(block, Paragraph)), letter.headline)
    return plain.one_line(first, plain.REASON_LIMIT)


def _official_page(letter: Letter) -> str | None:
    """The first address that the letter links to."""
    for section in letter.sections:
        for block in section.blocks:
            if isinstance(block, Link) and block.href:
                return plain.link(block.href)
    return None


# --- what an entry holds ------------------------------------------------------------------------------------


def _html(letter: Letter, words: Words) -> str:
    """The letter as markup of a few plain elements, without styles: feed readers have their own."""
    div = Element("div", {"lang": words.language})
    SubElement(div, "h1").text = letter.headline
    for section in letter.sections:
        _add_section(div, section, words)
    return tostring(div, encoding="unicode", method="html")


def _add_section(div: Element, section: Section, words: Words) -> None:
    if section.title:
        SubElement(div, "h2").text = section.title
    for block in section.blocks:
        div.extend(_elements(block, words))


def _elements(block: Block, words: Words) -> Iterator[Element]:
    match block:
        case Paragraph(text):
            yield _element("p", text)
        case Quotation():
            yield from _quotation(block, words)
        case Facts(rows):
            facts = Element("dl")
            for label, value in rows:
                facts.extend((_element("dt", label), _element("dd", value)))
            yield facts
        case Link():
            paragraph = Element("p")
            paragraph.append(_link(block))
            yield paragraph
        case Commands(lines):
            yield _element("pre", "\n".join(lines))
        case Entries(entries):
            yield _list(entries, more_note(block, words), words)


def _list(entries: Iterable[Entry], more: str, words: Words) -> Element:
    found = Element("ul")
    for entry in entries:
        item = SubElement(found, "li")
        item.append(_element("p", entry.text))
        item.extend(_element("p", line) for line in entry.lines)
        if entry.quotation:
            item.extend(_quotation(entry.quotation, words))
        if entry.link:
            item.append(_link(entry.link))
    if more:
        found.append(_element("li", more))
    return found


def _quotation(block: Quotation, words: Words) -> Iterator[Element]:
    yield _element("blockquote", block.text, lang=block.language)
    if note := language_note(block, words):
        yield _element("p", note)


def _link(block: Link) -> Element:
    if block.href is None:
        return _element("span", block.address)
    return _element("a", block.address, href=block.href, rel="noopener noreferrer")


def _element(name: str, text: str, **attributes: str) -> Element:
    made = Element(name, attributes)
    made.text = text
    return made
