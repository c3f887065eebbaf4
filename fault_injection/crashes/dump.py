"""All that a database holds, as text that two runs must agree on: without ids, and without when it was known.

A row that points at another is written with what it points at. How often something was tried is no state:
of polls, exchanges, coverage and observations only what they came to is kept.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date, datetime
from hashlib import sha256
from itertools import zip_longest
from typing import Any

from sqlalchemy import Column, Connection, select

from fault_injection.crashes.masking import masked_json, masked_key, masked_mail
from servanda.compliance.intervals import Interval, IntervalSet, utc_text
from servanda.models.tables import metadata

Row = dict[str, Any]
Dump = dict[str, list[str]]
"""By table, the rows as text, sorted."""

UNTOLD = frozenset({"id", "known_at"})
"""Columns that no table is compared by."""

LEFT_OUT: dict[str, frozenset[str]] = {
    "attempt": frozenset({"at"}),
    "catalogue": frozenset({"loaded_at"}),
    "coverage": frozenset({"poll"}),
    "document": frozenset({"first_seen_at"}),
    "envelope": frozenset({"due_at", "lease_until", "lease_by"}),
    "evidence": frozenset({"rules_digest"}),
    "exchange": frozenset(
        {"poll", "archive_file", "archive_offset", "archive_length", "at", "body_of", "failure"}
    ),
    "listing": frozenset({"poll"}),
    "observation": frozenset({"at"}),
    "poll": frozenset(
        {"started_at", "finished_at", "pages", "items", "new_documents", "asked_from_at", "asked_until_at"}
    ),
    "robots": frozenset({"read_at"}),
}
"""Per table what is no state but how it was come by."""

TRIES = frozenset({"poll", "exchange", "observation", "coverage"})
"""Tables of which equal rows are one."""

SHOWN = 5
"""Differences that are told in full."""

ROW_LIMIT = 400

_KEYS = frozenset({"dedup_key", "subject"})


def dump(db: Connection) -> Dump:
    """Every table of the schema."""
    rows = {
        table.name: [dict(r._mapping) for r in db.execute(select(table))] for table in metadata.sorted_tables
    }
    described = _Described(rows)
    said = {name: [described.text(name, one) for one in found] for name, found in rows.items()}
    said["coverage"] = _unions(rows["coverage"])
    said["poll"] = [row for row in said["poll"] if '"outcome": "unchanged"' not in row]
    said["exchange"] = [row for row in said["exchange"] if '"status": 304' not in row]
    return {name: sorted(set(found) if name in TRIES else found) for name, found in said.items()}


def difference(expected: Dump, found: Dump) -> list[str]:
    """The rows that one has and the other has not, each pair at the place where it parts; bounded."""
    lines: list[str] = []
    for name in expected:
        wanted, came = Counter(expected[name]), Counter(found[name])
        less, more = sorted((wanted - came).elements()), sorted((came - wanted).elements())
        lines += [f"{name}: {_parting(one, other)}" for one, other in zip_longest(less, more, fillvalue="")]
    return lines[:SHOWN]


def _parting(wanted: str, came: str) -> str:
    """Where two texts begin to differ, with what stands around it."""
    if not (wanted and came):
        return f"not there: {wanted[:ROW_LIMIT]}" if wanted else f"too much: {came[:ROW_LIMIT]}"
    place = next((n for n, (a, b) in enumerate(zip(wanted, came, strict=False)) if a != b), 0)
    around = slice(max(0, place - 80), place + 120)
    return f"wanted …{wanted[around]}…, found …{came[around]}…"


class _Described:
    """Rows as text. A row that another points at is named there by its table and a digest of its own text."""

    def __init__(self, rows: dict[str, list[Row]]) -> None:
        self._rows = {
            name: {row["id"]: row for row in found}
            for name, found in rows.items()
            if found and "id" in found[0]
        }
        self._names: dict[tuple[str, int], str] = {}

    def text(self, name: str, row: Row) -> str:
        return json.dumps(self._plain(name, row), sort_keys=True, ensure_ascii=False, default=_text)

    def _name(self, name: str, identity: int) -> str:
        key = (name, identity)
        if key not in self._names:
            text = self.text(name, self._rows[name][identity])
            self._names[key] = f"{name} {sha256(text.encode()).hexdigest()[:12]}"
        return self._names[key]

    def _plain(self, name: str, row: Row) -> Row:
        hidden = UNTOLD | LEFT_OUT.get(name, frozenset())
        return {
            column.name: self._value(name, column, row)
            for column in metadata.tables[name].columns
            if column.name not in hidden
        }

    def _value(self, name: str, column: Column[Any], row: Row) -> Any:
        value = row[column.name]
        if value is None:
            return None
        for key in column.foreign_keys:
            target = key.column.table.name
            return self._name(target, value) if key.column.name == "id" else value
        if column.name == "cause":
            known = row["cause_kind"] in self._rows and value in self._rows[row["cause_kind"]]
            return self._name(row["cause_kind"], value) if known else row["cause_kind"]
        if column.name in _KEYS:
            return masked_key(value)
        if name == "envelope" and column.name in ("bytes", "message_id"):
            return masked_mail(value if isinstance(value, bytes) else value.encode())
        return masked_json(value)


def _unions(coverage: list[Row]) -> list[str]:
    """What each route has covered, whatever readings it took."""
    seen: dict[tuple[str, str], list[Interval]] = defaultdict(list)
    for row in coverage:
        seen[row["source"], row["route"]].append(Interval(row["from_at"], row["until_at"]))
    return [
        json.dumps(
            [*route, [[utc_text(i.from_at), utc_text(i.until_at)] for i in IntervalSet.of(found).intervals]]
        )
        for route, found in seen.items()
    ]


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return utc_text(value)
    return value.isoformat() if isinstance(value, date) else bytes(value).hex()
