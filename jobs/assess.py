"""Judge every window, record what changed, and write the alerts that the changes make necessary.

What there is to say is first seen in a transaction that reads. Where something is new, it is judged again and
recorded in one that writes: facts, verdict, alert and the next instant of interest together, so that a run
killed in the middle and started again ends in the same state. A run that finds nothing new writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.instrument import Instrument
from servanda.compliance.vocabulary import Verdict
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.alerting.decision_alerts import record_decision_to_tell
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.documents.document_reader import DocumentReader
from servanda.jobs.documents.proving import prove_versions
from servanda.jobs.judging.judgement import has_news, judge_instrument
from servanda.jobs.judging.person_decision import PersonDecision
from servanda.jobs.judging.recording import record_judgement
from servanda.jobs.knowledge.snapshot import Knowledge, load_knowledge, verdict_of
from servanda.jobs.knowledge.sources import load_source_knowledge
from servanda.jobs.matching.screening import screen
from servanda.jobs.polling.clock_checks import confirm_clock
from servanda.models.polls import polls


@dataclass(frozen=True, slots=True)
class AssessOutcome:
    """How many verdicts changed, how many alerts came of it, and a line for each window."""

    changed: int
    new_alerts: int
    lines: tuple[str, ...]


def assess(
    wiring: Wiring,
    *,
    instrument: str | None = None,
    as_of: datetime | None = None,
    dry_run: bool = False,
    decision: PersonDecision | None = None,
) -> AssessOutcome:
    """Judge the windows of one instrument or of all.

    ``as_of`` asks about the past: what was to be said with what was known then. Like ``dry_run`` it stores
    nothing. ``decision``: a person's, to be recorded with what follows from it for its instrument.
    ClockUntrusted where our clock and others disagree: time alone must not make news that is not so.
    """
    catalogue, ledger, days = wiring.catalogue, wiring.ledger, wiring.settings.review_after
    chosen = catalogue.instruments if instrument is None else (catalogue.instrument(instrument),)
    if as_of is not None or dry_run:
        with ledger.reading() as (db, now):
            known = _known(db, catalogue, chosen, as_of or now)
            verdicts = [
                verdict_of(knowledge, catalogue, window) for one, knowledge in known for window in one.windows
            ]
        return AssessOutcome(0, 0, _lines(verdicts))
    confirm_clock(ledger, lambda: wiring.fetcher, catalogue)
    reader = DocumentReader(wiring.archive, wiring.article_reader, catalogue)
    prove_versions(ledger, reader)
    screened = screen(ledger, reader)
    if decision is not None:
        outcomes = [_record(ledger, catalogue, catalogue.instrument(decision.instrument), days, decision)]
    else:
        seen = zip(chosen, _look(ledger, catalogue, chosen, days), strict=True)
        outcomes = [outcome or _record(ledger, catalogue, one, days, None) for one, outcome in seen]
    return _sum_up([AssessOutcome(0, screened.alerts, ()), *outcomes])


def verdict_line(verdict: Verdict) -> str:
    """A verdict in one line."""
    final = "final" if verdict.final else "not final"
    return f"{verdict.window}: {verdict.phase}, {verdict.value} ({final}): {verdict.reasons[0]}"


def _lines(verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    return tuple(verdict_line(verdict) for verdict in verdicts)


def _known(
    db: Connection, catalogue: Catalogue, instruments: Sequence[Instrument], as_of: datetime
) -> Iterator[tuple[Instrument, Knowledge]]:
    """What was known of instruments, one after the other; what they share is read once."""
    windows = [window for instrument in instruments for window in instrument.windows]
    sources = load_source_knowledge(db, catalogue, as_of, windows)
    for instrument in instruments:
        yield instrument, load_knowledge(db, instrument, sources)


def _look(
    ledger: Ledger, catalogue: Catalogue, instruments: Sequence[Instrument], after_days: Sequence[int]
) -> list[AssessOutcome | None]:
    """What came of each instrument of which nothing is to be recorded; None for the others."""
    with ledger.reading() as (db, now):
        monitored = polls.monitored_since(db)
        outcomes = []
        for instrument, knowledge in _known(db, catalogue, instruments, now):
            judgement = judge_instrument(db, catalogue, instrument, knowledge)
            is_new = instrument.id not in monitored or has_news(db, judgement, after_days)
            outcomes.append(None if is_new else AssessOutcome(0, 0, _lines(judgement.verdicts)))
        return outcomes


def _record(
    ledger: Ledger,
    catalogue: Catalogue,
    instrument: Instrument,
    after_days: Sequence[int],
    decision: PersonDecision | None,
) -> AssessOutcome:
    """Judge an instrument and record what is new, in one transaction."""
    with ledger.writing() as (db, now):
        recorded = None if decision is None else record_decision_to_tell(db, decision.recorded_at(now))
        ((_, knowledge),) = _known(db, catalogue, (instrument,), now)
        judgement = judge_instrument(db, catalogue, instrument, knowledge)
        counts = record_judgement(db, judgement, recorded, after_days)
    return AssessOutcome(counts.changed, counts.new_alerts, _lines(judgement.verdicts))


def _sum_up(outcomes: Sequence[AssessOutcome]) -> AssessOutcome:
    return AssessOutcome(
        sum(one.changed for one in outcomes),
        sum(one.new_alerts for one in outcomes),
        tuple(line for one in outcomes for line in one.lines),
    )
