"""Which documents are evidence for which commitment, with passages that can be quoted.

A document is matched by concepts: sets of English and Spanish phrases, compared without case or accents.
Folding keeps every character's position, so a hit in the folded text is a span of the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from servanda.compliance.folding import fold
from servanda.compliance.instrument import Commitment, Concept, Instrument, Party, Rule, Window
from servanda.compliance.publication import PublicationTime
from servanda.compliance.vocabulary import ChecklistPart, Match, Span
from servanda.compliance.windows import count_window, is_within

LONGEST_QUOTE = 600
"""Characters of a passage that a mail can carry."""

SAME_TEXT = 0.8
"""At one of the instrument's addresses, a page of which this share stands word for word in it is its text."""

LEAST_OVERLAP = 20
"""Characters of a paragraph that can be known as one of the instrument's."""

LEAST_OUTSIDE = 8
"""Words beside the instrument's in a document that says more than it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version as matching sees it: ``text`` is the title, a blank line, and paragraphs."""

    url: str
    text: str
    published: PublicationTime
    source_title: str
    source_party: str | None


@dataclass(frozen=True, slots=True)
class _Passage:
    start: int
    end: int


class _Hits:
    """Where each concept occurs in one text; concepts are searched when first asked for."""

    def __init__(self, text: str, concepts: Mapping[str, Concept], passages: list[_Passage]) -> None:
        self.text = text
        self.folded = fold(text)
        self.concepts = concepts
        self.passages = passages
        self._found: dict[str, tuple[tuple[int, int], ...]] = {}

    def of(self, concept: str) -> tuple[tuple[int, int], ...]:
        if concept not in self._found:
            pattern = _pattern(self.concepts[concept].phrases)
            spans = (m.span() for m in pattern.finditer(self.folded))
            self._found[concept] = tuple(span for span in spans if self.is_looked_at(span[0]))
        return self._found[concept]

    def is_looked_at(self, at: int) -> bool:
        """Whether a place lies in one of the passages that are looked at."""
        return any(passage.start <= at < passage.end for passage in self.passages)

    def within(self, concept: str, passage: _Passage) -> tuple[tuple[int, int], ...]:
        """The hits in a passage; a hit in the title speaks for every passage."""
        title = self.passages[0]
        return tuple(
            span
            for span in self.of(concept)
            if passage.start <= span[0] < passage.end or title.start <= span[0] < title.end
        )

    def quote(self, passage: _Passage, hits: Iterable[tuple[int, int]]) -> Span:
        """The passage, cut to a quotable length around the hits that lie in it."""
        inside = sorted(h for h in hits if passage.start <= h[0] < passage.end)
        start, end = passage.start, passage.end
        if end - start > LONGEST_QUOTE and inside:
            start = max(passage.start, min(inside[0][0] - 80, passage.end - LONGEST_QUOTE))
        end = min(end, start + LONGEST_QUOTE)
        start, end = _at_words(self.text, passage, start, end)
        return Span(self.text[start:end], start, end)


def match(candidate: Candidate, instrument: Instrument) -> tuple[Match, ...]:
    """Every commitment of the instrument for which the document is evidence, one match a rule.

    The instrument's own words are never evidence for its commitments: where a document prints them again,
    what it says beside them is matched like any other text.
    """
    own = passages_beside_instrument(candidate, instrument)
    if own is None:
        return ()
    hits = _Hits(candidate.text, {c.id: c for c in instrument.concepts}, own)
    found = (_match_rule(rule, candidate, instrument, hits) for rule in instrument.rules)
    return tuple(m for m in found if m is not None)


def passages_beside_instrument(candidate: Candidate, instrument: Instrument) -> list[_Passage] | None:
    """The passages of a document, those left out that are the instrument's; None where it is a copy.

    A copy says nothing beside it, or stands at one of its addresses with nearly all its words. Addresses are
    compared with their query.
    """
    title, *body = _passages(candidate.text)
    known = _squeezed_instrument(instrument.text)
    said = {passage: _squeezed(candidate.text[passage.start : passage.end]) for passage in body}
    outside = [
        passage for passage in body if len(said[passage]) < LEAST_OVERLAP or said[passage] not in known
    ]
    if len(outside) == len(body):
        return [title, *body]
    total, beside = (sum(len(said[passage]) for passage in them) for them in (body, outside))
    is_there = _address(candidate.url) in map(_address, instrument.urls)
    if is_there and total - beside >= SAME_TEXT * total:
        return None
    words = sum(said[passage].count(" ") + 1 for passage in outside)
    return [title, *outside] if words >= LEAST_OUTSIDE else None


def _match_rule(rule: Rule, candidate: Candidate, instrument: Instrument, hits: _Hits) -> Match | None:
    if any(hits.of(concept) for concept in rule.none):
        return None
    any_found = [concept for concept in rule.any if hits.of(concept)]
    if rule.any and not any_found:
        return None
    passage = _best_passage(rule, hits)
    if passage is None:
        return None
    share = score(rule, len(any_found))
    if share < rule.threshold:
        return None
    concepts = (*rule.all, *any_found)
    spans = _spans(hits, passage, concepts)
    checklist: tuple[ChecklistPart, ...] = ()
    if rule.window is not None:
        window = next(w for w in instrument.windows if w.id == rule.window)
        checklist = fill_checklist(window, candidate, instrument, hits)
    return Match(rule.id, rule.commitment, rule.window, share, spans, checklist)


def score(rule: Rule, any_found: int) -> float:
    """The share of what the rule names that was found; of ``any``, two suffice for a full score."""
    wanted = len(rule.all) + min(len(rule.any), 2)
    return round((len(rule.all) + min(any_found, 2)) / wanted, 3) if wanted else 0.0


def _best_passage(rule: Rule, hits: _Hits) -> _Passage | None:
    """The passage that holds all of ``all`` and most of ``any``; None where none holds all of ``all``."""
    holding = [p for p in hits.passages if all(hits.within(c, p) for c in rule.all)]
    return max(holding, key=lambda p: sum(bool(hits.within(c, p)) for c in rule.any), default=None)


def _spans(hits: _Hits, passage: _Passage, concepts: Sequence[str]) -> tuple[Span, ...]:
    """The passages to quote: the best one, and the title where it was hit."""
    title = hits.passages[0]
    everywhere = [h for concept in concepts for h in hits.of(concept)]
    quoted = [passage]
    if passage != title and any(title.start <= h[0] < title.end for h in everywhere):
        quoted.insert(0, title)
    return tuple(hits.quote(p, everywhere) for p in quoted)


# --- the announcement checklist ---------------------------------------------------------------------


def fill_checklist(
    window: Window, candidate: Candidate, instrument: Instrument, hits: _Hits
) -> tuple[ChecklistPart, ...]:
    """The four parts of an announcement, each with the passage that shows it."""
    commitment = next(c for c in instrument.commitments if c.id == window.commitment)
    parties = tuple(p for p in instrument.parties if p.id in _bound(commitment))
    return (
        _issued_by_party(window, candidate, parties, hits),
        _concerns_all_parties(candidate, parties, hits),
        _completed_and_new(window, hits),
        _published_in_window(window, candidate.published),
    )


def _bound(commitment: Commitment) -> frozenset[str]:
    return frozenset((*commitment.debtors, *commitment.creditors))


def _issued_by_party(
    window: Window, candidate: Candidate, parties: tuple[Party, ...], hits: _Hits
) -> ChecklistPart:
    if candidate.source_party in {p.id for p in parties}:
        return ChecklistPart(
            "issued_by_party", True, candidate.source_title, f"published by {candidate.source_party}"
        )
    for concept in window.checklist.quoted:
        for hit in hits.of(concept):
            return ChecklistPart(
                "issued_by_party", True, _around(hits, hit).text, "a party's government is quoted"
            )
    return ChecklistPart("issued_by_party", False, None, "no government that is party issued it or is quoted")


def _concerns_all_parties(candidate: Candidate, parties: tuple[Party, ...], hits: _Hits) -> ChecklistPart:
    passages: list[str] = []
    for party in parties:
        if party.id == candidate.source_party:
            continue
        named = _pattern((*party.names.en, *party.names.es)).finditer(hits.folded)
        hit = next((found for found in named if hits.is_looked_at(found.start())), None)
        if hit is None:
            return ChecklistPart("concerns_all_parties", False, None, f"{party.names.en[0]} is not named")
        passages.append(_around(hits, hit.span()).text)
    return ChecklistPart(
        "concerns_all_parties", True, " … ".join(passages) or candidate.source_title, "every party is named"
    )


def _completed_and_new(window: Window, hits: _Hits) -> ChecklistPart:
    wanted = {
        "the subject": window.checklist.subject,
        "completed, adopted or announced": window.checklist.completed,
        "something new": window.checklist.new,
    }
    for passage in hits.passages[1:] or hits.passages:
        found = [[h for c in concepts for h in hits.within(c, passage)] for concepts in wanted.values()]
        if all(found):
            span = hits.quote(passage, [h for group in found for h in group])
            return ChecklistPart("completed_and_new", True, span.text, "one passage says all three")
    missing = [name for name, concepts in wanted.items() if not any(hits.of(c) for c in concepts)]
    why = f"nothing speaks of {', '.join(missing)}" if missing else "no single passage says all three"
    return ChecklistPart("completed_and_new", False, None, why)


def _published_in_window(window: Window, published: PublicationTime) -> ChecklistPart:
    term = count_window(window, window.primary)
    inside = is_within(published, term)
    where = "inside" if inside else ("after" if published.interval.from_at >= term.due_at else "before")
    return ChecklistPart(
        "published_in_window", inside, f"published {published}", f"{where} the window ({term.derivation})"
    )


def _around(hits: _Hits, hit: tuple[int, int]) -> Span:
    passage = next(p for p in hits.passages if p.start <= hit[0] < p.end)
    return hits.quote(passage, [hit])


# --- text ---------------------------------------------------------------------------------------------


_BETWEEN_WORDS = r"""(?:\s?(?:\[\d{1,3}\]|[*†‡]))?["')\]]?[\s-]+["'(\[]?"""

_DIVIDED = r"(?:-\s?)?"
"""A hyphen within a word: of a division at a line's end that stayed in the text."""

LEAST_RUN_TOGETHER = 12
"""Letters of a phrase that is known even where nothing is left between its words."""


@lru_cache(maxsize=4096)
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all phrases: whole words, any white space or hyphen between them, ``*`` for endings.

    Quotation marks, brackets and footnote marks may stand between two words; nothing may, in a long phrase
    whose spaces had no width. A word may be divided by a hyphen. Built from escaped words only, without
    nested repetition, so that no text can make it slow.
    """
    return re.compile(r"(?<!\w)(?:" + "|".join(map(_phrase_pattern, phrases)) + r")(?!\w)")


def _phrase_pattern(phrase: str) -> str:
    words = fold(phrase).split()
    may_run = sum(map(len, words)) >= LEAST_RUN_TOGETHER
    pattern = ""
    for word, following in zip(words, (*words[1:], None), strict=True):
        pattern += _word_pattern(word)
        if following is not None:
            pattern += f"(?:{_BETWEEN_WORDS})?" if may_run and word.isalpha() else _BETWEEN_WORDS
    return pattern


def _word_pattern(word: str) -> str:
    stem = word.removesuffix("*")
    ending = r"\w*" if word.endswith("*") else ""
    letters = map(re.escape, stem)
    return (_DIVIDED if stem.isalpha() else "").join(letters) + ending


def _passages(text: str) -> list[_Passage]:
    """Paragraphs between blank lines; the first one is the title."""
    found: list[_Passage] = []
    start = 0
    for part in text.split("\n\n"):
        if part.strip():
            found.append(_Passage(start, start + len(part)))
        start += len(part) + 2
    return found or [_Passage(0, len(text))]


def _at_words(text: str, passage: _Passage, start: int, end: int) -> tuple[int, int]:
    """Move a cut to the next word boundary inwards."""
    if start > passage.start:
        space = text.find(" ", start, end)
        start = space + 1 if space != -1 else start
    if end < passage.end:
        space = text.rfind(" ", start, end)
        end = space if space > start else end
    return start, end


def _squeezed(text: str) -> str:
    return re.sub(r"\W+", " ", fold(text)).strip()


@lru_cache(maxsize=64)
def _squeezed_instrument(text: str) -> str:
    """The same, kept: every document is compared with it."""
    return _squeezed(text)


def _address(url: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return host, parts.path.removesuffix("index.html").rstrip("/"), tuple(sorted(parse_qsl(parts.query)))
