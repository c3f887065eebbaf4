"""The comparisons with other tools: unchanged feeds polled again, and new documents read and matched.

Those tools are installed in an environment of their own (``make benchmark`` does it), so that they cannot
disturb ours; where it is missing, this comparison is left out, and says so.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.measuring import Measured, bytes_under, run_in_turns, run_measured
from benchmarks.official import is_about
from benchmarks.pages import ITEMS, Weight, read_at
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
    urls = _feeds(publisher, "official", feeds)

    def run(name: str, number: int) -> Measured:
        on_run(f"new documents, round {number + 1} of {rounds}: {name}")
        here = _empty(folder / f"{name} {number}")
        measured = _run(publisher, READING[name], here, urls, again=False)
        matched = run_measured(["benchmarks.found", str(here), "--now", read_at().isoformat()]).printed
        shutil.rmtree(here)
        return replace(measured, matched=frozenset(matched))

    found = run_in_turns(tuple(READING), rounds, run)
    for name, measured in found.items():
        _expect(measured.documents == feeds * ITEMS, f"{name} read {measured.documents} documents")
    return found


def unchanged_feeds(
    publisher: Publisher, folder: Path, *, feeds: int, rounds: int, on_run: OnRun
) -> dict[str, Measured]:
    """Poll feeds again that were read half an hour ago, and of which none has changed."""
    urls = _feeds(publisher, "light", feeds)
    before = {name: _empty(folder / f"{name} before") for name in RE_POLLING}
    for name in RE_POLLING:
        on_run(f"unchanged feeds, preparation: {name}")
        _run(publisher, RE_POLLING[name], before[name], urls, again=False)

    def run(name: str, number: int) -> Measured:
        on_run(f"unchanged feeds, round {number + 1} of {rounds}: {name}")
        again = folder / f"{name} {number}"
        shutil.copytree(before[name], again)
        return _run(publisher, RE_POLLING[name], again, urls, again=True)

    found = run_in_turns(tuple(RE_POLLING), rounds, run)
    for name, measured in found.items():
        _expect(measured.documents == 0, f"{name} took unchanged feeds for news")
        _expect(measured.answers.get(304, 0) >= feeds, f"{name} got {measured.answers}")
    return found


def _run(
    publisher: Publisher, command: tuple[str, ...], folder: Path, urls: list[str], *, again: bool
) -> Measured:
    before = bytes_under(folder)
    publisher.served()
    arguments = [*command, "--folder", str(folder), *(["--again"] if again else [])]
    python = RIVALS if ".rivals." in command[0] else None
    ended = run_measured([*arguments, *(f"--feed={url}" for url in urls)], python)
    return Measured(
        cpu=ended.printed["cpu"],
        wall=ended.printed["wall"],
        start_cpu=ended.cpu - ended.printed["cpu"],
        peak=ended.peak,
        stored=bytes_under(folder) - before,
        documents=ended.printed["documents"],
        answers=publisher.served(),
    )


def _feeds(publisher: Publisher, weight: Weight, feeds: int) -> list[str]:
    return [f"{publisher.url}/{weight}/feed-{n}.xml" for n in range(feeds)]


def _empty(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise RuntimeError(f"this comparison compares nothing: {otherwise}")
