"""A declared lag that an item exceeds: the source is shown with a warning until somebody answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support.catalogues import feed_route, source
from support.monitors import Monitor

from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.collect import collect_source
from servanda.jobs.decisions.declarations import uphold_declaration
from servanda.jobs.views.sources import source_list

START = datetime(2019, 6, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def publish(monitor: Monitor, *hours: float) -> None:
    """A feed with an item at each of these hours from the start, the newest first."""
    rows = "".join(
        f"<item><title>Release at hour {hour}</title><link>{monitor.site.url}/r/{hour}-of-them</link>"
        f"<pubDate>{START + hour * HOUR:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for hour in sorted(hours, reverse=True)
    )
    monitor.site.put(
        "/feed", f"<rss version='2.0'><channel><title>x</title>{rows}</channel></rss>", "text/xml"
    )


@pytest.fixture
def seen(monitor: Monitor) -> Monitor:
    """A feed with an item an hour, read every six hours; its declared lag is an hour."""
    monitor.catalogue({"us-state": source("us-state", feed_route(f"{monitor.site.url}/feed"))})
    for hour in range(0, 25, 6):
        publish(monitor, *range(hour - 12, hour + 1))
        collect(monitor, hour)
    return monitor


def collect(monitor: Monitor, hour: float) -> str:
    with monitor.at(START + hour * HOUR) as wiring:
        (poll,) = collect_source(wiring, "us-state").polls
    return poll.covered


def row(monitor: Monitor, hour: float) -> dict[str, object]:
    with monitor.at(START + hour * HOUR) as wiring:
        found: dict[str, object] = source_list(wiring.ledger, wiring.catalogue)[0]
    return found


def test_while_nothing_is_late_readings_count(seen: Monitor) -> None:
    publish(seen, *range(18, 31))
    assert collect(seen, 30).startswith("listing, ")
    assert row(seen, 30)["declaration_exceeded"] is None


def test_a_late_item_is_told_until_somebody_answers(seen: Monitor) -> None:
    publish(seen, *range(18, 31), 19.5)
    collect(seen, 30)
    said = row(seen, 36)
    assert "came later than" in str(said["declaration_exceeded"])
    assert "a lag of 1:00:00 is declared" in str(said["declaration_exceeded"])
    assert said["declaration_upheld"] is False
    with seen.at(START + 37 * HOUR) as wiring:
        uphold_declaration(
            wiring.ledger, wiring.catalogue.source("us-state"), by="Ana", reason="back-dated by its office"
        )
    assert row(seen, 38)["declaration_upheld"] is True


def test_new_identifiers_are_no_late_releases(seen: Monitor) -> None:
    publish(seen, *range(18, 31))
    feed = seen.site.pages["/feed"].body.decode().replace("-of-them", "-of-those")
    seen.site.put("/feed", feed, "text/xml")
    collect(seen, 30)
    assert row(seen, 30)["declaration_exceeded"] is None


def test_nothing_is_upheld_that_nothing_contradicts(seen: Monitor) -> None:
    with seen.at(START + 25 * HOUR) as wiring, pytest.raises(UsageError, match="nothing that was seen"):
        uphold_declaration(wiring.ledger, wiring.catalogue.source("us-state"), by="Ana", reason="no reason")
