"""Verbs that are imported when they run: their names and what they do are known without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, NamedTuple

import click


class LazyVerb(NamedTuple):
    """The module that defines a verb, under its name; the first sentence of its help, which lists show."""

    module: str
    summary: str


class LazyVerbs(Mapping[str, click.Command]):
    """Commands by name; each is imported when it is asked for."""

    def __init__(self, table: Mapping[str, LazyVerb]) -> None:
        self.table = table

    def __getitem__(self, name: str) -> click.Command:
        command = getattr(import_module(self.table[name].module), name)
        assert isinstance(command, click.Command)
        return command

    def __contains__(self, name: object) -> bool:
        return name in self.table

    def __iter__(self) -> Iterator[str]:
        return iter(self.table)

    def __len__(self) -> int:
        return len(self.table)


class LazyGroup(click.Group):
    """A group whose help lists its verbs without importing one."""

    def __init__(self, *, table: Mapping[str, LazyVerb], **options: Any) -> None:
        super().__init__(commands=LazyVerbs(table), **options)  # type: ignore[arg-type]
        self.table = table

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        listed = {name: click.Command(name, help=verb.summary) for name, verb in self.table.items()}
        click.Group(commands=listed).format_commands(ctx, formatter)
