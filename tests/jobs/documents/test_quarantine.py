"""Documents that break their reader, through the real jobs: put aside, and the run goes on."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import datetime

import pytest
from support.desk import DAY, FIRST_AT, GUARD, GUARD_AT, HOUR, SOURCE, Desk
from support.monitors import Monitor

from servanda.jobs.assess import assess
from servanda.jobs.collect import SourceOutcome, collect_source
from servanda.jobs.knowledge.snapshot import load_window_knowledge, verdict_of
from servanda.jobs.views.document import document as view
from servanda.models.documents.unread_documents import unread_documents
from servanda.scrapers.isolation.reader_process import ArticleReader, ReaderLimits

CRASH = replace(GUARD, slug="poison", title="crash")


def look(desk: Desk, now: datetime) -> SourceOutcome:
    """With a reader that does what titles ask of it."""
    desk.show()
    desk.site.requests.clear()
    limits = ReaderLimits(memory_bytes=300_000_000, seconds=20.0)
    with desk.monitor.at(now) as wiring:
        wiring.__dict__["article_reader"] = ArticleReader(
            monotonic=time.monotonic, environment=dict(os.environ), limits=limits, module="support.poison"
        )
        outcome = collect_source(wiring, SOURCE)
        assess(wiring)
    return outcome


@pytest.fixture
def desk(monitor: Monitor) -> Desk:
    desk = Desk(monitor)
    look(desk, FIRST_AT)
    return desk


def duties(desk: Desk) -> list[str]:
    """The unread duties of the window, as its verdict words them, at its end."""
    with desk.monitor.at() as wiring:
        (instrument,) = wiring.catalogue.instruments
        (window,) = instrument.windows
        with wiring.ledger.reading() as (db, now):
            knowledge = load_window_knowledge(db, wiring.catalogue, instrument, window, now)
        later = replace(knowledge, as_of=knowledge.as_of + 365 * DAY)
        return [d.detail for d in verdict_of(later, wiring.catalogue, window).duties if d.kind == "unread"]


def test_a_document_that_breaks_its_reader_is_put_aside_and_the_run_goes_on(desk: Desk) -> None:
    desk.put(CRASH, replace(GUARD, slug="after", title="Read after it"))
    outcome = look(desk, GUARD_AT)
    assert (outcome.read_documents, outcome.unread_documents, outcome.failed) == (1, 1, False)
    number = desk.document("poison")
    (row,) = desk.rows("SELECT * FROM quarantine")
    assert (row.document, row.kind) == (number, "poison_crash")
    (kept,) = desk.rows("SELECT document, status FROM exchange WHERE id = :id", id=row.exchange)
    assert (kept.document, kept.status) == (number, 200), "its bytes are kept"
    assert duties(desk) == [f"document {number} quarantined (poison_crash): crash"]
    with desk.monitor.at() as wiring:
        answer = view(wiring.ledger, wiring.catalogue, number, wiring.now)
    assert (answer["state"], answer["versions"]) == ("quarantined", [])
    assert answer["quarantined"].startswith("poison_crash: ")

    for days in (0.5, 1, 6.9):
        assert look(desk, GUARD_AT + days * DAY).unread_documents == 1
        assert desk.asked("poison") == [], "it is left alone for seven days"
    desk.put(replace(CRASH, title="Harmless now"))
    assert look(desk, GUARD_AT + 7 * DAY).unread_documents == 0
    assert duties(desk) == []


def test_an_edit_that_breaks_the_reader_says_nothing_and_is_a_duty(desk: Desk) -> None:
    desk.put(GUARD)
    look(desk, GUARD_AT)
    number = desk.document("guard")
    desk.put(replace(GUARD, title="crash"))
    outcome = look(desk, GUARD_AT + 7 * HOUR)
    assert (outcome.reread_documents, desk.states("guard")) == (0, ["seen A"])
    assert duties(desk) == [f"document {number} quarantined (poison_crash): crash"]
    look(desk, GUARD_AT + 5 * DAY)
    assert desk.asked("guard") == []
    desk.put(GUARD)
    look(desk, GUARD_AT + 8 * DAY)
    assert desk.states("guard") == ["seen A", "seen A"]
    assert duties(desk) == []
    with desk.monitor.at() as wiring, wiring.store.reading() as db:
        assert [u.why for u in unread_documents(db, GUARD_AT + 6 * DAY)] == ["quarantined (poison_crash)"]
