"""Whether a text could be evidence at all, told cheaply from the pieces that it may be made of.

An extractor keeps some pieces of a page's text and drops others, may join what stood apart, and need not keep
their order. A scan says "no" only where no rule could match any text that consists of whole pieces; every
doubt is a "yes". It asks for less than ``compliance.matching.match`` in each respect:

- only letters and digits count, without case and accents, so no mark-up, white space, hyphen or soft hyphen
  between or within the words of a phrase can hide it, and words need not be whole;
- a phrase may begin in one piece, go on in others, and end in another;
- the concepts of a rule may stand anywhere, not in one passage; ``none`` is not looked at, nor whether the
  document is the instrument itself.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from servanda.compliance.folding import fold
from servanda.compliance.instrument import Instrument, Rule
from servanda.compliance.matching import score
from servanda.compliance.parties_together import TOGETHER
from servanda.compliance.shortlisting import subject_concepts

EDGE = "\0"
"""Stands between two pieces. Characters that mark-up or a reference may begin or end with are edges too."""

_KEY = 3
"""Characters at the edges of pieces by which most phrases that lie over an edge are ruled out."""

_ASCII = str.maketrans(
    {chr(code): None for code in range(128)}
    | {char: char for char in string.ascii_lowercase + string.digits}
    | dict(zip(string.ascii_uppercase, string.ascii_lowercase, strict=True))
    | dict.fromkeys("<>&;" + EDGE, EDGE)
)
_FOOTNOTE_MARK = re.compile(r"\[\d{1,3}\]")
_SUPERSCRIPTS = frozenset("¹²³⁰⁴⁵⁶⁷⁸⁹")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


def fold_to_alphanumerics(text: str) -> str:
    """What counts of a text: a–z and digits, folded as matching folds them, and its edges."""
    text = _FOOTNOTE_MARK.sub("", text)
    if not text.isascii():
        text = _BEYOND_ASCII.sub(_fold_compatible, text)
        text = text if text.isascii() else _BEYOND_ASCII.sub("", text)
    return text.translate(_ASCII)


def _fold_compatible(found: re.Match[str]) -> str:
    """A character folded as the text that is drawn has it: written out, where it stands for several. What is
    taken away there as a footnote mark does not count."""
    if found[0] in _SUPERSCRIPTS:
        return ""
    return fold(unicodedata.normalize("NFKC", found[0]))


Parts = tuple[str, ...]
"""A phrase: what stands between its stars, squeezed. Each part must be found; none at all is always found."""


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """The phrases of one concept."""

    phrases: tuple[Parts, ...]


@dataclass(frozen=True, slots=True)
class _Cut:
    """A part cut in two: known by its last characters before the cut, with the first ones after it."""

    part: str
    after: str
    tiny: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """Whether a rule could match a text, and whether it may speak of the subject of a window."""

    may_match: bool
    may_concern: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Shortlist:
    """What puts a document on a window's shortlist: a word of the subject, and all parties but one, which may
    be its publisher's, or a word for all of them."""

    subject: tuple[_Said, ...]
    parties: tuple[_Said, ...]
    together: _Said

    @property
    def said(self) -> tuple[_Said, ...]:
        return (*self.subject, *self.parties, self.together)

    def may_hold(self, text: _Pieces) -> bool:
        if not any(map(text.may_say, self.subject)):
            return False
        named = sum(map(text.may_say, self.parties))
        return named >= len(self.parties) - 1 or text.may_say(self.together)


@dataclass(frozen=True)
class Prefilter:
    """The rules of some instruments, ready to be looked for: each with what its concepts say, by id.

    ``subjects``: what their windows' checklists call the subject. ``shortlists``: what their windows'
    shortlists ask for: a text that may stand on one is drawn, too.
    """

    rules: tuple[tuple[Rule, dict[str, _Said]], ...]
    subjects: tuple[_Said, ...] = ()
    shortlists: tuple[_Shortlist, ...] = ()

    @classmethod
    def of(cls, instruments: Iterable[Instrument]) -> Prefilter:
        every = tuple(instruments)
        rules = tuple(entry for instrument in every for entry in _rules_of(instrument))
        subjects = tuple(said for instrument in every for said in _subjects_of(instrument))
        return cls(rules, subjects, tuple(one for instrument in every for one in _shortlists_of(instrument)))

    def may_match(self, *pieces: str) -> bool:
        """Whether a rule could match a text made of any of these pieces, in any order.

        A text given as one piece is looked at as it is.
        """
        return self.look(*pieces).may_match

    def look(self, *pieces: str) -> Sighting:
        """The same, with whether the text may speak of the subject of a window."""
        text = _Pieces(fold_to_alphanumerics(EDGE.join(("", *pieces, ""))), self.cuts)
        return Sighting(
            may_match=any(_may_hold(rule, concepts, text) for rule, concepts in self.rules)
            or any(shortlist.may_hold(text) for shortlist in self.shortlists),
            may_concern=any(map(text.may_say, self.subjects)),
        )

    def rules_of(self, text: str) -> frozenset[str]:
        """The ids of the rules that could match a text, looked at as it is."""
        pieces = _Pieces(fold_to_alphanumerics(text), self.cuts)
        return frozenset(rule.id for rule, concepts in self.rules if _may_hold(rule, concepts, pieces))

    @cached_property
    def cuts(self) -> dict[str, list[_Cut]]:
        """Every way to cut a part of a phrase in two, by the characters before the cut."""
        found: dict[str, list[_Cut]] = defaultdict(list)
        said = [one for _, concepts in self.rules for one in concepts.values()] + list(self.subjects)
        said += [one for shortlist in self.shortlists for one in shortlist.said]
        for part in {part for one in said for parts in one.phrases for part in parts}:
            for cut in range(1, len(part)):
                after = part[cut : cut + _KEY]
                tiny = tuple(after[:length] for length in range(1, min(_KEY, len(after))))
                found[part[max(0, cut - _KEY) : cut]].append(_Cut(part, after, tiny))
        return dict(found)

    def __reduce__(self) -> tuple[type[Prefilter], tuple[object, ...]]:
        return Prefilter, (self.rules, self.subjects, self.shortlists)


def _rules_of(instrument: Instrument) -> Iterable[tuple[Rule, dict[str, _Said]]]:
    concepts = {concept.id: _Said(_phrases(concept.phrases)) for concept in instrument.concepts}
    for rule in instrument.rules:
        yield rule, {concept: concepts[concept] for concept in (*rule.all, *rule.any)}


def _subjects_of(instrument: Instrument) -> Iterable[_Said]:
    """What the checklists of an instrument's windows call their subject."""
    named = {concept for window in instrument.windows for concept in window.checklist.subject}
    return (_Said(_phrases(concept.phrases)) for concept in instrument.concepts if concept.id in named)


def _shortlists_of(instrument: Instrument) -> Iterable[_Shortlist]:
    concepts = {concept.id: concept for concept in instrument.concepts}
    together = _Said(_phrases(TOGETHER.phrases))
    parties = {party.id: _Said(_phrases(party.every_name)) for party in instrument.parties}
    for window in instrument.windows:
        owed = next(one for one in instrument.commitments if one.id == window.commitment)
        bound = {*owed.debtors, *owed.creditors}
        subject = tuple(_Said(_phrases(concepts[one].phrases)) for one in subject_concepts(window))
        yield _Shortlist(subject, tuple(parties[one] for one in sorted(bound)), together)


def _phrases(phrases: Iterable[str]) -> tuple[Parts, ...]:
    """Phrases, shortest first: those are the likeliest to be found."""
    parts = {tuple(filter(None, map(_part, phrase.split("*")))) for phrase in phrases}
    return tuple(sorted(parts, key=lambda phrase: (sum(map(len, phrase)), phrase)))


def _part(text: str) -> str:
    return fold_to_alphanumerics(text).replace(EDGE, "")


def _may_hold(rule: Rule, concepts: dict[str, _Said], text: _Pieces) -> bool:
    fewest_first = sorted((concepts[concept] for concept in rule.all), key=lambda said: len(said.phrases))
    if not all(map(text.may_say, fewest_first)):
        return False
    found = sum(text.may_say(concepts[concept]) for concept in rule.any)
    return (found > 0 or not rule.any) and score(rule, found) >= rule.threshold


class _Pieces:
    """One document's pieces, squeezed, each between edges; what was looked for once is remembered."""

    def __init__(self, text: str, cuts: dict[str, list[_Cut]]) -> None:
        self.text = text
        self.cuts = cuts
        self._known: dict[_Said, bool] = {}

    def may_say(self, said: _Said) -> bool:
        """Whether any of the phrases could stand in a text made of these pieces."""
        if said not in self._known:
            self._known[said] = self._says(said) or self._may_say_over_edges(said)
        return self._known[said]

    def _says(self, said: _Said) -> bool:
        text = self.text
        for parts in said.phrases:  # plain loops: this is nearly all that a scan costs
            for part in parts:
                if part not in text:
                    break
            else:
                return True
        return False

    def _may_say_over_edges(self, said: _Said) -> bool:
        crossing = self.crossing
        return any(
            not crossing.isdisjoint(parts)
            and all(part in self.text or (part in crossing and self._put_together(part)) for part in parts)
            for parts in said.phrases
        )

    @cached_property
    def whole(self) -> frozenset[str]:
        return frozenset(filter(None, self.text.split(EDGE)))

    @cached_property
    def tails(self) -> frozenset[str]:
        """How pieces end: their last one, two and three characters."""
        return frozenset(piece[-length:] for piece in self.whole for length in range(1, _KEY + 1))

    @cached_property
    def crossing(self) -> frozenset[str]:
        """The parts of phrases that edges allow to be cut somewhere: very few, but all that can be.

        Behind the cut a piece begins, or a whole one stands that is too short to tell.
        """
        heads = {piece[:length] for piece in self.whole for length in range(1, _KEY + 1)}
        tiny = {piece for piece in self.whole if len(piece) < _KEY}
        return frozenset(
            cut.part
            for key in self.cuts.keys() & self.tails
            for cut in self.cuts[key]
            if cut.after in heads or not tiny.isdisjoint(cut.tiny)
        )

    def _put_together(self, part: str) -> bool:
        """Whether a part is the end of a piece, then whole pieces, if any, then the beginning of a piece."""
        reached = {
            cut
            for cut in range(1, len(part))
            if part[max(0, cut - _KEY) : cut] in self.tails and part[:cut] + EDGE in self.text
        }
        for cut in range(1, len(part)):
            if cut not in reached:
                continue
            if EDGE + part[cut:] in self.text:
                return True
            reached.update(end for end in range(cut + 1, len(part)) if part[cut:end] in self.whole)
        return False
