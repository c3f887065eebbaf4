"""Why a rule matches or does not: the explanation never says another thing than matching does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.instruments import TEXT, make_instrument
from support.window_cases import WASHINGTON

from servanda.compliance.instrument import Rule
from servanda.compliance.match_explanation import RuleExplanation, explain_matches
from servanda.compliance.matching import match
from servanda.compliance.passages import Candidate
from servanda.compliance.publication import PublicationTime

AT = PublicationTime.instant(datetime(2019, 8, 20, 15, tzinfo=UTC), WASHINGTON)


def document(*paragraphs: str, url: str = "https://www.state.gov/a/") -> Candidate:
    return Candidate(url, "\n\n".join(paragraphs), AT, "State Department", "US")


def explained(candidate: Candidate, rule: str = "guard") -> RuleExplanation:
    rules = explain_matches(candidate, make_instrument())
    assert rules is not None
    return next(one for one in rules if one.rule.id == rule)


def test_what_matches_says_what_was_found() -> None:
    found = explained(document("Title", "Mexico will deploy its National Guard against migration."))
    assert found.matches
    assert found.found == ("national-guard", "deployment", "migration")


@pytest.mark.parametrize(
    ("paragraphs", "why"),
    [
        (("Title", "Mexico speaks of migration and of a National Guard."), {"missing": ("deployment",)}),
        (("Title", "Nothing of it."), {"missing": ("national-guard", "deployment"), "lacks_any": True}),
        (("Title", "The National Guard.", "They deploy. Migration."), {"apart": True}),
        (("Title", "It will deploy its National Guard."), {"lacks_any": True}),
        (
            ("Title", "A training exercise: deploy the National Guard, migration."),
            {"forbidden": ("drill",)},
        ),
    ],
)
def test_what_does_not_match_says_what_is_in_the_way(
    paragraphs: tuple[str, ...], why: dict[str, object]
) -> None:
    found = explained(document(*paragraphs))
    assert not found.matches
    said = {
        "missing": found.missing,
        "apart": found.apart,
        "lacks_any": found.lacks_any,
        "forbidden": found.forbidden,
    }
    assert {name: value for name, value in said.items() if value} == why


def test_too_little_of_what_a_rule_names_is_too_little() -> None:
    instrument = make_instrument()
    strict = Rule("strict", "national-guard", ("national-guard",), ("migration", "new"), threshold=0.9)
    rules = explain_matches(
        document("Title", "The National Guard and migration."), replace(instrument, rules=(strict,))
    )
    assert rules is not None
    assert (rules[0].matches, rules[0].score, rules[0].missing, rules[0].lacks_any) == (
        False,
        0.667,
        (),
        False,
    )


def test_a_copy_of_the_instrument_has_no_explanation() -> None:
    copy = document("Joint Declaration", TEXT, url="https://www.state.gov/us-mexico-joint-declaration/")
    assert explain_matches(copy, make_instrument()) is None
    assert match(copy, make_instrument()) == ()


WORDS = st.lists(
    st.sampled_from(
        [
            "deploy",
            "National Guard",
            "migration",
            "training exercise",
            "announce",
            "joint statement",
            "new",
            "\n\n",
            "and",
        ]
    ),
    max_size=14,
)


@given(WORDS)
def test_it_says_what_matching_does(words: list[str]) -> None:
    candidate, instrument = document("Title", " ".join(words)), make_instrument()
    matched = {one.rule for one in match(candidate, instrument)}
    explained = explain_matches(candidate, instrument)
    assert explained is not None
    assert {one.rule.id for one in explained if one.matches} == matched
