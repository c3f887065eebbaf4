"""CSV that no spreadsheet takes for formulas, and JSON, row by row."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from servanda.jobs.views.export_formats import LONGEST_CELL, Format, neutralise_formula, serialise_rows

KEYS = ("id", "title", "flag", "score", "none")


def row(title: str = "A title", number: int = 1) -> dict[str, Any]:
    return {"id": number, "title": title, "flag": True, "score": -0.5, "none": None}


def text(form: Format, *rows: dict[str, Any], **options: Any) -> str:
    return "".join(serialise_rows(rows, KEYS, form, **options))


@pytest.mark.parametrize(
    "title, cell",
    [
        ("An ordinary title", "An ordinary title"),
        ("=1+1", "'=1+1"),
        ("+1 202 555 0100", "'+1 202 555 0100"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠SUM", "'＠SUM"),
        ("\t=1+1", "'=1+1"),
        ("\r=1+1", "'=1+1"),
        ("\n\n @x", "'@x"),
        ("\u00a0=1", "'=1"),
        ("\u200b\u202e=1", "'=1"),
        ("\ufeff=1", "'=1"),
        ("\x00=1", "'=1"),
        ("'=1", "''=1"),
        ("''=1", "'''=1"),
        ("'tis", "'tis"),
        ("a=1", "a=1"),
        ("said;=HYPERLINK(1)", "said;'=HYPERLINK(1)"),
        ("a\r\nb\tc", "a  b c"),
        ("", ""),
        ("— as before", "— as before"),
    ],
)
def test_what_could_be_a_formula_is_disarmed_and_nothing_else(title: str, cell: str) -> None:
    assert neutralise_formula(title) == cell
    (read,) = csv.DictReader(io.StringIO(text("csv", row(title)), newline=""))
    assert read["title"] == cell


@pytest.mark.parametrize("title", ["=1+1", "'=1", "''@x", "+a", "'tis", "plain"])
def test_the_text_can_be_had_back(title: str) -> None:
    assert re.sub(r"^'('*[=+\-@＝＋－＠])", r"\1", neutralise_formula(title)) == title


def test_no_cell_of_any_hostile_title_begins_with_what_begins_a_formula() -> None:
    """Read with commas, with semicolons and with tabs for separators."""
    begins = "=+-@\t\r＝＋－＠"
    hostile = [
        f"{before}{sign}cmd|' /C calc'!A0"
        for sign in begins
        for before in ("", " ", "\n", ";", ";;", '";', "\t")
    ]
    said = text("csv", *(row(title) for title in hostile))
    for separator in ",;\t":
        for cells in csv.reader(io.StringIO(said, newline=""), delimiter=separator):
            assert not [c for c in cells if c and c[0] in begins and not re.fullmatch(r"-?\d+(\.\d+)?", c)]


def test_a_csv_is_rfc_4180() -> None:
    said = text("csv", row('He said "no", twice'), row("two\nlines"))
    lines = said.split("\r\n")
    assert lines[0] == '"id","title","flag","score","none"'
    assert lines[1] == '1,"He said ""no"", twice","true",-0.5,""'
    assert lines[2] == '1,"two lines","true",-0.5,""'
    assert lines[3:] == [""]


def test_a_byte_order_mark_is_there_when_asked_for() -> None:
    assert text("csv", bom=True).encode().startswith(b'\xef\xbb\xbf"id"')
    assert text("csv").encode().startswith(b'"id"')


def test_a_cell_is_bounded_and_json_is_not() -> None:
    long = "x" * 100_000
    assert len(neutralise_formula(long)) == LONGEST_CELL + 1
    assert json.loads(text("json", row(long)))[0]["title"] == long


@pytest.mark.parametrize("count", [0, 1, 3])
def test_json_is_an_array_or_a_line_each(count: int) -> None:
    rows = [row("=\n\u2028é\ud800"[:3], number) for number in range(count)]
    assert json.loads(text("json", *rows)) == rows
    lines = text("jsonl", *rows).splitlines() if count else []
    assert [json.loads(line) for line in text("jsonl", *rows).split("\n") if line] == rows
    assert len(lines) >= count


@pytest.mark.parametrize("form", ["csv", "json", "jsonl"])
def test_rows_are_written_as_they_come(form: Format) -> None:
    """Not one more is asked for than has been written: a ledger of any length can be exported."""
    asked = 0

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal asked
        while True:
            asked += 1
            yield row()

    pieces = serialise_rows(rows(), KEYS, form)
    for _ in range(100):
        next(pieces)
    assert asked <= 100
