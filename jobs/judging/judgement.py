"""What is to be said of an instrument now, beside what was said of it last. Reads, and records nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.review_reminders import WaitingEvidence, next_review
from servanda.compliance.verdict_changes import reminder_due
from servanda.compliance.vocabulary import ENDED_PHASES, Verdict
from servanda.compliance.windows import next_instant
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.alerting.review_alerts import evidence_awaiting_review, review_alert
from servanda.jobs.alerting.window_alerts import closing_alert
from servanda.jobs.knowledge.snapshot import Knowledge, verdict_of
from servanda.models.alerts import alerts as alert_rows
from servanda.models.alerts.alerts import NewAlert
from servanda.models.findings import verdicts as findings
from servanda.models.findings.evidence import EvidenceRow
from servanda.models.findings.verdicts import JudgedWindow


@dataclass(frozen=True)
class Judgement:
    """An instrument's verdicts, in the order of its windows, as of one moment.

    ``before``: what was said of each window, where it was judged before. ``waits``: the evidence that waits
    for a person.
    """

    catalogue: Catalogue
    instrument: Instrument
    knowledge: Knowledge
    verdicts: tuple[Verdict, ...]
    before: Mapping[str, JudgedWindow]
    waits: Sequence[tuple[EvidenceRow, WaitingEvidence]]

    @property
    def windows(self) -> Iterator[tuple[Window, Verdict]]:
        return zip(self.instrument.windows, self.verdicts, strict=True)

    def previous(self, window: Window) -> Verdict | None:
        """What was said of a window last."""
        before = self.before.get(window.id)
        return before.last.verdict if before else None

    def is_changed(self, window: Window, verdict: Verdict) -> bool:
        previous = self.previous(window)
        return previous is None or comparable(previous) != comparable(verdict)

    def clock(self, after_days: Sequence[int]) -> dict[str, datetime | None]:
        """For each window the next instant at which time alone changes an answer or calls for a mail."""
        now = self.knowledge.as_of
        found = {}
        for window in self.instrument.windows:
            terms = tuple(self.catalogue.source(s).terms for s in window.sources)
            theirs = [one for _, one in self.waits if one.window in (window.id, None)]
            instants = (next_instant(window, terms, now), next_review(theirs, after_days, now))
            found[window.id] = min((at for at in instants if at is not None), default=None)
        return found

    def reminder(self, window: Window, verdict: Verdict, row: int) -> NewAlert | None:
        """The reminder of a window's end that is due; ``row`` is its newest verdict."""
        before = self.before.get(window.id)
        days = reminder_due(window, verdict, before.first_at if before else self.knowledge.as_of)
        if days is None:
            return None
        return closing_alert(self.catalogue, self.instrument, window, verdict, days, self.knowledge, row)

    def review_reminder(self, db: Connection, after_days: Sequence[int]) -> NewAlert | None:
        """The alert that lists what waits for a person, where it is due."""
        if not self.waits:
            return None
        return review_alert(db, self.catalogue, self.instrument, self.waits, after_days, self.knowledge.as_of)


def judge_instrument(
    db: Connection, catalogue: Catalogue, instrument: Instrument, knowledge: Knowledge
) -> Judgement:
    """Judge the windows of an instrument by what is known."""
    verdicts = tuple(verdict_of(knowledge, catalogue, window) for window in instrument.windows)
    before = findings.judged_windows(db, [window.id for window in instrument.windows])
    waits = evidence_awaiting_review(db, instrument, verdicts, knowledge)
    return Judgement(catalogue, instrument, knowledge, verdicts, before, waits)


def has_news(db: Connection, judgement: Judgement, after_days: Sequence[int]) -> bool:
    """Whether anything of it is to be recorded: a verdict, an alert, or the next instant of interest."""
    if any(judgement.is_changed(window, verdict) for window, verdict in judgement.windows):
        return True
    clock = {window: at for window, at in judgement.clock(after_days).items() if at is not None}
    if findings.window_clocks(db, [window.id for window in judgement.instrument.windows]) != clock:
        return True
    due = {alert.dedup_key for alert in _due_alerts(db, judgement, after_days)}
    return bool(due) and due != alert_rows.recorded_keys(db, due)


def _due_alerts(db: Connection, judgement: Judgement, after_days: Sequence[int]) -> Iterator[NewAlert]:
    """What is to be told though no verdict changed; told before, it stays due until something else is."""
    for window, verdict in judgement.windows:
        reminder = judgement.reminder(window, verdict, judgement.before[window.id].last.id)
        if reminder is not None:
            yield reminder
    review = judgement.review_reminder(db, after_days)
    if review is not None:
        yield review


def comparable(verdict: Verdict) -> Verdict:
    """A verdict without what changes by merely asking again: the moment, how many documents came through
    which step, and coverage of an open window."""
    still_open = verdict.phase not in ENDED_PHASES
    coverage = () if still_open else verdict.coverage
    return replace(verdict, as_of=verdict.due_at, coverage=coverage, flow=None)


def effective_at(previous: Verdict | None, verdict: Verdict) -> datetime:
    """When a verdict became true: at a boundary if time passed one, else when the facts became known."""
    boundaries = (verdict.opens_at, verdict.due_at, verdict.settles_at)
    if previous is None:
        return verdict.as_of
    passed = [at for at in boundaries if previous.as_of < at <= verdict.as_of]
    return max(passed, default=verdict.as_of)
