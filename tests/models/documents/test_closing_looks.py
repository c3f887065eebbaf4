"""Documents that wait to be read once more after a window's end, on each database."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import insert
from support.checked import HOUR, NOW, OTHER_PAGE, CheckedDocuments, facts

from servanda.compliance.document_doubts import DocumentFacts, Doubt
from servanda.models import tables
from servanda.models.documents.closing_looks import awaited_looks
from servanda.models.store import Store

ENDED_AT = NOW + 10 * HOUR


@pytest.fixture
def documents(store: Store) -> CheckedDocuments:
    return CheckedDocuments(store)


def awaited(
    documents: CheckedDocuments, as_of: datetime = ENDED_AT, source: str = "us-state", window: str = "w"
) -> list[tuple[int, datetime | None]]:
    with documents.store.reading() as db:
        found = [look for look, _ in awaited_looks(db, as_of, [source], [window], ENDED_AT)]
    assert all(one.kind == "reread" for one in found)
    return [(one.document, one.read_at) for one in found]


CASES: list[tuple[DocumentFacts, tuple[Doubt, ...], bool, str]] = [
    (facts(20), (), True, "a stub"),
    (facts(200), (), False, "a long text"),
    (facts(200, concerns=True), (), True, "a long text on a window's subject"),
    (facts(200), (OTHER_PAGE,), True, "a doubtful one"),
]


@pytest.mark.parametrize(("found", "doubts", "waits", "why"), CASES, ids=[why for *_, why in CASES])
def test_what_waits(
    documents: CheckedDocuments, found: DocumentFacts, doubts: tuple[Doubt, ...], waits: bool, why: str
) -> None:
    one = documents.listed("A title")
    documents.seen(one, "a", found, *doubts)
    assert awaited(documents) == ([(one, NOW)] if waits else []), why


LOOKS = [
    (ENDED_AT - HOUR, 200, "seen", True, "a full answer before the end"),
    (ENDED_AT, 200, "seen", False, "a full answer at the end"),
    (ENDED_AT + HOUR, 200, "seen", False, "one after the end"),
    (ENDED_AT + HOUR, 304, "seen", True, "unchanged is no look"),
    (ENDED_AT + HOUR, 404, "gone", False, "gone is one"),
    (ENDED_AT - HOUR, 404, "gone", True, "gone before the end"),
]


@pytest.mark.parametrize(("at", "status", "state", "waits", "why"), LOOKS, ids=[why for *_, why in LOOKS])
def test_what_is_a_look(
    documents: CheckedDocuments, at: datetime, status: int, state: str, waits: bool, why: str
) -> None:
    one = documents.listed("A title")
    documents.seen(one, "a", facts(20))
    version = documents.versions[one, "a"] if state == "seen" else None
    documents.looked(one, at=at, version=version, status=status, state=state)
    assert bool(awaited(documents, ENDED_AT + 2 * HOUR)) is waits, why


def test_the_past_is_asked_about_as_it_was(documents: CheckedDocuments) -> None:
    one = documents.listed("A title")
    documents.seen(one, "a", facts(20), at=NOW + HOUR)
    documents.looked(one, at=ENDED_AT + HOUR, version=documents.versions[one, "a"])
    assert awaited(documents, NOW) == []
    assert awaited(documents, ENDED_AT) == [(one, NOW + HOUR)]
    assert awaited(documents, ENDED_AT + HOUR) == []


def test_only_the_sources_that_are_asked_about(documents: CheckedDocuments) -> None:
    one = documents.listed("A title", source="mx-sre")
    documents.seen(one, "a", facts(20))
    assert awaited(documents) == []
    assert awaited(documents, source="mx-sre") == [(one, NOW)]


def test_evidence_of_a_window_waits_for_a_last_look(documents: CheckedDocuments) -> None:
    one = documents.listed("A title")
    documents.seen(one, "a", facts())
    assert awaited(documents) == []
    values = {
        "version": documents.versions[one, "a"], "instrument": "i", "commitment": "c", "window": "w", "rule": "r",
        "rules_digest": "d", "score": 1.0, "spans": [], "checklist": [], "candidate": True, "near_miss": False,
        "known_at": NOW,
    }  # fmt: skip
    with documents.store.writing() as db:
        db.execute(insert(tables.evidence), values)
    assert awaited(documents) == [(one, NOW)]
    assert awaited(documents, window="another") == []


def test_a_document_that_was_never_read_is_another_duty(documents: CheckedDocuments) -> None:
    documents.listed("A title")
    assert awaited(documents) == []
