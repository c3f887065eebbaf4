"""Which fault comes when: every kind of every route has a turn, in an order drawn from the seed."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from fault_injection.publishers.kinds import kinds_of
from fault_injection.publishers.site import Fault
from fault_injection.publishers.truth import DAY, HOUR, Press, day_start

FIRST = 1.5
"""Days of peace at the beginning, in which the monitor takes its baseline."""

LAST = 2.0
"""Days of peace at the end."""

SHARE = 0.5
"""Of its turn a fault takes so much; in the rest the site is well."""

LEAST_TURN = 14 * HOUR
"""Shorter turns would leave no reading in the fault, or none after it: then some kinds wait for another
seed."""


def draw_faults(
    seed: int, days: int, presses: Sequence[Press], without: Sequence[str] = ()
) -> tuple[Fault, ...]:
    """The faults of all publishers, but for the kinds named in ``without``."""
    drawn: list[Fault] = []
    for press in presses:
        drawn += _faults_of(press, Random(f"{seed}:{press.id}:faults"), days, len(drawn), without)
    return tuple(drawn)


def _faults_of(press: Press, rng: Random, days: int, number: int, without: Sequence[str]) -> list[Fault]:
    turns = [
        (route, kind) for route, kinds in kinds_of(press).items() for kind in kinds if kind.id not in without
    ]
    rng.shuffle(turns)
    room = (days - FIRST - LAST) * DAY
    turns = turns[: max(1, room // LEAST_TURN)]
    unit = room / sum(max(1.0, (kind.days or 0) * 1.5) for _, kind in turns)
    at = day_start(0) + FIRST * DAY
    found: list[Fault] = []
    for route, kind in turns:
        turn = unit * max(1.0, (kind.days or 0) * 1.5)
        begin = at + turn * rng.uniform(0.05, 0.2)
        until = begin + (turn * SHARE if kind.days is None else min(kind.days * DAY, turn * 0.75))
        found.append(Fault(kind, press.id, route, begin, until, number + len(found)))
        at += turn
    return found
