"""The baseline mail: what already stands when an instrument is first watched."""

from __future__ import annotations

from servanda.alerts.letters import common_sections as parts
from servanda.alerts.letters.letter import Entry, Facts, Letter, Paragraph, Section, entries, quotation
from servanda.alerts.letters.phrases.derivations import derivation
from servanda.alerts.letters.phrases.verdict_words import PHASES, condition_sentence, verdict_name
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.monitoring_payloads import NowMonitoring
from servanda.alerts.payloads.parts import SourceBrief, WindowStanding
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.times import last_second
from servanda.alerts.text.translation import Words
from servanda.compliance.vocabulary import Phase


def monitoring_letter(alert: Alert, payload: NowMonitoring, words: Words) -> Letter:
    """Commitments, windows, sources and evidence at the start; nothing of it is an alarm."""
    title = one_line(payload.instrument.title)
    headline = words.say("Now monitoring: {title}", title=title)
    return parts.letter_of(
        headline,
        _known(payload, words),
        parts.candidates(payload.candidates, words),
        _windows(payload, words),
        _commitments(payload, words),
        _sources(payload, words),
        parts.timing_section(alert, payload.instrument.zone, words),
        parts.instrument_page(payload.instrument, words),
    )


def _known(payload: NowMonitoring, words: Words) -> Section:
    instrument = payload.instrument
    evidence = words.say(
        "{waiting} waiting for review, {accepted} accepted",
        waiting=words.number(payload.evidence_waiting),
        accepted=words.number(payload.evidence_accepted),
    )
    meaning = words.say(
        "From now on you are told of new evidence and of the ends of windows. This first mail says "
        "what already stands; nothing in it is an alarm."
    )
    facts = (
        (words.say("Instrument"), f"{one_line(instrument.title)} ({instrument.id})"),
        (words.say("Published"), words.long_date(instrument.published_on)),
        (words.say("Commitments"), words.number(len(payload.commitments))),
        (words.say("Evidence"), evidence),
    )
    return Section(None, (Paragraph(meaning), Facts(facts)))


def _windows(payload: NowMonitoring, words: Words) -> Section:
    windows = (_window(standing, words) for standing in payload.windows)
    none = words.say("None of its commitments has a window.")
    return Section(words.say("Windows"), (entries(windows, none),))


def _window(standing: WindowStanding, words: Words) -> Entry:
    window = standing.window
    ends = words.moment(last_second(window.due_at), window.zone)
    over = standing.phase in (Phase.ELAPSED, Phase.SETTLED)
    verdict = verdict_name(standing.value, words, final=standing.final)
    lines = [
        words.say("Derivation: {derivation}", derivation=derivation(window, words)),
        words.say("Ended {moment}", moment=ends) if over else words.say("Ends {moment}", moment=ends),
        words.say("Phase: {phase}", phase=words.say(PHASES[standing.phase])),
        words.say("Verdict: {verdict}", verdict=verdict),
    ]
    condition = condition_sentence(window, standing.condition, standing.phase, words)
    return Entry(
        f"{one_line(window.title)} ({window.id})", (*lines, condition) if condition else tuple(lines)
    )


def _commitments(payload: NowMonitoring, words: Words) -> Section:
    quoted = (
        Entry(
            f"{commitment.id} ({words.say(parts.KINDS[commitment.kind])})",
            quotation=quotation(commitment.quote, payload.instrument.language),
        )
        for commitment in payload.commitments
    )
    return Section(words.say("Commitments"), (entries(quoted, words.say("It states no commitment.")),))


def _sources(payload: NowMonitoring, words: Words) -> Section:
    intro = words.say(
        "Absence may rest only on routes whose reader was tested on recorded pages of the site:"
    )
    sources = (source_entry(source, words) for source in payload.sources)
    return Section(
        words.say("Sources"), (Paragraph(intro), entries(sources, words.say("No source is required.")))
    )


def source_entry(source: SourceBrief, words: Words) -> Entry:
    """A source, and which of its routes count."""
    facts = [words.count("{n} route", "{n} routes", len(source.counting) + len(source.others))]
    if source.counting:
        facts.append(words.say("counts: {routes}", routes=", ".join(map(one_line, source.counting))))
    else:
        facts.append(words.say("no route counts yet, so it cannot prove absence"))
    if source.others:
        facts.append(words.say("also read: {routes}", routes=", ".join(map(one_line, source.others))))
    return Entry(f"{one_line(source.title)} ({source.id})", ("; ".join(facts),))
