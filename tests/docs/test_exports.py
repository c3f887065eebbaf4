"""What is exported has the keys and types that ``docs/exports.md`` states, in its order."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from click.testing import CliRunner

from servanda.cli.commands import servanda
from servanda.jobs.views.export_rows import KEYS

pytestmark = pytest.mark.slow

TEXT = {
    "text": r"[\s\S]*",
    "slug": r"[a-z0-9_]+(-[a-z0-9]+)*",
    "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z",
    "published": r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d[+-]\d\d:\d\d)?)?)?",
}
OTHERS: dict[str, type | tuple[type, ...]] = {
    "id": int,
    "integer": int,
    "number": (int, float),
    "flag": bool,
    "null": type(None),
}


def fits(value: Any, kind: str) -> bool:
    if kind in TEXT:
        return isinstance(value, str) and re.fullmatch(TEXT[kind], value) is not None
    return isinstance(value, OTHERS[kind]) and (kind == "flag" or not isinstance(value, bool))


def asked(watched: Any, *arguments: str) -> str:
    done = CliRunner(env=watched.environment).invoke(servanda, arguments)
    assert done.exit_code == 0, done.output
    return done.stdout_bytes.decode()


@pytest.fixture(scope="module")
def stated(documents: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Subject → key → type, as the document's tables have them."""
    sections = re.split(r"^### ", documents["docs/exports.md"].text, flags=re.MULTILINE)[1:]
    return {
        section.splitlines()[0]: dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section, re.MULTILINE))
        for section in sections
    }


def test_the_document_states_every_key_in_its_order(stated: dict[str, dict[str, str]]) -> None:
    assert {subject: tuple(keys) for subject, keys in stated.items()} == KEYS


@pytest.mark.parametrize("subject", KEYS)
def test_every_value_has_its_stated_type_in_json_and_the_same_rows_are_in_csv(
    stated: dict[str, dict[str, str]], watched: Any, subject: str
) -> None:
    rows = json.loads(asked(watched, "export", subject, "--format", "json"))
    assert rows
    for key, kinds in stated[subject].items():
        wrong = [row[key] for row in rows if not any(fits(row[key], kind) for kind in kinds.split(" or "))]
        assert wrong == [], f"{subject}: {key} is no {kinds}"
    said = list(csv.DictReader(io.StringIO(asked(watched, "export", subject), newline="")))
    assert [one.keys() for one in said] == [row.keys() for row in rows]
    first = next(iter(KEYS[subject]))
    assert [one[first] for one in said] == [str(row[first]) for row in rows]
