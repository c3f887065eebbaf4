"""Verbs are imported when they run: what lists say of them is what they say themselves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from support.command_line import servanda as started

from servanda.cli.commands import servanda
from servanda.cli.verbs import VERBS

CLI = Path(__file__).parents[2] / "cli"

HEAVY = (
    "airflow", "alembic", "apprise", "babel", "bs4", "dkim", "fastapi", "feedparser", "jinja2", "lxml",
    "psycopg", "pydantic", "requests", "rich", "ruamel.yaml", "soupsieve", "sqlalchemy", "trafilatura",
    "urllib3", "uvicorn", "warcio", "yaml",
)  # fmt: skip
"""What takes long to import, each by the name of its package."""

OF_A_READING_VERB = {"pydantic", "rich", "sqlalchemy"}
"""A database is asked, a catalogue decoded, a table shown."""


@pytest.mark.parametrize("name", VERBS)
def test_the_table_says_what_the_verb_says(name: str) -> None:
    command = servanda.commands[name]
    assert command.name == name
    assert command.get_short_help_str(limit=1000) == VERBS[name].summary
    assert (command.hidden, command.deprecated) == (False, False), "a list would have to say so"


def test_every_verb_is_in_the_table() -> None:
    """No module of the command line defines a command that no group has."""
    modules = [import_module(f"servanda.cli.{path.stem}") for path in sorted(CLI.glob("[a-z]*.py"))]
    found = [
        value for module in modules for value in vars(module).values() if isinstance(value, click.Command)
    ]
    below = {id(command) for group in found for command in below_of(group) if group is not servanda}
    defined = {command.name for command in found if id(command) not in below} - {"servanda"}
    assert defined | {"watchdog"} == set(VERBS)


def below_of(command: click.Command) -> Iterator[click.Command]:
    if isinstance(command, click.Group):
        yield from command.commands.values()


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_help_is_that_of_a_group_that_imports_them_all(width: int) -> None:
    eager = click.Group(
        servanda.name,
        commands=dict(servanda.commands),
        params=servanda.params,
        help=servanda.help,
        context_settings=servanda.context_settings,
    )
    lazily, eagerly = (
        group.get_help(
            click.Context(group, info_name="servanda", terminal_width=width, **group.context_settings)
        )
        for group in (servanda, eager)
    )
    assert lazily == eagerly
    assert [
        line.split()[0] for line in lazily.partition("Commands:\n")[2].splitlines() if line[2:3].strip()
    ] == sorted(VERBS)


def test_a_verb_that_there_is_not_is_no_verb() -> None:
    assert servanda.get_command(click.Context(servanda), "frobnicate") is None
    assert "frobnicate" not in servanda.commands
    assert len(servanda.commands) == len(VERBS)


def imported_by(arguments: list[str], folder: Path) -> set[str]:
    """The heavy packages that a command imports, in a process of its own."""
    code = (
        "import sys; sys.argv[1:] = sys.argv[1:]\n"
        "from servanda.cli.start import main\n"
        "try: main()\n"
        "except SystemExit as ended: assert not ended.code, ended.code\n"
        f"print('imported:', *[name for name in {HEAVY} if name in sys.modules])"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder, timeout=120)
    return set(done.stdout.rsplit("imported:", 1)[1].split())


def test_help_imports_nothing_but_click(tmp_path: Path) -> None:
    assert imported_by(["--help"], tmp_path) == set()


@pytest.mark.parametrize("verb", ["status", "run", "watchers", "alerts", "sources", "capture"])
def test_the_help_of_a_verb_needs_no_database(verb: str, tmp_path: Path) -> None:
    assert imported_by([verb, "--help"], tmp_path) <= {"pydantic", "rich"}


@pytest.mark.parametrize("verb", [["status"], ["window", "further-actions-90d"], ["watchers", "list"]])
def test_a_verb_that_reads_imports_what_it_asks_and_shows(
    verb: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVANDA_DATABASE_URL", f"sqlite:///{tmp_path}/servanda.db")
    monkeypatch.setenv("SERVANDA_CACHE", str(tmp_path / "cache"))
    prepared = started("assess")
    assert prepared.returncode == 0, prepared.stderr
    assert imported_by(verb, tmp_path) == OF_A_READING_VERB


def test_a_fault_of_ours_stays_a_traceback(tmp_path: Path) -> None:
    """Only what a person can mend is a plain message."""
    code = (
        "import sys; sys.argv[1:] = ['status']\n"
        "import servanda.cli.show as show\n"
        "from servanda.cli.commands import main\n"
        "show.status.callback = lambda **options: {}['fault']\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=120
    )
    assert done.returncode == 1
    assert "KeyError: 'fault'" in done.stderr
