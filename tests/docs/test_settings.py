"""The README's table of variables, and its exit codes."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic_core import PydanticUndefined
from support.catalogues import feed_route, source, write_catalogue

from servanda.cli.commands import main
from servanda.jobs.bootstrap.settings import Settings

IN_WORDS = {"catalogue": "the built-in one", "ca_bundle": "certifi's"}
"""What stands for None where that is not none."""


def table(documents: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Variable → (default, meaning)."""
    text = documents["README.md"].text
    section = text.partition("## Environment\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \| (.*) \|$", section, re.MULTILINE)
    return {name: (default, meaning) for name, default, meaning in rows}


def test_every_variable_stands_in_the_readme_with_its_default(documents: dict[str, Any]) -> None:
    expected = {}
    for name, field in Settings.model_fields.items():
        assert field.default is not PydanticUndefined
        default = field.default
        default = ", ".join(map(str, default)) if isinstance(default, tuple) else default
        shown = IN_WORDS.get(name, "none") if default in (None, "", frozenset()) else f"`{default}`"
        expected[f"SERVANDA_{name.upper()}"] = shown
    assert {name: default for name, (default, _) in table(documents).items()} == expected


def test_every_alias_of_a_variable_is_named(documents: dict[str, Any]) -> None:
    told = table(documents)
    for name, field in Settings.model_fields.items():
        choices = getattr(field.validation_alias, "choices", [])
        for alias in set(choices) - {f"SERVANDA_{name.upper()}"}:
            assert f"`{alias}`" in told[f"SERVANDA_{name.upper()}"][1]


Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Typed:
    """The command line, in this process: exit code, standard output, standard error."""
    folders = {
        "SERVANDA_DATABASE_URL": f"sqlite:///{tmp_path}/servanda.db",
        "SERVANDA_ARCHIVE": str(tmp_path / "archive"),
    }

    def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
        for name, value in (folders | environment).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["servanda", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def test_the_exit_codes_are_those_of_the_readme(
    documents: dict[str, Any], typed: Typed, tmp_path: Path
) -> None:
    told = documents["README.md"].text.partition("## Exit codes\n")[2].partition("\n## ")[0]
    codes = re.findall(r"\b(\d+) (done|usage)", told.partition("`make run`")[0])
    assert codes == [("0", "done"), ("1", "done"), ("2", "usage")]
    private = {"us-state": source("us-state", feed_route("http://127.0.0.1:80/feed"))}
    catalogue = str(write_catalogue(tmp_path / "catalogue", private))
    assert (
        typed("watchers", "add", "ana@example.org", "--yes-they-agreed", SERVANDA_CATALOGUE=catalogue)[0] == 0
    )
    code, out, _ = typed("collect", "--dry-run", SERVANDA_CATALOGUE=catalogue)
    assert (code, "us-state/feed: failed: blocked" in out) == (1, True)
    assert typed("frobnicate")[0] == 2


@pytest.mark.parametrize(
    "arguments, url, message",
    [
        (("watchers", "add", "ana@example.org"), "sqlite:///{folder}/file/servanda.db", "file: File exists"),
        (("status",), "sqlite:///{folder}/file", "file is not a database"),
        (("notify",), "postgresql://nobody:secret@127.0.0.1:1/none", "Connection refused"),
    ],
)
def test_a_database_that_the_machine_refuses_is_one_plain_message(
    typed: Typed, tmp_path: Path, arguments: tuple[str, ...], url: str, message: str
) -> None:
    (tmp_path / "file").write_text("this is no database")
    code, _, err = typed(*arguments, SERVANDA_DATABASE_URL=url.format(folder=tmp_path))
    assert (code, err.startswith("error: ")) == (2, True)
    assert message in err
    assert "secret" not in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("watchers", "add", "ana@example.org", "--name", "x" * 201),
        ("review", "reject", "1", "--reason", "no", "--by", "x" * 201),
        ("condition", "further-actions-90d", "met", "--reason", "no", "--by", "x" * 201),
        ("sources", "try", "mx-sre/prensa", "--confirm", "--reason", "no", "--by", "x" * 201),
    ],
)
def test_a_name_longer_than_the_ledger_keeps_is_refused(typed: Typed, arguments: tuple[str, ...]) -> None:
    code, _, err = typed(*arguments)
    assert code == 2
    assert "it has 201 characters; valid: up to 200" in err


def test_an_archive_that_cannot_be_written_is_one_plain_message(
    typed: Typed, tmp_path: Path, watched: Any
) -> None:
    (tmp_path / "file").write_text("")
    catalogue = watched.settings.catalogue
    (host,) = set(re.findall(r"http://(127\.0\.0\.1:\d+)/", (catalogue / "sources/us-state.yml").read_text()))
    code, _, err = typed(
        "collect",
        "--source",
        "us-state",
        SERVANDA_CATALOGUE=str(catalogue),
        SERVANDA_ARCHIVE=str(tmp_path / "file" / "archive"),
        SERVANDA_ALLOW_HOSTS=host,
    )
    assert (code, err) == (2, f"error: {tmp_path}/file/archive: Not a directory\n")


@pytest.mark.parametrize(
    "arguments", [("status",), ("window", "further-actions-90d"), ("assess",), ("coverage",), ("evidence",)]
)
def test_nothing_is_said_of_what_is_still_to_come(
    typed: Typed, watched: Any, arguments: tuple[str, ...]
) -> None:
    code, _, err = typed(*arguments, "--as-of", "2019-09-12T18:00:01Z", **watched.environment)
    assert code == 2
    assert "is still to come; valid: up to 2019-09-12T18:00:00+00:00" in err
