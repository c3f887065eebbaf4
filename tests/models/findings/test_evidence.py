"""What is known of evidence, of one instrument or one number, and what of it waits for a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from support.many_instruments import ENDED_AT, FOUND_AT, many_instruments

from servanda.compliance.vocabulary import Review
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.models import tables
from servanda.models.documents import documents
from servanda.models.findings import evidence as rows
from servanda.models.findings.verdicts import Decision, record_decision

HOUR = timedelta(hours=1)


@pytest.fixture
def wiring(tmp_path: Path, database_url: str) -> Iterator[Wiring]:
    """Of each of three instruments a candidate, other evidence, and a near miss: 1, 2, 3; 4, 5, 6; 7, 8, 9."""
    with many_instruments(tmp_path, 3, ENDED_AT, database_url) as opened:
        yield opened


def review(wiring: Wiring, evidence: int, answer: Review, at: datetime) -> None:
    with wiring.store.writing() as db:
        record_decision(db, Decision("review", f"evidence:{evidence}", answer.value, "Ana", "so", at))


def edit(wiring: Wiring, document: int, at: datetime) -> None:
    """Another content of a document, which matches nothing."""
    values = {
        "document": document, "digest": "another", "title": "Other business", "language": "en", "known_at": at,
        "precision": "instant", "zone": "UTC", "published_at": FOUND_AT, "id": 100 + document,
    }  # fmt: skip
    with wiring.store.writing() as db:
        db.execute(insert(tables.version), values)


def waiting(wiring: Wiring, as_of: datetime) -> list[int]:
    with wiring.store.reading() as db:
        return [row.id for row in rows.evidence_to_review(db, as_of)]


def test_evidence_is_found_by_each_of_its_names_and_by_several(wiring: Wiring) -> None:
    with wiring.store.reading() as db:

        def numbers(**names: object) -> list[int]:
            return [row.id for row in rows.evidence(db, ENDED_AT, **names)]  # type: ignore[arg-type]

        assert numbers() == list(range(1, 10))
        assert numbers(instrument="instrument-1") == [4, 5, 6]
        assert numbers(instrument="instrument-1", commitment="guard-1") == [5, 6]
        assert numbers(window="w2-90d") == [7]
        assert numbers(instrument="instrument-1", window="w2-90d") == []
        assert numbers(document=8) == [8]
        assert numbers(only=3) == [3]
        assert rows.evidence(db, FOUND_AT - HOUR) == []


def test_what_nobody_answered_waits_but_for_near_misses(wiring: Wiring) -> None:
    assert waiting(wiring, ENDED_AT) == [1, 2, 4, 5, 7, 8]
    review(wiring, 1, Review.ACCEPTED, FOUND_AT + HOUR)
    review(wiring, 5, Review.REJECTED, FOUND_AT + HOUR)
    assert waiting(wiring, ENDED_AT) == [2, 4, 7, 8]
    assert waiting(wiring, FOUND_AT) == [1, 2, 4, 5, 7, 8], "as it was then"


@pytest.mark.parametrize("answer", [Review.ACCEPTED, Review.ACCEPTED_IN_PART, Review.REJECTED])
def test_what_was_answered_waits_again_once_it_was_edited(wiring: Wiring, answer: Review) -> None:
    review(wiring, 4, answer, FOUND_AT + 2 * HOUR)
    edit(wiring, 4, FOUND_AT + 3 * HOUR)
    assert 4 not in waiting(wiring, FOUND_AT + 2 * HOUR)
    assert 4 in waiting(wiring, FOUND_AT + 3 * HOUR)
    review(wiring, 4, answer, FOUND_AT + 4 * HOUR)
    assert 4 not in waiting(wiring, FOUND_AT + 4 * HOUR)


def test_the_last_answer_stands(wiring: Wiring) -> None:
    review(wiring, 1, Review.ACCEPTED, FOUND_AT + HOUR)
    review(wiring, 1, Review.REJECTED, FOUND_AT + 2 * HOUR)
    with wiring.store.reading() as db:
        (row,) = rows.evidence(db, ENDED_AT, only=1)
        (before,) = rows.evidence(db, FOUND_AT + HOUR, only=1)
    assert (row.review, row.reviewed, row.reviewed_at) == (Review.REJECTED, 1, FOUND_AT + 2 * HOUR)
    assert before.review is Review.ACCEPTED


def test_what_became_known_since_is_counted_and_the_newest_is_named(wiring: Wiring) -> None:
    with wiring.store.reading() as db:
        assert rows.count_evidence_since(db, FOUND_AT, ENDED_AT) == 9
        assert rows.count_evidence_since(db, FOUND_AT + HOUR, ENDED_AT) == 0
        assert rows.count_evidence_since(db, FOUND_AT - HOUR, FOUND_AT - HOUR) == 0
        assert rows.newest_evidence(db, ENDED_AT, 4) == [6, 7, 8, 9]
        assert rows.newest_evidence(db, FOUND_AT - HOUR, 4) == []


def test_when_documents_were_last_seen_is_told_of_those_that_are_asked_about(wiring: Wiring) -> None:
    with wiring.store.reading() as db:
        every = {row.id: row.last_seen_at for row in documents.documents(db, ENDED_AT)}
        assert documents.last_seen_at(db, [2, 9, 2], ENDED_AT) == {2: every[2], 9: every[9]}
        assert documents.last_seen_at(db, [], ENDED_AT) == {}
