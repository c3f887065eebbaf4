"""The two comparisons: documents read and stored, and unchanged feeds polled again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from benchmarks.contests import contend, expect, feed_urls, made
from benchmarks.measuring import Measured, run_in_turns
from benchmarks.pages import ITEMS
from benchmarks.publisher import Publisher

FIRST_READING = ("plain", "plain, no extraction", "servanda")
RE_POLLING = ("plain", "plain, conditional", "servanda")
OnRun = Callable[[str], None]


def first_reading(
    publisher: Publisher, folder: Path, *, feeds: int, rounds: int, on_run: OnRun
) -> dict[str, Measured]:
    """Read feeds of ten items for the first time, and the full page behind each item."""
    urls = feed_urls(publisher, "full", feeds)

    def run(name: str, number: int) -> Measured:
        on_run(f"first reading, round {number + 1} of {rounds}: {name}")
        return contend(
            publisher, ("benchmarks.contender", name), made(folder / f"{name} {number}"), urls, again=False
        )

    found = run_in_turns(FIRST_READING, rounds, run)
    for name, measured in found.items():
        expect(measured.documents == feeds * ITEMS, f"{name} stored {measured.documents} documents")
    return found


def re_polling(
    publisher: Publisher, folder: Path, *, feeds: int, rounds: int, on_run: OnRun
) -> dict[str, Measured]:
    """Poll feeds again that were read half an hour ago, and of which none has changed."""
    urls = feed_urls(publisher, "light", feeds)
    prepared = {name: made(folder / f"{name} before") for name in RE_POLLING}
    for name in RE_POLLING:
        on_run(f"re-polling, preparation: {name}")
        contend(publisher, ("benchmarks.contender", name), prepared[name], urls, again=False)

    def run(name: str, number: int) -> Measured:
        on_run(f"re-polling, round {number + 1} of {rounds}: {name}")
        again = folder / f"{name} {number}"
        shutil.copytree(prepared[name], again)
        return contend(publisher, ("benchmarks.contender", name), again, urls, again=True)

    found = run_in_turns(RE_POLLING, rounds, run)
    for name, measured in found.items():
        expect(measured.documents == 0, f"{name} took unchanged feeds for news")
    for name in RE_POLLING[1:]:
        expect(found[name].answers.get(304) == feeds, f"{name} got {found[name].answers}")
    return found
