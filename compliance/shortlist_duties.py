"""What a verdict makes of a window's shortlist: the duty to look, and the steps that documents came
through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from servanda.compliance.instrument import Window
from servanda.compliance.shortlist import Flow, ShortlistedDocument, count_reviewers, is_by_eye
from servanda.compliance.vocabulary import Duty, EvidenceFact, WindowFacts
from servanda.compliance.windows import CountedWindow, is_within, was_ever_within


def documents_in_term(
    shortlist: Sequence[ShortlistedDocument], term: CountedWindow
) -> tuple[ShortlistedDocument, ...]:
    """Those with any time inside the window, and those that would be candidates, were they not older than the
    instrument."""
    return tuple(
        one
        for one in shortlist
        if was_ever_within(one.published, one.stated, term) or "predates" in one.kinds
    )


def shortlist_duties(
    window: Window, shortlist: Sequence[ShortlistedDocument], waiting: Sequence[EvidenceFact]
) -> Iterator[Duty]:
    """That somebody looks at what nobody has looked at; candidates are a duty of their own.

    Where rules alone suffice, only what no rule can read is left to people: videos, galleries, languages.
    """
    candidates = {one.document for one in waiting}
    left = [one for one in shortlist if one.reviewed_by is None and one.document not in candidates]
    if window.absence == "rules-alone":
        left = [one for one in left if any(map(is_by_eye, one.kinds))]
    if left:
        have = "document on the shortlist has" if len(left) == 1 else "documents on the shortlist have"
        yield Duty("shortlist", None, f"{len(left)} {have} not been reviewed")


def by_rules_alone(flow: Flow) -> str:
    """What is said of a window whose absence asks for no person's look."""
    stand = "document stands" if flow.shortlisted == 1 else "documents stand"
    return (
        f"absence is judged by rules alone: {flow.shortlisted} {stand} on the shortlist,"
        f" {flow.reviewed} of them reviewed"
    )


def moved_times(evidence: Sequence[EvidenceFact], term: CountedWindow) -> Iterator[str]:
    """How the stated times of evidence were moved across an edge of the window, with the readings that say
    so."""
    for one in evidence:
        listed = [said for said in one.stated if said.poll is not None]
        if len({is_within(said.published, term) for said in listed}) > 1:
            times = ", then ".join(f"{said.published} (reading {said.poll})" for said in listed)
            yield f"the listed time of evidence {one.id} was moved across the window's edge: {times}"


def count_flow(
    facts: WindowFacts,
    term: CountedWindow,
    shortlist: Sequence[ShortlistedDocument],
    accepted: Sequence[EvidenceFact],
) -> Flow:
    """How many documents of the required sources came through each step."""
    required = {terms.id for terms in facts.sources}
    kinds = [
        one.kind
        for one in facts.unread
        if one.source in required and was_ever_within(one.published, one.stated, term)
    ]
    retrieved = max(0, facts.identified - kinds.count("unread"))
    doubtful = min(retrieved, kinds.count("doubtful"))
    return Flow(
        identified=facts.identified,
        retrieved=retrieved,
        doubtful=doubtful,
        screened=retrieved - doubtful,
        shortlisted=len(shortlist),
        reviewed=sum(one.reviewed_by is not None for one in shortlist),
        accepted=len({one.document for one in accepted if was_ever_within(one.published, one.stated, term)}),
        reviewers=count_reviewers(shortlist),
    )
