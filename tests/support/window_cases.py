"""The further-actions window as the catalogue counts it, and the facts of a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal, TypedDict, Unpack

from servanda.compliance.instrument import Anchor, Checklist, Reading, Window
from servanda.compliance.intervals import BEGINNING, END, EVER, Interval, IntervalSet
from servanda.compliance.publication import PublicationTime
from servanda.compliance.vocabulary import (
    Condition,
    EvidenceFact,
    Review,
    SourceTerms,
    UnreadDocument,
    WindowFacts,
)

WASHINGTON = "America/New_York"
MEXICO_CITY = "America/Mexico_City"
DUE = datetime(2019, 9, 6, 4, tzinfo=UTC)
"""The window's end: midnight in Washington after 5 September 2019."""


WINDOW = Window(
    id="further-actions-90d",
    commitment="further-actions",
    title="Further actions",
    anchor=Anchor("publication", date(2019, 6, 7)),
    duration="P90D",
    zone=WASHINGTON,
    day_count="calendar",
    count_anchor_day=False,
    condition="if necessary",
    review="required",
    sources=("state", "sre"),
    readings=(
        Reading("washington", date(2019, 6, 7), WASHINGTON, primary=True),
        Reading("mexico-city", date(2019, 6, 7), MEXICO_CITY),
        Reading("anchor-12-june", date(2019, 6, 12), WASHINGTON),
    ),
    checklist=Checklist(("migration",), ("completed",), ("new",), ("quoted",)),
)


class WindowFields(TypedDict, total=False):
    """What a case may say otherwise of the window."""

    automatic_threshold: float | None
    checklist: Checklist
    count_anchor_day: bool
    duration: str
    greatest_gap: timedelta
    readings: tuple[Reading, ...]
    reminders: tuple[int, ...]
    review: Literal["required", "automatic"]


def make_window(**changes: Unpack[WindowFields]) -> Window:
    return replace(WINDOW, **changes)


def terms(source: str, lag: timedelta = timedelta(hours=12), existed: Interval = EVER) -> SourceTerms:
    return SourceTerms(source, existed, lag, timedelta(days=1))


EVERYTHING = IntervalSet((Interval(BEGINNING, END),))


class Facts(TypedDict, total=False):
    """What a case may say of the facts."""

    covered: dict[str, IntervalSet] | None
    evidence: tuple[EvidenceFact, ...]
    unread: tuple[UnreadDocument, ...]
    condition: Condition


def make_facts(
    *,
    covered: dict[str, IntervalSet] | None = None,
    evidence: tuple[EvidenceFact, ...] = (),
    unread: tuple[UnreadDocument, ...] = (),
    condition: Condition = Condition.UNKNOWN,
    sources: tuple[SourceTerms, ...] = (terms("state"), terms("sre")),
) -> WindowFacts:
    coverage = {s.id: EVERYTHING for s in sources} if covered is None else covered
    return WindowFacts(sources, coverage, evidence, unread, condition)


def make_evidence(
    published: PublicationTime | datetime,
    review: Review = Review.WAITING,
    number: int = 1,
    *,
    score: float = 0.9,
    candidate: bool = True,
) -> EvidenceFact:
    if isinstance(published, datetime):
        published = PublicationTime.instant(published, WASHINGTON)
    return EvidenceFact(
        id=number,
        document=number,
        title=f"Announcement {number}",
        published=published,
        score=score,
        candidate=candidate,
        review=review,
    )
