"""How tables look: their width, their titles, and which columns are never broken."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from servanda.jobs.bootstrap.replay import REPLAY_BANNER

if TYPE_CHECKING:
    from servanda.jobs.bootstrap.wiring import Wiring

WIDTH_WITHOUT_TERMINAL = 120

KEPT_WHOLE = frozenset(
    {"window", "commitment", "ends", "source", "reading", "due", "published", "last published"}
)
"""Columns whose values are copied or compared, and so are not broken."""


def console() -> Console:
    """Standard output, wide enough for the tables where it is not a terminal."""
    return Console(width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL, highlight=False)


def heading(wiring: Wiring, text: str) -> str:
    return titled(text, wiring.replay)


def titled(text: str, replay: bool) -> str:
    return f"{REPLAY_BANNER}\n{text}" if replay else text


def make_table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in KEPT_WHOLE)
    return table
