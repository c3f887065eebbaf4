"""One event told by several documents: when a document says only what another one said before. Pure.

Ministries repeat each other's releases, and a site may show one release at two addresses. Each such document
is evidence of its own; the event is told once. Where it is not certain, it is another event: a mail too many
is a nuisance, one too few is a loss.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from servanda.compliance.publication import PublicationTime

WITHIN = timedelta(hours=48)
"""Reports of one event by several publishers lie at most so far apart."""

ALIKE = 0.8
"""The share of words that two titles have in common."""

SUBSTANTIAL = 8
"""Words from which on a paragraph says something: shorter ones are contacts, datelines and furniture."""

_WORDS = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class EventReport:
    """A document that is evidence, as far as it tells of an event.

    ``passages`` are what matched. ``text`` None: not at hand, and then it repeats nothing.
    """

    id: int
    source: str
    commitment: str
    candidate: bool
    title: str
    passages: tuple[str, ...]
    published: PublicationTime
    text: str | None


def repeats(later: EventReport, earlier: EventReport) -> bool:
    """Whether a report says of a commitment only what an earlier one said: the same event.

    They were published within WITHIN of each other, or by one source at what may be the same moment; the
    titles are alike; every passage that matched in the later one matched in the earlier one; and every
    paragraph of the later one, its title and what is too short to say anything aside, stands word for word in
    the earlier one. A candidate is told although mere evidence was.
    """
    return may_repeat(later, earlier) and _adds_nothing(later, earlier)


def may_repeat(later: EventReport, earlier: EventReport) -> bool:
    """``repeats``, as far as it can be said without the texts."""
    return (
        later.commitment == earlier.commitment
        and (earlier.candidate or not later.candidate)
        and _at_one_time(later, earlier)
        and _alike(words(later.title), words(earlier.title))
        and _passages(later) <= _passages(earlier)
    )


def first_reports(reports: Iterable[EventReport]) -> dict[int, int]:
    """For each report that repeats an earlier one, the first that tells of the event; others are absent.

    ``reports`` in the order in which they became known.
    """
    firsts: list[EventReport] = []
    found: dict[int, int] = {}
    for report in reports:
        first = find_first_report(report, firsts)
        if first is None:
            firsts.append(report)
        else:
            found[report.id] = first.id
    return found


def find_first_report(report: EventReport, earlier: Sequence[EventReport]) -> EventReport | None:
    """The first of the earlier reports that this one repeats, None where it tells something new."""
    return next((one for one in earlier if repeats(report, one)), None)


def words(text: str) -> tuple[str, ...]:
    """The words of a text, without case, accents and punctuation."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return tuple(_WORDS.findall("".join(c for c in plain if not unicodedata.combining(c))))


def _at_one_time(later: EventReport, earlier: EventReport) -> bool:
    one, other = later.published.interval, earlier.published.interval
    if later.source == earlier.source:
        return one.from_at < other.until_at and other.from_at < one.until_at
    return one.from_at <= other.until_at + WITHIN and other.from_at <= one.until_at + WITHIN


def _alike(one: Sequence[str], other: Sequence[str]) -> bool:
    if one == other:
        return bool(one)
    a, b = set(one), set(other)
    return bool(a and b) and len(a & b) >= ALIKE * len(a | b)


def _passages(report: EventReport) -> frozenset[tuple[str, ...]]:
    """The passages as words; a title that was quoted is compared as a title."""
    title = words(report.title)
    return frozenset(said for passage in report.passages if (said := words(passage)) != title)


def _adds_nothing(later: EventReport, earlier: EventReport) -> bool:
    if later.text is None or earlier.text is None:
        return False
    title, known = words(later.title), f" {' '.join(words(earlier.text))} "
    paragraphs = [said for p in later.text.split("\n\n") if (said := words(p)) != title]
    substantial = [said for said in paragraphs if len(said) >= SUBSTANTIAL]
    return bool(substantial) and all(f" {' '.join(said)} " in known for said in substantial)
