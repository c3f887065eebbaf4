"""An announcement that was seen in time stays one, whatever its page says later."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from support.catalogues import listing_route, source
from support.listing_pages import Release, publish
from support.monitors import Monitor

from servanda.compliance.vocabulary import Review
from servanda.jobs.assess import assess
from servanda.jobs.collect import collect_source
from servanda.jobs.decisions import review
from servanda.jobs.views import status as views
from servanda.jobs.views.json_values import Json

pytestmark = pytest.mark.slow

NOW = datetime(2019, 6, 12, 18, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANNOUNCED = Release(
    "joint",
    "Joint declaration with Mexico",
    "2019-06-12T12:00:00-04:00",
    "The Secretary of State announced that the two governments agreed on new measures on migration today.",
)
NOTHING_OF_IT = Release(
    "joint",
    "Joint declaration with Mexico",
    "2019-06-12T12:00:00-04:00",
    "We use cookies to deliver this website and to measure how it is used by those who come to read it.",
)


def releases(until: datetime, joint: Release) -> list[Release]:
    days = [
        Release(f"day-{n}", f"Business {n}", f"2019-06-{n:02}T09:00:00-04:00")
        for n in range(1, min(30, until.day) + 1)
    ]
    return [*days, joint]


@pytest.fixture
def desk(monitor: Monitor) -> Monitor:
    route = listing_route(f"{monitor.site.url}/press/") + "    reread: [PT6H, P1D]\n"
    monitor.catalogue({"us-state": source("us-state", route, lag="PT12H")}, duration="P7D")
    return monitor


def read(desk: Monitor, now: datetime, joint: Release) -> Json:
    publish(desk.site, "/press/", releases(now, joint))
    with desk.at(now) as wiring:
        collect_source(wiring, "us-state")
        assess(wiring)
        window: Json = views.status(wiring.ledger, wiring.catalogue, now)["windows"][0]
    return window


def publish_nothing_yet(desk: Monitor) -> None:
    """The baseline: a first reading without the announcement."""
    publish(desk.site, "/press/", releases(NOW - 2 * DAY, ANNOUNCED)[:-1])
    with desk.at(NOW - 2 * DAY) as wiring:
        collect_source(wiring, "us-state")
        assess(wiring)


@pytest.mark.parametrize("decided", [False, True], ids=["waiting", "accepted"])
def test_a_text_that_is_replaced_takes_no_announcement_away(desk: Monitor, decided: bool) -> None:
    publish_nothing_yet(desk)
    before = read(desk, NOW, ANNOUNCED)
    (waiting,) = before["candidates"]
    if decided:
        with desk.at(NOW) as wiring:
            decision = review.decide_review(
                wiring.ledger, waiting, Review.ACCEPTED, by="Ana", reason="it is the announcement"
            )
            assess(wiring, decision=decision)
    replaced = read(desk, NOW + 8 * HOUR, NOTHING_OF_IT)
    with desk.at() as wiring:
        (row,) = views.evidence_list(wiring.ledger, wiring.now, window="further-actions-90d")
        (document,) = [
            d
            for d in views.document_list(wiring.ledger, wiring.catalogue, wiring.now)
            if d["title"] == ANNOUNCED.title
        ]
    assert document["versions"] == 2, "the page was read again, and says something else"
    assert (row["id"], row["candidate"]) == (waiting, True)
    if decided:
        assert (replaced["verdict"], replaced["accepted"]) == ("announced", [waiting])
        assert row["due_for_another_look"] is True
        return
    assert replaced["candidates"] == [waiting]
    ended = read(desk, datetime(2019, 6, 20, 18, tzinfo=UTC), NOTHING_OF_IT)
    assert ended["verdict"] == "unverified"
    assert "candidate" in [d["kind"] for d in ended["duties"]], "nobody has looked at it yet"


TEASER = replace(
    ANNOUNCED,
    text="The Secretary of State said that the two governments agreed on talks about migration with Mexico today, and "
    "that additional measures on migration were announced as their aim by both sides.",
)


def reject(desk: Monitor, now: datetime, evidence: int) -> None:
    with desk.at(now) as wiring:
        decision = review.decide_review(
            wiring.ledger, evidence, Review.REJECTED, by="Ana", reason="it says only what they aim at"
        )
        assess(wiring, decision=decision)


def test_a_rejection_answers_for_the_content_that_was_looked_at(desk: Monitor) -> None:
    publish_nothing_yet(desk)
    (waiting,) = read(desk, NOW, TEASER)["candidates"]
    reject(desk, NOW, waiting)
    assert read(desk, NOW + HOUR, TEASER)["candidates"] == [], "it was looked at"
    edited = read(desk, NOW + 8 * HOUR, ANNOUNCED)
    (again,) = edited["candidates"]
    assert again != waiting, "what stands there now is another content"
    ended = read(desk, NOW + 6 * DAY, ANNOUNCED)
    assert (ended["verdict"], ended["candidates"]) == ("unverified", [again])
    reject(desk, NOW + 6 * DAY, again)
    assert read(desk, NOW + 6 * DAY + HOUR, ANNOUNCED)["candidates"] == []


def test_a_rejection_stands_where_only_the_rules_change(desk: Monitor) -> None:
    publish_nothing_yet(desk)
    (waiting,) = read(desk, NOW, TEASER)["candidates"]
    reject(desk, NOW, waiting)
    file = next((desk.folder / "catalogue").glob("**/instrument.yml"))
    text = file.read_text()
    before, found, after = text.rpartition("Guardia Nacional")
    assert found
    file.write_text(f"{before}Guardia Nacional de México{after}")
    assert read(desk, NOW + HOUR, TEASER)["candidates"] == []
