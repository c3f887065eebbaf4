"""How long work tells of its progress, without knowing who listens."""

from __future__ import annotations

from collections.abc import Callable

OnStep = Callable[[str, int, int], None]
"""Told of progress: what is being done, how many steps are done, of how many."""


def no_progress(label: str, done: int, total: int) -> None:
    """Nobody listens."""
