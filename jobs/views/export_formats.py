"""Rows as CSV or JSON, one after the other: nothing is held in memory but the row at hand.

CSV is RFC 4180 with every text quoted. What a spreadsheet could take for a formula is disarmed by an
apostrophe (OWASP, "CSV Injection"); JSON is as the ledgers have it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

Format = Literal["csv", "json", "jsonl"]
FORMATS: tuple[Format, ...] = get_args(Format)

Row = Mapping[str, Any]
"""Flat: text, numbers, flags or None, under the keys of its table, in their order."""

LONGEST_CELL = 32_000
"""A spreadsheet's cell holds 32,767 characters; more would flow into cells below it."""

_FORMULA = re.compile(r"'*[=+\-@\uff1d\uff0b\uff0d\uff20]")
"""What begins a formula, in half and full width; with the apostrophes that would be taken for ours."""

_AFTER_SEMICOLON = re.compile(r";(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
"""Where a program takes semicolons for separators, a cell begins in the middle of ours."""

_LEFT_OUT = frozenset({"Cc", "Cf", "Cs"})
"""Categories of characters that show nothing."""


def serialise_rows(
    rows: Iterable[Row], keys: Sequence[str], form: Format, *, bom: bool = False
) -> Iterator[str]:
    """The file piece by piece. ``bom``: a CSV begins with a byte-order mark, by which Excel knows UTF-8."""
    if form == "csv":
        return _csv(rows, keys, bom)
    return _lines(rows, keys) if form == "jsonl" else _array(rows, keys)


def _csv(rows: Iterable[Row], keys: Sequence[str], bom: bool) -> Iterator[str]:
    yield ("\ufeff" if bom else "") + _csv_line(keys)
    for row in rows:
        yield _csv_line([_cell(row[key]) for key in keys])


def _csv_line(cells: Sequence[Any]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, (int, float)) else neutralise_formula(str(value))


def neutralise_formula(text: str) -> str:
    """One line of visible characters that no spreadsheet takes for a formula.

    To have the text back, take one apostrophe from before ``=``, ``+``, ``-`` or ``@``.
    """
    spaced = (" " if c.isspace() else c for c in text[: 2 * LONGEST_CELL])
    line = "".join(c for c in spaced if unicodedata.category(c) not in _LEFT_OUT).strip()
    if len(line) > LONGEST_CELL:
        line = f"{line[:LONGEST_CELL]}…"
    line = _AFTER_SEMICOLON.sub(";'", line)
    return f"'{line}" if _FORMULA.match(line) else line


def _array(rows: Iterable[Row], keys: Sequence[str]) -> Iterator[str]:
    before = "[\n"
    for row in rows:
        yield before + _object(row, keys)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _lines(rows: Iterable[Row], keys: Sequence[str]) -> Iterator[str]:
    for row in rows:
        yield _object(row, keys) + "\n"


def _object(row: Row, keys: Sequence[str]) -> str:
    return json.dumps({key: row[key] for key in keys}, ensure_ascii=False)
