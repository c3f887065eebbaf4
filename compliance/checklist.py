"""The announcement checklist of a window: its four parts, each with the passage that shows it."""

from __future__ import annotations

from servanda.compliance.instrument import Commitment, Instrument, Party, Window
from servanda.compliance.joint_acts import find_joint_act
from servanda.compliance.passages import Candidate, Hits
from servanda.compliance.phrases import phrase_pattern
from servanda.compliance.publication import PublicationTime
from servanda.compliance.vocabulary import ChecklistPart
from servanda.compliance.windows import count_window, is_within


def fill_checklist(
    window: Window, candidate: Candidate, instrument: Instrument, hits: Hits
) -> tuple[ChecklistPart, ...]:
    """The four parts of an announcement, each with the passage that shows it."""
    commitment = next(c for c in instrument.commitments if c.id == window.commitment)
    parties = tuple(p for p in instrument.parties if p.id in _bound(commitment))
    return (
        _issued_by_party(window, candidate, parties, hits),
        _concerns_all_parties(candidate, parties, hits),
        _completed_and_new(candidate, instrument, window, parties, hits),
        _published_in_window(window, candidate.published),
    )


def _bound(commitment: Commitment) -> frozenset[str]:
    return frozenset((*commitment.debtors, *commitment.creditors))


def _issued_by_party(
    window: Window, candidate: Candidate, parties: tuple[Party, ...], hits: Hits
) -> ChecklistPart:
    if candidate.source_party in {p.id for p in parties}:
        return ChecklistPart(
            "issued_by_party", True, candidate.source_title, f"published by {candidate.source_party}"
        )
    for concept in window.checklist.quoted:
        for hit in hits.of(concept):
            return ChecklistPart(
                "issued_by_party", True, hits.around(hit).text, "a party's government is quoted"
            )
    return ChecklistPart("issued_by_party", False, None, "no government that is party issued it or is quoted")


def _concerns_all_parties(candidate: Candidate, parties: tuple[Party, ...], hits: Hits) -> ChecklistPart:
    passages: list[str] = []
    for party in parties:
        if party.id == candidate.source_party:
            continue
        named = phrase_pattern(party.every_name).finditer(hits.folded)
        hit = next((found for found in named if hits.is_looked_at(found.start())), None)
        if hit is None:
            return ChecklistPart("concerns_all_parties", False, None, f"{party.names.en[0]} is not named")
        passages.append(hits.around(hit.span()).text)
    return ChecklistPart(
        "concerns_all_parties", True, " … ".join(passages) or candidate.source_title, "every party is named"
    )


def _completed_and_new(
    candidate: Candidate, instrument: Instrument, window: Window, parties: tuple[Party, ...], hits: Hits
) -> ChecklistPart:
    act = find_joint_act(candidate, instrument, window, parties, hits)
    if act is not None:
        return ChecklistPart(
            "completed_and_new", True, act.text, "a sentence says what the parties did together"
        )
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
