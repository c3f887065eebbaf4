"""The doubts that a version of a document raises: a table, with each boundary on both sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from servanda.compliance.document_doubts import (
    BESIDE_VIDEO,
    DATES_APART,
    LEAST_CONTENT,
    NO_HABITS,
    SHORT,
    SPEAKS_FOR_ITSELF,
    STUB,
    DocumentFacts,
    SourceHabits,
    find_doubts,
)
from servanda.compliance.intervals import RESOLUTION
from servanda.compliance.prose import ProseFacts
from servanda.compliance.publication import PublicationTime

ZONE = "America/New_York"
AT = datetime(2019, 6, 8, 16, tzinfo=UTC)
LISTED = PublicationTime.instant(AT, ZONE)
URL = "https://www.agency.example/news/border-measures/"
GOOD = DocumentFacts("heading", ProseFacts(words=200, function_share=0.4))


def prose(words: int, **more: Any) -> ProseFacts:
    return ProseFacts(words=words, function_share=0.4, **more)


def kinds(
    facts: DocumentFacts, stated: PublicationTime | None = None, listed: PublicationTime = LISTED
) -> list[str]:
    found = find_doubts(facts, addresses=(URL, URL), listed=listed, stated=stated)
    return [doubt.kind for doubt in found]


ELSEWHERE = "https://www.agency.example/news/talks-with-malta/"
CASES: list[tuple[dict[str, Any], list[str], str]] = [
    ({}, [], "whole, legible, and headed by the title"),
    ({"title_shown": "text"}, [], "the title stands in the text"),
    ({"title_shown": "nowhere"}, ["other_page"], "nothing shows the title"),
    ({"title_shown": "text", "canonical": URL}, [], "its own address"),
    ({"title_shown": "text", "canonical": ELSEWHERE}, ["other_address"], "another page's address"),
    ({"title_shown": "heading", "canonical": ELSEWHERE}, [], "headed by the title: sites state addresses wrongly"),
    ({"title_shown": "nowhere", "canonical": ELSEWHERE}, ["other_page", "other_address"], "both"),
    ({"missing": ("page 2 of 3 is a picture",)}, ["not_whole"], "a part that could not be read"),
    ({"missing": ("page 2", "page 3")}, ["not_whole", "not_whole"], "each part by itself"),
    ({"cut": "and the two sides…"}, ["cut"], "it ends in an ellipsis"),
    ({"prose": ProseFacts(words=200, function_share=0.02)}, ["illegible"], "no language at all"),
    ({"prose": prose(200, damaged=1)}, ["illegible"], "a damaged word"),
    ({"prose": prose(200, language="fr")}, ["other_language"], "French"),
    ({"prose": prose(LEAST_CONTENT)}, [], "the fewest words of a statement"),
    ({"prose": prose(LEAST_CONTENT - 1)}, ["no_text"], "one fewer"),
    ({"prose": prose(0)}, ["no_text"], "nothing beside the title"),
    ({"prose": prose(BESIDE_VIDEO - 1), "videos": 1}, ["video"], "a video with a caption"),
    ({"prose": prose(BESIDE_VIDEO), "videos": 1}, [], "a text with a video"),
    ({"prose": prose(SHORT - 1), "pictures": 1}, ["not_whole"], "a picture that may be the statement"),
    ({"prose": prose(SHORT), "pictures": 1}, [], "a text with a picture"),
    ({"prose": prose(SHORT - 1), "pictures": 2}, ["pictures"], "a gallery"),
    ({"prose": prose(SHORT), "pictures": 2}, [], "a text with pictures"),
    ({"prose": prose(3), "pictures": 2}, ["pictures"], "a gallery with hardly a word is one doubt"),
    ({"prose": prose(3), "videos": 1, "pictures": 2}, ["video"], "a video among pictures is one doubt"),
    ({"title_shown": "nowhere", "prose": prose(5), "cut": "a …"}, ["other_page", "cut", "no_text"], "several"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "found", "why"), CASES, ids=[why for *_, why in CASES])
def test_what_is_doubtful(changes: dict[str, Any], found: list[str], why: str) -> None:
    assert kinds(replace(GOOD, **changes)) == found, why


# --- dates ------------------------------------------------------------------------------------------------

APART = DATES_APART + RESOLUTION
DATES = [
    (LISTED, None, [], "the page states none"),
    (LISTED, LISTED, [], "the same"),
    (LISTED, PublicationTime.instant(AT + APART, ZONE), [], "three days later"),
    (LISTED, PublicationTime.instant(AT + APART + RESOLUTION, ZONE), ["other_date"], "a second more"),
    (LISTED, PublicationTime.instant(AT - APART, ZONE), [], "three days before"),
    (LISTED, PublicationTime.instant(AT - APART - RESOLUTION, ZONE), ["other_date"], "a second more"),
    (LISTED, PublicationTime.day(date(2019, 6, 4), ZONE), ["other_date"], "a day that ended long before"),
    (LISTED, PublicationTime.day(date(2019, 6, 5), ZONE), [], "a day that ended less than three days before"),
    (PublicationTime.day(date(2019, 6, 8), ZONE), PublicationTime.instant(AT, ZONE), [], "a moment of the day"),
    (LISTED, PublicationTime.instant(AT - timedelta(days=700), ZONE), ["other_date"], "two years old"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("listed", "stated", "found", "why"), DATES, ids=[f"{n} {c[-1]}" for n, c in enumerate(DATES)]
)
def test_dates_apart(
    listed: PublicationTime, stated: PublicationTime | None, found: list[str], why: str
) -> None:
    assert kinds(GOOD, stated, listed) == found, why


def test_a_doubt_says_why_in_words() -> None:
    stated = PublicationTime.day(date(2017, 6, 8), ZONE)
    found = find_doubts(
        replace(GOOD, title_shown="nowhere", canonical=ELSEWHERE),
        addresses=(URL,),
        listed=LISTED,
        stated=stated,
    )
    assert [doubt.why for doubt in found] == [
        "nothing on its page shows the listed title",
        f"its page calls itself {ELSEWHERE}",
        "its page is dated 2017-06-08, the listing 2019-06-08T12:00:00-04:00",
    ]


# --- what may grow ----------------------------------------------------------------------------------------

GROWS = [
    (STUB - 1, None, False, True, "a stub, where nothing is known of what is usual"),
    (STUB, None, False, False, "one word more"),
    (STUB - 1, 200.0, False, True, "a stub among long ones"),
    (30, 40.0, False, False, "30 words where 40 are usual"),
    (29, 40.0, False, True, "29 are less than three quarters of 40"),
    (59, 59.0, False, False, "as short as is usual"),
    (5_000, 200.0, True, True, "a long text that speaks of a window's subject"),
    (5_000, 200.0, False, False, "a long text that does not"),
]


@pytest.mark.parametrize(("words", "usual", "concerns", "grows", "why"), GROWS, ids=[c[-1] for c in GROWS])
def test_what_may_grow(words: int, usual: float | None, concerns: bool, grows: bool, why: str) -> None:
    assert replace(GOOD, prose=prose(words), concerns=concerns).may_grow(SourceHabits(usual)) is grows, why


# --- the habits of its source -----------------------------------------------------------------------------

SPEAKS, SHOWS_DATE = SourceHabits(speaks_of_title=True), SourceHabits(shows_date=True)
LISTED_DAY, OTHER_DAY = date(2019, 6, 8), date(2019, 6, 20)
NOTICES = [
    ({}, NO_HABITS, False, "nothing is known of its source"),
    ({}, SPEAKS, True, "its source's texts speak of their titles"),
    ({"speaks_of_title": True}, SPEAKS, False, "so does this one"),
    ({"prose": prose(SPEAKS_FOR_ITSELF)}, SPEAKS, False, "a longer one need not"),
    ({"prose": prose(SPEAKS_FOR_ITSELF - 1)}, SPEAKS, True, "one word less"),
    ({"days": (OTHER_DAY,)}, SHOWS_DATE, True, "its source's pages show the listed date"),
    ({"days": (OTHER_DAY, LISTED_DAY)}, SHOWS_DATE, False, "so does this one"),
    ({"days": (LISTED_DAY - timedelta(days=1),)}, SHOWS_DATE, False, "in another zone it was the day before"),
    ({"days": (LISTED_DAY - timedelta(days=2),)}, SHOWS_DATE, True, "two days before it was in none"),
    ({"days": None}, SHOWS_DATE, False, "what is no page shows no date"),
    ({"days": ()}, NO_HABITS, False, "no date, where nothing is known of its source"),
    ({"days": (), "site_words": 1}, NO_HABITS, True, "no date, and a word said of sites"),
    ({"days": (LISTED_DAY,), "site_words": 1}, NO_HABITS, False, "the date, and one such word"),
    ({"days": (LISTED_DAY,), "site_words": 2}, NO_HABITS, True, "the date, and two such words"),
    ({"days": None, "site_words": 1}, NO_HABITS, False, "one such word in what is no page"),
    ({"days": None, "site_words": 2}, NO_HABITS, True, "two of them"),
]


@pytest.mark.parametrize(("change", "habits", "doubtful", "why"), NOTICES, ids=[case[-1] for case in NOTICES])
def test_a_short_text_without_a_word_of_its_title(
    change: dict[str, Any], habits: SourceHabits, doubtful: bool, why: str
) -> None:
    facts = replace(GOOD, **{"prose": prose(40), "speaks_of_title": False, **change})
    found = find_doubts(facts, addresses=(URL,), listed=LISTED, stated=None, habits=habits)
    assert [doubt.kind for doubt in found] == ["other_page"] * doubtful, why
