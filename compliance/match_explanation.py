"""Why a rule makes a document evidence of a commitment, or why not: what was found, what was missing."""

from __future__ import annotations

from dataclasses import dataclass

from servanda.compliance.instrument import Instrument, Rule
from servanda.compliance.matching import score
from servanda.compliance.own_text import passages_beside_instrument
from servanda.compliance.passages import Candidate, Hits


@dataclass(frozen=True, slots=True)
class RuleExplanation:
    """What a rule found in a document. Concepts are named by their ids.

    ``found`` of those the rule needs; ``missing``: those that stand nowhere. ``apart``: all that are needed
    together stand in the document, but in no single passage. ``lacks_any``: none of those of which one is
    needed stands in it. ``forbidden``: those that must not stand in it, and do.
    """

    rule: Rule
    found: tuple[str, ...]
    missing: tuple[str, ...]
    apart: bool
    lacks_any: bool
    forbidden: tuple[str, ...]
    score: float

    @property
    def matches(self) -> bool:
        stopped = self.missing or self.apart or self.lacks_any or self.forbidden
        return not stopped and self.score >= self.rule.threshold


def explain_matches(candidate: Candidate, instrument: Instrument) -> tuple[RuleExplanation, ...] | None:
    """What each rule of the instrument finds; None where the document is a copy of the instrument's text."""
    own = passages_beside_instrument(candidate, instrument)
    if own is None:
        return None
    hits = Hits(candidate.text, {c.id: c for c in instrument.concepts}, own)
    return tuple(_explain(rule, hits) for rule in instrument.rules)


def _explain(rule: Rule, hits: Hits) -> RuleExplanation:
    missing = tuple(concept for concept in rule.all if not hits.of(concept))
    any_found = tuple(concept for concept in rule.any if hits.of(concept))
    together = any(all(hits.within(c, passage) for c in rule.all) for passage in hits.passages)
    return RuleExplanation(
        rule=rule,
        found=(*(c for c in rule.all if c not in missing), *any_found),
        missing=missing,
        apart=not missing and not together,
        lacks_any=bool(rule.any) and not any_found,
        forbidden=tuple(concept for concept in rule.none if hits.of(concept)),
        score=score(rule, len(any_found)),
    )
