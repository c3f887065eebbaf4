"""The parts that several kinds of mail share."""

from __future__ import annotations

from collections.abc import Iterable

from alerts import times
from alerts.briefs import CommitmentBrief, CoverageBrief, DocumentBrief, InstrumentBrief, WindowBrief
from alerts.letter import (
    Block,
    Commands,
    Entries,
    Entry,
    Facts,
    Paragraph,
    Section,
    counted,
    entries,
    link,
    quotation,
)
from alerts.model import Alert
from alerts.plain import one_line
from alerts.verdict_words import coverage_entry
from compliance.vocabulary import Condition

KINDS = {"one_off": "done once", "continuing": "kept up", "conditional": "owed only if its condition holds"}
"""What each kind of commitment means."""


def since_when(alert: Alert, zone: str) -> Section:
    """When it became so, and when it became known, which are different facts."""
    rows = [("True since", times.moment(alert.effective_at, zone))]
    rows.append(("Known since", times.moment(alert.known_at, zone)))
    return Section("Since when", (Facts(tuple(rows)),))


def commitment(instrument: InstrumentBrief, what: CommitmentBrief) -> Section:
    """The passage of the instrument that states the commitment."""
    source = f"{one_line(instrument.title)}, {times.long_date(instrument.published_on)} ({instrument.id})"
    return Section(
        "The commitment",
        (
            quotation(what.quote, instrument.language),
            Facts((("Instrument", source), ("Commitment", f"{what.id} ({KINDS[what.kind]})"))),
        ),
    )


def official_page(what: str, url: str) -> Section:
    return Section("Official page", (Paragraph(what), link(url)))


def window_facts(window: WindowBrief) -> Facts:
    return Facts(
        (
            ("Window", f"{one_line(window.title)} ({window.id})"),
            ("Derivation", window.derivation),
            ("Begins", times.moment(window.opens_at, window.zone)),
            ("Ends", times.moment(times.last_second(window.due_at), window.zone)),
            (
                "Settles",
                f"{times.moment(window.settles_at, window.zone)}, the end of waiting for late listings",
            ),
        )
    )


def coverage(found: tuple[CoverageBrief, ...], window: WindowBrief) -> Section:
    """Every required source, with what its readings have seen of the window."""
    rows = (coverage_entry(one, window) for one in found)
    shown = entries(rows, "No source is required: absence cannot be claimed.")
    intro = Paragraph("What readings of the required official sources have seen of the window:")
    return Section("Sources", (intro, shown) if isinstance(shown, Entries) else (shown,))


def candidates(found: tuple[DocumentBrief, ...]) -> Section | None:
    """What waits for a person, with the commands that answer; None where nothing does."""
    if not found:
        return None
    blocks: tuple[Block, ...] = (
        Paragraph(f"{counted(len(found), 'document')} may be the announcement. Read it, then answer."),
        entries(map(document, found), ""),
        review_commands(found[0].evidence if len(found) == 1 else None),
    )
    return Section("Candidates waiting for review", blocks)


def document(found: DocumentBrief) -> Entry:
    """A document behind evidence: id, title, publication, official page."""
    return Entry(
        f"Evidence {found.evidence}: {one_line(found.title)}",
        (f"Published {times.publication(found.published)}",),
        link=link(found.url),
    )


def review_commands(evidence: int | None) -> Commands:
    """How to accept or reject; ``ID`` stands for the evidence where there is more than one."""
    which = "ID" if evidence is None else str(evidence)
    return Commands(
        (
            f"servanda review accept {which} --by NAME --reason TEXT",
            f"servanda review reject {which} --by NAME --reason TEXT",
        )
    )


def condition_commands(window: WindowBrief, condition: Condition) -> Commands | None:
    """How to record the condition; None where there is none or it is recorded."""
    if window.condition is None or condition is not Condition.UNKNOWN:
        return None
    return Commands(
        tuple(f"servanda condition {window.id} {x} --by NAME --reason TEXT" for x in ("met", "not-met"))
    )


def sections(found: Iterable[Section | None]) -> tuple[Section, ...]:
    return tuple(section for section in found if section is not None)
