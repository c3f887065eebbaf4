"""How documents came through the steps of the search, in the order and words of PRISMA 2020."""

from __future__ import annotations

from servanda.alerts.letters.letter import Commands, Facts, Paragraph, Section
from servanda.alerts.payloads.parts import FlowBrief
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.translation import Words

REVIEWERS_SHOWN = 5


def flow_section(flow: FlowBrief | None, window: str, words: Words) -> Section | None:
    """The steps with their numbers, and how to look at what nobody has looked at; None for what was stored
    before."""
    if flow is None:
        return None
    waiting = flow.shortlisted - flow.reviewed
    look = (
        Commands(
            (f"servanda review shortlist {window} --by NAME --reason TEXT",),
        )
        if waiting
        else None
    )
    alone = Paragraph(
        words.say("Absence is judged by rules alone: people look only at what no rule can read.")
    )
    blocks = (*((alone,) if flow.by_rules_alone else ()), _steps(flow, words), *((look,) if look else ()))
    return Section(words.say("What was looked at"), blocks)


def _steps(flow: FlowBrief, words: Words) -> Facts:
    retrieved = words.number(flow.retrieved)
    if flow.doubtful:
        doubtful = words.count("{n} of them is doubtful", "{n} of them are doubtful", flow.doubtful)
        retrieved = f"{retrieved}; {doubtful}"
    reviewed = words.number(flow.reviewed)
    if flow.reviewers:
        named = (f"{one_line(name)} {words.number(many)}" for name, many in flow.reviewers[:REVIEWERS_SHOWN])
        more = len(flow.reviewers) - REVIEWERS_SHOWN
        others = [words.count("and {n} more", "and {n} more", more)] if more > 0 else []
        reviewed = f"{reviewed} ({', '.join((*named, *others))})"
    return Facts(
        (
            (words.say("Identified: listed in the window"), words.number(flow.identified)),
            (words.say("Retrieved: read"), retrieved),
            (words.say("Screened: matched by the rules"), words.number(flow.screened)),
            (words.say("Shortlisted: for a person to look at"), words.number(flow.shortlisted)),
            (words.say("Reviewed: looked at"), reviewed),
            (words.say("Accepted: taken for what was due"), words.number(flow.accepted)),
        )
    )
