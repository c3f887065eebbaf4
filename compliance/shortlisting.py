"""Which documents stand on a window's shortlist: those that concern its parties and touch its subject.

This asks for less than any rule. It looks at the whole document, not at a passage; it knows no threshold and
no ``none``. A document too many costs a person a look; one too few is an absence claimed falsely.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence

from servanda.compliance.instrument import Instrument, Party, Window
from servanda.compliance.own_text import hits_beside_instrument
from servanda.compliance.parties_together import TOGETHER
from servanda.compliance.passages import Candidate, Hits
from servanda.compliance.phrases import phrase_pattern
from servanda.compliance.shortlist import ShortlistReason
from servanda.compliance.vocabulary import Match
from servanda.compliance.windows import count_window


def subject_concepts(window: Window) -> tuple[str, ...]:
    """The concepts by which a document touches a window's subject: the checklist's, and the shortlist's
    own."""
    return tuple(dict.fromkeys((*window.checklist.subject, *window.shortlist)))


def shortlist_reasons(
    candidate: Candidate,
    instrument: Instrument,
    window: Window,
    matches: Sequence[Match],
    hits: Hits | None = None,
) -> tuple[ShortlistReason, ...]:
    """Why a document stands on the shortlist of a window; nothing where it does not.

    Its publisher's own party counts as named. ``matches``: what the rules found in it: whatever they looked
    at for the window stands on its shortlist, near misses too. The instrument's own words do not count.
    ``hits``: where concepts occur in it, where that is known already.
    """
    found = tuple(_by_rules(window, candidate, matches))
    hits = hits or hits_beside_instrument(candidate, instrument)
    if hits is None:
        return found
    subject = tuple(_subject(window, hits))
    named = tuple(_parties(candidate, instrument, window, hits)) if subject else ()
    return (*found, *subject, *named) if subject and (named or found) else found


def _by_rules(window: Window, candidate: Candidate, matches: Sequence[Match]) -> Iterator[ShortlistReason]:
    for one in matches:
        if one.commitment != window.commitment or one.window is None:
            continue
        text = one.spans[0].text if one.spans else ""
        yield ShortlistReason("candidate" if one.is_candidate else "near_miss", one.rule, text)
        if one.predates and one.meets_checklist:
            yield ShortlistReason("predates", str(candidate.published))


def question_digest(instrument: Instrument, window: Window) -> str:
    """Names what a window asks: the commitment's words, the parties, the dates. A person's look at a text
    answers that, however the rules are worded."""
    commitment = next(one for one in instrument.commitments if one.id == window.commitment)
    term = count_window(window, window.primary)
    asked = {
        "commitment": commitment.quote,
        "parties": sorted({*commitment.debtors, *commitment.creditors}),
        "from": term.opens_at.isoformat(),
        "until": term.due_at.isoformat(),
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


def _subject(window: Window, hits: Hits) -> Iterator[ShortlistReason]:
    for concept in subject_concepts(window):
        if spans := hits.of(concept):
            yield ShortlistReason("subject", concept, hits.around(spans[0]).text)


def _parties(
    candidate: Candidate, instrument: Instrument, window: Window, hits: Hits
) -> Iterator[ShortlistReason]:
    """How a document concerns all parties of a window; nothing where one of them is not named."""
    commitment = next(one for one in instrument.commitments if one.id == window.commitment)
    bound = {*commitment.debtors, *commitment.creditors}
    others = [p for p in instrument.parties if p.id in bound and p.id != candidate.source_party]
    named = [ShortlistReason("party", p.id, text) for p in others if (text := _passage_naming(p, hits))]
    if len(named) == len(others):
        yield from named or (ShortlistReason("party", candidate.source_party or ""),)
    elif together := hits.of(TOGETHER.id):
        yield ShortlistReason("together", TOGETHER.id, hits.around(together[0]).text)


def _passage_naming(party: Party, hits: Hits) -> str | None:
    found = phrase_pattern(party.every_name).finditer(hits.folded)
    hit = next((one for one in found if hits.is_looked_at(one.start())), None)
    return None if hit is None else hits.around(hit.span()).text
