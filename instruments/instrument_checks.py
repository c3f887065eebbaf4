"""What an instrument must hold together, beyond the type of each value: spans, references, phrases."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache
from zoneinfo import available_timezones

from servanda.compliance.instrument import Commitment, Instrument, Names, Rule
from servanda.instruments.problems import Fault, Path

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SLUG_FORM = "a-z and 0-9, words joined by hyphens"
_PARTY = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
_URL = re.compile(r"https?://\S+")
_PHRASE_WORD = re.compile(r"[^\s\[\](){}|\\^$+?*]+\*?")
_LEAST_STEM = 3
"""Letters before a ``*``: fewer admit endings of unrelated words."""

MOST_OF_A_KIND = 500
"""Parties, commitments, windows, concepts, rules, sources; phrases of a concept in one language."""

_LEEWAY = 50
_LEAST_SAME = 4
"""A quote is laid beside so many more characters; fewer equal ones in a row are chance."""


def instrument_faults(
    instrument: Instrument, folder: str, sources: Collection[str], has_text: bool
) -> Iterator[Fault]:
    """Everything but the windows. ``folder`` is the declaration's folder, ``sources`` the ids that exist."""
    if instrument.id != folder:
        yield Fault(("id",), "is not the name of its folder", folder)
    yield from slug_faults(("id",), instrument.id)
    yield from zone_faults(("zone",), instrument.zone)
    yield from _url_faults(instrument.urls)
    yield from _count_faults(instrument)
    yield from _party_faults(instrument)
    yield from _emptiness_faults(instrument)
    yield from unknown_reference_faults(("sources",), instrument.sources, sources, "source file")
    yield from duplicate_faults("commitments", [c.id for c in instrument.commitments])
    for i, commitment in enumerate(instrument.commitments):
        yield from _commitment_faults(("commitments", i), commitment, instrument)
        if has_text:
            yield from _span_faults(("commitments", i), commitment, instrument.text)
    yield from _concept_faults(instrument)
    yield from duplicate_faults("rules", [r.id for r in instrument.rules])
    for i, rule in enumerate(instrument.rules):
        yield from _rule_faults(("rules", i), rule, instrument)


def _count_faults(instrument: Instrument) -> Iterator[Fault]:
    """Each of these is gone through for each document, or for each other one."""
    for name in ("parties", "commitments", "windows", "concepts", "rules", "sources"):
        yield from count_faults((name,), len(getattr(instrument, name)), MOST_OF_A_KIND)
    for i, concept in enumerate(instrument.concepts):
        for language in ("en", "es"):
            phrases = getattr(concept, language)
            yield from count_faults(("concepts", i, language), len(phrases), MOST_OF_A_KIND)


# --- checks that others use -------------------------------------------------------------------------


def count_faults(path: Path, count: int, most: int) -> Iterator[Fault]:
    if count > most:
        yield Fault(path, f"has {count} entries", f"up to {most}")


def slug_faults(path: Path, value: str) -> Iterator[Fault]:
    if SLUG.fullmatch(value) is None:
        yield Fault(path, "is not a slug", _SLUG_FORM)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # reads a whole folder each time it is asked


def is_zone(zone: str) -> bool:
    return zone in _zones()


def zone_faults(path: Path, zone: str) -> Iterator[Fault]:
    if not is_zone(zone):
        close = closest(zone, _zones())
        yield Fault(path, "is not an IANA time zone", f"a zone such as {close or 'America/New_York'}")


def duplicate_faults(key: str, ids: Sequence[str]) -> Iterator[Fault]:
    """``ids`` are those of the list under ``key``, in order."""
    for i, value in enumerate(ids):
        if value in ids[:i]:
            yield Fault((key, i, "id"), f"stands twice, first in {key}[{ids.index(value)}]", "each id once")


def unknown_reference_faults(
    path: Path, named: Sequence[str], known: Collection[str], what: str
) -> Iterator[Fault]:
    """References of the list at ``path`` to something that does not exist, or made twice."""
    for i, value in enumerate(named):
        if value not in known:
            yield Fault((*path, i), f"there is no such {what}", list_known(known))
        elif value in named[:i]:
            yield Fault((*path, i), "is named twice", "each one once")


def list_known(known: Collection[str]) -> str:
    return ", ".join(sorted(known)) or "none exists yet"


def closest(value: str, known: Collection[str]) -> str | None:
    """The known word that a person most likely meant."""
    scored = [(SequenceMatcher(None, value.lower(), k.lower()).ratio(), k) for k in sorted(known)]
    score, best = max(scored, default=(0.0, None))
    return best if score > 0.6 else None


# --- parties, addresses, lists that may not be empty ------------------------------------------------


def _url_faults(urls: tuple[str, ...]) -> Iterator[Fault]:
    for i, url in enumerate(urls):
        if _URL.fullmatch(url) is None:
            yield Fault(("urls", i), "is not a web address", "an http or https address")


def _party_faults(instrument: Instrument) -> Iterator[Fault]:
    yield from duplicate_faults("parties", [p.id for p in instrument.parties])
    for i, party in enumerate(instrument.parties):
        if _PARTY.fullmatch(party.id) is None:
            valid = "an ISO 3166 alpha-2 code such as MX, or letters and digits joined by hyphens"
            yield Fault(("parties", i, "id"), "is not a party id", valid)
        yield from _phrase_faults(("parties", i, "names"), party.names)
        if party.associated is not None:
            yield from _phrase_faults(("parties", i, "associated"), party.associated)


def _emptiness_faults(instrument: Instrument) -> Iterator[Fault]:
    for key in ("urls", "parties", "commitments", "rules", "sources"):
        if not getattr(instrument, key):
            yield Fault((key,), "is empty", "at least one", "an empty list")


# --- commitments ------------------------------------------------------------------------------------


def _commitment_faults(path: Path, commitment: Commitment, instrument: Instrument) -> Iterator[Fault]:
    parties = {p.id for p in instrument.parties}
    yield from slug_faults((*path, "id"), commitment.id)
    yield from unknown_reference_faults((*path, "debtors"), commitment.debtors, parties, "party")
    yield from unknown_reference_faults((*path, "creditors"), commitment.creditors, parties, "party")
    if not commitment.debtors:
        yield Fault((*path, "debtors"), "is empty: somebody owes it", list_known(parties), "an empty list")
    if commitment.modality not in commitment.quote:
        yield Fault((*path, "modality"), "does not stand in the quote", "the quote's own verb")
    if commitment.condition is not None and commitment.condition not in commitment.quote:
        yield Fault((*path, "condition"), "does not stand in the quote", "the quote's own words, or null")
    if (commitment.kind == "conditional") != (commitment.condition is not None):
        valid = "conditional with a condition; one_off or continuing without"
        yield Fault((*path, "kind"), "does not agree with the condition", valid)


def _span_faults(path: Path, commitment: Commitment, text: str) -> Iterator[Fault]:
    """``text[start:end] == quote``, or where the quote does stand."""
    quote, start, end = commitment.quote, commitment.start, commitment.end
    if not quote.strip():
        yield Fault((*path, "quote"), "is empty", "words of the instrument's text")
    elif 0 <= start < end and text[start:end] == quote:
        return
    elif found := [m.start() for m in re.finditer(re.escape(quote), text)]:
        places = "; ".join(f"start: {at}, end: {at + len(quote)}" for at in found)
        yield Fault((*path, "start"), "the quote does not stand there", places, f"{start}, end = {end}")
    else:
        yield Fault((*path, "quote"), "does not occur in text.txt", _nearest(text, quote))


def _nearest(text: str, quote: str) -> str:
    """Where the text is most like the quote, and from which character on it differs."""
    block = SequenceMatcher(None, text, quote, autojunk=False).find_longest_match()
    base = max(0, block.a - block.b - _LEEWAY)
    around = text[base : block.a - block.b + len(quote) + _LEEWAY]
    blocks = SequenceMatcher(None, around, quote, autojunk=False).get_matching_blocks()
    first = next((b for b in blocks if b.size >= _LEAST_SAME), blocks[-1])
    start, differs = base + first.a - first.b, base + first.a + (0 if first.b else first.size)
    there = text[max(0, differs - 10) : differs + 20].replace("\n", "⏎")
    return f"the text's own words; closest at start: {start}, differing from character {differs}: “{there}”"


# --- concepts and rules -----------------------------------------------------------------------------


def _concept_faults(instrument: Instrument) -> Iterator[Fault]:
    yield from duplicate_faults("concepts", [c.id for c in instrument.concepts])
    for i, concept in enumerate(instrument.concepts):
        yield from slug_faults(("concepts", i, "id"), concept.id)
        yield from _phrase_faults(("concepts", i), Names(concept.en, concept.es))


def _phrase_faults(path: Path, names: Names) -> Iterator[Fault]:
    for language, phrases in (("en", names.en), ("es", names.es)):
        if not phrases:
            yield Fault((*path, language), "is empty", "at least one phrase", "an empty list")
        for i, phrase in enumerate(phrases):
            if why := _phrase_objection(phrase):
                yield Fault((*path, language, i), why, "plain words, each with a trailing * for endings")
            elif phrase in phrases[:i]:
                yield Fault((*path, language, i), "is named twice", "each one once")


def _phrase_objection(phrase: str) -> str | None:
    words = phrase.split()
    if not words or phrase != " ".join(words):
        return "is empty or has stray spaces"
    if not all(_PHRASE_WORD.fullmatch(word) for word in words):
        return "is not a phrase of plain words"
    if any(word.endswith("*") and len(word) <= _LEAST_STEM for word in words):
        return f"has fewer than {_LEAST_STEM} letters before a *"
    return None


def _rule_faults(path: Path, rule: Rule, instrument: Instrument) -> Iterator[Fault]:
    concepts = {c.id for c in instrument.concepts}
    commitments = {c.id for c in instrument.commitments}
    yield from slug_faults((*path, "id"), rule.id)
    for part, named in (("all", rule.all), ("any", rule.any), ("none", rule.none)):
        yield from unknown_reference_faults((*path, part), named, concepts, "concept")
    if not rule.all and not rule.any:
        message = "is empty, and so is any: every document would match"
        yield Fault((*path, "all"), message, list_known(concepts), "an empty list")
    if rule.commitment not in commitments:
        yield Fault((*path, "commitment"), "there is no such commitment", list_known(commitments))
    if not 0 < rule.threshold <= 1:
        yield Fault((*path, "threshold"), "is not a share", "a number above 0, at most 1")
    windows = {w.id: w for w in instrument.windows}
    if rule.window is None:
        return
    if rule.window not in windows:
        yield Fault((*path, "window"), "there is no such window", f"{list_known(windows)}, or null")
    elif (due := windows[rule.window].commitment) != rule.commitment and due in commitments:
        yield Fault((*path, "commitment"), "is not the commitment of the rule's window", due)
