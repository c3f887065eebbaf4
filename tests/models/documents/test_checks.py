"""What was found of versions, on each database: kept once, asked about as of a moment."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from support.checked import HOUR, NOW, OTHER_PAGE, CheckedDocuments, facts

from servanda.compliance.document_doubts import NO_HABITS, Doubt, SourceHabits
from servanda.models import tables
from servanda.models.documents.checks import (
    LEAST_KNOWN,
    LEAST_MEASURED,
    LOOKED_BACK,
    source_habits,
    standing_doubts,
)
from servanda.models.documents.repeated_texts import LOOKED_AT
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
    documents.seen(one, "a", facts(37), OTHER_PAGE)
    with documents.store.reading() as db:
        (row,) = db.execute(select(tables.document_check))
    assert (row.is_doubtful, row.may_grow, row.words, row.title) == (True, True, 37, "A title")
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

PASSPORTS, TALKS, VISAS = "Notice on passports", "Talks With Mexico", "A Visit to Malta"
FRAME = "Office of the Spokesperson, Washington"
NOTICE = "The service is not available at the moment, please come back later and try it once more."
OWN = "The two delegations met for the third time and spoke of the border until late at night."
OTHER = "The minister opened an exhibition of old maps which is shown in the capital until the autumn."


def test_unlike_titles_over_one_text_are_doubtful_from_when_the_second_was_read(
    documents: CheckedDocuments,
) -> None:
    first, second = documents.listed(PASSPORTS), documents.listed(TALKS)
    documents.seen(first, "a", facts(30, NOTICE))
    documents.seen(second, "a", facts(30, NOTICE), at=NOW + HOUR)
    assert doubts(documents, NOW) == {}
    assert doubts(documents, NOW + HOUR) == {first: ["same_text"], second: ["same_text"]}
    documents.seen(second, "b", facts(300, OWN), at=NOW + 2 * HOUR)
    assert doubts(documents, NOW + 2 * HOUR) == {}, "one of them holds its own text now"
    assert len(doubts(documents, NOW + HOUR)) == 2, "asked about the past, the past answers"


def test_a_text_that_stood_elsewhere_for_a_while_is_its_own_again(documents: CheckedDocuments) -> None:
    first, second = documents.listed(PASSPORTS), documents.listed(TALKS)
    documents.seen(first, "a", facts(30, OWN))
    documents.seen(second, "a", facts(30, OTHER))
    documents.seen(second, "b", facts(30, OWN), at=NOW + HOUR)
    assert set(doubts(documents, NOW + HOUR)) == {first, second}, "a cache gave the wrong copy"
    documents.seen(second, "a", facts(30, OTHER), at=NOW + 2 * HOUR)
    assert doubts(documents, NOW + 2 * HOUR) == {}


TEXTS = [
    ([NOTICE], [NOTICE], True, "one text"),
    ([FRAME, NOTICE], [FRAME, NOTICE], True, "in one frame"),
    ([FRAME, NOTICE, "June 7"], [FRAME, NOTICE, "June 8"], True, "another date"),
    ([FRAME, OWN], [FRAME, OTHER], False, "a text of its own in each"),
    ([NOTICE, OWN], [NOTICE, OTHER], False, "a notice above each"),
    ([OWN], [OTHER], False, "two texts"),
    ([], [], False, "no text at all"),
]


@pytest.mark.parametrize(("one", "other", "same", "why"), TEXTS, ids=[case[-1] for case in TEXTS])
def test_a_text_that_stands_under_another_title_as_well(
    documents: CheckedDocuments, one: list[str], other: list[str], same: bool, why: str
) -> None:
    first, second = documents.listed(PASSPORTS), documents.listed(TALKS)
    documents.seen(first, "a", facts(30, *one))
    documents.seen(second, "a", facts(30, *other))
    assert set(doubts(documents, NOW)) == ({first, second} if same else set()), why


def test_a_page_with_nothing_but_its_frame_is_doubtful_and_the_others_are_not(
    documents: CheckedDocuments,
) -> None:
    first, second, empty = (documents.listed(title) for title in (PASSPORTS, VISAS, TALKS))
    documents.seen(first, "a", facts(30, FRAME, OWN))
    documents.seen(second, "a", facts(30, FRAME, OTHER))
    documents.seen(empty, "a", facts(30, FRAME, "Body text goes here"))
    assert doubts(documents, NOW) == {empty: ["same_text"]}
    with documents.store.reading() as db:
        (said,) = standing_doubts(db, NOW)[empty].doubts
    assert said[1] == "all but 4 words of its text stand under other titles as well"


def test_the_first_pages_of_a_source_are_known_as_frames_when_the_next_come(
    documents: CheckedDocuments,
) -> None:
    """Each half of what the first one says stands on another page."""
    first, second, third = (documents.listed(title) for title in (PASSPORTS, VISAS, TALKS))
    documents.seen(first, "a", facts(30, NOTICE, FRAME))
    documents.seen(second, "a", facts(30, FRAME, OWN))
    assert doubts(documents, NOW) == {}
    documents.seen(third, "a", facts(30, NOTICE, OTHER), at=NOW + HOUR)
    assert doubts(documents, NOW + HOUR) == {first: ["same_text"]}


@pytest.mark.parametrize(
    ("titles", "sources", "why"),
    [
        (("Notice 1", "Notice 2"), ("us-state",) * 2, "titles of one kind"),
        ((PASSPORTS, TALKS), ("us-state", "mx-sre"), "of two sources"),
    ],
)
def test_what_is_no_repeated_text(
    documents: CheckedDocuments, titles: tuple[str, str], sources: tuple[str, str], why: str
) -> None:
    for title, source in zip(titles, sources, strict=True):
        documents.seen(documents.listed(title, source=source), "a", facts(30, NOTICE))
    assert doubts(documents, NOW) == {}, why


def test_under_another_title_a_text_is_checked_anew(documents: CheckedDocuments) -> None:
    first, second = (
        documents.listed("Consular notice on passports"),
        documents.listed("Consular notice on visas"),
    )
    for one in (first, second):
        documents.seen(one, "a", facts(30, NOTICE))
    assert doubts(documents, NOW) == {}
    documents.said(second, TALKS, NOW + HOUR)
    documents.seen(second, "a", facts(30, NOTICE), at=NOW + HOUR)
    assert doubts(documents, NOW) == {}
    assert set(doubts(documents, NOW + HOUR)) == {first, second}


def test_doubts_of_its_own_and_of_a_repeated_text_stand_together(documents: CheckedDocuments) -> None:
    first, second = documents.listed(PASSPORTS), documents.listed(TALKS)
    documents.seen(first, "a", facts(30, NOTICE), Doubt("cut", "its text ends"))
    documents.seen(second, "a", facts(30, NOTICE))
    assert doubts(documents, NOW) == {first: ["cut", "same_text"], second: ["same_text"]}


def test_a_line_on_very_many_pages_is_looked_for_on_few(documents: CheckedDocuments) -> None:
    """A frame belongs to all of a source's pages; the next page with nothing else is known all the same."""
    for number in range(LOOKED_AT + 3):
        title = f"{'abcdefghijk'[number] * 6} report"
        documents.seen(documents.listed(title), "a", facts(30, FRAME, f"{OWN} {title}"))
    empty = documents.listed(TALKS)
    documents.seen(empty, "a", facts(30, FRAME))
    assert doubts(documents, NOW) == {empty: ["same_text"]}


# --- habits -----------------------------------------------------------------------------------------------


def habits(documents: CheckedDocuments, document: int) -> SourceHabits:
    with documents.store.reading() as db:
        return source_habits(db, document)


def test_habits_are_those_of_the_newest_good_documents_of_a_source(documents: CheckedDocuments) -> None:
    dated = facts(200, days=(NOW.date(),))
    for n in range(LEAST_KNOWN - 1):
        documents.seen(documents.listed(f"Notice {n}"), "a", dated)
    last = documents.listed("Notice")
    documents.seen(last, "a", facts(1, days=(), speaks_of_title=False), OTHER_PAGE)
    elsewhere = documents.listed("Notice", source="mx-sre")
    documents.seen(elsewhere, "a", dated)
    assert habits(documents, last) == NO_HABITS, "one too few: the doubtful one does not count"
    documents.seen(documents.listed("Another"), "a", dated)
    assert habits(documents, last) == SourceHabits(None, speaks_of_title=True, shows_date=True)
    assert habits(documents, elsewhere) == NO_HABITS


@pytest.mark.parametrize(("lacking", "is_habit"), [(0, True), (2, True), (3, False)])
def test_nearly_all_of_forty_must_do_so(documents: CheckedDocuments, lacking: int, is_habit: bool) -> None:
    for n in range(LOOKED_BACK):
        one = documents.listed(f"Notice {n}")
        documents.seen(
            one, "a", facts(200, days=(NOW.date(),) if n >= lacking else (), speaks_of_title=n >= lacking)
        )
    found = habits(documents, one)
    assert (found.speaks_of_title, found.shows_date) == (is_habit, is_habit)


def test_where_files_show_no_date_that_is_no_habit(documents: CheckedDocuments) -> None:
    for n in range(LEAST_KNOWN):
        one = documents.listed(f"Notice {n}")
        documents.seen(one, "a", facts())
    assert habits(documents, one) == SourceHabits(None, speaks_of_title=True, shows_date=False)


# --- usual lengths ----------------------------------------------------------------------------------------


def test_a_short_document_is_a_stub_until_short_ones_are_known_to_be_usual(
    documents: CheckedDocuments,
) -> None:
    for n in range(LEAST_MEASURED + 1):
        documents.seen(documents.listed(f"Notice {n}"), "a", facts(20))
    assert growing(documents) == [True] * LEAST_MEASURED + [False]


def test_usual_lengths_are_those_of_the_same_source(documents: CheckedDocuments) -> None:
    for n in range(LEAST_MEASURED):
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
