"""The picture of a window: where everything stands on it. Pure: a dossier in, coordinates out.

The axis is publication time. Nothing is told by colour alone: each state has a pattern and a word, each kind
of document a shape of its own; a table beside the picture says the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date

from servanda.alerts.text.msgid import msgid
from servanda.alerts.text.translation import Words
from servanda.compliance.intervals import Interval
from servanda.compliance.publication import Precision, PublicationTime, start_of_day
from servanda.compliance.timeline import TileState
from servanda.compliance.vocabulary import ACCEPTED_REVIEWS, Review
from servanda.jobs.views.window_dossier import SourceStrip, WindowDossier
from servanda.models.findings.evidence import EvidenceRow

MarkKind = Literal["accepted", "candidate", "rejected", "near_miss", "evidence", "doubtful", "unread"]
Size = Literal["wide", "narrow"]

WIDTHS: dict[Size, int] = {"wide": 960, "narrow": 340}
MARGIN = 8
LINE = 20
"""Height of a line of text."""
STRIP = 24
"""Height of a source's strip."""
LEAST = 3.0
"""Width of the shortest stretch that is drawn, so that no gap is too short to be seen."""
ROOM_FOR_A_WORD = 84.0
AFTER = timedelta(days=60)
"""How long after a window's end documents are still drawn."""


STATES = {
    TileState.COVERED: msgid("covered"),
    TileState.FAILED: msgid("failed"),
    TileState.BLOCKED: msgid("blocked"),
    TileState.NOT_READ: msgid("not read"),
}
"""What became of a stretch of time, in a word."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A rectangle on the time axis; ``word`` where there is room for one."""

    x: float
    width: float
    state: str
    word: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A document, at the time of its publication."""

    x: float
    kind: MarkKind


@dataclass(frozen=True, slots=True)
class Row:
    """A source: its title, its documents above, its strip below. ``y`` is the top of the row."""

    y: float
    title: str
    marks: tuple[Mark, ...]
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A vertical line with its words, which stand at ``text_x`` and end or begin there."""

    x: float
    y: float
    text: str
    kind: str
    text_x: float
    anchor: Literal["start", "end"]


@dataclass(frozen=True, slots=True)
class Reading:
    """Another way to count: how far it reaches."""

    x: float
    width: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    text: str | None


@dataclass(frozen=True, slots=True)
class Picture:
    size: Size
    width: int
    height: float
    axis_y: float
    rows_y: float
    ticks: tuple[Tick, ...]
    window: Stretch
    window_y: float
    lines: tuple[Line, ...]
    readings: tuple[Reading, ...]
    rows: tuple[Row, ...]


class _Scale:
    """From instants to places."""

    def __init__(self, span: Interval, width: int) -> None:
        self.span, self._left, self._room = span, float(MARGIN), float(width - 2 * MARGIN)

    def x(self, at: datetime) -> float:
        share = (at - self.span.from_at) / self.span.length
        return round(self._left + min(1.0, max(0.0, share)) * self._room, 1)

    def stretch(self, interval: Interval, state: str, word: str | None = None) -> Stretch:
        x = self.x(interval.from_at)
        width = round(max(LEAST, self.x(interval.until_at) - x), 1)
        return Stretch(x, width, state, word if width >= ROOM_FOR_A_WORD else None)


def draw(dossier: WindowDossier, words: Words, size: Size) -> Picture:
    """The picture in one of its two sizes."""
    width = WIDTHS[size]
    scale = _Scale(_span(dossier), width)
    lines = tuple(_lines(dossier, words, scale, width))
    window_y = LINE * (len(lines) + 0.5)
    y = window_y + STRIP + 10
    readings = tuple(_readings(dossier, words, scale, y))
    axis_y = y + LINE * 1.5 * len(readings) + LINE
    rows_y = axis_y + 14
    rows = tuple(_rows(dossier, words, scale, rows_y))
    interval = Interval(dossier.verdict.opens_at, dossier.verdict.due_at)
    return Picture(
        size=size,
        width=width,
        height=rows_y + sum(ROW_HEIGHT if row.stretches else LINE * 2 + 8 for row in rows) + 4,
        axis_y=axis_y,
        rows_y=rows_y,
        ticks=tuple(_ticks(scale, dossier.window.zone, words, width)),
        window=scale.stretch(interval, "window", words.say("the window")),
        window_y=window_y,
        lines=lines,
        readings=readings,
        rows=rows,
    )


ROW_HEIGHT = LINE * 2 + STRIP + 18


def _span(dossier: WindowDossier) -> Interval:
    """From a little before the window to its settling, the last way to count, and what came soon after."""
    verdict = dossier.verdict
    ends = [verdict.settles_at, *(reading.due_at for reading in verdict.readings)]
    ends += [at for at in map(_middle, _published(dossier)) if at <= verdict.due_at + AFTER]
    if dossier.as_of <= verdict.due_at + AFTER:
        ends.append(dossier.as_of)
    starts = [
        verdict.opens_at,
        *(at for at in map(_middle, _published(dossier)) if at >= verdict.opens_at - AFTER),
    ]
    start, end = min(starts), max(ends)
    margin = (end - start) / 50
    return Interval(start - margin, end + margin)


def _published(dossier: WindowDossier) -> Iterator[PublicationTime]:
    yield from (row.published for row in dossier.evidence)
    yield from (one.published for strip in dossier.strips for one in strip.unread)


def _middle(published: PublicationTime) -> datetime:
    stated = published.interval
    return stated.from_at if published.precision is Precision.INSTANT else stated.from_at + stated.length / 2


def _lines(dossier: WindowDossier, words: Words, scale: _Scale, width: int) -> Iterator[Line]:
    verdict = dossier.verdict
    said = [
        (verdict.due_at, words.say("window ends"), "due"),
        (verdict.settles_at, words.say("settles"), "settles"),
    ]
    if scale.span.contains(dossier.as_of):
        said.append((dossier.as_of, words.say("as of"), "as-of"))
    for n, (at, text, kind) in enumerate(sorted(said, key=lambda one: one[0])):
        x = scale.x(at)
        dated = f"{text} {_short_date(at, dossier.window.zone, kind, words)}"
        left = x > width / 2
        yield Line(x, LINE * (n + 0.8), dated, kind, x - 5 if left else x + 5, "end" if left else "start")


def _short_date(at: datetime, zone: str, kind: str, words: Words) -> str:
    """A day; that of the end is the last one of the window."""
    there = (at - timedelta(seconds=1) if kind == "due" else at).astimezone(ZoneInfo(zone))
    return str(format_date(there.date(), "d MMM y", words.locale))


def _readings(dossier: WindowDossier, words: Words, scale: _Scale, y: float) -> Iterator[Reading]:
    opens = {reading.id: reading for reading in dossier.window.readings}
    for n, outcome in enumerate(dossier.verdict.readings):
        reading = opens[outcome.id]
        start = start_of_day(reading.anchor_on, reading.zone)
        x = scale.x(start)
        text = words.say(
            "{id} ends {date}", id=outcome.id, date=_short_date(outcome.due_at, reading.zone, "due", words)
        )
        yield Reading(x, round(scale.x(outcome.due_at) - x, 1), y + LINE * 1.5 * n, text)


def _rows(dossier: WindowDossier, words: Words, scale: _Scale, y: float) -> Iterator[Row]:
    required = {strip.source.id for strip in dossier.strips}
    for n, strip in enumerate(dossier.strips):
        marks = (*_marks(dossier.evidence, strip.source.id, scale), *_unread_marks(strip, scale))
        title = f"{strip.source.title} ({strip.source.party})"
        yield Row(y + n * ROW_HEIGHT, title, marks, tuple(_stretches(dossier, strip, words, scale)))
    others = [row for row in dossier.evidence if row.source not in required]
    if others:
        found = tuple(Mark(scale.x(_middle(row.published)), mark_of(row)) for row in others)
        yield Row(y + len(dossier.strips) * ROW_HEIGHT, words.say("Other sources"), found, ())


def _stretches(dossier: WindowDossier, strip: SourceStrip, words: Words, scale: _Scale) -> Iterator[Stretch]:
    for tile in strip.tiles:
        yield scale.stretch(tile.interval, tile.state.value, words.say(STATES[tile.state]))
    begun = strip.bounds.until_at if strip.bounds else max(dossier.as_of, dossier.verdict.opens_at)
    end = min(dossier.verdict.due_at, strip.source.existence.until_at)
    if begun < end:
        yield scale.stretch(Interval(begun, end), "to_come", words.say("still to come"))


def _marks(evidence: Iterable[EvidenceRow], source: str, scale: _Scale) -> Iterator[Mark]:
    for row in evidence:
        if row.source == source:
            yield Mark(scale.x(_middle(row.published)), mark_of(row))


def _unread_marks(strip: SourceStrip, scale: _Scale) -> Iterator[Mark]:
    for one in strip.unread:
        if one.kind != "reread":
            yield Mark(scale.x(_middle(one.published)), "doubtful" if one.kind == "doubtful" else "unread")


def mark_of(row: EvidenceRow) -> MarkKind:
    """What a document is to the window."""
    if row.review in ACCEPTED_REVIEWS:
        return "accepted"
    if row.review is Review.REJECTED:
        return "rejected"
    if row.near_miss:
        return "near_miss"
    return "candidate" if row.candidate else "evidence"


def _ticks(scale: _Scale, zone: str, words: Words, width: int) -> Iterator[Tick]:
    """The months of the span, or its years where they are many; named where there is room."""
    free = 0.0
    for on, form in _first_days(scale.span, zone):
        x = scale.x(start_of_day(on, zone))
        text = str(format_date(on, form, words.locale))
        wide = len(text) * 8.5
        named = x >= free and x + wide <= width - MARGIN
        yield Tick(x, text if named else None)
        if named:
            free = x + wide + 6


def _first_days(span: Interval, zone: str) -> Iterator[tuple[date, str]]:
    first = span.from_at.astimezone(ZoneInfo(zone)).date()
    last = span.until_at.astimezone(ZoneInfo(zone)).date()
    step = max(1, -(-(last - first).days // (31 * 14)))
    on, begun = _next_month(first, 1), False
    while on <= last:
        yield on, "MMM y" if not begun or on.month <= step else "MMM"
        on, begun = _next_month(on, step), True


def _next_month(on: date, step: int) -> date:
    months = on.year * 12 + on.month - 1 + step
    return date(months // 12, months % 12 + 1, 1)
