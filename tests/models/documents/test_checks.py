"""What was found of versions, on each database: kept once, asked about as of a moment."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from support.checked import HOUR, NOW, OTHER_PAGE, CheckedDocuments, facts

from servanda.compliance.document_doubts import Doubt
from servanda.models import tables
from servanda.models.documents.checks import LEAST_KNOWN, standing_doubts
from servanda.models.documents.unread_documents import unread_documents
from servanda.models.store import Store


@pytest.fixture
def documents(store: Store) -> CheckedDocuments:
    return CheckedDocuments(store)


def doubts(documents: CheckedDocuments, as_of: datetime, *sources: str) -> dict[int, list[str]]:
    with documents.store.reading() as db:
        found = standing_doubts(db, as_of, sources or None)
    return {document: [kind for kind, _ in one.doubts] for document, one in found.items()}


def growing(documents: CheckedDocuments) -> list[bool]:
    with documents.store.reading() as db:
        checks = db.execute(select(tables.document_check.c.may_grow).order_by(tables.document_check.c.id))
        return list(checks.scalars())


def test_a_check_is_kept_with_its_facts_and_its_doubts(documents: CheckedDocuments) -> None:
    one = documents.listed("A title")
    documents.seen(one, "a", facts(37, "f" * 32), OTHER_PAGE)
    with documents.store.reading() as db:
        (row,) = db.execute(select(tables.document_check))
    assert (row.is_doubtful, row.may_grow, row.words, row.repeats) == (True, True, 37, False)
    assert row.facts["prose"]["words"] == 37
    assert row.doubts == [{"kind": OTHER_PAGE.kind, "why": OTHER_PAGE.why}]
    assert doubts(documents, NOW) == {one: ["other_page"]}


def test_the_same_content_under_the_same_listing_is_checked_once(documents: CheckedDocuments) -> None:
    one = documents.listed("A title")
    assert documents.seen(one, "a", facts(), OTHER_PAGE)
    assert not documents.seen(one, "a", facts(), OTHER_PAGE, at=NOW + HOUR)
    assert documents.seen(one, "a", facts(), at=NOW + HOUR, title="Another title"), "listed anew it is"
    assert documents.seen(one, "b", facts(), at=NOW + HOUR), "and so is another content"


def test_the_content_that_was_seen_last_counts_and_its_newest_check(documents: CheckedDocuments) -> None:
    one = documents.listed("A title")
    documents.seen(one, "a", facts(), at=NOW)
    documents.seen(one, "b", facts(), OTHER_PAGE, at=NOW + HOUR)
    documents.seen(one, "a", facts(), at=NOW + 2 * HOUR)
    documents.seen(one, "a", facts(), OTHER_PAGE, at=NOW + 3 * HOUR, title="Another title")
    stood = [doubts(documents, NOW + n * HOUR) for n in range(-1, 4)]
    assert stood == [{}, {}, {one: ["other_page"]}, {}, {one: ["other_page"]}]


def test_what_was_seen_gone_leaves_the_last_content_as_it_was(documents: CheckedDocuments) -> None:
    one = documents.listed("A title")
    documents.seen(one, "a", facts(), OTHER_PAGE)
    documents.looked(one, at=NOW + HOUR, status=404, state="gone")
    assert doubts(documents, NOW + HOUR) == {one: ["other_page"]}


def test_only_the_sources_that_are_asked_about(documents: CheckedDocuments) -> None:
    here, there = documents.listed("A title"), documents.listed("A title", source="mx-sre")
    for one in (here, there):
        documents.seen(one, "a", facts(), OTHER_PAGE)
    assert doubts(documents, NOW) == {here: ["other_page"], there: ["other_page"]}
    assert doubts(documents, NOW, "mx-sre") == {there: ["other_page"]}
    assert doubts(documents, NOW, "us-white-house") == {}


# --- one text ---------------------------------------------------------------------------------------------


def test_unlike_titles_over_one_text_are_doubtful_from_when_the_second_was_read(
    documents: CheckedDocuments,
) -> None:
    first, second = documents.listed("Notice on passports"), documents.listed("Talks With Mexico")
    documents.seen(first, "a", facts(30, "f" * 32))
    documents.seen(second, "a", facts(30, "f" * 32), at=NOW + HOUR)
    assert doubts(documents, NOW) == {}
    assert doubts(documents, NOW + HOUR) == {first: ["same_text"], second: ["same_text"]}
    documents.seen(second, "b", facts(300, "e" * 32), at=NOW + 2 * HOUR)
    assert doubts(documents, NOW + 2 * HOUR) == {}, "one of them holds its own text now"
    assert len(doubts(documents, NOW + HOUR)) == 2, "asked about the past, the past answers"


@pytest.mark.parametrize(
    ("titles", "fingerprints", "sources", "why"),
    [
        (("Notice 1", "Notice 2"), ("f", "f"), ("us-state",) * 2, "titles of one kind"),
        (("Notice on passports", "Talks With Mexico"), ("f", "e"), ("us-state",) * 2, "two texts"),
        (("Notice on passports", "Talks With Mexico"), ("", ""), ("us-state",) * 2, "hardly any text"),
        (("Notice on passports", "Talks With Mexico"), ("f", "f"), ("us-state", "mx-sre"), "of two sources"),
    ],
)
def test_what_is_no_repeated_text(
    documents: CheckedDocuments,
    titles: tuple[str, str],
    fingerprints: tuple[str, str],
    sources: tuple[str, str],
    why: str,
) -> None:
    for title, print_, source in zip(titles, fingerprints, sources, strict=True):
        documents.seen(documents.listed(title, source=source), "a", facts(30, print_))
    assert doubts(documents, NOW) == {}, why


def test_the_title_that_counts_now_is_compared(documents: CheckedDocuments) -> None:
    first, second = (
        documents.listed("Consular notice on passports"),
        documents.listed("Consular notice on visas"),
    )
    for one in (first, second):
        documents.seen(one, "a", facts(30, "f" * 32))
    assert doubts(documents, NOW) == {}
    documents.said(second, "Talks With Mexico", NOW + HOUR)
    assert doubts(documents, NOW) == {}
    assert set(doubts(documents, NOW + HOUR)) == {first, second}


def test_doubts_of_its_own_and_of_a_repeated_text_stand_together(documents: CheckedDocuments) -> None:
    first, second = documents.listed("Notice on passports"), documents.listed("Talks With Mexico")
    documents.seen(first, "a", facts(30, "f" * 32), Doubt("cut", "its text ends"))
    documents.seen(second, "a", facts(30, "f" * 32))
    assert doubts(documents, NOW) == {first: ["cut", "same_text"], second: ["same_text"]}


# --- usual lengths ----------------------------------------------------------------------------------------


def test_a_short_document_is_a_stub_until_short_ones_are_known_to_be_usual(
    documents: CheckedDocuments,
) -> None:
    for n in range(LEAST_KNOWN + 1):
        documents.seen(documents.listed(f"Notice {n}"), "a", facts(20))
    assert growing(documents) == [True] * LEAST_KNOWN + [False]


def test_usual_lengths_are_those_of_the_same_source(documents: CheckedDocuments) -> None:
    for n in range(LEAST_KNOWN):
        documents.seen(documents.listed(f"Notice {n}", source="mx-sre"), "a", facts(20))
    documents.seen(documents.listed("Notice"), "a", facts(20))
    assert growing(documents)[-1]


def test_what_speaks_of_a_subject_may_grow_however_long_it_is(documents: CheckedDocuments) -> None:
    documents.seen(documents.listed("Notice"), "a", facts(5_000, concerns=True))
    documents.seen(documents.listed("Another"), "a", facts(5_000))
    assert growing(documents) == [True, False]


# --- what is not known ------------------------------------------------------------------------------------


def test_listed_anew_is_unread_until_a_full_answer(documents: CheckedDocuments) -> None:
    one = documents.listed("A title")
    documents.seen(one, "a", facts())
    documents.said(one, "Talks With Mexico", NOW + HOUR, changed=True)
    documents.looked(one, at=NOW + 2 * HOUR, version=documents.versions[one, "a"], status=304)
    documents.looked(one, at=NOW + 3 * HOUR, version=documents.versions[one, "a"])
    with documents.store.reading() as db:
        unread = [
            [(u.kind, u.why) for u in unread_documents(db, NOW + n * HOUR, ["us-state"])] for n in range(4)
        ]
    anew = ("unread", "listed anew with another title or time, and not read since")
    assert unread == [[], [anew], [anew], []], "an answer unchanged is not enough"


def test_a_statement_that_changes_nothing_asks_for_nothing(documents: CheckedDocuments) -> None:
    one = documents.listed("A title")
    documents.seen(one, "a", facts())
    documents.said(one, "A title, in full", NOW + HOUR, changed=False)
    with documents.store.reading() as db:
        assert unread_documents(db, NOW + HOUR) == ()


@pytest.mark.parametrize("act", ["DELETE FROM document_check", "UPDATE document_check SET words = 0"])
def test_what_was_found_is_not_changed(documents: CheckedDocuments, act: str) -> None:
    documents.seen(documents.listed("A title"), "a", facts())
    with pytest.raises(DBAPIError, match="append-only"), documents.store.writing() as db:
        db.execute(text(act))
