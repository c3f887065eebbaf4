"""The parts that several kinds of mail share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from servanda.alerts.letters.derivations import derivation
from servanda.alerts.letters.letter import (
    Block,
    Commands,
    Entries,
    Entry,
    Facts,
    Paragraph,
    Section,
    entries,
    link,
    quotation,
)
from servanda.alerts.letters.verdict_words import coverage_entry
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.parts import (
    CommitmentBrief,
    CoverageBrief,
    DocumentBrief,
    InstrumentBrief,
    WindowBrief,
)
from servanda.alerts.text.msgid import msgid
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.times import last_second
from servanda.alerts.text.translation import Words
from servanda.compliance.vocabulary import Condition

KINDS = {
    "one_off": msgid("done once"),
    "continuing": msgid("kept up"),
    "conditional": msgid("owed only if its condition holds"),
}
"""What each kind of commitment means."""

SHOWN_DIGITS = 16
"""Hex digits of a digest in a command; the whole stands beside it."""


def timing_section(alert: Alert, zone: str, words: Words) -> Section:
    """When it became so, and when it became known, which are different facts."""
    rows = (
        (words.say("True since"), words.moment(alert.effective_at, zone)),
        (words.say("Known since"), words.moment(alert.known_at, zone)),
    )
    return Section(words.say("Since when"), (Facts(rows),))


def commitment(instrument: InstrumentBrief, what: CommitmentBrief, words: Words) -> Section:
    """The passage of the instrument that states the commitment."""
    source = f"{one_line(instrument.title)}, {words.long_date(instrument.published_on)} ({instrument.id})"
    facts = (
        (words.say("Instrument"), source),
        (words.say("Commitment"), f"{what.id} ({words.say(KINDS[what.kind])})"),
    )
    return Section(words.say("The commitment"), (quotation(what.quote, instrument.language), Facts(facts)))


def official_page(what: str, url: str, words: Words) -> Section:
    return Section(words.say("Official page"), (Paragraph(what), link(url)))


def window_facts(window: WindowBrief, words: Words) -> Facts:
    settles = words.say(
        "{moment}, the end of waiting for late listings", moment=words.moment(window.settles_at, window.zone)
    )
    return Facts(
        (
            (words.say("Window"), f"{one_line(window.title)} ({window.id})"),
            (words.say("Derivation"), derivation(window, words)),
            (words.say("Begins"), words.moment(window.opens_at, window.zone)),
            (words.say("Ends"), words.moment(last_second(window.due_at), window.zone)),
            (words.say("Settles"), settles),
        )
    )


def coverage(found: tuple[CoverageBrief, ...], window: WindowBrief, words: Words) -> Section:
    """Every required source, with what its readings have seen of the window."""
    rows = (coverage_entry(one, window, words) for one in found)
    shown = entries(rows, words.say("No source is required: absence cannot be claimed."))
    intro = Paragraph(words.say("What readings of the required official sources have seen of the window:"))
    return Section(words.say("Sources"), (intro, shown) if isinstance(shown, Entries) else (shown,))


def candidates(found: tuple[DocumentBrief, ...], words: Words) -> Section | None:
    """What waits for a person, with the commands that answer; None where nothing does."""
    if not found:
        return None
    intro = words.count(
        "{n} document may be the announcement. Read it, then answer.",
        "{n} documents may be the announcement. Read each, then answer.",
        len(found),
    )
    answer = review_commands(found[0].evidence if len(found) == 1 else None)
    blocks: tuple[Block, ...] = (
        Paragraph(intro),
        entries((document(one, words) for one in found), ""),
        Commands((*answer.lines, *kept_commands(found))),
    )
    return Section(words.say("Candidates waiting for review"), blocks)


def document(found: DocumentBrief, words: Words) -> Entry:
    """A document behind evidence: id, title, publication, source, kept bytes, a passage, official page."""
    lines = [words.say("Published {moment}", moment=words.publication(found.published))]
    if found.source_title:
        lines.append(words.say("Source: {source}", source=one_line(found.source_title)))
    if found.sha256:
        lines.append(words.say("Kept as SHA-256 {digest}", digest=found.sha256))
    return Entry(
        words.say("Evidence {id}: {title}", id=found.evidence, title=one_line(found.title)),
        tuple(lines),
        quotation(found.quotes[-1], found.language) if found.quotes else None,
        link(found.url),
    )


def kept_commands(found: Sequence[DocumentBrief]) -> tuple[str, ...]:
    """How to see the bytes that are kept of documents; nothing where none are named."""
    digests = [one.sha256 for one in found if one.sha256]
    if not digests:
        return ()
    return (show_command(digests[0]) if len(found) == 1 else "servanda capture show SHA-256",)


def show_command(sha256: str) -> str:
    """How to see the kept bytes of a digest, by as much of it as tells it from all others."""
    return f"servanda capture show {sha256[:SHOWN_DIGITS]}"


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


def drop_missing(found: Iterable[Section | None]) -> tuple[Section, ...]:
    return tuple(section for section in found if section is not None)
