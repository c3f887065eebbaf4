from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.window_cases import (
    DUE,
    EVERYTHING,
    MEXICO_CITY,
    Facts,
    make_evidence,
    make_facts,
    make_window,
    terms,
)

from servanda.compliance.intervals import BEGINNING, END, Interval, IntervalSet
from servanda.compliance.publication import PublicationTime
from servanda.compliance.verdicts import NOTHING_MAY_HAVE_BEEN_DUE, judge
from servanda.compliance.vocabulary import (
    Condition,
    EvidenceFact,
    Phase,
    Review,
    UnreadDocument,
    Verdict,
    VerdictValue,
)

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
SETTLED = DUE + 36 * HOUR
"""The greatest lag (12 h) plus cadence (1 d) after the end."""

INSIDE = datetime(2019, 8, 20, 15, tzinfo=UTC)
LATE = datetime(2019, 9, 10, 20, tzinfo=UTC)


def until(at: datetime) -> IntervalSet:
    return IntervalSet((Interval(BEGINNING, at),))


UNTIL_LAG = {"state": until(DUE - 12 * HOUR), "sre": until(DUE - 12 * HOUR)}
HOLE = IntervalSet((Interval(BEGINNING, INSIDE), Interval(INSIDE + HOUR, END)))


@pytest.mark.parametrize(
    "why, as_of, facts, value, final",
    [
        ("a second before the end: open", DUE - SECOND, {"covered": UNTIL_LAG}, VerdictValue.PENDING, False),
        ("at the end: the flag, absence not yet provable", DUE, {"covered": UNTIL_LAG}, VerdictValue.UNVERIFIED, False),
        ("a second after", DUE + SECOND, {"covered": UNTIL_LAG}, VerdictValue.UNVERIFIED, False),
        ("as soon as every duty is met: none found", DUE + 13 * HOUR, {}, VerdictValue.NONE_FOUND, True),
        ("a hole in one source, not settled", SETTLED - SECOND, {"covered": {"state": HOLE, "sre": EVERYTHING}}, VerdictValue.UNVERIFIED, False),
        ("a hole in one source, settled", SETTLED, {"covered": {"state": HOLE, "sre": EVERYTHING}}, VerdictValue.UNVERIFIED, True),
        ("no coverage at all, settled", SETTLED, {"covered": {}}, VerdictValue.UNVERIFIED, True),
        ("accepted inside, before the end", INSIDE + DAY, {"evidence": (make_evidence(INSIDE, Review.ACCEPTED),)}, VerdictValue.ANNOUNCED, True),
        ("accepted inside, without coverage", SETTLED, {"covered": {}, "evidence": (make_evidence(INSIDE, Review.ACCEPTED),)}, VerdictValue.ANNOUNCED, True),
        ("accepted at the last second", DUE, {"evidence": (make_evidence(DUE - SECOND, Review.ACCEPTED),)}, VerdictValue.ANNOUNCED, True),
        ("accepted at the end itself is late", SETTLED, {"evidence": (make_evidence(DUE, Review.ACCEPTED),)}, VerdictValue.ANNOUNCED_LATE, True),
        ("accepted late, absence inside not proven, not settled", SETTLED - SECOND, {"covered": {}, "evidence": (make_evidence(DUE, Review.ACCEPTED),)}, VerdictValue.ANNOUNCED_LATE, False),
        ("accepted in part inside", SETTLED, {"evidence": (make_evidence(INSIDE, Review.ACCEPTED_IN_PART),)}, VerdictValue.ANNOUNCED_PARTIAL, True),
        ("part inside, whole late: late comes first", SETTLED, {"evidence": (make_evidence(INSIDE, Review.ACCEPTED_IN_PART), make_evidence(LATE, Review.ACCEPTED, 2))}, VerdictValue.ANNOUNCED_LATE, True),
        ("accepted in part, late", SETTLED, {"evidence": (make_evidence(LATE, Review.ACCEPTED_IN_PART),)}, VerdictValue.ANNOUNCED_PARTIAL, True),
        ("accepted in part, late, absence inside not proven", SETTLED - SECOND, {"covered": {}, "evidence": (make_evidence(LATE, Review.ACCEPTED_IN_PART),)}, VerdictValue.ANNOUNCED_PARTIAL, False),
        ("a late candidate waits: it says nothing of the window", SETTLED, {"evidence": (make_evidence(LATE),)}, VerdictValue.NONE_FOUND, True),
        ("a candidate inside waits", SETTLED, {"evidence": (make_evidence(INSIDE),)}, VerdictValue.UNVERIFIED, True),
        ("a candidate inside was rejected", SETTLED, {"evidence": (make_evidence(INSIDE, Review.REJECTED),)}, VerdictValue.NONE_FOUND, True),
        ("a near miss waits for nobody", SETTLED, {"evidence": (make_evidence(INSIDE, Review.NOT_ASKED, candidate=False),)}, VerdictValue.NONE_FOUND, True),
        ("other evidence that is no candidate", SETTLED, {"evidence": (make_evidence(INSIDE, candidate=False),)}, VerdictValue.NONE_FOUND, True),
        ("the condition is recorded as not met", DUE - DAY, {"condition": Condition.NOT_MET}, VerdictValue.NOT_TRIGGERED, False),
        ("not met, and the window has ended", DUE, {"condition": Condition.NOT_MET}, VerdictValue.NOT_TRIGGERED, True),
        ("not met outranks an acceptance", SETTLED, {"condition": Condition.NOT_MET, "evidence": (make_evidence(INSIDE, Review.ACCEPTED),)}, VerdictValue.NOT_TRIGGERED, True),
        ("the condition is met: absence as ever", SETTLED, {"condition": Condition.MET}, VerdictValue.NONE_FOUND, True),
        ("a document of the window is unread", SETTLED, {"unread": (UnreadDocument(7, "sre", "Comunicado", PublicationTime.day(date(2019, 9, 5), MEXICO_CITY)),)}, VerdictValue.UNVERIFIED, True),
        ("an unread document of the day after", SETTLED, {"unread": (UnreadDocument(7, "sre", "Comunicado", PublicationTime.day(date(2019, 9, 6), MEXICO_CITY)),)}, VerdictValue.NONE_FOUND, True),
        ("an unread document of a source not required", SETTLED, {"unread": (UnreadDocument(7, "segob", "Comunicado", PublicationTime.instant(INSIDE, MEXICO_CITY)),)}, VerdictValue.NONE_FOUND, True),
        ("before the window opens", datetime(2019, 6, 1, tzinfo=UTC), {}, VerdictValue.PENDING, False),
    ],
)  # fmt: skip
def test_the_first_line_that_holds(
    why: str, as_of: datetime, facts: Facts, value: VerdictValue, final: bool
) -> None:
    verdict = judge(make_window(), make_facts(**facts), as_of)
    assert (verdict.value, verdict.final) == (value, final), why


def test_at_the_end_the_flag_says_what_is_missing_and_until_when() -> None:
    verdict = judge(make_window(), make_facts(covered=UNTIL_LAG), DUE)
    assert verdict.phase is Phase.ELAPSED
    assert verdict.settles_at == SETTLED
    assert [(d.kind, d.source) for d in verdict.duties] == [
        ("coverage", "state"),
        ("coverage", "sre"),
        ("settling", None),
    ]
    assert verdict.coverage[0].gaps == (Interval(DUE - 12 * HOUR, DUE),)
    assert any(NOTHING_MAY_HAVE_BEEN_DUE in reason for reason in verdict.reasons)


def test_the_addition_goes_once_the_condition_is_known() -> None:
    verdict = judge(make_window(), make_facts(condition=Condition.MET), SETTLED)
    assert not any(NOTHING_MAY_HAVE_BEEN_DUE in reason for reason in verdict.reasons)


def test_lateness_is_counted_in_days_and_says_whether_absence_is_proven() -> None:
    evidence = (make_evidence(LATE, Review.ACCEPTED),)
    proven = judge(make_window(), make_facts(evidence=evidence), SETTLED)
    assert (proven.late_by_days, proven.absence_proven) == (5, True)
    unproven = judge(make_window(), make_facts(evidence=evidence, covered={}), SETTLED)
    assert (unproven.late_by_days, unproven.absence_proven) == (5, False)
    assert "absence inside the window is not proven" in unproven.reasons


def test_in_part_and_late_says_how_late_and_whether_absence_is_proven() -> None:
    evidence = (make_evidence(LATE, Review.ACCEPTED_IN_PART),)
    verdict = judge(make_window(), make_facts(evidence=evidence), SETTLED)
    assert (verdict.late_by_days, verdict.absence_proven, verdict.accepted) == (5, True, (1,))
    assert "accepted evidence gives part of what was due, 5 days after the window" in verdict.reasons
    inside = judge(
        make_window(),
        make_facts(evidence=(make_evidence(INSIDE, Review.ACCEPTED_IN_PART, 2), *evidence)),
        SETTLED,
    )
    assert (inside.late_by_days, inside.accepted) == (None, (2,)), "a part inside the window comes first"


def test_a_source_is_required_only_where_it_existed() -> None:
    began = datetime(2019, 6, 30, 5, tzinfo=UTC)
    guard = terms("guardia", existed=Interval(began, END))
    covered = {"guardia": IntervalSet((Interval(began, END),))}
    verdict = judge(make_window(), make_facts(sources=(guard,), covered=covered), SETTLED)
    assert verdict.value is VerdictValue.NONE_FOUND


def test_a_tolerated_gap_is_printed_with_the_verdict() -> None:
    window = make_window(greatest_gap=2 * HOUR)
    facts = make_facts(covered={"state": HOLE, "sre": EVERYTHING})
    verdict = judge(window, facts, SETTLED)
    assert verdict.value is VerdictValue.NONE_FOUND
    assert any("tolerated" in reason for reason in verdict.reasons)
    assert verdict.coverage[0].gaps == (Interval(INSIDE, INSIDE + HOUR),), "it is shown all the same"


@pytest.mark.parametrize(
    "why, review, score, value",
    [
        ("required: the machine never accepts", "required", 1.0, VerdictValue.UNVERIFIED),
        ("automatic, above the threshold", "automatic", 0.9, VerdictValue.ANNOUNCED),
        ("automatic, at the threshold", "automatic", 0.8, VerdictValue.ANNOUNCED),
        ("automatic, below", "automatic", 0.79, VerdictValue.UNVERIFIED),
    ],
)
def test_whether_unreviewed_evidence_counts_is_the_windows_policy(
    why: str, review: Literal["required", "automatic"], score: float, value: VerdictValue
) -> None:
    window = make_window(review=review, automatic_threshold=0.8 if review == "automatic" else None)
    verdict = judge(window, make_facts(evidence=(make_evidence(INSIDE, score=score),)), SETTLED)
    assert verdict.value is value, why
    assert any("evidence counts by" in reason for reason in verdict.reasons)


def test_a_person_overrides_the_automatic_policy() -> None:
    window = make_window(review="automatic", automatic_threshold=0.5)
    verdict = judge(window, make_facts(evidence=(make_evidence(INSIDE, Review.REJECTED),)), SETTLED)
    assert verdict.value is VerdictValue.NONE_FOUND


@pytest.mark.parametrize(
    "why, published, relations",
    [
        (
            "half past midnight in Washington: in time in Mexico City, and counted from 12 June",
            DUE + 30 * 60 * SECOND,
            {"mexico-city": "differs", "anchor-12-june": "differs"},
        ),
        ("10 September: in time only if counted from 12 June", LATE, {"mexico-city": "same", "anchor-12-june": "differs"}),
        ("well inside by every reading", INSIDE, {"mexico-city": "same", "anchor-12-june": "same"}),
    ],
)  # fmt: skip
def test_the_other_readings_stand_beside_the_verdict(
    why: str, published: datetime, relations: dict[str, str]
) -> None:
    facts = make_facts(evidence=(make_evidence(published, Review.ACCEPTED),))
    verdict = judge(make_window(), facts, SETTLED + 10 * DAY)
    assert {r.id: r.relation for r in verdict.readings} == relations, why


def test_a_reading_that_has_not_ended_is_not_yet_decidable() -> None:
    verdict = judge(make_window(), make_facts(), SETTLED)
    relations = {r.id: r.relation for r in verdict.readings}
    assert relations == {"mexico-city": "same", "anchor-12-june": "not yet decidable"}


# --- properties -----------------------------------------------------------------------------------

OPENS = datetime(2019, 6, 7, 4, tzinfo=UTC)


@st.composite
def stretches(draw: st.DrawFn) -> Interval:
    """An interval of whole hours somewhere around the window."""
    first = draw(st.integers(-50, 92 * 24))
    return Interval(OPENS + first * HOUR, OPENS + (first + draw(st.integers(1, 40 * 24))) * HOUR)


coverages = st.lists(stretches(), max_size=6).map(IntervalSet.of)
reviews = st.sampled_from(list(Review))
evidence_facts = st.lists(st.tuples(st.integers(0, 100 * 24), reviews, st.booleans()), max_size=4).map(
    lambda drawn: tuple(
        make_evidence(OPENS + hours * HOUR, review, n, candidate=candidate)
        for n, (hours, review, candidate) in enumerate(drawn, 1)
    )
)
moments = st.integers(-10, 110 * 24).map(lambda hours: OPENS + hours * HOUR)


@given(coverages, coverages, coverages, evidence_facts, moments)
def test_more_coverage_never_makes_absence_less_proven(
    state: IntervalSet,
    sre: IntervalSet,
    more: IntervalSet,
    evidence: tuple[EvidenceFact, ...],
    as_of: datetime,
) -> None:
    less = judge(make_window(), make_facts(covered={"state": state, "sre": sre}, evidence=evidence), as_of)
    wider = {"state": state.union(more), "sre": sre.union(more)}
    richer = judge(make_window(), make_facts(covered=wider, evidence=evidence), as_of)
    if less.value is VerdictValue.NONE_FOUND:
        assert richer.value is VerdictValue.NONE_FOUND
    if richer.value is VerdictValue.UNVERIFIED:
        assert less.value is VerdictValue.UNVERIFIED
    if less.value not in {VerdictValue.NONE_FOUND, VerdictValue.UNVERIFIED}:
        assert richer.value is less.value, "coverage decides only between those two"


@given(coverages, coverages, evidence_facts, moments, st.randoms())
def test_the_order_of_facts_does_not_matter(
    state: IntervalSet,
    sre: IntervalSet,
    evidence: tuple[EvidenceFact, ...],
    as_of: datetime,
    random: Random,
) -> None:
    covered = {"state": state, "sre": sre}
    shuffled = list(evidence)
    random.shuffle(shuffled)
    one = judge(make_window(), make_facts(covered=covered, evidence=evidence), as_of)
    other = judge(make_window(), make_facts(covered=covered, evidence=tuple(shuffled)), as_of)
    assert _essence(one) == _essence(other)


def _essence(verdict: Verdict) -> tuple[object, ...]:
    return (
        verdict.value,
        verdict.final,
        frozenset(verdict.duties),
        frozenset(verdict.candidates),
        frozenset(verdict.accepted),
        verdict.late_by_days,
        verdict.readings,
    )


@given(coverages, coverages, evidence_facts, moments)
def test_absence_is_claimed_only_where_every_source_covers_the_whole_window(
    state: IntervalSet,
    sre: IntervalSet,
    evidence: tuple[EvidenceFact, ...],
    as_of: datetime,
) -> None:
    verdict = judge(make_window(), make_facts(covered={"state": state, "sre": sre}, evidence=evidence), as_of)
    window = Interval(OPENS, DUE)
    if verdict.value is VerdictValue.NONE_FOUND:
        assert state.includes(window)
        assert sre.includes(window)
        assert as_of >= DUE
    if verdict.value is VerdictValue.UNVERIFIED:
        assert verdict.duties, "it lists every unmet duty"
    if as_of < DUE:
        assert verdict.value not in {VerdictValue.NONE_FOUND, VerdictValue.UNVERIFIED}
