"""What became of every moment of a source's time: covered, failed, blocked or not read. No hole, no overlap.

The axis is publication time. A poll that began at *t* could at best have shown what was published until
*t* − lag, so each poll answers for the stretch since the poll of its route before it. What no reading has
covered is cut at these instants, and each piece is put down to the polls that would first have shown it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from servanda.compliance.intervals import Interval, IntervalSet, between

NOT_LISTED = "not yet listed"
NOT_ASKED = "no poll has asked for it yet"


class TileState(StrEnum):
    COVERED = "covered"
    FAILED = "failed"
    BLOCKED = "blocked"
    NOT_READ = "not_read"


@dataclass(frozen=True, slots=True)
class PollRun:
    """One poll of a route, or a run of polls of one route with one outcome, the first and last of which began
    at ``first_at`` and ``last_at``.

    ``before_at``: when the poll of the route before them began, None for none. ``family`` and ``kind`` say
    how they failed; both None: they were valid. ``asked``: the publication times that were asked for, None
    where it was the newest that was wanted.
    """

    route: str
    first_at: datetime
    last_at: datetime
    before_at: datetime | None = None
    family: str | None = None
    kind: str | None = None
    asked: Interval | None = None

    @property
    def state(self) -> TileState:
        """What a stretch is that nothing has covered and that this would have shown."""
        if self.family is None:
            return TileState.NOT_READ
        return TileState.BLOCKED if self.family == "blocked" else TileState.FAILED

    @property
    def why(self) -> str:
        if self.family is None:
            return f"{self.route}: read, and proves nothing there"
        return f"{self.route}: {self.family}: {self.kind}"

    def answers_for(self, lag: timedelta, reach: timedelta) -> Interval | None:
        """The publication times that it would have been the first of its route to show.

        Since the poll before it, but no further back than ``reach``: readings go no further by themselves.
        """
        until_at = self.last_at - lag
        if self.asked is not None:
            return between(self.asked.from_at, min(self.asked.until_at, until_at))
        from_at = self.first_at - lag - reach
        return between(max(from_at, self.before_at - lag) if self.before_at else from_at, until_at)


@dataclass(frozen=True, slots=True)
class Tile:
    """A stretch of publication times and what became of it; ``why`` is None where it is covered."""

    interval: Interval
    state: TileState
    why: str | None = None


def build_timeline(
    bounds: Interval,
    covered: IntervalSet,
    attempts: Sequence[PollRun],
    lag: timedelta,
    *,
    now: datetime,
    reach: timedelta,
    unasked: str = NOT_ASKED,
) -> tuple[Tile, ...]:
    """Tile ``bounds``, in order: each instant lies in exactly one tile, and neighbours differ.

    A piece that nothing has covered is ``blocked`` if one of the polls that would first have shown it was
    blocked, else ``failed`` if one failed, else ``not_read``. ``reach``: how far back a reading goes by
    itself. ``unasked`` says why for what no poll would have shown; what is younger than ``now`` − ``lag`` is
    not yet listed.
    """
    found = [Tile(interval, TileState.COVERED) for interval in covered.within(bounds).intervals]
    answering = [(one, i) for one in attempts if (i := one.answers_for(lag, reach)) is not None]
    answering.sort(key=lambda pair: pair[1])
    for piece, polls in _pieces(covered.gaps(bounds).intervals, answering, now - lag):
        found.append(_uncovered(piece, polls, now - lag, unasked))
    return tuple(_joined(sorted(found, key=lambda tile: tile.interval)))


AnsweringRun = tuple[PollRun, Interval]


def _pieces(
    gaps: Sequence[Interval], answering: Sequence[AnsweringRun], listed_until: datetime
) -> Iterator[tuple[Interval, list[PollRun]]]:
    """The gaps, cut so that each piece has the same polls answering for all of it; in one pass over time."""
    instants = {at for _, i in answering for at in (i.from_at, i.until_at)} | {listed_until}
    cuts = sorted(instants | {at for gap in gaps for at in (gap.from_at, gap.until_at)})
    begun, open_gaps, active = 0, iter(gaps), list[AnsweringRun]()
    gap = next(open_gaps, None)
    for from_at, until_at in pairwise(cuts):
        while begun < len(answering) and answering[begun][1].from_at <= from_at:
            active.append(answering[begun])
            begun += 1
        active = [pair for pair in active if pair[1].until_at > from_at]
        if gap is not None and gap.until_at <= from_at:
            gap = next(open_gaps, None)
        if gap is not None and gap.contains(from_at):
            yield Interval(from_at, until_at), [attempt for attempt, _ in active]


def _uncovered(piece: Interval, polls: Sequence[PollRun], listed_until: datetime, unasked: str) -> Tile:
    if not polls:
        why = NOT_LISTED if piece.from_at >= listed_until else unasked
        return Tile(piece, TileState.NOT_READ, why)
    states = {poll.state for poll in polls}
    order = (TileState.BLOCKED, TileState.FAILED, TileState.NOT_READ)
    state = next(one for one in order if one in states)
    return Tile(piece, state, "; ".join(sorted({poll.why for poll in polls if poll.state is state})))


def _joined(found: Sequence[Tile]) -> Iterator[Tile]:
    """Neighbours of one state and reason, as one."""
    kept: Tile | None = None
    for tile in found:
        if kept is not None and (kept.state, kept.why) == (tile.state, tile.why):
            kept = Tile(Interval(kept.interval.from_at, tile.interval.until_at), tile.state, tile.why)
            continue
        if kept is not None:
            yield kept
        kept = tile
    if kept is not None:
        yield kept
