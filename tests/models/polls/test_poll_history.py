"""Runs of polls, made in SQL, tile the time as the single polls do, on each database."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from servanda.compliance.intervals import Interval, IntervalSet, between
from servanda.compliance.timeline import PollRun, Tile, build_timeline
from servanda.models.polls import poll_history, polls
from servanda.models.polls.polls import Failure, PollRecord, PollStatus
from servanda.models.store import Store

START = datetime(2019, 6, 7, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAG, REACH = HOUR, 2 * DAY
TIMEOUT = Failure("unreachable", "timeout", "no answer within 20 s")
CHALLENGE = Failure("blocked", "challenge", "it asks whether we are human")


def at(hours: float) -> datetime:
    return START + hours * HOUR


def poll(hours: float, failure: Failure | None = None, route: str = "listing") -> PollRecord:
    began = at(hours)
    outcome: PollStatus = "failed" if failure else "read"
    return PollRecord("us-state", route, began, began, outcome, failure, 1, 9, 0, "digest")


def record(store: Store, rows: Sequence[PollRecord]) -> None:
    with store.writing() as db:
        polls.load_catalogue(db, "digest", "{}", START)
        for row in rows:
            polls.record_poll(db, row)


def asked(
    store: Store, gaps: IntervalSet, as_of: datetime, routes: Sequence[str] = ("feed", "listing")
) -> list[PollRun]:
    with store.reading() as db:
        return poll_history.attempts(db, "us-state", routes, gaps, lag=LAG, reach=REACH, as_of=as_of)


def one_by_one(rows: Sequence[PollRecord], as_of: datetime) -> list[PollRun]:
    """Each poll as an attempt of its own, with the one of its route before it."""
    found = []
    for route in {row.route for row in rows}:
        before = None
        for row in sorted(
            (r for r in rows if r.route == route and r.finished_at <= as_of), key=lambda r: r.started_at
        ):
            wanted = row.asked
            family, kind = (row.failure.family, row.failure.kind) if row.failure else (None, None)
            found.append(
                PollRun(
                    route,
                    row.started_at,
                    row.started_at,
                    before if wanted is None else None,
                    family,
                    kind,
                    wanted,
                )
            )
            before = row.started_at if wanted is None else before
    return found


def test_an_outage_of_many_polls_is_one_row(store: Store) -> None:
    down = [poll(h, TIMEOUT) for h in range(10, 60)]
    record(store, [poll(h) for h in range(10)] + down + [poll(60)])
    (outage, end) = asked(store, IntervalSet((Interval(at(8), at(58.5)),)), at(70))
    assert outage == PollRun("listing", at(10), at(59), at(9), "unreachable", "timeout")
    assert (end.state, end.first_at, end.before_at) == ("not_read", at(60), at(59))


def test_another_kind_and_a_long_pause_begin_another_run(store: Store) -> None:
    record(
        store,
        [poll(1, TIMEOUT), poll(2, TIMEOUT), poll(3, CHALLENGE), poll(4, CHALLENGE), poll(60, CHALLENGE)],
    )
    found = asked(store, IntervalSet((Interval(at(-9), at(80)),)), at(90))
    assert [(a.first_at, a.last_at, a.kind) for a in found] == [
        (at(1), at(2), "timeout"), (at(3), at(4), "challenge"), (at(60), at(60), "challenge"),
    ]  # fmt: skip


def test_what_was_not_known_yet_and_other_routes_are_left_out(store: Store) -> None:
    record(store, [poll(1), poll(2, TIMEOUT), poll(3, CHALLENGE), poll(2, CHALLENGE, "search")])
    gap = IntervalSet((Interval(at(-9), at(9)),))
    assert [a.kind for a in asked(store, gap, at(2.5))] == [None, "timeout"]
    assert asked(store, IntervalSet(), at(9)) == [], "without a gap nothing is asked"


def test_a_poll_that_was_asked_for_days_answers_for_them_alone(store: Store) -> None:
    wanted = Interval(at(0), at(48))
    record(store, [poll(300), replace(poll(310, CHALLENGE), asked=wanted), poll(320, TIMEOUT)])
    gaps = IntervalSet((Interval(at(0), at(48)), Interval(at(299), at(330))))
    found = asked(store, gaps, at(330))
    assert [(a.first_at, a.before_at, a.asked) for a in found if a.kind == "challenge"] == [
        (at(310), None, wanted)
    ]
    assert [(a.first_at, a.before_at) for a in found if a.kind == "timeout"] == [(at(320), at(300))]


def history(chance: random.Random) -> list[PollRecord]:
    """A summer of polls of two routes: outages, blocks, pauses, days that were asked for."""
    found, state = [], None
    for route, cadence in (("feed", 2.0), ("listing", 24.0)):
        now = chance.uniform(0, 30)
        while now < 1000:
            state = chance.choices([state, None, TIMEOUT, CHALLENGE], [30, 5, 3, 2])[0]
            one = poll(round(now, 1), state, route)
            if chance.random() < 0.02:
                one = replace(
                    one, asked=between(one.started_at - chance.randint(4, 30) * DAY, one.started_at - 4 * DAY)
                )
            found.append(one)
            now += cadence * (chance.choice([30, 60]) if chance.random() < 0.02 else chance.uniform(0.5, 1.1))
    return found


@pytest.mark.parametrize("seed", range(12))
def test_runs_tile_the_time_as_single_polls_do(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    rows = history(chance)
    record(store, rows)
    bounds = Interval(at(-100), at(1010))
    shown = []
    hours = -100.0
    while hours < 1000:
        length = chance.uniform(1, 300)
        shown.append(Interval(at(hours), at(hours + length)))
        hours += length + chance.choice([0.3, 2, 30, 200])
    for as_of in (at(1010), at(500)):
        covered = IntervalSet.of(shown)
        found = asked(store, covered.gaps(bounds), as_of)
        assert tiled(bounds, covered, found, as_of) == tiled(bounds, covered, one_by_one(rows, as_of), as_of)
        assert len(found) < len(rows)


def tiled(bounds: Interval, covered: IntervalSet, found: list[PollRun], now: datetime) -> tuple[Tile, ...]:
    return build_timeline(bounds, covered, found, LAG, now=now, reach=REACH)
