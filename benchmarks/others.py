"""The comparisons with other tools: unchanged feeds polled again, and new documents read and matched.

Those tools are installed in an environment of their own (``make benchmark`` does it), so that they cannot
disturb ours; where it is missing, this comparison is left out, and says so.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.contests import contend, expect, feed_urls, made
from benchmarks.measuring import Measured, run_in_turns, run_measured
from benchmarks.official import is_about
from benchmarks.pages import ITEMS, read_at
from benchmarks.publisher import Publisher

RIVALS = Path(__file__).parents[1] / ".venv-benchmark" / "bin" / "python"
OnRun = Callable[[str], None]

SCRIPT, WATCH = "Scrapy + trafilatura", "urlwatch"
READING: dict[str, tuple[str, ...]] = {
    SCRIPT: ("benchmarks.rivals.press_spider",),
    "the same, with metadata": ("benchmarks.rivals.press_spider", "--metadata"),
    "Servanda": ("benchmarks.contender", "servanda"),
}
RE_POLLING: dict[str, tuple[str, ...]] = {
    "Scrapy, HTTP cache": ("benchmarks.rivals.cached_spider",),
    WATCH: ("benchmarks.rivals.page_watch",),
    "Servanda": ("benchmarks.contender", "servanda"),
}


@dataclass(frozen=True)
class Truth:
    """Which documents of the publisher are about a commitment, by address."""

    about: frozenset[str]

    def lost(self, measured: Measured) -> frozenset[str]:
        return self.about - measured.matched

    def false(self, measured: Measured) -> frozenset[str]:
        return measured.matched - self.about


def are_installed() -> bool:
    return RIVALS.exists()


def truth(publisher: Publisher, feeds: int) -> Truth:
    about = (
        f"{publisher.url}/official/release-{feed}-{item}/"
        for feed in range(feeds)
        for item in range(ITEMS)
        if is_about(feed, item)
    )
    return Truth(frozenset(about))


def new_documents(
    publisher: Publisher, folder: Path, *, feeds: int, rounds: int, on_run: OnRun
) -> dict[str, Measured]:
    """Read feeds of ten items for the first time, the page behind each item, and find what matches."""
    urls = feed_urls(publisher, "official", feeds)

    def run(name: str, number: int) -> Measured:
        on_run(f"new documents, round {number + 1} of {rounds}: {name}")
        here = made(folder / f"{name} {number}")
        measured = contend(publisher, READING[name], here, urls, again=False, python=_python(READING[name]))
        matched = run_measured(["benchmarks.found", str(here), "--now", read_at().isoformat()]).printed
        shutil.rmtree(here)
        return replace(measured, matched=frozenset(matched))

    found = run_in_turns(tuple(READING), rounds, run)
    for name, measured in found.items():
        expect(measured.documents == feeds * ITEMS, f"{name} read {measured.documents} documents")
    return found


def unchanged_feeds(
    publisher: Publisher, folder: Path, *, feeds: int, rounds: int, on_run: OnRun
) -> dict[str, Measured]:
    """Poll feeds again that were read half an hour ago, and of which none has changed."""
    urls = feed_urls(publisher, "light", feeds)
    before = {name: made(folder / f"{name} before") for name in RE_POLLING}
    for name in RE_POLLING:
        on_run(f"unchanged feeds, preparation: {name}")
        contend(
            publisher, RE_POLLING[name], before[name], urls, again=False, python=_python(RE_POLLING[name])
        )

    def run(name: str, number: int) -> Measured:
        on_run(f"unchanged feeds, round {number + 1} of {rounds}: {name}")
        again = folder / f"{name} {number}"
        shutil.copytree(before[name], again)
        return contend(publisher, RE_POLLING[name], again, urls, again=True, python=_python(RE_POLLING[name]))

    found = run_in_turns(tuple(RE_POLLING), rounds, run)
    for name, measured in found.items():
        expect(measured.documents == 0, f"{name} took unchanged feeds for news")
        expect(measured.answers.get(304, 0) >= feeds, f"{name} got {measured.answers}")
    return found


def _python(command: tuple[str, ...]) -> Path | None:
    """The environment that a contender runs in: other tools have one of their own."""
    return RIVALS if ".rivals." in command[0] else None
