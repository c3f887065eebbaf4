"""A clock that is wrong, ahead or behind, once or for good: no false proof, and no mail before its time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from support.monitors import Monitor
from support.worlds import DAY, DUE, World

from servanda.compliance.intervals import Interval
from servanda.jobs.captures.verify import verify
from servanda.jobs.collect import SourceOutcome, collect_source
from servanda.jobs.knowledge.clock_trust import ClockUntrusted
from servanda.jobs.views.status import status
from servanda.models import tables
from servanda.models.polls import polls

pytestmark = pytest.mark.slow

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OFFSETS = [
    ("two minutes ahead", 2 * MINUTE), ("twenty hours ahead", 20 * HOUR), ("four days ahead", 4 * DAY), ("a year ahead", 365 * DAY),
    ("two minutes behind", -2 * MINUTE), ("twenty hours behind", -20 * HOUR), ("four days behind", -4 * DAY), ("a year behind", -365 * DAY),
]  # fmt: skip
every_offset = pytest.mark.parametrize("ahead", [o for _, o in OFFSETS], ids=[name for name, _ in OFFSETS])
LATEST_NONE_FOUND = ("none_found", True)


@pytest.fixture
def world(any_monitor: Monitor) -> World:
    """Ten hours before the window ends, read and judged by a clock that is right."""
    world = World(any_monitor, DUE - 2 * DAY)
    world.run()
    world.true_at = DUE - 10 * HOUR
    world.run()
    return world


def clock_failures(outcomes: list[SourceOutcome | ClockUntrusted]) -> list[str]:
    return [
        f for o in outcomes if isinstance(o, SourceOutcome) for f in o.failures if "unreachable: clock:" in f
    ]


@every_offset
def test_a_wrong_run_proves_nothing_though_the_source_is_silent_from_then_on(
    world: World, ahead: timedelta
) -> None:
    world.ahead = ahead
    outcomes = world.run()
    assert clock_failures(outcomes), "the reading is named"
    assert [type(o) for o in outcomes[1:]] == [ClockUntrusted, ClockUntrusted]
    assert "127.0.0.1" in str(outcomes[1])
    world.ahead = timedelta(0)
    world.true_at += HOUR
    world.monitor.site.down = True
    for _ in range(12):
        world.run()
        world.true_at += DAY
    assert ("none_found", True) not in world.verdicts()
    assert all(at >= DUE for at, kind in world.mailed if kind in ("window_ended", "final_word", "correction"))
    assert world.mails()["window_ended"] == 1
    assert world.mails()["final_word"] == 1
    assert world.mails()["correction"] == 0


@every_offset
def test_a_clock_that_stays_wrong_says_nothing(world: World, ahead: timedelta) -> None:
    before, mails = world.verdicts(), world.mails()
    world.ahead = ahead
    for _ in range(6):
        assert clock_failures(world.run())
        world.true_at += HOUR
    assert (world.verdicts(), world.mails()) == (before, mails)


@every_offset
def test_a_deadline_that_a_wrong_clock_has_passed_waits_for_a_right_one(
    world: World, ahead: timedelta
) -> None:
    mails = world.mails()
    world.ahead = ahead
    world.judge()
    assert world.mails() == mails
    world.ahead = timedelta(0)
    world.judge()
    assert world.mails() == mails
    world.true_at = DUE
    world.judge()
    assert world.mails()["window_ended"] == 1


def test_with_a_right_clock_the_same_story_ends_in_proof(world: World) -> None:
    for _ in range(3):
        world.true_at += DAY
        world.run()
    assert world.verdicts()[-1] == LATEST_NONE_FOUND
    assert world.mails()["final_word"] == 1


def test_a_first_run_by_a_wrong_clock_makes_no_baseline(any_monitor: Monitor) -> None:
    world = World(any_monitor, DUE - DAY, ahead=4 * DAY)
    assert clock_failures(world.run())
    assert world.verdicts() == []
    world.ahead = timedelta(0)
    world.run()
    assert [value for value, _ in world.verdicts()] == ["pending"]


def test_the_flag_is_in_time_while_no_publisher_answers_and_the_machine_runs_on(world: World) -> None:
    world.monitor.site.down = True
    world.states_dates = False
    world.true_at = DUE
    world.judge()
    assert world.mails()["window_ended"] == 1


def test_after_a_restart_of_the_machine_publishers_are_asked_before_a_window_ends(world: World) -> None:
    world.boot = "second"
    world.true_at = DUE
    asked = len(world.monitor.site.asked("/robots.txt"))
    world.judge()
    assert len(world.monitor.site.asked("/robots.txt")) == asked + 1
    assert world.mails()["window_ended"] == 1


def test_after_a_restart_with_a_wrong_clock_nothing_is_said(world: World) -> None:
    mails = world.mails()
    world.boot, world.ahead = "second", 4 * DAY
    world.judge()
    assert world.mails() == mails


def test_a_copy_from_a_cache_covers_no_further_than_when_it_was_made(world: World) -> None:
    page = world.monitor.site.pages["/us-state/"]
    stated = world.true_at - 3 * HOUR
    world.true_at += HOUR
    page.headers |= {"Date": f"{stated:%a, %d %b %Y %H:%M:%S GMT}", "Age": str(4 * 3600)}
    page.conditional = False
    with world.wiring() as wiring:
        (poll,) = collect_source(wiring, "us-state").polls
        with wiring.store.reading() as db:
            covered = polls.coverage_of_source(db, "us-state", world.now())
    assert poll.failure is None
    assert covered.intervals[-1].until_at == world.true_at - HOUR - 12 * HOUR, (
        "as far as the reading before it"
    )


def test_without_dates_our_clock_stands_alone_and_what_it_moved_by_is_seen(any_monitor: Monitor) -> None:
    world = World(any_monitor, DUE - 2 * DAY, states_dates=False)
    assert not clock_failures(world.run())
    world.true_at, world.ahead = DUE - 10 * HOUR, 4 * DAY
    assert clock_failures(world.run()), "the machine ran a day and a half, and the clock went on by six"
    assert set(world.mails()) == {"now_monitoring"}


def test_what_an_earlier_release_believed_of_the_future_is_set_aside_for_good(world: World) -> None:
    future = world.true_at + 4 * DAY
    with world.wiring() as wiring, wiring.store.writing() as db:
        poll = db.execute(select(tables.poll.c.id).limit(1)).scalar_one()
        covered = Interval(DUE - 90 * DAY, DUE + DAY)
        polls.record_coverage(db, poll, "us-state", "listing", covered, "a wrong clock", future)
    world.run()
    world.monitor.site.down = True
    world.true_at = future + 30 * DAY
    world.run()
    with world.wiring() as wiring, wiring.store.reading() as db:
        known = polls.coverage_of_source(db, "us-state", world.now())
        assert db.execute(select(tables.clock_fault)).one().known_at < future
    assert not known.includes(covered)
    assert ("none_found", True) not in world.verdicts()


def test_a_clock_set_back_mails_nothing_where_no_publisher_tells(any_monitor: Monitor) -> None:
    world = World(any_monitor, DUE + 20 * DAY, states_dates=False)
    world.run()
    said = world.verdicts()
    world.boot, world.ahead = "second", -30 * DAY
    world.run()
    world.judge()
    assert world.verdicts() == said
    assert set(world.mails()) == {"now_monitoring"}


def test_the_ledgers_of_clocks_refuse_change(world: World) -> None:
    with world.wiring() as wiring, wiring.store.reading() as db:
        last = db.execute(
            select(tables.clock_reading).order_by(tables.clock_reading.c.id.desc()).limit(1)
        ).one()
    assert last.publisher == f"127.0.0.1:{world.monitor.site.port}"
    with (
        pytest.raises(Exception, match="append-only"),
        world.wiring() as wiring,
        wiring.store.writing() as db,
    ):
        db.execute(tables.clock_reading.delete())


def test_nothing_else_is_recorded_by_a_wrong_clock(world: World) -> None:
    ledgers = ("document", "listing", "version", "coverage", "verdict", "alert", "evidence")

    def rows() -> dict[str, int]:
        with world.wiring() as wiring, wiring.store.reading() as db:
            return {name: len(db.execute(select(tables.metadata.tables[name])).all()) for name in ledgers}

    before = rows()
    world.ahead = 4 * DAY
    world.true_at += 3 * HOUR
    world.run()
    assert rows() == before
    world.ahead = timedelta(0)
    world.true_at += HOUR
    world.run()
    assert rows()["coverage"] > before["coverage"]


def test_verify_names_what_a_wrong_clock_dated(world: World) -> None:
    with world.wiring() as wiring:
        assert verify(wiring.ledger, wiring.archive).misdated_captures == 0
    world.ahead = 4 * DAY
    world.run()
    with world.wiring() as wiring:
        found = verify(wiring.ledger, wiring.archive)
    assert found.misdated_captures >= 1
    assert {(m.at - m.stated_at) // DAY for m in found.misdated} == {4}
    assert found.damaged_captures == 0


def test_status_says_what_is_thought_of_our_clock(world: World) -> None:
    with world.wiring() as wiring:
        assert status(wiring.ledger, wiring.catalogue, wiring.now)["clock"]["trust"] == "borne_out"
        world.ahead = 4 * DAY
        assert status(wiring.ledger, wiring.catalogue, wiring.now)["clock"]["trust"] == "unattested"
    world.run()
    with world.wiring() as wiring:
        answer = status(wiring.ledger, wiring.catalogue, wiring.now)["clock"]
    assert answer["trust"] == "disagrees"
    assert "4 days ahead" in answer["reason"]
