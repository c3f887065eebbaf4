"""Two windows on one commitment: what is found for it is looked at for both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from support.catalogues import listing_route, source
from support.listing_pages import Release, publish
from support.monitors import Monitor

from servanda.jobs.assess import assess
from servanda.jobs.collect import collect_source
from servanda.jobs.views import status as views

NOW = datetime(2019, 6, 12, 18, tzinfo=UTC)
ANNOUNCED = Release(
    "joint",
    "Joint declaration with Mexico",
    "2019-06-12T12:00:00-04:00",
    "The Secretary of State announced that the two governments agreed on new measures on migration today.",
)


@pytest.fixture
def desk(monitor: Monitor) -> Monitor:
    monitor.catalogue(
        {"us-state": source("us-state", listing_route(f"{monitor.site.url}/press/"), lag="PT12H")},
        duration="P7D",
    )
    file = next((monitor.folder / "catalogue").glob("**/instrument.yml"))
    text = file.read_text()
    head, found, after = text.partition("windows:\n")
    assert found
    window, rest = _first_item(after)
    other = window.replace("id: further-actions-90d", "id: further-actions-review", 1)
    assert other != window
    rule = "  - {id: guarded, commitment: further-actions, window: further-actions-review, all: [national-guard]}"
    rest = rest.replace("rules:\n", f"rules:\n{rule}\n", 1)
    file.write_text(f"{head}{found}{window}{other}{rest}")
    return monitor


def _first_item(text: str) -> tuple[str, str]:
    """The only entry of a list in YAML, and what follows the list."""
    lines = text.splitlines(keepends=True)
    end = next(n for n, line in enumerate(lines) if line[0] not in " -")
    return "".join(lines[:end]), "".join(lines[end:])


def read(desk: Monitor, now: datetime) -> dict[str, tuple[str, list[int]]]:
    releases = [
        Release(f"day-{n}", f"Business {n}", f"2019-06-{n:02}T09:00:00-04:00")
        for n in range(1, min(30, now.day) + 1)
    ]
    publish(desk.site, "/press/", [*releases, ANNOUNCED] if now >= NOW else releases)
    with desk.at(now) as wiring:
        collect_source(wiring, "us-state")
        assess(wiring)
        windows = views.status(wiring.ledger, wiring.catalogue, now)["windows"]
    return {window["id"]: (window["verdict"], window["candidates"]) for window in windows}


def test_a_candidate_for_one_keeps_the_other_from_claiming_absence(desk: Monitor) -> None:
    read(desk, NOW - timedelta(days=2))
    found = read(desk, NOW)
    (candidate,) = found["further-actions-90d"][1]
    assert found["further-actions-review"][1] == [candidate]
    ended = read(desk, NOW + timedelta(days=8))
    assert ended == {
        "further-actions-90d": ("unverified", [candidate]),
        "further-actions-review": ("unverified", [candidate]),
    }
