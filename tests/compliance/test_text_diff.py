from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.compliance.text_diff import (
    LONGEST_SHOWN,
    MOST_SHOWN,
    changed_paragraphs,
    trace_passage,
    word_changes,
)

TEXT = (
    "Joint statement\n\n"
    "The Secretary welcomed the delegation of Mexico in Washington.\n\n"
    "Mexico deployed 6,000 members of its National Guard to its southern border this week.\n\n"
    "The two sides will meet again."
)
PASSAGE = TEXT.split("\n\n")[2]


def test_a_passage_that_stands_is_itself() -> None:
    found = trace_passage(PASSAGE, f"Another title\n\n{PASSAGE}")
    assert found.stands
    assert found.after == PASSAGE


def test_white_space_is_no_change_of_a_passage() -> None:
    assert trace_passage(PASSAGE, TEXT.replace("National Guard", "National \u00a0 Guard")).stands


def test_a_changed_passage_is_found_again() -> None:
    changed = PASSAGE.replace("6,000", "25,451")
    found = trace_passage(PASSAGE, TEXT.replace(PASSAGE, f"A note. {changed}"))
    assert not found.stands
    assert found.after is not None and "25,451 members of its National Guard" in found.after


def test_a_passage_cut_from_a_long_paragraph_is_found_in_it() -> None:
    around = "The spokesperson spoke about trade and about many other things as well. " * 40
    found = trace_passage(PASSAGE, f"T\n\n{around}{PASSAGE.replace('6,000', '7,000')} {around}")
    assert found.after is not None
    assert "7,000" in found.after
    assert len(found.after) < 4 * len(PASSAGE)


def test_a_passage_that_was_taken_out_has_nothing_after_it() -> None:
    found = trace_passage(PASSAGE, TEXT.replace(PASSAGE, ""))
    assert (found.after, found.stands) == (None, False)


def test_only_what_differs_is_shown() -> None:
    changed = TEXT.replace("6,000", "25,451").replace("meet again.", "meet again in the autumn.")
    assert changed_paragraphs(TEXT, changed) == (
        f"- {PASSAGE}",
        f"+ {PASSAGE.replace('6,000', '25,451')}",
        "- The two sides will meet again.",
        "+ The two sides will meet again in the autumn.",
    )
    assert changed_paragraphs(TEXT, TEXT) == ()


def test_what_came_and_what_went() -> None:
    assert changed_paragraphs("T\n\none", "T\n\none\n\ntwo") == ("+ two",)
    assert changed_paragraphs("T\n\none\n\ntwo", "T\n\ntwo") == ("- one",)


def test_a_long_paragraph_is_cut_around_the_change() -> None:
    long = "word " * 400
    went, came = changed_paragraphs(f"T\n\n{long}before {long}", f"T\n\n{long}after {long}")
    assert "before" in went and "after" in came
    assert max(len(went), len(came)) <= LONGEST_SHOWN + 8


def test_many_changes_are_counted() -> None:
    old = "\n\n".join(f"old paragraph {n}" for n in range(40))
    found = changed_paragraphs(old, old.replace("old", "new"))
    assert len(found) == MOST_SHOWN + 1
    assert found[-1] == f"± and {80 - MOST_SHOWN} more"


def test_what_lies_past_the_compared_part_is_told() -> None:
    old = "\n\n".join(f"paragraph {n}" for n in range(1000))
    assert changed_paragraphs(old, old + " more") == ("± something after the first 400 paragraphs",)


@pytest.mark.slow
def test_hostile_texts_are_compared_in_bounded_time() -> None:
    began = time.monotonic()
    for one, other in (("a " * 200_000, "a b " * 100_000), ("x\n\n" * 100_000, "x\n\ny\n\n" * 50_000)):
        changed_paragraphs(one, other)
        trace_passage("a b c " * 100, other)
    assert time.monotonic() - began < 20


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_the_texts(one: str, other: str) -> None:
    lines = changed_paragraphs(one, other)
    assert len(lines) <= MOST_SHOWN + 1
    assert (lines == ()) == (one.split("\n\n") == other.split("\n\n") or _same(one, other))
    if one.split():
        assert trace_passage(one, one).stands


def _same(one: str, other: str) -> bool:
    def squeezed(text: str) -> list[list[str]]:
        return [words for p in text.split("\n\n") if (words := p.split())]

    return squeezed(one) == squeezed(other)


# --- word by word ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("a b c", "a b c", [("same", "a b c")]),
        ("a b c", "a x c", [("same", "a"), ("removed", "b"), ("added", "x"), ("same", "c")]),
        ("a b", "a b c", [("same", "a b"), ("added", "c")]),
        ("a b", "b", [("removed", "a"), ("same", "b")]),
        ("", "a", [("added", "a")]),
        ("a", "", [("removed", "a")]),
    ],
)
def test_words_that_went_and_came_are_told(before: str, after: str, changes: list[tuple[str, str]]) -> None:
    assert [(one.kind, one.text) for one in word_changes(before, after)] == changes


def test_long_runs_that_stand_in_both_are_cut() -> None:
    run = " ".join(f"w{n}" for n in range(100))
    same, _, added = word_changes(f"{run} old", f"{run} new")
    assert same.text == "… " + " ".join(f"w{n}" for n in range(88, 100))
    assert added.text == "new"


def test_the_words_of_a_newer_text_can_be_read_off() -> None:
    before, after = "The Secretary met his guest on Monday .", "The Secretary met his two guests on Tuesday ."
    changes = word_changes(before, after)
    assert " ".join(one.text for one in changes if one.kind != "removed") == after
    assert " ".join(one.text for one in changes if one.kind != "added") == before
