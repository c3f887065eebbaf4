"""The mails about a document that changed after it was found to be evidence: edited, withdrawn, restored."""

from __future__ import annotations

from collections.abc import Iterator

from servanda.alerts.letters import common_sections as parts
from servanda.alerts.letters.letter import (
    LISTED,
    Block,
    Commands,
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
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.document_payloads import DocumentChange
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.parts import AffectedEvidence, ContentBrief, FurtherChange, PassageBrief
from servanda.alerts.text.msgid import msgid
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.translation import Words
from servanda.compliance.vocabulary import Review

CHANGE_LIMIT = 400

TOGETHER = {
    AlertKind.DOCUMENT_WITHDRAWN: msgid("{n} documents withdrawn: {source}"),
    AlertKind.DOCUMENT_RESTORED: msgid("{n} documents restored: {source}"),
}
"""The headlines of several documents of one source at once."""

HEADLINES = {
    AlertKind.DOCUMENT_EDITED: msgid("Edited: {title}"),
    AlertKind.DOCUMENT_WITHDRAWN: msgid("Withdrawn: {title}"),
    AlertKind.DOCUMENT_RESTORED: msgid("Restored: {title}"),
}

REVIEWS = {
    Review.WAITING: msgid("Review: nobody has reviewed it yet"),
    Review.ACCEPTED: msgid("Review: accepted"),
    Review.ACCEPTED_IN_PART: msgid("Review: accepted in part"),
    Review.REJECTED: msgid("Review: rejected"),
    Review.NOT_ASKED: msgid("Review: no review is asked for"),
}


def change_letter(alert: Alert, payload: DocumentChange, words: Words) -> Letter:
    """What changed, what became of the passages, and where both contents are kept."""
    headline = _headline(alert.kind, payload, words)
    edited = alert.kind is AlertKind.DOCUMENT_EDITED
    return parts.letter_of(
        headline,
        _told(alert, payload, words),
        Section(words.say("Official page"), (link(payload.document.url),)),
        _also(alert.kind, payload, words),
        _passages(payload, words) if edited else None,
        _changes(payload, words) if edited else None,
        _evidence(payload, words),
        _look_again(payload, edited, words),
        _source(alert, payload, words),
        _kept(payload, words),
    )


def _headline(kind: AlertKind, payload: DocumentChange, words: Words) -> str:
    if not payload.also or kind not in TOGETHER:
        return words.say(HEADLINES[kind], title=one_line(payload.document.title))
    many, source = words.number(len(payload.also) + 1), one_line(payload.source_title)
    return words.say(TOGETHER[kind], n=many, source=source)


def _told(alert: Alert, payload: DocumentChange, words: Words) -> Section:
    what = words.say(
        _happened(alert.kind, payload),
        title=one_line(payload.document.title),
        published=words.publication(payload.document.published),
        first=words.moment(alert.effective_at, payload.document.published.zone),
        found=words.moment(payload.answer.at, payload.document.published.zone),
    )
    paragraphs = [Paragraph(what)]
    if payload.also:
        paragraphs.append(
            Paragraph(
                words.count(
                    "The same happened to {n} more document of this source: the site may have changed.",
                    "The same happened to {n} more documents of this source: the site may have changed.",
                    len(payload.also),
                )
            )
        )
    return Section(None, (*paragraphs, Paragraph(_meaning(payload, words))))


def _happened(kind: AlertKind, payload: DocumentChange) -> str:
    if kind is AlertKind.DOCUMENT_EDITED:
        return msgid(
            "“{title}”, published {published}, reads otherwise than before. "
            "The new content was first seen on {found}."
        )
    if kind is AlertKind.DOCUMENT_WITHDRAWN:
        return msgid(
            "“{title}”, published {published}, is no longer at its address. "
            "It was found gone on {first}, and again on {found}."
        )
    if payload.before and payload.after and payload.before.digest == payload.after.digest:
        return msgid(
            "“{title}”, published {published}, is back at its address, with the content that it had before. "
            "It was seen again on {found}."
        )
    return msgid(
        "“{title}”, published {published}, is back at its address, with another content. "
        "It was seen again on {found}."
    )


def _meaning(payload: DocumentChange, words: Words) -> str:
    reviewed = any(e.review not in (Review.WAITING, Review.NOT_ASKED) for e in payload.evidence)
    if payload.also:
        return words.say(
            "They are evidence in this monitor. What was decided of them stands until a person looks again."
        )
    if reviewed:
        return words.say(
            "It is evidence in this monitor. What was decided about it stands until a person looks again."
        )
    return words.say("It is evidence in this monitor. Nobody has reviewed it yet.")


def _also(kind: AlertKind, payload: DocumentChange, words: Words) -> Section | None:
    """The other documents, each with its page and its kept content."""
    if not payload.also:
        return None
    others = (_other(kind, further, words) for further in payload.also)
    return Section(words.say("The other documents"), (entries(others, ""),))


def _other(kind: AlertKind, further: FurtherChange, words: Words) -> Entry:
    zone = further.document.published.zone
    since = words.moment(further.since, zone)
    lines = [words.say("Published {moment}", moment=words.publication(further.document.published))]
    if kind is AlertKind.DOCUMENT_WITHDRAWN:
        lines.append(words.say("Found gone {moment}", moment=since))
    else:
        lines.append(words.say("Seen again {moment}", moment=since))
    lines.append(words.say("Evidence {numbers}", numbers=", ".join(map(str, further.evidence))))
    if further.before is not None:
        lines.append(words.say("Kept as SHA-256 {digest}", digest=further.before.sha256))
    text = words.say("Document {id}: {title}", id=further.document.id, title=one_line(further.document.title))
    return Entry(text, tuple(lines), link=link(further.document.url))


def _passages(payload: DocumentChange, words: Words) -> Section:
    passages = [p for evidence in payload.evidence for p in evidence.passages]
    unique = tuple(dict.fromkeys(passages))
    blocks = [block for p in unique[:LISTED] for block in _passage(p, payload.language, words)]
    none = Paragraph(words.say("No passage is quoted."))
    return Section(words.say("The passages that matched"), tuple(blocks) or (none,))


def _passage(passage: PassageBrief, language: str, words: Words) -> Iterator[Block]:
    if passage.after == passage.before:
        yield Paragraph(words.say("This one stands unchanged:"))
        yield quotation(passage.before, language)
        return
    yield Paragraph(words.say("Before:"))
    yield quotation(passage.before, language)
    if passage.after is None:
        yield Paragraph(words.say("Now: nothing like it stands there."))
    else:
        yield Paragraph(words.say("Now:"))
        yield quotation(passage.after, language)


def _changes(payload: DocumentChange, words: Words) -> Section:
    lines = (Entry(one_line(_change(line, words), CHANGE_LIMIT)) for line in payload.changes)
    none = words.say("No paragraph of the text; see the recorded pages.")
    return Section(words.say("What changed"), (entries(lines, none),))


def _change(line: str, words: Words) -> str:
    """A line of ``compliance.text_diff.changed_paragraphs`` in words."""
    sign, _, text = line.partition(" ")
    if sign == "-":
        return words.say("gone: {text}", text=text)
    return words.say("new: {text}", text=text) if sign == "+" else text


def _evidence(payload: DocumentChange, words: Words) -> Section:
    affected = (_touched(evidence, payload, words) for evidence in payload.evidence)
    return Section(words.say("What rests on it"), (entries(affected, ""),))


def _touched(evidence: AffectedEvidence, payload: DocumentChange, words: Words) -> Entry:
    about, lines = evidence.commitment.id, [words.say(REVIEWS[evidence.review])]
    if evidence.window is not None:
        about = f"{one_line(evidence.window.title)} ({evidence.window.id})"
        lines.append(words.say("Derivation: {derivation}", derivation=derivation(evidence.window, words)))
    text = (
        words.say("Candidate {id}: {about}", id=evidence.evidence, about=about)
        if evidence.candidate
        else words.say("Evidence {id}: {title}", id=evidence.evidence, title=about)
    )
    return Entry(text, tuple(lines), quotation(evidence.commitment.quote, payload.instrument.language))


def _look_again(payload: DocumentChange, edited: bool, words: Words) -> Section:
    """An edited document is matched again, and what that gives has a number of its own."""
    several = len(payload.evidence) > 1
    look = f"servanda document {payload.document.id}"
    answer = parts.review_commands(None if several else payload.evidence[0].evidence)
    commands = Commands((look, "servanda review list")) if edited else Commands((look, *answer.lines))
    return Section(words.say("To look again"), (commands,))


def _source(alert: Alert, payload: DocumentChange, words: Words) -> Section:
    zone = payload.document.published.zone
    rows = (
        (words.say("Source"), f"{one_line(payload.source_title)}, {one_line(payload.publisher)}"),
        (words.say("Instrument"), f"{one_line(payload.instrument.title)} ({payload.instrument.id})"),
        (words.say("Language"), words.language_name(payload.language)),
        (words.say("True since"), words.moment(alert.effective_at, zone)),
        (words.say("Known since"), words.moment(alert.known_at, zone)),
    )
    return Section(words.say("Source, and since when"), (Facts(rows),))


def _kept(payload: DocumentChange, words: Words) -> Section:
    zone = payload.document.published.zone
    before, after, answer = payload.before, payload.after, payload.answer
    same = before is not None and after is not None and before.digest == after.digest
    first = words.say("Unchanged") if same else words.say("Before")
    blocks = [] if before is None else [_content(first, before, zone, words)]
    if after is not None and not same:
        blocks.append(_content(words.say("Now"), after, zone, words))
    if after is None or after.exchange != answer.exchange:
        blocks.append(_answer(payload, words))
    exchanges = (before and before.exchange, after and after.exchange, answer.exchange)
    shown = dict.fromkeys(exchange for exchange in exchanges if exchange is not None)
    show = Commands(tuple(f"servanda capture show {exchange}" for exchange in shown))
    return Section(words.say("How it is kept"), (*blocks, show))


def _answer(payload: DocumentChange, words: Words) -> Facts:
    answer = payload.answer
    what = (
        words.say("capture {id}, no response", id=answer.exchange)
        if answer.status is None
        else words.say("capture {id}, status {status}", id=answer.exchange, status=answer.status)
    )
    recorded = ((words.say("Recorded"), one_line(answer.capture)), ("SHA-256", answer.sha256))
    return Facts(((words.say("Answer"), what), *recorded))


def _content(name: str, content: ContentBrief, zone: str, words: Words) -> Facts:
    return Facts(
        (
            (name, words.say("capture {id}", id=content.exchange)),
            (words.say("First seen"), words.moment(content.first_seen_at, zone)),
            (words.say("Last seen"), words.moment(content.last_seen_at, zone)),
            (words.say("Recorded"), one_line(content.capture)),
            ("SHA-256", content.sha256),
            (words.say("Content"), content.digest),
        )
    )
