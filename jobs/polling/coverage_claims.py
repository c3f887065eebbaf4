"""What one reading of a route proves: the route's facts handed to the coverage rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from servanda.compliance.coverage import Covered, NotCovered, listing_covers, query_covers
from servanda.compliance.intervals import Interval, IntervalSet
from servanda.compliance.publication import Published
from servanda.instruments.routes import Route, Source
from servanda.models.polls.polls import Failure, RouteState
from servanda.scrapers.reading import AttestedListing, Reading, Unchanged


@dataclass(frozen=True, slots=True)
class ReadingProof:
    """What a reading covers, newest first, and why: several stretches where an archive was read."""

    covered: tuple[Covered, ...]
    basis: str

    @property
    def newest(self) -> Interval | None:
        """The newest unbroken stretch; None for none."""
        joined = IntervalSet.of(one.interval for one in self.covered).intervals
        return joined[-1] if joined else None


def judge_reading(
    source: Source,
    route: Route,
    result: Reading | Unchanged | Failure,
    state: RouteState | None,
    read_at: datetime,
    *,
    counts: bool,
    elsewhere: Sequence[Published] = (),
) -> ReadingProof:
    """What a poll proves. ``counts``: whether its reader is known, or was confirmed by a person.

    ``elsewhere``: what other routes of the source show and this one does not.
    """
    if isinstance(result, Failure):
        return ReadingProof((), f"covers nothing: {result}")
    if not counts:
        why = "its page is a selection" if route.sampled else f"its reader is {route.reader}, not confirmed"
        return ReadingProof((), f"covers nothing: {why}")
    if isinstance(result, Reading) and result.listings:
        return _attested(source, route, result.listings)
    if isinstance(result, Unchanged):
        if state is None or not state.items:
            return ReadingProof((), "covers nothing: unchanged since a reading that was not kept")
        covered = _listing(source, route, state.items, state.reached_end, read_at, elsewhere)
    elif result.asked is not None:
        covered = query_covers(
            result.asked,
            read_at=read_at,
            lag=source.lag,
            existed=source.existence,
            stated=result.stated if result.stated is not None else -1,
            found=len(result.items),
        )
    else:
        published = [item.published for item in result.items]
        covered = _listing(source, route, published, result.reached_end, read_at, elsewhere)
    if isinstance(covered, NotCovered):
        return ReadingProof((), f"covers nothing: {covered.reason}")
    return ReadingProof((covered,), covered.basis)


def _attested(source: Source, route: Route, listings: Sequence[AttestedListing]) -> ReadingProof:
    """What captures prove, each as a reading at the archive's own time."""
    covered: list[Covered] = []
    reasons: list[str] = []
    for listing in listings:
        seen = f"capture of {listing.attested_at:%Y-%m-%d %H:%M:%S} UTC"
        one = _listing(source, route, listing.published, reached_end=False, read_at=listing.attested_at)
        if isinstance(one, Covered):
            covered.append(Covered(one.interval, f"{seen}: {one.basis}"))
        else:
            reasons.append(f"{seen}: {one.reason}")
    if not covered:
        return ReadingProof((), f"covers nothing: {reasons[0]}")
    return ReadingProof(tuple(covered), f"{len(covered)} of {len(listings)} captures")


def _listing(
    source: Source,
    route: Route,
    items: Sequence[Published],
    reached_end: bool,
    read_at: datetime,
    elsewhere: Sequence[Published] = (),
) -> Covered | NotCovered:
    return listing_covers(
        items,
        read_at=read_at,
        lag=source.lag,
        longest_silence=source.longest_silence,
        existed=source.proven_by_end(route) if reached_end else source.existence,
        reached_end=reached_end,
        elsewhere=elsewhere,
    )
