"""Which documents are evidence for which commitment, with passages that can be quoted.

A document is matched by concepts: sets of English and Spanish phrases, compared without case or accents.
"""

from __future__ import annotations

from collections.abc import Sequence

from servanda.compliance.checklist import fill_checklist
from servanda.compliance.instrument import Instrument, Rule, Window
from servanda.compliance.own_text import hits_beside_instrument
from servanda.compliance.passages import Candidate, Hits, Passage
from servanda.compliance.vocabulary import ChecklistPart, Match, Span

BY_CHECKLIST = "checklist"
"""Named as the rule of a candidate that no rule found."""


def match(candidate: Candidate, instrument: Instrument, hits: Hits | None = None) -> tuple[Match, ...]:
    """Every commitment of the instrument for which the document is evidence, one match a rule.

    The instrument's own words are never evidence for its commitments: where a document prints them again,
    what it says beside them is matched like any other text. ``hits``: where concepts occur in it, where
    that is known already.
    """
    hits = hits or hits_beside_instrument(candidate, instrument)
    if hits is None:
        return ()
    by_rules = (_match_rule(rule, candidate, instrument, hits) for rule in instrument.rules)
    found = [one for one in by_rules if one is not None]
    looked_at = {one.window for one in found}
    windows = [w for w in instrument.windows if w.id not in looked_at and w.checklist.tells_acts_apart]
    by_acts = (_match_act(window, candidate, instrument, hits) for window in windows)
    return (*found, *(one for one in by_acts if one is not None))


def _match_act(window: Window, candidate: Candidate, instrument: Instrument, hits: Hits) -> Match | None:
    """A candidate for a window that no rule named: its checklist holds."""
    checklist = fill_checklist(window, candidate, instrument, hits)
    if not all(part.holds for part in checklist if part.id != "published_in_window"):
        return None
    passage = next(part.passage for part in checklist if part.id == "completed_and_new")
    start = candidate.text.find(passage or "")
    span = Span(passage or "", start, start + len(passage or ""))
    return Match(
        BY_CHECKLIST, window.commitment, window.id, 1.0, (span,), checklist, _predates(candidate, instrument)
    )


def _predates(candidate: Candidate, instrument: Instrument) -> bool:
    return candidate.published.interval.until_at <= instrument.published_at


def _match_rule(rule: Rule, candidate: Candidate, instrument: Instrument, hits: Hits) -> Match | None:
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
    predates = _predates(candidate, instrument)
    return Match(rule.id, rule.commitment, rule.window, share, spans, checklist, predates)


def score(rule: Rule, any_found: int) -> float:
    """The share of what the rule names that was found; of ``any``, two suffice for a full score."""
    wanted = len(rule.all) + min(len(rule.any), 2)
    return round((len(rule.all) + min(any_found, 2)) / wanted, 3) if wanted else 0.0


def _best_passage(rule: Rule, hits: Hits) -> Passage | None:
    """The passage that holds all of ``all`` and most of ``any``; None where none holds all of ``all``."""
    holding = [p for p in hits.passages if all(hits.within(c, p) for c in rule.all)]
    return max(holding, key=lambda p: sum(bool(hits.within(c, p)) for c in rule.any), default=None)


def _spans(hits: Hits, passage: Passage, concepts: Sequence[str]) -> tuple[Span, ...]:
    """The passages to quote: the best one, and the title where it was hit."""
    title = hits.passages[0]
    everywhere = [h for concept in concepts for h in hits.of(concept)]
    quoted = [passage]
    if passage != title and any(title.start <= h[0] < title.end for h in everywhere):
        quoted.insert(0, title)
    return tuple(hits.quote(p, everywhere) for p in quoted)
