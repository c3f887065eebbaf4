"""``servanda document``: one document over time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from support.command_line import servanda
from support.desk import DEPLOYED, GUARD, GUARD_AT, HOUR, Desk
from support.monitors import Monitor

from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.documents.document_reader import DocumentReader
from servanda.jobs.views.document import document

pytestmark = pytest.mark.slow

TRADE = (
    "The two sides spoke about trade in a long and friendly conversation, and will meet again in the autumn."
)


@pytest.fixture
def desk(monitor: Monitor) -> Desk:
    desk = Desk(monitor)
    desk.begin()
    return desk


def reader_of(wiring: Wiring) -> DocumentReader:
    return DocumentReader(wiring.archive, wiring.article_reader, wiring.catalogue)


def shown(desk: Desk, slug: str, *, text: bool = False) -> dict[str, Any]:
    number = desk.document(slug)
    with desk.monitor.at() as wiring:
        reader = reader_of(wiring) if text else None
        return document(wiring.ledger, wiring.catalogue, number, wiring.now, reader=reader)


def test_a_life_is_told_step_by_step(desk: Desk) -> None:
    desk.edit("guard", text=DEPLOYED.replace("6,000", "25,451"))
    desk.look(GUARD_AT + 7 * HOUR)
    desk.gone["guard"] = 410
    for hours in (31, 32):
        desk.look(GUARD_AT + hours * HOUR)
    answer = shown(desk, "guard")
    assert (answer["state"], answer["quarantined"]) == ("withdrawn", None)
    assert [step["step"] for step in answer["history"]] == ["published", "edited", "withdrawn"]
    first, second = (version["digest"] for version in answer["versions"])
    assert [step["digest"] for step in answer["history"]] == [first, second, None]
    withdrawn = answer["history"][2]
    assert (withdrawn["at"], withdrawn["known_at"]) == ("2019-06-21T21:10:00Z", "2019-06-21T22:10:00Z")
    assert answer["last_seen_at"] == "2019-06-20T21:10:00Z"
    (row,) = answer["evidence"]
    assert (row["commitment"], row["digest"], row["review"]) == ("national-guard", second, "waiting")
    assert answer["text"] is None


def test_the_past_is_asked_of_the_past(desk: Desk) -> None:
    desk.edit("guard", text=DEPLOYED.replace("6,000", "25,451"))
    desk.look(GUARD_AT + 7 * HOUR)
    number = desk.document("guard")
    with desk.monitor.at() as wiring:
        of = (wiring.ledger, wiring.catalogue, number)
        before = document(*of, GUARD_AT + HOUR, reader=reader_of(wiring))
        with pytest.raises(UsageError, match=f"there is no document {number}"):
            document(*of, GUARD_AT - HOUR)
    assert len(before["versions"]) == len(before["history"]) == 1
    assert "6,000" in before["text"]


def test_a_text_that_was_not_drawn_is_drawn_and_kept_when_asked_for(desk: Desk) -> None:
    desk.put(replace(GUARD, slug="trade", title="On trade", text=TRADE))
    desk.look(GUARD_AT + timedelta(minutes=5))
    assert [v["text_drawn"] for v in shown(desk, "trade")["versions"]] == [False]
    desk.site.requests.clear()
    assert shown(desk, "trade", text=True)["text"] == f"On trade\n\n{TRADE}"
    assert desk.site.requests == []
    assert [v["text_drawn"] for v in shown(desk, "trade")["versions"]] == [True]
    assert shown(desk, "trade", text=True)["text"] == f"On trade\n\n{TRADE}"


def test_an_unread_document_has_no_text(desk: Desk) -> None:
    desk.put(replace(GUARD, slug="lost", title="Lost"))
    desk.gone["lost"] = 404
    desk.look(GUARD_AT + timedelta(minutes=5))
    answer = shown(desk, "lost", text=True)
    assert (answer["state"], answer["versions"], answer["text"]) == ("unread", [], None)


def test_the_command_line_tells_it_to_people_and_programs(desk: Desk) -> None:
    number = str(desk.document("guard"))
    told = servanda("document", number)
    assert told.returncode == 0, told.stderr
    for part in (
        "REPLAY – reconstructed",
        "Secretary speaks with Mexico",
        "published",
        "national-guard",
        "waiting",
    ):
        assert part in told.stdout
    text = servanda("document", number, "--text")
    assert text.stdout == f"Secretary speaks with Mexico\n\n{DEPLOYED}\n"
    assert text.stderr == "REPLAY – reconstructed\n"
    answer = json.loads(servanda("document", number, "--json").stdout)
    assert answer["id"] == int(number)
    wrong = servanda("document", "999")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "there is no document 999" in wrong.stderr
