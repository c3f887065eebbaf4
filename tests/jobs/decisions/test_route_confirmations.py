"""A reader that is not built on recorded bytes covers nothing until a person has looked, and confirmed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support.catalogues import listing_route, source
from support.command_line import servanda
from support.listing_pages import Release, publish
from support.monitors import Monitor

from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.collect import collect_source
from servanda.jobs.decisions.route_confirmations import confirm_route, find_route, withdraw_confirmation
from servanda.jobs.polling.trial import try_route
from servanda.jobs.views import status as views
from servanda.jobs.views.coverage import coverage
from servanda.jobs.views.sources import source_list

NOW = datetime(2019, 6, 20, 18, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def unseen(monitor: Monitor) -> Monitor:
    route = listing_route(f"{monitor.site.url}/us-state/").replace("reader: recorded", "reader: unseen")
    monitor.catalogue({"us-state": source("us-state", route)})
    publish(
        monitor.site,
        "/us-state/",
        [Release(f"d{n}", f"Day {n}", f"2019-06-{n}T12:00:00-04:00") for n in range(10, 21)],
    )
    return monitor


def covered(monitor: Monitor, now: datetime) -> list[dict[str, str]]:
    with monitor.at(now) as wiring:
        outcome = collect_source(wiring, "us-state")
        assert not outcome.failed
        intervals: list[dict[str, str]] = coverage(wiring.ledger, wiring.catalogue, now)[0]["covered"]
    return intervals


def test_it_covers_nothing_until_it_is_confirmed_and_again_once_it_is_changed(unseen: Monitor) -> None:
    assert covered(unseen, NOW) == []
    with unseen.at(NOW) as wiring:
        confirm_route(
            wiring.ledger,
            *find_route(wiring.catalogue, "us-state/listing"),
            by="Ana",
            reason="Compared ten rows.",
        )
    assert covered(unseen, NOW + DAY) != []
    file = unseen.folder / "catalogue" / "sources" / "us-state.yml"
    file.write_text(file.read_text().replace("minimum_items: 1", "minimum_items: 2"))
    with unseen.at(NOW + 2 * DAY) as wiring:
        assert source_list(wiring.ledger, wiring.catalogue)[0]["routes"][0]["counts"] is False, (
            "another definition, another look"
        )


def test_a_trial_shows_what_was_understood_and_keeps_nothing(unseen: Monitor) -> None:
    with unseen.at(NOW) as wiring:
        trial = try_route(
            wiring.fetcher,
            wiring.article_reader,
            *find_route(wiring.catalogue, "us-state/listing"),
            wiring.now,
        )
        assert [item.title for item in trial.items] == [f"Day {n}" for n in range(20, 15, -1)]
        assert trial.covered is not None
        assert any("only one page was read" in doubt for doubt in trial.doubts)
        assert views.document_list(wiring.ledger, wiring.catalogue, NOW) == []
        assert coverage(wiring.ledger, wiring.catalogue, NOW)[0]["routes"][0]["last_poll_at"] is None


def test_what_is_not_understood_is_named(unseen: Monitor) -> None:
    unseen.site.put("/us-state/", "<html><body><main><p>We have moved.</p></main></body></html>")
    with unseen.at(NOW) as wiring:
        trial = try_route(
            wiring.fetcher,
            wiring.article_reader,
            *find_route(wiring.catalogue, "us-state/listing"),
            wiring.now,
        )
    assert trial.failure is not None
    assert trial.failure.family == "unrecognised"
    assert trial.covered is None


@pytest.mark.parametrize("by, reason", [("", "Compared."), ("Ana", " ")])
def test_a_confirmation_says_who_and_why(unseen: Monitor, by: str, reason: str) -> None:
    with unseen.at(NOW) as wiring, pytest.raises(UsageError, match="who looked"):
        confirm_route(wiring.ledger, *find_route(wiring.catalogue, "us-state/listing"), by=by, reason=reason)


@pytest.mark.slow
def test_on_the_command_line(unseen: Monitor) -> None:
    now = ("--now", "2019-06-20T18:00:00Z")
    done = servanda(
        "sources", "try", "us-state/listing", "--confirm", "--by", "Ana", "--reason", "Looked.", *now
    )
    assert done.returncode == 0, done.stderr
    assert "would cover" in done.stdout
    assert "counts from now on" in done.stdout
    assert ", counts" in servanda("sources").stdout
    wrong = servanda("sources", "try", "us-state/feed")
    assert (wrong.returncode, "us-state/listing" in wrong.stderr) == (2, True)


def decide(monitor: Monitor, now: datetime, *, withdraw: bool = False) -> None:
    with monitor.at(now) as wiring:
        change = withdraw_confirmation if withdraw else confirm_route
        change(wiring.ledger, *find_route(wiring.catalogue, "us-state/listing"), by="Ana", reason="Looked.")


def stands(monitor: Monitor, now: datetime, as_of: datetime | None = None) -> bool:
    with monitor.at(now) as wiring:
        return bool(coverage(wiring.ledger, wiring.catalogue, as_of or now)[0]["covered"])


def test_what_was_claimed_under_a_confirmation_falls_with_it(unseen: Monitor) -> None:
    decide(unseen, NOW)
    assert covered(unseen, NOW + DAY) != []
    decide(unseen, NOW + 2 * DAY, withdraw=True)
    assert not stands(unseen, NOW + 2 * DAY)
    assert stands(unseen, NOW + 2 * DAY, NOW + DAY), "as it was known then"
    decide(unseen, NOW + 3 * DAY)
    assert stands(unseen, NOW + 3 * DAY), "the withdrawal was a mistake"


def test_another_definition_does_not_bring_back_what_was_claimed_with_the_first(unseen: Monitor) -> None:
    decide(unseen, NOW)
    before = covered(unseen, NOW + DAY)
    decide(unseen, NOW + 2 * DAY, withdraw=True)
    file = unseen.folder / "catalogue" / "sources" / "us-state.yml"
    file.write_text(file.read_text().replace("minimum_items: 1", "minimum_items: 2"))
    decide(unseen, NOW + 3 * DAY)
    assert not stands(unseen, NOW + 3 * DAY)
    assert covered(unseen, NOW + 4 * DAY) != [], "what is read from now on counts"
    assert before, "there was something to bring back"
