"""The parts that several kinds of mail share."""

from __future__ import annotations

from collections.abc import Sequence

from servanda.alerts.letters.letter import (
    Block,
    Commands,
    Entries,
    Entry,
    Facts,
    Letter,
    Paragraph,
    Section,
    entries,
    link,
    quotation,
)
from servanda.alerts.letters.phrases.derivations import derivation
from servanda.alerts.letters.phrases.verdict_words import coverage_entry
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


def instrument_page(instrument: InstrumentBrief, words: Words) -> Section:
    return official_page(one_line(instrument.title), instrument.url, words)


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


def coverage(sources: tuple[CoverageBrief, ...], window: WindowBrief, words: Words) -> Section:
    """Every required source, with what its readings have seen of the window."""
    rows = (coverage_entry(source, window, words) for source in sources)
    shown = entries(rows, words.say("No source is required: absence cannot be claimed."))
    intro = Paragraph(words.say("What readings of the required official sources have seen of the window:"))
    return Section(words.say("Sources"), (intro, shown) if isinstance(shown, Entries) else (shown,))


def candidates(waiting: tuple[DocumentBrief, ...], words: Words) -> Section | None:
    """What waits for a person, with the commands that answer; None where nothing does."""
    if not waiting:
        return None
    intro = words.count(
        "{n} document may be the announcement. Read it, then answer.",
        "{n} documents may be the announcement. Read each, then answer.",
        len(waiting),
    )
    answer = review_commands(waiting[0].evidence if len(waiting) == 1 else None)
    blocks: tuple[Block, ...] = (
        Paragraph(intro),
        entries((document(candidate, words) for candidate in waiting), ""),
        Commands((*answer.lines, *kept_commands(waiting))),
    )
    return Section(words.say("Candidates waiting for review"), blocks)


def document(evidence: DocumentBrief, words: Words) -> Entry:
    """A document behind evidence: id, title, publication, source, kept bytes, a passage, official page."""
    lines = [words.say("Published {moment}", moment=words.publication(evidence.published))]
    if evidence.source_title:
        lines.append(words.say("Source: {source}", source=one_line(evidence.source_title)))
    if evidence.sha256:
        lines.append(words.say("Kept as SHA-256 {digest}", digest=evidence.sha256))
    return Entry(
        words.say("Evidence {id}: {title}", id=evidence.evidence, title=one_line(evidence.title)),
        tuple(lines),
        quotation(evidence.quotes[-1], evidence.language) if evidence.quotes else None,
        link(evidence.url),
    )


def kept_commands(documents: Sequence[DocumentBrief]) -> tuple[str, ...]:
    """How to see the bytes that are kept of documents; nothing where none are named."""
    digests = [document.sha256 for document in documents if document.sha256]
    if not digests:
        return ()
    return (show_command(digests[0]) if len(documents) == 1 else "servanda capture show SHA-256",)


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


def missing_condition_commands(window: WindowBrief, condition: Condition) -> Commands | None:
    """How to record the condition; None where there is none or it is recorded."""
    if window.condition is None or condition is not Condition.UNKNOWN:
        return None
    return condition_commands(window)


def condition_commands(window: WindowBrief) -> Commands:
    """How to say whether the condition is met."""
    return Commands(
        tuple(f"servanda condition {window.id} {x} --by NAME --reason TEXT" for x in ("met", "not-met"))
    )


def letter_of(headline: str, *sections: Section | None, subject: str | None = None) -> Letter:
    """A letter of those of the sections that there are; the subject is the headline unless one is given."""
    return Letter(subject or headline, headline, tuple(s for s in sections if s is not None))
