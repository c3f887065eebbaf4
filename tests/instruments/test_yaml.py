"""What stands in a file is what is read, with its line."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from servanda.instruments.catalogue import builtin_catalogue
from servanda.instruments.problems import Fault
from servanda.instruments.yaml import Json, read_yaml


@pytest.mark.parametrize(
    "written, value",
    [
        ("NO", "NO"),
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("12:30", "12:30"),
        ("1:30:00", "1:30:00"),
        ("2019-06-07", "2019-06-07"),
        ("2019-06-07T10:00:00Z", "2019-06-07T10:00:00Z"),
        ('"750"', "750"),
        ("'1e3'", "1e3"),
        ("750", 750),
        ("-2", -2),
        ("0.5", 0.5),
        ("1.0", 1.0),
        ("true", True),
        ("null", None),
        ("~", None),
        ('"null"', "null"),
        ("México", "México"),
        ("[NO, 1, true]", ["NO", 1, True]),
        ("{a: NO}", {"a": "NO"}),
        (">-\n  one\n  two", "one two"),
        ("|\n  one\n  two", "one\ntwo\n"),
    ],
)
def test_a_scalar_is_what_yaml_1_2_says_and_text_stays_as_written(written: str, value: Json) -> None:
    read = read_yaml("a.yml", f"key: {written}\n".encode())
    assert read.problems == ()
    assert json.dumps(read.value) == json.dumps({"key": value})


@pytest.mark.parametrize("written", ["1e3", "0o7", "0x10", "1_000", "010", "+5", ".5", "5.", ".inf", ".nan"])
def test_a_number_counts_only_in_plain_decimal(written: str) -> None:
    (problem,) = read_yaml("a.yml", f"one: 1\nkey: {written}\n".encode()).problems
    assert (problem.line, problem.key, problem.value) == (2, "key", written)
    assert f'"{written}" in quotes' in (problem.valid or "")


def test_every_value_keeps_its_line_and_what_is_missing_has_that_of_its_parent() -> None:
    read = read_yaml("a.yml", b"# first\na:\n  - b: 1\n\n    c: >-\n      long\n      text\n  - d: 2\n")
    lines = {
        path: read.problem(Fault(path, "wrong")).line
        for path in [("a",), ("a", 0), ("a", 0, "b"), ("a", 0, "c"), ("a", 1, "d"), ("a", 1, "e"), ("x", "y")]
    }
    assert lines == {
        ("a",): 2,
        ("a", 0): 3,
        ("a", 0, "b"): 3,
        ("a", 0, "c"): 5,
        ("a", 1, "d"): 8,
        ("a", 1, "e"): 8,
        ("x", "y"): 1,
    }


def test_a_problem_is_printed_with_place_key_value_and_what_is_valid() -> None:
    read = read_yaml("sources/a.yml", b"routes:\n  - depth: on\n")
    problem = read.problem(Fault(("routes", 0, "depth"), "is not true or false", "true or false"))
    assert str(problem) == "sources/a.yml:2: routes[0].depth = on: is not true or false; valid: true or false"


@pytest.mark.parametrize(
    "raw, line, message",
    [
        (b"", 1, "is empty"),
        (b"# a comment\n", 1, "is empty"),
        (b"- a\n- b\n", 1, "is not a mapping"),
        (b"word\n", 1, "is not a mapping"),
        (b"a: 1\nb: \xe9\n", 2, "is not UTF-8"),
        (b"a: [1\nb: 2\n", 2, "is not YAML"),
        (b"a: 1\nb: *x\n", 2, "is an anchor or alias"),
        (b"a: !python/object:os.system x\n", 1, "is a tag"),
        (b"? [a, b]\n: 1\n", 1, "is a key that is not text"),
        (b"a: 1\r\nb: 1\r\na: 2\r\n", 3, "stands twice, first on line 1"),
        (b"a: " + b"[" * 5000 + b"]" * 5000, 1, "is nested too deeply"),
        (b"- " * 5000, 1, "is nested too deeply"),
        (b"a:\n- b: 1\n  c: " + b"9" * 5000, 3, "is too long a number"),
        (b"a: " + b"9" * 400 + b".5", 1, "is too long a number"),
    ],
)
def test_what_cannot_be_read_is_a_problem_with_a_line_never_an_exception(
    raw: bytes, line: int, message: str
) -> None:
    (problem,) = read_yaml("a.yml", raw).problems
    assert problem.line == line
    assert message in problem.message


def test_aliases_that_would_grow_without_end_are_refused_before_they_are_followed() -> None:
    rows = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    problems = read_yaml("a.yml", "\n".join(rows).encode()).problems
    assert {p.message for p in problems} == {"is an anchor or alias"}


def test_lists_that_are_only_opened_are_not_read_to_their_end() -> None:
    """Read to the end these take minutes: the parser's time grows with the square of what is open."""
    started = time.monotonic()
    (problem,) = read_yaml("a.yml", b"a: " + b"[" * 60_000).problems
    assert problem.message == "is nested too deeply"
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("path", sorted(builtin_catalogue().rglob("*.yml")), ids=lambda path: path.name)
def test_a_file_that_is_read_once_says_what_the_parser_says_of_it(path: Path) -> None:
    """Its events are looked at, and composed: with the same places as where the parser composes by itself."""
    read = read_yaml(path.name, path.read_bytes())
    node = YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8"))
    expected = {(): (1, None), **dict(_places(node, ()))}
    assert {at: (mark.line, mark.written) for at, mark in read.marks.items()} == expected
    assert read.problems == ()


def _places(
    node: Any, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], tuple[int, Any]]]:
    for number, entry in enumerate(node.value if isinstance(node.value, list) else ()):
        key, value = entry if isinstance(entry, tuple) else (None, entry)
        inner = (*path, number if key is None else key.value)
        at = (value if key is None else key).start_mark.line + 1
        yield inner, (at, None if isinstance(value.value, list) else value.value)
        yield from _places(value, inner)
