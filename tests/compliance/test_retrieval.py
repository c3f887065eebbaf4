"""Whether a page shows the listed title, and whether two documents are one text."""

from __future__ import annotations

import pytest

from servanda.compliance.retrieval import (
    LEAST_SAYING,
    OPENING_WORDS,
    TitleShown,
    canonical_disagrees,
    text_speaks_of_title,
    titles_are_alike,
    where_title_stands,
)

TITLE = "Secretary Meets Mexican Foreign Minister"
"""Five words that carry meaning."""

OTHER = "The bureau published its annual report on trade and culture in the region this week."

# --- the title --------------------------------------------------------------------------------------------

SHOWN: list[tuple[str, list[str], list[str], TitleShown, str]] = [
    (TITLE, [TITLE], [OTHER], "heading", "word for word"),
    (TITLE, [f"{TITLE} | Department"], [OTHER], "heading", "with the name of the site"),
    (TITLE, ["MEXICAN FOREIGN MINISTER, SECRETARY MEET"], ["They met; he meets her again."], "heading", "four of five, in another order, and the fifth in the text"),
    (TITLE, ["Secretary: Mexican Minister"], ["He meets the foreign minister."], "heading", "three of five are 60 of 100"),
    (TITLE, ["Secretary: Mexican Minister"], [OTHER], "nowhere", "and what it lacks stands nowhere in the text"),
    (TITLE, ["Secretary and Minister"], [OTHER], "nowhere", "two of five are not"),
    (TITLE, ["Secretary", "Meets Mexican", "Foreign Minister"], [OTHER], "nowhere", "three headings add nothing up"),
    (TITLE, ["Newsroom"], [OTHER, "Secretary meets Mexican minister today."], "text", "four of five in a passage"),
    (TITLE, ["Newsroom"], [OTHER, "Secretary, Mexican minister"], "nowhere", "three of five are too few there"),
    (TITLE, ["Newsroom"], ["The secretary", "meets", "the Mexican minister"], "text", "over the opening's passages"),
    (TITLE, [], [], "nowhere", "an empty page"),
    ("Session", ["Session expired"], [OTHER], "heading", "a title of one word is soon shown"),
    ("", [TITLE], [OTHER], "nowhere", "no title is asked for"),
    ("—", [TITLE], [OTHER], "nowhere", "a title without words"),
    ("About Us", ["About us"], [OTHER], "heading", "function words count where there are no others"),
    ("About Us", ["Contact"], [OTHER], "nowhere", "and must be there"),
    ("Reunión con el canciller de España", ["REUNION CON EL CANCILLER DE ESPANA"], [], "heading", "without accents"),
    ("Notice 197", ["Notice 197"], [OTHER], "heading", "a number in the heading"),
    ("Notice 197", ["Notice 198"], [OTHER], "nowhere", "another number"),
    ("Notice on passports 197", ["Notice on passports"], ["No. 197 of the bureau"], "heading", "a number nearby"),
    ("Notice on passports 197", ["Notice on passports"], [OTHER], "nowhere", "a number that is nowhere"),
    ("Briefing, June 8, 2019", ["Briefing, June 7, 2019"], [OTHER], "nowhere", "the briefing of another day"),
    ("Briefing, June 8, 2019", ["Briefing, June 8, 2018"], [OTHER], "nowhere", "of another year"),
    ("Briefing, June 8, 2019", ["Briefing, June 18, 2019"], [OTHER], "nowhere", "8 is not 18"),
]  # fmt: skip


@pytest.mark.parametrize(("title", "headings", "passages", "shown", "why"), SHOWN, ids=[c[-1] for c in SHOWN])
def test_where_a_title_stands(
    title: str, headings: list[str], passages: list[str], shown: TitleShown, why: str
) -> None:
    assert where_title_stands(title, headings, passages) == shown, why


def test_numbers_count_in_the_opening_and_not_beyond() -> None:
    title, heading = "Notice on passports 197", ["Notice on passports"]
    before = ["word"] * (OPENING_WORDS - 1)
    assert where_title_stands(title, heading, [" ".join([*before, "197"])]) == "heading"
    assert where_title_stands(title, heading, [" ".join([*before, "word", "197"])]) == "nowhere"


# --- titles of one kind -----------------------------------------------------------------------------------

ALIKE = [
    ("Notice 197", "Notice 198", True, "a series by numbers"),
    ("Briefing, June 7, 2019", "Briefing, 8 July 2020", True, "a series by dates"),
    (
        "Conferencia del lunes 3 de junio",
        "Conferencia del martes 4 de junio",
        True,
        "a series by Spanish dates",
    ),
    ("National Day of Malta", "National Day of the Kingdom of Tonga", True, "messages of one form"),
    ("Notice on passports", "Joint Statement With Mexico on Migration", False, "two unlike ones"),
    ("8 June 2019", "9 June 2019", True, "dates alone"),
    ("8 June 2019", "Joint Statement With Mexico", False, "a date, and a title of words"),
    (
        "one two three four five six seven eight nine zero",
        "one two three x y z ab cd ef gh",
        True,
        "three of ten",
    ),
    ("alpha beta gamma delta", "alpha zeta theta kappa", False, "one of four is less than three of ten"),
    ("alpha beta gamma", "alpha zeta theta kappa", False, "one common word is none"),
    ("alpha beta gamma delta epsilon", "alpha beta eta theta iota", True, "two of five are 40 of 100"),
    ("alpha beta gamma delta epsilon zeta", "alpha beta eta theta iota kappa", False, "two of six are not"),
]


@pytest.mark.parametrize(("one", "other", "alike", "why"), ALIKE, ids=[why for *_, why in ALIKE])
def test_titles_that_are_alike(one: str, other: str, alike: bool, why: str) -> None:
    assert titles_are_alike(one, other) is alike, why
    assert titles_are_alike(other, one) is alike, "whichever comes first"


# --- the page's own address -------------------------------------------------------------------------------

HERE = "https://www.agency.example/news/border-measures/"
ADDRESSES = [
    (None, False, "it states none"),
    (HERE, False, "its own"),
    ("https://www.agency.example/news/border-measures", False, "without the last slash"),
    ("http://agency.example/2019/06/Border-Measures.html", False, "moved, with another ending and case"),
    ("https://new.example/border-measures/?lang=en", False, "a query says nothing beside words"),
    ("https://www.agency.example/news/talks-with-malta/", True, "another page"),
    ("https://www.agency.example/", True, "the home page"),
    ("https://www.agency.example/news/", True, "the listing"),
]


@pytest.mark.parametrize(("canonical", "disagrees", "why"), ADDRESSES, ids=[why for *_, why in ADDRESSES])
def test_the_address_that_a_page_states(canonical: str | None, disagrees: bool, why: str) -> None:
    assert canonical_disagrees(canonical, HERE) is disagrees, why


def test_any_of_the_addresses_may_be_stated() -> None:
    stated = "https://www.agency.example/press/4711"
    assert canonical_disagrees(stated, HERE)
    assert not canonical_disagrees(stated, HERE, "https://cdn.example/4711.html")


def test_where_the_query_names_the_document_it_must_agree() -> None:
    asked = "https://www.agency.example/nota.php?codigo=1"
    assert not canonical_disagrees("https://agency.example/nota.php?codigo=1", asked)
    assert canonical_disagrees("https://agency.example/nota.php?codigo=2", asked)


# --- the text speaks of its title -------------------------------------------------------------------------

STATES = "Agreement between the United States and Mexico"
SPEAKS = [
    ("The two agreements were signed today in the capital", True, "another form of a word"),
    ("The statement was read to the press in the capital", False, "another word with the same beginning"),
    ("Agreement", False, "a line that is too short to say anything"),
    (f"Results for “{STATES}” are shown here as of today", False, "a quotation of the whole title"),
    ("The office answers on working days until five", False, "no word of it"),
]


@pytest.mark.parametrize(("text", "speaks", "why"), SPEAKS, ids=[case[-1] for case in SPEAKS])
def test_whether_a_text_speaks_of_its_title(text: str, speaks: bool, why: str) -> None:
    assert text_speaks_of_title(STATES, [text], LEAST_SAYING) is speaks, why
