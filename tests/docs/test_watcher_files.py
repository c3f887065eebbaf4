"""The YAML of docs/watchers.md is read as the page says, and its mistakes are told as the page tells them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.jobs.watchers.membership import add_watcher
from servanda.jobs.watchers.yaml_export import export_watchers
from servanda.jobs.watchers.yaml_import import ImportPlan, import_watchers
from servanda.jobs.watchers.yaml_schema import SubscriptionEntry, ValidChoices, WatcherEntry, WatcherFileError


@pytest.fixture
def wiring(tmp_path: Path) -> Iterator[Wiring]:
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/servanda.db",
        outbox=tmp_path / "outbox",
        catalogue=None,
        smtp_url=None,
        now=None,
    )
    with wire(settings=settings, opening="create") as opened:
        yield opened


@pytest.fixture
def examples(blocks: Callable[[str], list[Any]]) -> dict[str, str]:
    found = [*blocks("yaml"), *blocks("text")]
    return {block.name: block.text for block in found if block.document.name == "watchers.md"}


def imported(wiring: Wiring, name: str, text: str) -> ImportPlan:
    return import_watchers(
        wiring.ledger,
        ValidChoices(wiring.catalogue, wiring.settings.allow_hosts),
        lambda: wiring.letterhead,
        name,
        text.encode(),
        by="Ben",
        prune=False,
        dry_run=False,
    )


def test_the_example_is_imported_and_what_is_exported_of_it_changes_nothing(
    wiring: Wiring, examples: dict[str, str]
) -> None:
    plan = imported(wiring, "watchers.yml", examples["watchers.yml"])
    assert [step.act for step in plan.steps] == ["add", "ask", "add"]
    for text in (
        examples["watchers.yml"],
        export_watchers(wiring.ledger, secrets=False),
        export_watchers(wiring.ledger, secrets=True),
    ):
        again = imported(wiring, "watchers.yml", text)
        assert (again.steps, again.same) == ((), 3)


def test_the_mistakes_are_told_as_the_page_tells_them(wiring: Wiring, examples: dict[str, str]) -> None:
    add_watcher(wiring.ledger, "ana@example.org")
    before = export_watchers(wiring.ledger, secrets=True)
    with pytest.raises(WatcherFileError) as raised:
        imported(wiring, "mistaken.yml", examples["mistaken.yml"])
    assert f"{raised.value}\n" == examples["mistakes"]
    assert export_watchers(wiring.ledger, secrets=True) == before


def test_every_key_of_the_file_is_in_the_table(documents: dict[str, Any]) -> None:
    text = documents["docs/watchers.md"].text.partition("| key | value |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (.*) \| (.*) \|$", text, re.MULTILINE)
    keys = [key for named, _ in rows for key in re.findall(r"`(\w+)`", named)]
    assert keys == [field.name for field in fields(WatcherEntry)]
    (of_a_subscription,) = [value for named, value in rows if named == "`subscriptions`"]
    assert re.findall(r"`(\w+)`", of_a_subscription) == [field.name for field in fields(SubscriptionEntry)]
