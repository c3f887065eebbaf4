"""What is known of a window as of a moment: the first line of the table that holds is the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from servanda.compliance.coverage import untolerated_gaps
from servanda.compliance.instrument import Reading, Window
from servanda.compliance.intervals import Interval, IntervalSet, between, utc_text
from servanda.compliance.shortlist import Flow
from servanda.compliance.shortlist_duties import (
    by_rules_alone,
    count_flow,
    documents_in_term,
    moved_times,
    shortlist_duties,
)
from servanda.compliance.vocabulary import (
    ACCEPTED_REVIEWS,
    ENDED_PHASES,
    Condition,
    Duty,
    EvidenceFact,
    Phase,
    ReadingOutcome,
    Review,
    SourceCoverage,
    SourceTerms,
    UnreadDocument,
    Verdict,
    VerdictValue,
    WindowFacts,
)
from servanda.compliance.windows import (
    CountedWindow,
    count_window,
    days_late,
    is_within,
    phase,
    settles_at,
    was_ever_within,
)

NOTHING_MAY_HAVE_BEEN_DUE = "nothing may have been due"


@dataclass(frozen=True, slots=True)
class _Case:
    """A window by one reading, with everything derived that the table asks for."""

    window: Window
    term: CountedWindow
    settles: datetime
    phase: Phase
    facts: WindowFacts
    coverage: tuple[SourceCoverage, ...]
    duties: tuple[Duty, ...]
    accepted: tuple[EvidenceFact, ...]
    waiting: tuple[EvidenceFact, ...]
    flow: Flow

    @property
    def settled(self) -> bool:
        return self.phase is Phase.SETTLED


@dataclass(frozen=True, slots=True)
class _Answer:
    value: VerdictValue
    final: bool
    reason: str
    evidence: tuple[EvidenceFact, ...] = ()
    late_by_days: int | None = None


def judge(window: Window, facts: WindowFacts, as_of: datetime) -> Verdict:
    """The verdict by the primary reading, with the other readings beside it.

    ``facts`` holds only what was known at ``as_of``.
    """
    case = _case(window, window.primary, facts, as_of)
    answer = _answer(case)
    others = tuple(
        _reading_outcome(answer, _case(window, reading, facts, as_of), reading)
        for reading in window.readings
        if not reading.primary
    )
    return Verdict(
        window=window.id,
        as_of=as_of,
        opens_at=case.term.opens_at,
        due_at=case.term.due_at,
        settles_at=case.settles,
        derivation=case.term.derivation,
        phase=case.phase,
        value=answer.value,
        final=answer.final,
        condition=facts.condition,
        reasons=_reasons(case, answer),
        duties=case.duties,
        candidates=tuple(e.id for e in case.waiting),
        accepted=tuple(e.id for e in answer.evidence),
        late_by_days=answer.late_by_days,
        absence_proven=case.phase in ENDED_PHASES and not case.duties,
        readings=others,
        coverage=case.coverage,
        flow=case.flow,
    )


def _case(window: Window, reading: Reading, facts: WindowFacts, as_of: datetime) -> _Case:
    term = count_window(window, reading)
    settles = settles_at(term, facts.sources)
    now = phase(term, settles, as_of)
    coverage = tuple(
        _source_coverage(terms, facts, term, window.greatest_gap or timedelta(0)) for terms in facts.sources
    )
    waiting = tuple(
        e for e in facts.evidence if e.candidate and _effective_review(e, window) is Review.WAITING
    )
    accepted = tuple(e for e in facts.evidence if _effective_review(e, window) in ACCEPTED_REVIEWS)
    shortlist = documents_in_term(facts.shortlist, term)
    ended = now in ENDED_PHASES
    return _Case(
        window=window,
        term=term,
        settles=settles,
        phase=now,
        facts=facts,
        coverage=coverage,
        duties=_duties(window, facts, term, settles, as_of, coverage, waiting) if ended else (),
        accepted=accepted,
        waiting=waiting,
        flow=count_flow(facts, term, shortlist, accepted),
    )


def _answer(case: _Case) -> _Answer:
    inside = [e for e in case.accepted if is_within(e.published, case.term)]
    whole = [e for e in inside if e.review is not Review.ACCEPTED_IN_PART]
    after = [e for e in case.accepted if e.published.interval.from_at >= case.term.due_at and e not in inside]
    late = [e for e in after if e.review is not Review.ACCEPTED_IN_PART]
    no_duty = not case.duties and case.phase in ENDED_PHASES
    if case.facts.condition is Condition.NOT_MET:
        ended = case.phase in ENDED_PHASES
        return _Answer(VerdictValue.NOT_TRIGGERED, ended, "the condition is recorded as not met")
    if whole:
        return _Answer(
            VerdictValue.ANNOUNCED, True, "accepted evidence was published inside the window", tuple(whole)
        )
    if late:
        days, text = _lateness(late, case.term)
        reason = f"accepted evidence was published {text} after the window"
        return _Answer(VerdictValue.ANNOUNCED_LATE, case.settled or no_duty, reason, tuple(late), days)
    if inside:
        reason = "accepted evidence gives part of what was due"
        return _Answer(VerdictValue.ANNOUNCED_PARTIAL, case.settled or no_duty, reason, tuple(inside))
    if after:
        days, text = _lateness(after, case.term)
        reason = f"accepted evidence gives part of what was due, {text} after the window"
        return _Answer(VerdictValue.ANNOUNCED_PARTIAL, case.settled or no_duty, reason, tuple(after), days)
    if case.phase not in ENDED_PHASES:
        return _Answer(VerdictValue.PENDING, False, "the window has not ended")
    if case.duties:
        many = len(case.duties)
        reason = f"absence is not proven: {many} {'duty is' if many == 1 else 'duties are'} unmet"
        return _Answer(VerdictValue.UNVERIFIED, case.settled, reason)
    return _Answer(VerdictValue.NONE_FOUND, True, _none_found(case.term))


def _lateness(late: Sequence[EvidenceFact], term: CountedWindow) -> tuple[int, str]:
    """Days between the window and the first of these, as a number and in words."""
    days = min(days_late(e.published, term) for e in late)
    return days, f"{days} day{'' if days == 1 else 's'}"


def _none_found(term: CountedWindow) -> str:
    return (
        "no announcement found in the monitored official sources between "
        f"{utc_text(term.opens_at)} and {utc_text(term.due_at)} (coverage complete)"
    )


def _effective_review(evidence: EvidenceFact, window: Window) -> Review:
    """The person's answer; under ``automatic`` review, a high score where no person has answered."""
    if (
        window.review == "automatic"
        and evidence.review is Review.WAITING
        and evidence.candidate
        and window.automatic_threshold is not None
        and evidence.score >= window.automatic_threshold
    ):
        return Review.ACCEPTED
    return evidence.review


def _source_coverage(
    terms: SourceTerms, facts: WindowFacts, term: CountedWindow, greatest_gap: timedelta
) -> SourceCoverage:
    bounds = _required(terms, term)
    if bounds is None:
        return SourceCoverage(terms.id, True, ())
    gaps = facts.coverage.get(terms.id, IntervalSet()).gaps(bounds)
    return SourceCoverage(
        terms.id,
        not untolerated_gaps(gaps, bounds, greatest_gap),
        gaps.intervals,
        facts.closings.get(terms.id, ()),
    )


def _required(terms: SourceTerms, term: CountedWindow) -> Interval | None:
    """The part of the window in which the source existed."""
    return between(max(term.opens_at, terms.existed.from_at), min(term.due_at, terms.existed.until_at))


def _duties(
    window: Window,
    facts: WindowFacts,
    term: CountedWindow,
    settles: datetime,
    as_of: datetime,
    coverage: tuple[SourceCoverage, ...],
    waiting: tuple[EvidenceFact, ...],
) -> tuple[Duty, ...]:
    duties = [Duty("coverage", c.source, _gaps_in_words(c.gaps)) for c in coverage if not c.complete]
    required = {terms.id for terms in facts.sources}
    duties += [
        Duty("canary", c.source, f"{c.route} no longer finds {c.canary}, looked for {utc_text(c.looked_at)}")
        for c in facts.canaries
        if c.source in required
    ]
    duties += [
        Duty(u.kind, u.source, f"document {u.document} {u.why or 'listed but not read'}: {u.title}")
        for u in facts.unread
        if u.kind != "by_eye"
        and u.source in required
        and was_ever_within(u.published, u.stated, term)
        and _is_open(u, term)
    ]
    duties += [
        Duty("candidate", None, f"evidence {e.id} waits for review: {e.title}")
        for e in waiting
        if was_ever_within(e.published, e.stated, term)
    ]
    duties += shortlist_duties(window, documents_in_term(facts.shortlist, term), waiting)
    if as_of < settles and any(_tail_is_open(c, term) for c in coverage if not c.complete):
        duties.append(Duty("settling", None, f"late listings are awaited until {utc_text(settles)}"))
    return tuple(duties)


def _is_open(document: UnreadDocument, term: CountedWindow) -> bool:
    """Whether what is not known of a document matters to a window: read after its end, it does no longer."""
    return document.read_at is None or document.read_at < term.due_at


def _tail_is_open(coverage: SourceCoverage, term: CountedWindow) -> bool:
    return bool(coverage.gaps) and coverage.gaps[-1].until_at == term.due_at


def _gaps_in_words(gaps: tuple[Interval, ...]) -> str:
    spans = [f"{utc_text(gap.from_at)} to {utc_text(gap.until_at)}" for gap in gaps]
    shown = "; ".join(spans[:3])
    return f"not covered {shown}" + (f" and {len(spans) - 3} more gaps" if len(spans) > 3 else "")


def _reading_outcome(primary: _Answer, case: _Case, reading: Reading) -> ReadingOutcome:
    other = _answer(case)
    if not (primary.final and other.final):
        return ReadingOutcome(reading.id, case.term.due_at, "not yet decidable", other.value)
    return ReadingOutcome(
        reading.id, case.term.due_at, "same" if other.value is primary.value else "differs", other.value
    )


def _reasons(case: _Case, answer: _Answer) -> tuple[str, ...]:
    reasons = [answer.reason]
    if case.window.condition and case.facts.condition is Condition.UNKNOWN and case.phase in ENDED_PHASES:
        reasons.append(
            f"the condition ({case.window.condition}) is not recorded: {NOTHING_MAY_HAVE_BEEN_DUE}"
        )
    if answer.late_by_days is not None:
        proven = "is proven" if not case.duties else "is not proven"
        reasons.append(f"absence inside the window {proven}")
    reasons += moved_times((*case.accepted, *case.waiting), case.term)
    if case.window.absence == "rules-alone" and case.phase in ENDED_PHASES:
        reasons.append(by_rules_alone(case.flow))
    if case.window.greatest_gap:
        reasons.append(f"gaps of up to {case.window.greatest_gap} are tolerated, except in the last 48 hours")
    policy = (
        "a person's review"
        if case.window.review == "required"
        else (f"automatic acceptance from a score of {case.window.automatic_threshold}")
    )
    reasons.append(f"evidence counts by {policy}")
    return tuple(reasons)
