"""The two comparisons: documents read and stored, and unchanged feeds polled again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import Measured, bytes_under, run_in_turns, run_measured
from benchmarks.pages import ITEMS, Weight
from benchmarks.publisher import Publisher

FIRST_READING = ("plain", "plain, no extraction", "servanda")
RE_POLLING = ("plain", "plain, conditional", "servanda")
OnRun = Callable[[str], None]


def first_reading(
    publisher: Publisher, folder: Path, *, feeds: int, rounds: int, on_run: OnRun
) -> dict[str, Measured]:
    """Read feeds of ten items for the first time, and the full page behind each item."""
    urls = _feed_urls(publisher, "full", feeds)

    def run(name: str, number: int) -> Measured:
        on_run(f"first reading, round {number + 1} of {rounds}: {name}")
        return _run(publisher, name, _empty(folder / f"{name} {number}"), urls, again=False)

    found = run_in_turns(FIRST_READING, rounds, run)
    for name, measured in found.items():
        _expect(measured.documents == feeds * ITEMS, f"{name} stored {measured.documents} documents")
    return found


def re_polling(
    publisher: Publisher, folder: Path, *, feeds: int, rounds: int, on_run: OnRun
) -> dict[str, Measured]:
    """Poll feeds again that were read half an hour ago, and of which none has changed."""
    urls = _feed_urls(publisher, "light", feeds)
    prepared = {name: _empty(folder / f"{name} before") for name in RE_POLLING}
    for name in RE_POLLING:
        on_run(f"re-polling, preparation: {name}")
        _run(publisher, name, prepared[name], urls, again=False)

    def run(name: str, number: int) -> Measured:
        on_run(f"re-polling, round {number + 1} of {rounds}: {name}")
        again = folder / f"{name} {number}"
        shutil.copytree(prepared[name], again)
        return _run(publisher, name, again, urls, again=True)

    found = run_in_turns(RE_POLLING, rounds, run)
    for name, measured in found.items():
        _expect(measured.documents == 0, f"{name} took unchanged feeds for news")
    for name in RE_POLLING[1:]:
        _expect(found[name].answers.get(304) == feeds, f"{name} got {found[name].answers}")
    return found


def _run(publisher: Publisher, name: str, folder: Path, urls: list[str], *, again: bool) -> Measured:
    before = bytes_under(folder)
    publisher.served()
    arguments = ["benchmarks.contender", name, "--folder", str(folder), *(["--again"] if again else [])]
    ended = run_measured([*arguments, *(f"--feed={url}" for url in urls)])
    return Measured(
        cpu=ended.printed["cpu"],
        wall=ended.printed["wall"],
        start_cpu=ended.cpu - ended.printed["cpu"],
        peak=ended.peak,
        stored=bytes_under(folder) - before,
        documents=ended.printed["documents"],
        answers=publisher.served(),
    )


def _feed_urls(publisher: Publisher, weight: Weight, feeds: int) -> list[str]:
    return [f"{publisher.url}/{weight}/feed-{n}.xml" for n in range(feeds)]


def _empty(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise RuntimeError(f"this comparison compares nothing: {otherwise}")
