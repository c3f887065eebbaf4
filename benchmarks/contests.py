"""One contender against the publisher: what every comparison does alike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import Measured, bytes_under, run_measured
from benchmarks.pages import Weight
from benchmarks.publisher import Publisher


def contend(
    publisher: Publisher,
    command: Sequence[str],
    folder: Path,
    urls: Sequence[str],
    *,
    again: bool,
    python: Path | None = None,
) -> Measured:
    """Let a contender read the feeds once; ``python`` None: in our own environment."""
    before = bytes_under(folder)
    publisher.served()
    arguments = [*command, "--folder", str(folder), *(["--again"] if again else [])]
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


def feed_urls(publisher: Publisher, weight: Weight, feeds: int) -> list[str]:
    return [f"{publisher.url}/{weight}/feed-{n}.xml" for n in range(feeds)]


def made(folder: Path) -> Path:
    """A folder that was not there before."""
    folder.mkdir(parents=True)
    return folder


def expect(holds: bool, otherwise: str) -> None:
    """RuntimeError where a comparison would compare nothing."""
    if not holds:
        raise RuntimeError(f"this comparison compares nothing: {otherwise}")
