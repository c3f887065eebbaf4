"""The mails to operators: a source went blind, a source is read again."""

from __future__ import annotations

from alerts import sections as parts
from alerts import times
from alerts.briefs import RouteHealth
from alerts.letter import Commands, Entry, Facts, Letter, Paragraph, Section, entries, link
from alerts.model import Alert, AlertKind, SourceHealth
from alerts.plain import REASON_LIMIT, one_line
from alerts.words import Words

OUTCOMES = {
    "read": "read",
    "unchanged": "read, unchanged",
    "failed": "could not be read",
    "never polled": "never polled",
}


def source_letter(alert: Alert, payload: SourceHealth, words: Words) -> Letter:  # noqa: ARG001
    """Since when, which routes, for what reasons, and what rests on the source."""
    title, blind = one_line(payload.title), alert.kind is AlertKind.SOURCE_BLIND
    name = "Source blind" if blind else "Source read again"
    return Letter(
        f"{name}: {title}",
        f"{name}: {title}",
        parts.sections(
            (
                _blind(payload) if blind else _recovered(alert, payload),
                _routes(payload),
                _needed_by(payload),
                parts.since_when(alert, payload.zone),
                parts.official_page(title, payload.url),
            )
        ),
    )


def _blind(payload: SourceHealth) -> Section:
    return Section(
        None,
        (
            Paragraph(
                "None of the routes by which this source proves absence could be read. While that lasts, its "
                "silence proves nothing, and what it publishes may be missed. A later reading that reaches "
                "back far enough heals the gap."
            ),
            *_drift(payload),
            _facts(payload, ("Blind since", times.moment(payload.since, payload.zone))),
        ),
    )


def _drift(payload: SourceHealth) -> tuple[Paragraph, ...]:
    if not any(route.failure and route.failure.startswith("unrecognised:") for route in payload.routes):
        return ()
    return (Paragraph("A page was not understood: it may have changed, and then its reader must be mended."),)


def _recovered(alert: Alert, payload: SourceHealth) -> Section:
    return Section(
        None,
        (
            Paragraph(
                "This source can be read again. What it published meanwhile is covered only as far as its "
                "listings reach back."
            ),
            _facts(
                payload,
                ("Blind from", times.moment(payload.since, payload.zone)),
                ("Read again", times.moment(alert.effective_at, payload.zone)),
            ),
            Paragraph("To see which gaps remain:"),
            Commands(("servanda coverage",)),
        ),
    )


def _facts(payload: SourceHealth, *rows: tuple[str, str]) -> Facts:
    last = payload.last_valid_at
    read = "never" if last is None else times.moment(last, payload.zone)
    return Facts(
        (("Source", f"{one_line(payload.title)} ({payload.id})"), *rows, ("Last valid reading", read))
    )


def _routes(payload: SourceHealth) -> Section:
    found = (_route(route, payload.zone) for route in payload.routes)
    return Section("Routes", (entries(found, "It has no route that is polled."),))


def _route(route: RouteHealth, zone: str) -> Entry:
    when = "" if route.at is None else f", {times.moment(route.at, zone)}"
    reason = (one_line(route.failure, REASON_LIMIT),) if route.failure else ()
    return Entry(f"{route.id}: {OUTCOMES[route.outcome]}{when}", reason, link=link(route.url))


def _needed_by(payload: SourceHealth) -> Section | None:
    if not payload.needed_by:
        return None
    found = (Entry(one_line(title)) for title in payload.needed_by)
    return Section("Windows that require it", (entries(found, ""),))
