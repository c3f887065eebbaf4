"""The lines by which a text is known."""

from __future__ import annotations

import pytest

from servanda.compliance.repeated_text import MOST_LINES, text_lines

GONE = "Your session has expired. Please go back to the home page and sign in again."
SAME = [
    (GONE, "A", GONE, "B", True, "one line in two documents"),
    (GONE, "A", f"{GONE} Thank you", "B", False, "more words"),
    (f"{GONE} Talks Mexico", "Talks With Mexico", f"{GONE} Malta Visit", "Malta Visit", True, "each its whole title"),
    ("The visit to the old port of Malta went well", "A Visit to Malta in June",
     "The visit to the old port of Malta went well", "Talks With Mexico", True, "a line that holds some of a title's words"),
    (f"{GONE} Ref. 4711", "A", f"{GONE} Ref. 4712", "B", True, "numbers"),
    (f"{GONE} https://a.example/1", "A", f"{GONE} https://a.example/other", "B", True, "addresses"),
    (f"{GONE} a@b.example www.c.example", "A", f"{GONE} d@e.example", "B", True, "addresses of mail and sites"),
    (GONE.upper(), "A", GONE, "B", True, "case"),
    ("Su sesión expiró", "A", "Su sesion expiro", "B", True, "accents"),
    ("Please sign in again. Your session expired.", "A", "Your session expired. Please sign in again.", "B", False,
     "another order"),
    ("Published in May", "A", "Published in June", "B", False, "months"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "title", "other", "others_title", "same", "why"), SAME, ids=[case[-1] for case in SAME]
)
def test_what_is_one_line(one: str, title: str, other: str, others_title: str, same: bool, why: str) -> None:
    (first,), (second,) = text_lines([one], title), text_lines([other], others_title)
    assert (first.digest == second.digest) is same, why


@pytest.mark.parametrize(
    "line", ["", "Talks with Mexico", "4711", "1 / 2", "https://a.example/", "Mexico, Talks, 7"]
)
def test_a_line_of_nothing_else_is_left_out(line: str) -> None:
    assert text_lines([line], "Talks With Mexico") == ()


def test_words_are_counted_with_those_of_the_title() -> None:
    (line,) = text_lines(["The talks with Mexico went on until 4 in the morning"], "Talks With Mexico")
    assert line.words == 10


def test_a_line_that_a_text_repeats_is_one() -> None:
    (line,) = text_lines([GONE, GONE], "A")
    assert line.words == 30


def test_the_longest_lines_are_kept_the_longest_first() -> None:
    lines = text_lines(["w" * 2 + " word" * n for n in range(1, 40)], "A")
    assert [line.words for line in lines] == [*range(40, 40 - MOST_LINES, -1)]
