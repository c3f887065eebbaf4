"""The mails to operators: a source went blind, a source is read again."""

from __future__ import annotations

from servanda.alerts.letters import common_sections as parts
from servanda.alerts.letters.letter import Commands, Entry, Facts, Letter, Paragraph, Section, entries, link
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.monitoring_payloads import SourceHealth
from servanda.alerts.payloads.parts import RouteHealth
from servanda.alerts.text.sanitising import REASON_LIMIT, one_line
from servanda.alerts.text.translation import Words, msgid

OUTCOMES = {
    "read": msgid("read"),
    "unchanged": msgid("read, unchanged"),
    "failed": msgid("could not be read"),
    "never polled": msgid("never polled"),
}

FAMILIES = {
    "unreachable": msgid("unreachable"),
    "blocked": msgid("blocked"),
    "unrecognised": msgid("unrecognised"),
}
"""What kinds of failure there are; what the publisher's server or a library said of one is quoted."""


def source_letter(alert: Alert, payload: SourceHealth, words: Words) -> Letter:
    """Since when, which routes, for what reasons, and what rests on the source."""
    title, blind = one_line(payload.title), alert.kind is AlertKind.SOURCE_BLIND
    headline = (
        words.say("Source blind: {source}", source=title)
        if blind
        else words.say("Source read again: {source}", source=title)
    )
    return Letter(
        headline,
        headline,
        parts.drop_missing(
            (
                _blind(payload, words) if blind else _recovered(alert, payload, words),
                _routes(payload, words),
                _needed_by(payload, words),
                parts.timing_section(alert, payload.zone, words),
                parts.official_page(title, payload.url, words),
            )
        ),
    )


def _blind(payload: SourceHealth, words: Words) -> Section:
    meaning = words.say(
        "None of the routes by which this source proves absence could be read. While that lasts, its "
        "silence proves nothing, and what it publishes may be missed. A later reading that reaches "
        "back far enough heals the gap."
    )
    since = (words.say("Blind since"), words.moment(payload.since, payload.zone))
    return Section(None, (Paragraph(meaning), *_drift(payload, words), _facts(payload, words, since)))


def _drift(payload: SourceHealth, words: Words) -> tuple[Paragraph, ...]:
    if not any(route.failure and route.failure.startswith("unrecognised:") for route in payload.routes):
        return ()
    return (
        Paragraph(
            words.say("A page was not understood: it may have changed, and then its reader must be mended.")
        ),
    )


def _recovered(alert: Alert, payload: SourceHealth, words: Words) -> Section:
    meaning = words.say(
        "This source can be read again. What it published meanwhile is covered only as far as its "
        "listings reach back."
    )
    facts = _facts(
        payload,
        words,
        (words.say("Blind from"), words.moment(payload.since, payload.zone)),
        (words.say("Read again"), words.moment(alert.effective_at, payload.zone)),
    )
    remaining = Paragraph(words.say("To see which gaps remain:"))
    return Section(None, (Paragraph(meaning), facts, remaining, Commands(("servanda coverage",))))


def _facts(payload: SourceHealth, words: Words, *rows: tuple[str, str]) -> Facts:
    last = payload.last_valid_at
    read = words.say("never") if last is None else words.moment(last, payload.zone)
    source = (words.say("Source"), f"{one_line(payload.title)} ({payload.id})")
    return Facts((source, *rows, (words.say("Last valid reading"), read)))


def _routes(payload: SourceHealth, words: Words) -> Section:
    found = (_route(route, payload.zone, words) for route in payload.routes)
    none = words.say("It has no route that is polled.")
    kept = Paragraph(words.say("What was answered is kept; to see it:"))
    show = Commands((f"servanda capture list --source {payload.id}", "servanda capture show ID"))
    return Section(words.say("Routes"), (entries(found, none), kept, show))


def _route(route: RouteHealth, zone: str, words: Words) -> Entry:
    when = "" if route.at is None else f", {words.moment(route.at, zone)}"
    reason = (_failure(route.failure, words),) if route.failure else ()
    return Entry(f"{route.id}: {words.say(OUTCOMES[route.outcome])}{when}", reason, link=link(route.url))


def _failure(text: str, words: Words) -> str:
    """``blocked: challenge: the answer was …``: its class in the reader's language, the rest as it came."""
    family, colon, reason = one_line(text, REASON_LIMIT).partition(": ")
    if not colon or family not in FAMILIES:
        return one_line(text, REASON_LIMIT)
    return words.say("{family}: {reason}", family=words.say(FAMILIES[family]), reason=reason)


def _needed_by(payload: SourceHealth, words: Words) -> Section | None:
    if not payload.needed_by:
        return None
    found = (Entry(one_line(title)) for title in payload.needed_by)
    return Section(words.say("Windows that require it"), (entries(found, ""),))
