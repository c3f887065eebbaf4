"""Whether a document says that the parties of a window did something together: one sentence must say so.

"New" is what they do together after the instrument, whether or not that word stands there. Agreeing to go on
talking is not it, nor a denial, a hope, what others report, one party's own measure, another counterparty or
subject. What is told apart here by words errs both ways; the shortlist is there for what it misses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from servanda.compliance import act_phrases as said
from servanda.compliance.folding import fold
from servanda.compliance.instrument import Instrument, Party, Window
from servanda.compliance.passages import Candidate, Hits, Passage
from servanda.compliance.phrases import phrase_pattern
from servanda.compliance.vocabulary import Span

_SENTENCE_END = re.compile(r"(?<=[.!?;:])[\"”»')\]]*\s+|\n+")
_QUESTION = re.compile(r"(?:q|question|pregunta|p)\b\W")
_SUPPOSING = re.compile(r"(?:^|[,;:—(¿]\s*)si\s", re.IGNORECASE)
"""Spanish "if"; "sí" is yes, so the text is asked before its accents are folded away."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_JOINED = re.compile(
    r"\W{0,3}(?:(?:and|y|e|with|con)\s+)?(?:the\s+|el\s+)?(?:government\s+of\s+|gobierno\s+de\s+)?"
)

WORDS_DENIED, WORDS_NOT_YET, WORDS_AFTER = 5, 2, 5


@dataclass(frozen=True, slots=True)
class _Act:
    """A word for something done: whether either side may do it alone, and what would undo it before it."""

    pattern: re.Pattern[str]
    is_weak: bool
    denied: re.Pattern[str]
    not_yet: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    passage: Passage


def find_joint_act(
    candidate: Candidate, instrument: Instrument, window: Window, parties: Sequence[Party], hits: Hits
) -> Span | None:
    """The passage of the first sentence that says it; None for none.

    ``parties``: those that the commitment binds. They must be named somewhere, the publisher's own aside.
    """
    document = _Document(candidate, instrument, window, parties, hits)
    if not document.may_announce():
        return None
    found = next(filter(document.says_so, document.sentences()), None)
    return None if found is None else hits.quote(found.passage, [(found.start, found.end)])


class _Document:
    """One document with what of a window matters for it; positions are those of its text."""

    def __init__(
        self,
        candidate: Candidate,
        instrument: Instrument,
        window: Window,
        parties: Sequence[Party],
        hits: Hits,
    ) -> None:
        self.hits, self.text, self.folded = hits, hits.text, hits.folded
        self.title = hits.passages[0]
        self.year = instrument.published_on.year
        self.parties = [(party, list(_names_in(party, parties, hits))) for party in parties]
        self.own = candidate.source_party
        checklist = window.checklist
        self.subject = _spans(hits, (*checklist.subject, *window.shortlist))
        self.restates, self.others = _spans(hits, checklist.restates), _spans(hits, checklist.others)
        self.elsewhere, self.apart = _spans(hits, checklist.elsewhere), _spans(hits, checklist.apart)
        self.together = [m.span() for m in _pattern(said.TOGETHER).finditer(self.folded)]

    def may_announce(self) -> bool:
        """Whether the document as a whole may: its subject is touched, the other parties are named, and its
        title speaks of nothing else and denies nothing."""
        others_named = all(names for party, names in self.parties if party.id != self.own)
        title = (self.title.start, self.title.end)
        is_apart = _within(self.apart, *title) and not _within(self.subject, *title)
        is_denial = _pattern(said.DENIAL).search(self.folded, *title) is not None
        return (
            bool(self.subject)
            and others_named
            and not is_apart
            and not is_denial
            and not _within(self.others, *title)
            and not self._is_elsewhere(*title)
        )

    def sentences(self) -> Iterator[_Sentence]:
        for passage in self.hits.passages:
            start = passage.start
            for end in _SENTENCE_END.finditer(self.text, passage.start, passage.end):
                yield _Sentence(start, end.start(), passage)
                start = end.end()
            yield _Sentence(start, passage.end, passage)

    def says_so(self, one: _Sentence) -> bool:
        at = (one.start, one.end)
        acts = [weak for weak, place in _acts(self.folded, *at) if self.hits.is_looked_at(place)]
        if not acts or self._is_not_said(one):
            return False
        in_title = one.passage == self.title
        around = (one.passage.start, one.passage.end)
        here = self._names_all(*at) or self._names_other(*at)
        near = here or self._names_all(*around) or self._names_all(self.title.start, self.title.end)
        if all(acts) and not (here or self._names_all(self.title.start, self.title.end)):
            return False
        if all(acts) and not (self._has_subject(*around) or _within(self.together, *at)):
            return False
        if _within(self.apart, *at) and not _within(self.subject, *at):
            return False
        if in_title:
            return here and _within(self.subject, *at)
        return near and self._has_subject_near(one.passage)

    def _is_not_said(self, one: _Sentence) -> bool:
        """Whether a sentence asks, supposes, hopes, reports what others say, or speaks of something else."""
        at = (one.start, one.end)
        text, folded = self.text[one.start : one.end], self.folded[one.start : one.end]
        older = any(int(year) < self.year for year in _YEAR.findall(folded))
        restates = _within(self.restates, *at) and not _pattern(said.NEWER).search(folded)
        return (
            "?" in text
            or _QUESTION.match(folded) is not None
            or _SUPPOSING.search(text) is not None
            or _pattern(said.HEARSAY).search(folded) is not None
            or older
            or restates
            or _within(self.others, *at)
            or self._is_elsewhere(*at)
        )

    def _is_elsewhere(self, start: int, end: int) -> bool:
        """Whether another state stands there without all parties, or beside one of them as its
        counterparty."""
        states = [span for span in self.elsewhere if start <= span[0] < end]
        if not states:
            return False
        names = [name for _, found in self.parties for name in found if start <= name[0] < end]
        if any(_are_joined(self.folded, name, state) for name in names for state in states):
            return True
        return not (self._names_each(start, end) or self._names_other(start, end))

    def _names_each(self, start: int, end: int) -> bool:
        return all(_within(names, start, end) for _, names in self.parties)

    def _names_all(self, start: int, end: int) -> bool:
        return self._names_each(start, end) or _within(self.together, start, end)

    def _names_other(self, start: int, end: int) -> bool:
        """Whether every party but the publisher's own is named there; of no party's publisher, each."""
        return all(_within(names, start, end) for party, names in self.parties if party.id != self.own)

    def _has_subject_near(self, passage: Passage) -> bool:
        place = self.hits.passages.index(passage)
        beside = self.hits.passages[max(0, place - 1) : place + 2]
        return any(self._has_subject(one.start, one.end) for one in beside)

    def _has_subject(self, start: int, end: int) -> bool:
        return _within(self.subject, start, end) or _within(self.subject, self.title.start, self.title.end)


def _acts(folded: str, start: int, end: int) -> Iterator[tuple[bool, int]]:
    """Each word for something done in a sentence, as (weak, place), those left out that are undone there."""
    for act in _every_act():
        for found in act.pattern.finditer(folded, start, end):
            before = folded[start : found.start()].split()
            after = f"{found[0]} {' '.join(folded[found.end() : end].split()[:WORDS_AFTER])}"
            if act.denied.search(" ".join(before[-WORDS_DENIED:])):
                continue
            if act.not_yet.search(" ".join(before[-WORDS_NOT_YET:])):
                continue
            if _pattern(said.TALKS_ON).search(after) is None:
                yield act.is_weak, found.start()


@lru_cache(maxsize=1)
def _every_act() -> tuple[_Act, ...]:
    english = _pattern(said.DENIED_EN), _pattern(said.NOT_YET_EN)
    spanish = _pattern(said.DENIED_ES), _pattern(said.NOT_YET_ES)
    return (
        _Act(_pattern(said.STRONG_EN), False, *english),
        _Act(_pattern(said.STRONG_ES), False, *spanish),
        _Act(_pattern(said.WEAK_EN), True, *english),
        _Act(_pattern(said.WEAK_ES), True, *spanish),
    )


@lru_cache(maxsize=32)
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for phrases of the language: plainer than that of a catalogue's, for there are many."""
    words = sorted({fold(phrase) for phrase in phrases}, key=lambda one: (-len(one), one))
    escaped = (re.escape(one).replace(r"\ ", r"\s+").replace(r"\*", r"\w*") for one in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(escaped)})(?!\w)")


def _spans(hits: Hits, concepts: Sequence[str]) -> list[tuple[int, int]]:
    return sorted(span for concept in concepts for span in hits.of(concept))


def _within(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(start <= span[0] < end for span in spans)


def _names_in(party: Party, parties: Sequence[Party], hits: Hits) -> Iterator[tuple[int, int]]:
    """Where a party is named; not within a longer name of another one ("Estados Unidos Mexicanos")."""
    theirs = [
        found.span()
        for other in parties
        if other is not party
        for found in phrase_pattern(other.every_name).finditer(hits.folded)
    ]

    def is_inside(start: int, end: int) -> bool:
        return any(s <= start and end <= e and e - s > end - start for s, e in theirs)

    for found in phrase_pattern(party.every_name).finditer(hits.folded):
        if hits.is_looked_at(found.start()) and not is_inside(*found.span()):
            yield found.span()


def _are_joined(folded: str, name: tuple[int, int], state: tuple[int, int]) -> bool:
    """Whether a party and another state are named as two sides: "Mexico and Honduras"."""
    first, second = sorted((name, state))
    between = folded[first[1] : second[0]]
    return len(between) <= 40 and _JOINED.fullmatch(between) is not None
