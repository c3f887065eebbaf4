"""Functions, tables, failures and readers that the documents name exist, and those that matter are named."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servanda.instruments.catalogue import builtin_catalogue
from servanda.models.tables import metadata
from servanda.scrapers.barriers import KINDS as BARRIERS
from servanda.scrapers.exchange import ScrapeError
from servanda.scrapers.failures import _TABLE as OF_THE_WIRE
from servanda.scrapers.http.fetch import BLOCKED_STATUSES
from servanda.scrapers.platforms import READERS

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "compliance", "instruments", "network", "scrapers", "models", "alerts", "jobs", "cli", "hosting", "web", "dags", "demo",
)  # fmt: skip
_DOTTED = re.compile(rf"(?:{'|'.join(PACKAGES)})(?:\.\w+)+")


def resolve(name: str) -> object:
    """What a dotted name stands for, where it is at home or offered: AttributeError for one merely imported."""
    parts = ["servanda", *name.split(".")]
    for n in range(len(parts), 1, -1):
        try:
            module = importlib.import_module(".".join(parts[:n]))
        except ModuleNotFoundError:
            continue
        found: object = module
        for part in parts[n:]:
            found = getattr(found, part)
        home = getattr(found, "__module__", module.__name__)
        if home != module.__name__ and parts[n] not in getattr(module, "__all__", ()):
            raise AttributeError(f"{name} is at home in {home}")
        return found
    raise AttributeError(name)


def dotted(document: Any) -> list[str]:
    return [span for span in document.code_spans if _DOTTED.fullmatch(span)]


def test_every_dotted_name_in_a_document_exists(documents: dict[str, Any]) -> None:
    missing = []
    for name, document in documents.items():
        for span in dotted(document):
            try:
                resolve(span)
            except AttributeError as error:
                missing.append(f"{name}: {span}: {error}")
    assert missing == []
    assert 40 < len(dotted(documents["docs/tour.md"])) < 80, "a tour names the way, an index names all"


def test_every_file_that_a_document_names_exists(documents: dict[str, Any]) -> None:
    missing = [
        f"{name}: {span}"
        for name, document in documents.items()
        for span in document.code_spans
        if re.fullmatch(rf"(?:{'|'.join((*PACKAGES, 'tests', 'docs', 'lock'))})(?:/[\w.-]+)*/?", span)
        and not (ROOT / span).exists()
        and not _is_of_a_catalogue(span)
    ]
    assert missing == []


def _is_of_a_catalogue(span: str) -> bool:
    """``instruments/sources/`` is the built-in catalogue's own; nothing else is left out."""
    return (builtin_catalogue().parent / span).exists()


def test_the_tour_names_every_table(documents: dict[str, Any]) -> None:
    tour = " ".join(documents["docs/tour.md"].prose.split())
    listed = re.findall(r"\b[Tt]ables? ((?:`\w+`(?:, | and )?)+)", tour)
    named = {table for group in listed for table in re.findall(r"`(\w+)`", group)}
    assert named == metadata.tables.keys()


def test_every_platform_is_named_where_platforms_are_listed(documents: dict[str, Any]) -> None:
    (row,) = re.findall(
        r"^\| `\[\]\.routes\[\]\.platform` \| text \| (.*) \|$", documents["docs/json.md"].text, re.MULTILINE
    )
    assert set(re.findall(r"`(\w+)`", row)) == READERS.keys()
    assert "scrapers.platforms.READERS" in dotted(documents["docs/tour.md"])


def test_a_name_that_does_not_exist_is_found() -> None:
    assert resolve("models.archive.folder.Archive.store") is not None
    for name in ("jobs.collect.no_such_function", "jobs.no_such_module.function", "jobs.collect.Recording"):
        with pytest.raises(AttributeError):
            resolve(name)


# --- failures -------------------------------------------------------------------------------------------


def kinds_in(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(family, kind) wherever a module makes a failure. A kind made of parts ends where the first part does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _kinds_of_call(node)
        elif isinstance(node, ast.Assign):
            yield from (("unrecognised", str(ast.literal_eval(kind))) for kind in _choices_of_kind(node))


def _choices_of_kind(node: ast.Assign) -> tuple[ast.expr, ...]:
    """Both kinds of ``kind = "one" if … else "other"``, none of any other assignment."""
    named = any(isinstance(target, ast.Name) and target.id == "kind" for target in node.targets)
    chosen = node.value
    return (chosen.body, chosen.orelse) if named and isinstance(chosen, ast.IfExp) else ()


def _kinds_of_call(node: ast.Call) -> Iterator[tuple[str, str]]:
    made = node.func.id if isinstance(node.func, ast.Name) else ""
    literal = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if made in {"Unreachable", "Blocked", "Unrecognised"} and literal[:1] == [_first(node)]:
        yield made.lower(), literal[0]
    if made == "Failure" and len(literal) >= 2:
        yield literal[0], literal[1]
    for keyword in node.keywords:
        if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant):
            yield "unrecognised", str(keyword.value.value)


def _first(node: ast.Call) -> object:
    return node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None


def made_in_code() -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = {(error.family, kind) for _, error, kind, _ in OF_THE_WIRE}
    found |= {("blocked", kind) for kind in BARRIERS}
    readers = (ROOT / "scrapers").rglob("*.py")
    for path in (*readers, ROOT / "jobs/polling/poll.py", ROOT / "jobs/polling/crosscheck.py"):
        found |= set(kinds_in(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def documented(documents: dict[str, Any]) -> set[tuple[str, str]]:
    text = documents["docs/operations.md"].prose
    found = set()
    for family in ("unreachable", "blocked", "unrecognised"):
        (section,) = re.findall(rf"^\*\*`{family}`: .*?\n\n\|.*?\n\n", text, re.MULTILINE | re.DOTALL)
        for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE):
            found |= {(family, kind) for kind in re.findall(r"`(\w+)`", row)}
    return found


def test_operations_says_what_to_do_about_every_kind_of_failure(documents: dict[str, Any]) -> None:
    told, made = documented(documents), made_in_code()
    statuses = {(family, kind) for family, kind in told if kind.startswith("http_")}
    assert told - statuses == made
    assert len(made) > 30
    assert {kind for family, kind in statuses if family == "blocked"} == {
        f"http_{status}" for status in BLOCKED_STATUSES
    }


def test_every_family_of_failure_is_documented(documents: dict[str, Any]) -> None:
    families = {error.family for error in ScrapeError.__subclasses__()}
    assert {family for family, _ in documented(documents)} == families
