"""The steps that a scheduler runs: what is read when, and what calls for the next step."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support.catalogues import feed_route, source
from support.monitors import Monitor
from support.press import GUARD_DEPLOYED, PressOffice
from support.site import Site

from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.jobs.notify import notify
from servanda.jobs.polling.host_locks import HostBusy, hold_hosts
from servanda.jobs.scheduling.runs import assess_run, pending_work_since, plan_run, run_order
from servanda.jobs.watchers.membership import add_watcher

HALF_HOURLY = datetime(2026, 3, 2, 14, 47, tzinfo=UTC)
DAILY = datetime(2026, 3, 2, 5, 17, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def office(site: Site) -> PressOffice:
    office = PressOffice(site)
    office.publish("ordinary", "An ordinary day", datetime.now(UTC) - timedelta(hours=5))
    return office


@pytest.fixture
def live(monitor: Monitor, office: PressOffice) -> Any:
    """A live monitor with two sources, of which the second's page is missing; its window is still open."""
    missing = feed_route(f"{office.site.url}/missing")
    monitor.catalogue(
        {"us-a": source("us-a", feed_route(office.url)), "us-b": source("us-b", missing)},
        published_on=f"{datetime.now(UTC) - timedelta(days=10):%Y-%m-%d}",
        required=("us-a",),
    )
    with wire(opening="create") as wiring:
        add_watcher(wiring.ledger, "ana@example.org")
    return monitor


def collect_all(wiring: Wiring, asked: dict[str, Any] | None = None) -> list[bool]:
    return [run_order(wiring, order).failed for order in plan_run(wiring, asked or {}, None)]


def test_a_round_that_was_asked_for_reads_every_source_by_all_its_routes(live: Any) -> None:
    with wire(opening="create") as wiring:
        orders = plan_run(wiring, {}, None)
    assert [(o["source"], o["routes"]) for o in orders] == [("us-a", None), ("us-b", None)]
    assert json.loads(json.dumps(orders)) == orders, "a scheduler hands orders on as JSON"


def test_a_round_by_the_clock_reads_what_is_due_and_once_a_day_everything(live: Any) -> None:
    with wire(opening="create") as wiring:
        first = plan_run(wiring, {}, HALF_HOURLY)
        assert [(o["source"], o["routes"]) for o in first] == [("us-a", ["feed"]), ("us-b", ["feed"])]
        assert [run_order(wiring, order).failed for order in first] == [False, True]
        assert plan_run(wiring, {}, HALF_HOURLY) == []
        assert [o["source"] for o in plan_run(wiring, {}, DAILY)] == ["us-a", "us-b"]


def test_what_was_read_since_it_was_asked_for_is_not_read_again(live: Any) -> None:
    with wire(opening="create") as wiring:
        asked_at = wiring.now
        first = plan_run(wiring, {}, None, asked_at)
        second = plan_run(wiring, {"sources": ["us-a"]}, None, asked_at)
        assert [run_order(wiring, order).failed for order in first] == [False, True]
        read = len(live.site.asked("/feed"))
        assert plan_run(wiring, {}, None, asked_at) == []
        assert run_order(wiring, second[0]).polls == (), "it waited, and another has read meanwhile"
        assert len(live.site.asked("/feed")) == read
        assert len(plan_run(wiring, {}, None, wiring.now)) == 2, "what is asked for later is read"
        days = {"since": "2026-01-02"}
        assert len(plan_run(wiring, days, None, asked_at)) == 2, "days were not asked for by the other"


def test_a_host_is_asked_by_one_process_at_a_time(live: Any) -> None:
    with wire(opening="create") as wiring:
        (order,) = plan_run(wiring, {"sources": ["us-a"]}, None)
        host = f"127.0.0.1:{live.site.port}"
        locks = wiring.settings.outbox / "hosts"
        with hold_hosts(locks, [host], wiring.clock), pytest.raises(HostBusy, match=host):
            run_order(wiring, order)
        assert not run_order(wiring, order).failed


def test_what_is_asked_goes_into_each_order(live: Any) -> None:
    asked = {"sources": ["us-a"], "since": "2026-01-02", "until": "2026-01-03", "dry_run": True}
    with wire(opening="create") as wiring:
        orders = plan_run(wiring, asked, None)
        assert orders == [
            {
                "source": "us-a",
                "routes": None,
                "since": "2026-01-02",
                "until": "2026-01-03",
                "dry_run": True,
                "asked_at": None,
            }
        ]
        run_order(wiring, orders[0])
        assert pending_work_since(wiring, LONG_AGO).evidence == 0


def test_a_failed_source_is_an_outcome_and_the_other_is_read(live: Any) -> None:
    with wire(opening="create") as wiring:
        assert collect_all(wiring) == [False, True]


def test_news_calls_for_a_first_judgement_then_only_for_evidence(live: Any, office: PressOffice) -> None:
    with wire(opening="create") as wiring:
        assert pending_work_since(wiring, LONG_AGO).undecided == ("further-actions-90d",)
        collect_all(wiring)
        assess_run(wiring, {})
        quiet = pending_work_since(wiring, wiring.now)
        assert not quiet.calls_for_assessment
        assert quiet.alerts == 1, "the baseline's mail waits for notify"
        notify(wiring)
        assert pending_work_since(wiring, wiring.now).alerts == 0
        before = wiring.now
        office.publish("guard", "Guard deployed", datetime.now(UTC), GUARD_DEPLOYED)
        collect_all(wiring)
        news = pending_work_since(wiring, before)
        assert (news.evidence, news.alerts) == (1, 1)
        assert news.calls_for_assessment
        assert pending_work_since(wiring, wiring.now).evidence == 0


def test_an_ended_window_without_proof_calls_for_judgement_after_every_round(
    monitor: Monitor, office: PressOffice
) -> None:
    monitor.catalogue({"us-a": source("us-a", feed_route(office.url))})
    with wire(opening="create") as wiring:
        collect_all(wiring)
        assess_run(wiring, {})
        assert pending_work_since(wiring, wiring.now).undecided == ("further-actions-90d",)


def test_a_judgement_of_the_past_is_not_recorded(live: Any) -> None:
    with wire(opening="create") as wiring:
        outcome = assess_run(wiring, {"as_of": "2026-01-01T00:00:00Z"})
        assert outcome.lines
        assert pending_work_since(wiring, LONG_AGO).undecided, (
            "nothing was recorded, so it is still undecided"
        )


@pytest.mark.parametrize("step", [plan_run, assess_run])
def test_a_replay_is_refused(live: Any, step: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVANDA_DATABASE_URL", f"sqlite:///{tmp_path}/replay.db")
    with wire(now=HALF_HOURLY, opening="create") as wiring, pytest.raises(UsageError, match="is a replay"):
        step(wiring, {}, None) if step is plan_run else step(wiring, {})


def test_an_unknown_field_is_refused_before_anything_is_read(live: Any, office: PressOffice) -> None:
    with wire(opening="create") as wiring:
        with pytest.raises(UsageError, match="there is no field 'source'; valid fields: "):
            plan_run(wiring, {"source": ["us-a"]}, None)
        with pytest.raises(UsageError, match="there is no field 'since'"):
            assess_run(wiring, {"since": "2026-01-01"})
    assert office.site.requests == []
