"""What one reading of a route proves: the route's facts handed to the coverage rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from servanda.compliance.coverage import CoveredInterval, NoCoverage, listing_covers, query_covers
from servanda.compliance.intervals import Interval, IntervalSet
from servanda.compliance.publication import PublicationTime
from servanda.instruments.routes import Route, Source
from servanda.models.polls.polls import UNCHANGED, Failure
from servanda.models.polls.route_state import RouteState
from servanda.scrapers.route_reading import AttestedListing, RouteReading, Unchanged


@dataclass(frozen=True, slots=True)
class CoverageProof:
    """What a reading covers, newest first, and why: several stretches where an archive was read."""

    covered: tuple[CoveredInterval, ...]
    basis: str

    @property
    def newest(self) -> Interval | None:
        """The newest unbroken stretch; None for none."""
        joined = IntervalSet.of(one.interval for one in self.covered).intervals
        return joined[-1] if joined else None


@dataclass(frozen=True, slots=True)
class KnownCoverage:
    """What the readings of a source had covered at a moment; exact from ``since`` on."""

    covered: IntervalSet
    since: datetime

    def reaches(self, interval: Interval) -> bool:
        """Whether it tells of all of an interval."""
        return self.since <= interval.from_at


def prove_coverage(
    source: Source,
    route: Route,
    result: RouteReading | Unchanged | Failure,
    state: RouteState | None,
    read_at: datetime,
    *,
    counts: bool,
    elsewhere: Sequence[PublicationTime] = (),
) -> CoverageProof:
    """What a poll proves. ``counts``: whether its reader is known, or was confirmed by a person.

    ``elsewhere``: what other routes of the source show and this one does not.
    """
    if isinstance(result, Failure):
        return CoverageProof((), f"covers nothing: {result}")
    if not counts:
        why = "its page is a selection" if route.sampled else f"its reader is {route.reader}, not confirmed"
        return CoverageProof((), f"covers nothing: {why}")
    if isinstance(result, RouteReading) and result.listings:
        return _attested(source, route, result.listings)
    if isinstance(result, Unchanged):
        if state is None or not state.items:
            return CoverageProof((), "covers nothing: unchanged since a reading that was not kept")
        return _unchanged(source, route, state, read_at, elsewhere)
    if result.asked is not None:
        covered = query_covers(
            result.asked,
            read_at=read_at,
            lag=source.lag,
            existed=source.proven_by_end(route),
            stated=result.stated if result.stated is not None else -1,
            found=len(result.items),
        )
    else:
        published = [item.published for item in result.items]
        covered = _listing(source, route, published, result.reached_end, read_at, elsewhere)
    if isinstance(covered, NoCoverage):
        return CoverageProof((), f"covers nothing: {covered.reason}")
    return CoverageProof((covered,), covered.basis)


def _unchanged(
    source: Source, route: Route, state: RouteState, read_at: datetime, elsewhere: Sequence[PublicationTime]
) -> CoverageProof:
    """What the word "unchanged" proves: what the last full reading would now, while it is believed."""
    if state.read_whole_at is None:
        return CoverageProof((), "covers nothing: unchanged since a full reading of unknown time")
    believed_at = min(read_at, state.read_whole_at + route.unchanged_for)
    covered = _listing(source, route, state.items, state.reached_end, believed_at, elsewhere)
    if isinstance(covered, NoCoverage):
        return CoverageProof((), f"covers nothing: {covered.reason}")
    one = CoveredInterval(covered.interval, f"{UNCHANGED}: {covered.basis}")
    return CoverageProof((one,), one.basis)


def _attested(source: Source, route: Route, listings: Sequence[AttestedListing]) -> CoverageProof:
    """What captures prove, each as a reading at the archive's own time."""
    covered: list[CoveredInterval] = []
    reasons: list[str] = []
    for listing in listings:
        seen = f"capture of {listing.attested_at:%Y-%m-%d %H:%M:%S} UTC"
        one = _listing(source, route, listing.published, reached_end=False, read_at=listing.attested_at)
        if isinstance(one, CoveredInterval):
            covered.append(CoveredInterval(one.interval, f"{seen}: {one.basis}"))
        else:
            reasons.append(f"{seen}: {one.reason}")
    if not covered:
        return CoverageProof((), f"covers nothing: {reasons[0]}")
    return CoverageProof(tuple(covered), f"{len(covered)} of {len(listings)} captures")


def _listing(
    source: Source,
    route: Route,
    items: Sequence[PublicationTime],
    reached_end: bool,
    read_at: datetime,
    elsewhere: Sequence[PublicationTime] = (),
) -> CoveredInterval | NoCoverage:
    return listing_covers(
        items,
        read_at=read_at,
        lag=source.lag,
        longest_silence=source.longest_silence,
        existed=source.proven_by_end(route) if reached_end else source.existence,
        reached_end=reached_end,
        elsewhere=elsewhere,
    )
