"""Every command that a document prints can be typed: verbs, options, values, targets, requests."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from support.typed_commands import parse

from servanda.cli.commands import servanda
from servanda.instruments.catalogue import Catalogue, builtin_catalogue, load_catalogue
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.scheduling.requests import read_assess, read_collect

ROOT = Path(__file__).parents[2]
TOOLS = frozenset({".", "cp", "gunzip", "head", "mkdir", "pg_dump", "rsync", "tail"})
"""Programs of the system that the documents use."""

ENVIRONMENT = frozenset(
    {f"SERVANDA_{name.upper()}" for name in Settings.model_fields}
    | {"TOKEN", "AIRFLOW_HOME", "AIRFLOW__CORE__DAGS_FOLDER", "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"}
)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue(builtin_catalogue())


def commands(script: str) -> Iterator[list[str]]:
    """The simple commands of a script: words, without what the shell puts between them."""
    script = re.sub(r"\$\(\([^)]*\)\)", "1", script.replace("\\\n", " "))
    for line in script.splitlines():
        words = shlex.shlex(line, posix=True, punctuation_chars="|&;()")
        words.whitespace_split = True
        words.commenters = "#"
        command: list[str] = []
        for word in [*words, ";"]:
            if set(word) <= set("|&;()"):
                if command:
                    yield command
                command = []
            else:
                command.append(word.removesuffix("$") if word.endswith("=$") else word)


def without_assignments(command: list[str]) -> list[str]:
    """What is run, once the names that are set were looked at."""
    words = command[1:] if command[0] == "export" else command
    while words and (assigned := re.fullmatch(r"([A-Z_]+)=.*", words[0], re.DOTALL)):
        assert assigned[1] in ENVIRONMENT, f"{assigned[1]} is no variable of ours"
        words = words[1:]
    return words


def check_conf(dag: str, conf: dict[str, Any], catalogue: Catalogue) -> None:
    """A request to a DAG, as its first task reads it."""
    if dag == "collect":
        read_collect(conf, catalogue)
    else:
        assert dag == "assess"
        read_assess(conf, catalogue, datetime(2030, 1, 1, tzinfo=UTC))


def check(command: list[str], catalogue: Catalogue) -> None:
    words = without_assignments(command)
    if not words:
        return
    program, *arguments = words
    if program in {"servanda", ".venv/bin/servanda"}:
        parse(arguments)
    elif program == "make":
        targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
        assert set(arguments) <= targets
    elif program in {"python3", ".venv/bin/python"} and arguments[0] == "-c":
        compile(arguments[1], "<document>", "exec")
    elif program == ".venv/bin/python":
        assert arguments[0] == "-m" and importlib.util.find_spec(arguments[1]) is not None
        for path in arguments[2:]:
            assert not path.startswith("tests/") or (ROOT / path).exists()
    elif program == "curl":
        body = json.loads(arguments[arguments.index("-d") + 1])
        if dag := re.search(r"/api/v2/dags/(\w+)/dagRuns", " ".join(arguments)):
            assert body.keys() == {"logical_date", "conf"}
            check_conf(dag[1], body["conf"], catalogue)
    elif program == ".venv/bin/airflow":
        assert arguments[:2] == ["dags", "trigger"] and arguments[3] == "-c"
        check_conf(arguments[2], json.loads(arguments[4]), catalogue)
    else:
        assert program in TOOLS or program == "cd", f"{program} is not known here"


def test_every_command_in_a_shell_block_can_be_typed(
    blocks: Callable[[str], list[Any]], catalogue: Catalogue
) -> None:
    wrong, seen = [], 0
    for block in blocks("sh"):
        for command in commands(block.text):
            seen += 1
            try:
                check(command, catalogue)
            except Exception as error:  # whatever it is, the next commands are looked at too
                shown = error.format_message() if isinstance(error, click.ClickException) else repr(error)
                wrong.append(f"{block}: {shlex.join(command)}: {shown}")
    assert wrong == []
    assert seen > 40


def test_the_crontab_runs_commands_that_exist(
    blocks: Callable[[str], list[Any]], catalogue: Catalogue
) -> None:
    (crontab,) = [block for block in blocks("text") if block.name == "crontab"]
    lines = crontab.text.splitlines()
    assert len(lines) == 4
    for line in lines:
        entry = re.fullmatch(r"((?:[\d*/,]+ ){4}[\d*/,]+) +(.*)", line)
        assert entry is not None, line
        for command in commands(entry[2]):
            check(command, catalogue)


def test_every_command_named_in_a_sentence_exists(documents: dict[str, Any]) -> None:
    """Such a one may leave out its values, so that verbs and options are looked at alone."""
    wrong, seen = [], 0
    for name, document in documents.items():
        for span in document.code_spans:
            program, *words = span.split()
            if program == "make" and words and re.fullmatch(r"[a-z-]+", words[0]):
                targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
                wrong += [f"{name}: {span}"] if words[0] not in targets else []
            if program != "servanda" or not words:
                continue
            seen += 1
            wrong += [f"{name}: `{span}`: {missing}" for missing in missing_in(words)]
    assert wrong == []
    assert seen > 15


def missing_in(words: list[str]) -> Iterator[str]:
    """The words of a command line that name a verb or an option which there is not."""
    command: click.Command = servanda
    known = options_of(command)
    for word in words:
        if isinstance(command, click.Group) and word in command.commands:
            command = command.commands[word]
            known |= options_of(command)
        elif command is servanda and not word.startswith("-"):
            yield f"no verb {word}"
            return
        elif word.strip("[]").startswith("-") and word.strip("[]") not in known:
            yield f"no option {word}"


def options_of(command: click.Command) -> set[str]:
    declared = {option for parameter in command.params for option in parameter.opts}
    return declared | {"--help", "-h"}


def test_a_command_that_does_not_exist_is_found(catalogue: Catalogue) -> None:
    """The checks above can fail."""
    for typed in ("servanda frobnicate", "servanda status --frobnicate", "make frobnicate", "frobnicate"):
        with pytest.raises((AssertionError, click.ClickException)):
            check(typed.split(), catalogue)
    with pytest.raises(click.BadParameter):
        check(["servanda", "status", "--as-of", "2019-09-06"], catalogue)
    with pytest.raises(Exception, match="there is no field"):
        check_conf("collect", {"source": "mx-sre"}, catalogue)
    assert list(missing_in(["status", "--jsonn"])) == ["no option --jsonn"]
    assert list(missing_in(["statuss"])) == ["no verb statuss"]
