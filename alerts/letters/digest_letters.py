"""The mails that tell several things at once, or that nothing was to tell: digests, storms, quiet days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TypeVar

from servanda.alerts.letters.figure_sections import figure_sections, figures_sentence
from servanda.alerts.letters.letter import Entries, Entry, Letter, Link, Paragraph, Quotation, Section, link
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.kinds import severity_rank
from servanda.alerts.payloads.parts import InstrumentBrief, WindowBrief
from servanda.alerts.payloads.period_figures import DigestContents
from servanda.alerts.text import sanitising as plain
from servanda.alerts.text.translation import Words

SHOWN_WHOLE = 40
"""Alerts of one digest that are shown with their facts; the others are a line and a link."""

SHOWN = 300
"""Alerts of one digest that are listed; the rest is a number."""

LEAD_LIMIT = 400

Part = TypeVar("Part", Paragraph, Quotation, Link)


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One alert of a digest. ``window`` is None where it speaks of none, ``instrument`` where of a source."""

    alert: int
    grave: int
    due_at: datetime | None
    instrument: str | None
    window: str | None
    known_at: datetime
    entry: Entry


def digest_entry(alert: Alert, letter: Letter, words: Words) -> DigestEntry:
    """What a digest says of an alert: headline, lead, passage and official page of its own mail."""
    assert alert.id is not None
    references = alert.payload.references
    window = next(iter(references.windows), None)
    entry = Entry(
        letter.headline,
        (*_lead(letter), words.say("Alert {id}: servanda alerts show {id}", id=alert.id)),
        quotation=next(_blocks(letter, Quotation), None),
        link=link(references.page) if references.page is not None else next(_blocks(letter, Link), None),
    )
    return DigestEntry(
        alert=alert.id,
        grave=severity_rank(alert.kind.record.severity),
        due_at=None if window is None else window.due_at,
        instrument=_title_of(references.instrument) or alert.instrument,
        window=_title_of(window),
        known_at=alert.known_at,
        entry=entry,
    )


def digest_letter(digest: DigestContents, briefs: Sequence[DigestEntry], words: Words) -> Letter:
    """All alerts by instrument and window, the gravest and the nearest deadline first; then the numbers."""
    if digest.kind == "storm":
        return _storm(briefs, words)
    lead = _lead_of(digest, briefs, words)
    subject = _subject(digest, briefs, words)
    known = Section(None, tuple(Paragraph(text) for text in lead))
    return Letter(
        subject, subject, (known, *group_entries(briefs, words), *figure_sections(digest, words))
    )  # fmt: skip


def _subject(digest: DigestContents, briefs: Sequence[DigestEntry], words: Words) -> str:
    if digest.kind == "quiet":
        assert digest.numbers is not None
        numbers = figures_sentence(digest.numbers, words)
        if not digest.numbers.all_seen:
            return words.say("Nothing to tell, but not all was seen: {numbers}", numbers=numbers)
        return words.say("All quiet: {numbers}", numbers=numbers)
    number = words.count("{n} alert", "{n} alerts", len(briefs))
    name = words.say("Daily digest") if digest.kind == "daily" else words.say("Weekly digest")
    first = order_entries(briefs)[0].entry.text
    return words.say("{name}, {number}: {first}", name=name, number=number, first=first)


def _lead_of(digest: DigestContents, briefs: Sequence[DigestEntry], words: Words) -> Iterator[str]:
    assert digest.numbers is not None
    since = words.moment(digest.numbers.from_at, digest.zone)
    until = words.moment(digest.numbers.until_at, digest.zone)
    numbers = figures_sentence(digest.numbers, words)
    yield words.say("From {since} to {until}: {numbers}.", since=since, until=until, numbers=numbers)
    if not briefs:
        yield words.say("Nothing that you asked for was to tell in this time.")


def _storm(briefs: Sequence[DigestEntry], words: Words) -> Letter:
    number = words.count("{n} alert in one mail", "{n} alerts in one mail", len(briefs))
    first = order_entries(briefs)[0].entry.text
    why = words.say(
        "More than ten alerts for you came within an hour. From there on they come together, at most once an "
        "hour. Windows that end, final words and corrections always come in mails of their own."
    )
    subject = words.say("{number}: {first}", number=number, first=first)
    return Letter(subject, number, (Section(None, (Paragraph(why),)), *group_entries(briefs, words)))


def order_entries(briefs: Iterable[DigestEntry]) -> list[DigestEntry]:
    """The gravest first, then the nearest deadline, then the oldest."""
    return sorted(briefs, key=_rank)


def _rank(one: DigestEntry) -> tuple[int, bool, datetime, datetime, int]:
    return (-one.grave, one.due_at is None, one.due_at or one.known_at, one.known_at, one.alert)


def group_entries(briefs: Sequence[DigestEntry], words: Words) -> tuple[Section, ...]:
    """A section for each instrument and window, in the order of the first of each; at most SHOWN alerts."""
    first = order_entries(briefs)
    places = {_group(one): n for n, one in reversed(list(enumerate(first)))}
    first.sort(key=lambda one: places[_group(one)])
    shown = [(n, one) for n, one in enumerate(first[:SHOWN])]
    found = [
        Section(_title(group, words), (Entries(tuple(_entry(n, one) for n, one in theirs)),))
        for group, theirs in groupby(shown, key=lambda pair: _group(pair[1]))
    ]
    if len(first) > SHOWN:
        rest = words.count(
            "and {n} more, which `servanda alerts` lists", "and {n} more, which `servanda alerts` lists",
            len(first) - SHOWN,
        )  # fmt: skip
        found.append(Section(None, (Paragraph(rest),)))
    return tuple(found)


def _entry(place: int, one: DigestEntry) -> Entry:
    return one.entry if place < SHOWN_WHOLE else Entry(one.entry.text, link=one.entry.link)


def _group(one: DigestEntry) -> tuple[str | None, str | None]:
    return one.instrument, one.window


def _title(group: tuple[str | None, str | None], words: Words) -> str:
    instrument, window = group
    if instrument is None:
        return words.say("Sources and the monitor itself")
    return instrument if window is None else f"{instrument}: {window}"


def _lead(letter: Letter) -> tuple[str, ...]:
    """The first sentences of its own mail."""
    found = next(_blocks(letter, Paragraph), None)
    return () if found is None else (plain.one_line(found.text, LEAD_LIMIT),)


def _blocks(letter: Letter, shape: type[Part]) -> Iterator[Part]:
    for section in letter.sections:
        for block in section.blocks:
            if isinstance(block, shape):
                yield block
            elif isinstance(block, Entries):
                for entry in block.entries:
                    for part in (entry.quotation, entry.link):
                        if isinstance(part, shape):
                            yield part


def _title_of(what: InstrumentBrief | WindowBrief | None) -> str | None:
    return None if what is None else plain.one_line(what.title)
