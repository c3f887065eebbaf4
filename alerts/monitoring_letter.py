"""The baseline mail: what already stands when an instrument is first watched."""

from __future__ import annotations

from alerts import sections as parts
from alerts import times
from alerts.briefs import SourceBrief, WindowStanding
from alerts.letter import Entry, Facts, Letter, Paragraph, Section, counted, entries, quotation
from alerts.model import Alert, NowMonitoring
from alerts.plain import one_line
from alerts.verdict_words import condition_sentence, in_short
from alerts.words import Words
from compliance.vocabulary import Phase


def monitoring_letter(alert: Alert, payload: NowMonitoring, words: Words) -> Letter:  # noqa: ARG001
    """Commitments, windows, sources and evidence at the start; nothing of it is an alarm."""
    title = one_line(payload.instrument.title)
    return Letter(
        f"Now monitoring: {title}",
        f"Now monitoring: {title}",
        (
            _known(payload),
            _windows(payload),
            _commitments(payload),
            _sources(payload),
            parts.since_when(alert, payload.instrument.zone),
            parts.official_page(title, payload.instrument.url),
        ),
    )


def _known(payload: NowMonitoring) -> Section:
    instrument = payload.instrument
    evidence = f"{payload.evidence_waiting} waiting for review, {payload.evidence_accepted} accepted"
    return Section(
        None,
        (
            Paragraph(
                "From now on you are told of new evidence and of the ends of windows. This first mail says "
                "what already stands; nothing in it is an alarm."
            ),
            Facts(
                (
                    ("Instrument", f"{one_line(instrument.title)} ({instrument.id})"),
                    ("Published", times.long_date(instrument.published_on)),
                    ("Commitments", str(len(payload.commitments))),
                    ("Evidence", evidence),
                )
            ),
        ),
    )


def _windows(payload: NowMonitoring) -> Section:
    found = (_window(one) for one in payload.windows)
    return Section("Windows", (entries(found, "None of its commitments has a window."),))


def _window(standing: WindowStanding) -> Entry:
    window = standing.window
    over = standing.phase in (Phase.ELAPSED, Phase.SETTLED)
    ends = times.moment(times.last_second(window.due_at), window.zone)
    final = "final" if standing.final else "not final"
    lines = [
        f"Derivation: {window.derivation}",
        f"{'Ended' if over else 'Ends'} {ends}",
        f"Phase: {standing.phase.value}",
        f"Verdict: {standing.value.value} ({in_short(standing.value)}), {final}",
    ]
    condition = condition_sentence(window, standing.condition, standing.phase)
    return Entry(
        f"{one_line(window.title)} ({window.id})", (*lines, condition) if condition else tuple(lines)
    )


def _commitments(payload: NowMonitoring) -> Section:
    found = (
        Entry(
            f"{one.id} ({parts.KINDS[one.kind]})", quotation=quotation(one.quote, payload.instrument.language)
        )
        for one in payload.commitments
    )
    return Section("Commitments", (entries(found, "None."),))


def _sources(payload: NowMonitoring) -> Section:
    intro = "Absence may rest only on routes whose reader was tested on recorded pages of the site:"
    return Section("Sources", (Paragraph(intro), entries(map(_source, payload.sources), "None.")))


def _source(source: SourceBrief) -> Entry:
    counting = ", ".join(map(one_line, source.counting))
    proof = f"counts: {counting}" if counting else "no route counts yet, so it cannot prove absence"
    others = f"; also read: {', '.join(map(one_line, source.others))}" if source.others else ""
    routes = counted(len(source.counting) + len(source.others), "route")
    return Entry(f"{one_line(source.title)} ({source.id})", (f"{routes}; {proof}{others}",))
