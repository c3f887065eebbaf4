from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.instruments import TEXT, make_instrument
from support.window_cases import DUE, WASHINGTON

from servanda.compliance.folding import fold
from servanda.compliance.matching import match
from servanda.compliance.passages import LONGEST_QUOTE, Candidate
from servanda.compliance.publication import PublicationTime
from servanda.compliance.vocabulary import Match

INSIDE = datetime(2019, 8, 20, 15, tzinfo=UTC)


def document(
    title: str,
    *paragraphs: str,
    party: str | None = "US",
    url: str = "https://www.state.gov/a/",
    at: datetime = INSIDE,
) -> Candidate:
    text = "\n\n".join((title, *paragraphs))
    return Candidate(url, text, PublicationTime.instant(at, WASHINGTON), "State Department", party)


def matched(candidate: Candidate, commitment: str = "further-actions") -> Match | None:
    return next((m for m in match(candidate, make_instrument()) if m.commitment == commitment), None)


def parts(found: Match | None) -> dict[str, bool]:
    assert found is not None
    return {part.id: part.holds for part in found.checklist}


ANNOUNCEMENT = document(
    "Joint Statement by the United States and Mexico",
    "Everyday words come first.",
    "The United States and Mexico today announced additional measures on irregular migration.",
)


def test_a_joint_announcement_on_the_subject_meets_the_whole_checklist() -> None:
    found = matched(ANNOUNCEMENT)
    assert found is not None
    assert found.is_candidate
    assert all(parts(found).values())
    assert "announced additional measures" in (found.checklist[2].passage or "")


def test_the_same_in_spanish_from_the_other_party() -> None:
    found = matched(
        document(
            "Declaración conjunta",
            "México y Estados Unidos anunciaron hoy medidas adicionales en materia de migración.",
            party="MX",
        )
    )
    assert found is not None
    assert found.is_candidate


def test_the_poland_declaration_of_that_very_day_is_a_near_miss() -> None:
    found = matched(
        document(
            "U.S.-Poland Joint Declaration on 5G",
            "The United States and Poland announced a new partnership on telecommunications networks.",
        )
    )
    assert found is not None
    assert found.is_near_miss
    assert parts(found) == {
        "issued_by_party": True,
        "concerns_all_parties": False,
        "completed_and_new": False,
        "published_in_window": True,
    }
    assert found.checklist[1].why == "Mexico is not named"
    assert "the subject" in found.checklist[2].why


@pytest.mark.parametrize(
    "why, paragraph, holds",
    [
        ("all three in one passage", "Mexico and we agreed on new rules for asylum.", True),
        ("talks go on: nothing is completed", "Mexico and we spoke of new rules for asylum.", False),
        ("what they do together is new", "Mexico and we agreed on asylum.", True),
        ("they go on talking", "Mexico and we agreed to go on talking of asylum.", False),
        ("another subject", "Mexico and we agreed on new rules for tomatoes.", False),
    ],
)
def test_one_passage_must_say_completed_and_new_on_the_subject(why: str, paragraph: str, holds: bool) -> None:
    found = matched(document("Joint statement", paragraph))
    assert parts(found)["completed_and_new"] is holds, why


def test_what_is_said_in_different_passages_is_not_said_together() -> None:
    found = matched(document("Joint statement", "We agreed with Mexico.", "Asylum matters.", "A new day."))
    assert found is not None
    assert found.checklist[2].why == "no single passage says all three"


def test_a_source_that_is_no_partys_must_quote_a_government() -> None:
    text = "Mexico and the United States announced additional measures on migration."
    silent = matched(document("Joint statement", text, party=None))
    assert parts(silent)["issued_by_party"] is False
    quoting = matched(document("Joint statement", text, "So said the Secretary of State.", party=None))
    assert parts(quoting)["issued_by_party"] is True


@pytest.mark.parametrize("at, inside", [(DUE.replace(hour=3), True), (DUE, False)])
def test_an_announcement_after_the_window_is_a_candidate_too(at: datetime, inside: bool) -> None:
    found = matched(replace(ANNOUNCEMENT, published=PublicationTime.instant(at, WASHINGTON)))
    assert found is not None
    assert found.is_candidate
    assert parts(found)["published_in_window"] is inside


OWN = TEXT.strip().split("\n\n")
ITS_ADDRESS = "https://www.state.gov/us-mexico-joint-declaration"
SAYING = "Mexico and the United States announced today that they agreed on additional measures against irregular migration."
COPIES = [
    (document("Joint Declaration", *OWN, "Office of the Spokesperson", url=ITS_ADDRESS), False, "at its own address"),
    (document("Joint Declaration", *OWN, url=f"{ITS_ADDRESS}/?utm=1"), False, "with a query, and nothing beside it"),
    (document("A copy of the joint declaration", *OWN, url="https://example.org/copy"), False, "a copy elsewhere"),
    (document("A joint declaration", *OWN, "Tags", "Migration", url="https://example.org/"), False, "a few words more"),
    (document("A joint declaration", *OWN, SAYING, url="https://example.org/"), True, "an announcement that reprints it"),
    (document("A joint declaration", SAYING, *OWN * 9, url="https://example.org/"), True, "below nine tenths of its own"),
    (document("A joint declaration", SAYING, url=ITS_ADDRESS), True, "another text at its address"),
    (document("A joint declaration", SAYING, *OWN, url=f"{ITS_ADDRESS}?id=2"), True, "at its path, with another query"),
]  # fmt: skip


@pytest.mark.parametrize(("printed", "matches", "why"), COPIES, ids=[case[-1] for case in COPIES])
def test_only_what_says_nothing_beside_it_is_the_instrument(
    printed: Candidate, matches: bool, why: str
) -> None:
    assert bool(match(printed, make_instrument())) is matches, why


def test_the_instruments_own_words_are_evidence_for_nothing() -> None:
    about = "The office has opened a new page on which the text of the agreement can be read by all, it said."
    alone = document(
        "A new page", about, "They will issue a joint declaration on migration, and announce it soon."
    )
    assert match(alone, make_instrument())
    text = f"{TEXT}\n\nThey will issue a joint declaration on migration, and announce it soon."
    holding = replace(make_instrument(), text=text)
    assert match(alone, holding) == (), "what matches stands in the instrument itself"


@pytest.mark.parametrize(
    "why, paragraph, expected",
    [
        (
            "both concepts in one passage",
            "Mexico deployed the National Guard against irregular migration.",
            True,
        ),
        ("in Spanish", "Se desplegó a la Guardia Nacional por la migración.", True),
        ("without accents or case", "SE DESPLEGO A LA GUARDIA NACIONAL POR LA MIGRACION.", True),
        ("a hyphen or line break between words", "The National\nGuard deployed; migration falls.", True),
        ("a quoted word", "Mexico deployed the National \u201cGuard\u201d; migration falls.", True),
        ("a quoted first word", "Mexico deployed the \u201cNational\u201d Guard; migration falls.", True),
        ("another hyphen", "Mexico deployed the National\u2010Guard; migration falls.", True),
        ("words run together", "Mexico deployed the NationalGuard; migration falls.", True),
        ("a word divided", "Mexico deployed the Natio-nal Guard; migration falls.", True),
        ("a word divided at a line's end", "Mexico deployed the National Gu-\nard; migration falls.", True),
        ("words run into another", "Mexico deployed the NationalGuardian; migration falls.", False),
        ("a word between", "Mexico deployed the National and Guard; migration falls.", False),
        (
            "a word inside another does not count",
            "The InterNational Guardian deployed; migration falls.",
            False,
        ),
        ("none of `any`", "Mexico deployed the National Guard.", False),
        (
            "a concept that excludes",
            "Deployed: the National Guard in a training exercise on migration.",
            False,
        ),
    ],
)
def test_rules(why: str, paragraph: str, expected: bool) -> None:
    found = matched(document("News", "First.", paragraph), "national-guard")
    assert (found is not None) is expected, why


def test_concepts_far_apart_are_no_match() -> None:
    apart = document("News", "The National Guard has a band.", "Ships were deployed.", "Migration fell.")
    assert matched(apart, "national-guard") is None


def test_a_title_speaks_for_every_passage() -> None:
    found = matched(document("National Guard", "It was deployed against migration."), "national-guard")
    assert found is not None
    assert [span.text for span in found.spans] == ["National Guard", "It was deployed against migration."]


words = st.sampled_from(
    ["National", "Guard", "deployed", "migración", "announced", "joint statement", "México", "new", "é", "—", "\n\n", "İ", "ß"]
)  # fmt: skip


@given(st.lists(words, max_size=60).map(" ".join))
def test_every_span_is_quotable(body: str) -> None:
    candidate = document("National Guard and migration: joint statement", body)
    for found in match(candidate, make_instrument()):
        for span in found.spans:
            assert span.text == candidate.text[span.start : span.end]
            assert 0 < len(span.text) <= LONGEST_QUOTE


@given(st.text(max_size=300))
def test_folding_keeps_every_position(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_a_text_made_to_mislead_the_patterns_is_matched_like_any_other() -> None:
    hostile = document("joint " * 20_000, "national guard deploy migra announc " * 20_000)
    found = matched(hostile, "national-guard")
    assert found is not None
    assert all(len(span.text) <= LONGEST_QUOTE for span in found.spans)
