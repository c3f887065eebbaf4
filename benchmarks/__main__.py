"""Run everything and print the tables: ``python -m benchmarks`` (some minutes), or the parts named."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

from benchmarks import others, starting
from benchmarks.measuring import Costs, run_measured
from benchmarks.pages import ITEMS, article_page, feed_page
from benchmarks.publisher import Publisher, running_publisher
from benchmarks.reading import first_reading, re_polling
from benchmarks.report import (
    NOT_DONE,
    archive_table,
    assessing_table,
    bare_table,
    evidence_table,
    growth_table,
    reading_table,
    starting_table,
)

PARTS = ("plain", "others", "growth", "archive", "starting")
INSTALL = "the others are not installed, so nothing is compared with them; `make benchmark` installs them"


def main() -> None:
    given = _options().parse_args()
    print(_setting(given))
    with (
        running_publisher() as publisher,
        tempfile.TemporaryDirectory(prefix="servanda-") as folder,
    ):
        if "plain" in given.parts:
            _compare(publisher, Path(folder), given)
        if "others" in given.parts:
            _compare_with_others(publisher, Path(folder) / "others", given)
        if "growth" in given.parts:
            _grow(publisher, Path(folder) / "growth", given)
        if "archive" in given.parts:
            _archive(publisher, Path(folder) / "archived", given)
        if "starting" in given.parts:
            _start(publisher, Path(folder) / "starting", given)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("parts", nargs="*", default=PARTS, help=f"which of {', '.join(PARTS)}; all if none")
    options.add_argument("--rounds", type=int, default=3, help="how often each contender runs")
    options.add_argument("--read-feeds", type=int, default=20, help="feeds of ten items to read and store")
    options.add_argument("--unchanged-feeds", type=int, default=200, help="feeds to poll again")
    options.add_argument("--new-feeds", type=int, default=200, help="feeds of ten items beside other tools")
    options.add_argument("--documents", type=int, default=10_000, help="documents of a long history")
    options.add_argument("--polls", type=int, default=20_000, help="its polls and coverage rows")
    options.add_argument("--same-feeds", type=int, default=20, help="feeds that answer in full all day")
    options.add_argument("--same-polls", type=int, default=48, help="polls of each of them in a day")
    options.add_argument("--repetitions", type=int, default=15, help="polls measured before and after it")
    options.add_argument(
        "--instruments", type=int, nargs="+", default=[1, 10, 100], help="of catalogues to start with"
    )
    return options


def _setting(given: argparse.Namespace) -> str:
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}; {given.rounds} rounds in turns, median by CPU time; "
        "one publisher on loopback, in its own process"
    )


def _compare(publisher: Publisher, folder: Path, given: argparse.Namespace) -> None:
    page, feed = len(article_page("full", 0, 0)), len(feed_page(publisher.url, "full", 0))
    documents = given.read_feeds * ITEMS
    found = first_reading(
        publisher, folder / "first", feeds=given.read_feeds, rounds=given.rounds, on_run=_tell
    )
    print(f"\n{documents} documents read and stored, from {given.read_feeds} feeds of {feed / 1000:.0f} kB; "
          f"pages of {page / 1000:.0f} kB\n")  # fmt: skip
    print(reading_table(found, beside="plain", unit="documents", units=documents))
    found = re_polling(
        publisher, folder / "again", feeds=given.unchanged_feeds, rounds=given.rounds, on_run=_tell
    )
    print(f"\n{given.unchanged_feeds} unchanged feeds polled again\n")
    print(reading_table(found, beside="plain", unit="feeds", units=given.unchanged_feeds))
    print(f"\n{NOT_DONE}")


def _compare_with_others(publisher: Publisher, folder: Path, given: argparse.Namespace) -> None:
    if not others.are_installed():
        print(f"\n{INSTALL}")
        return
    feeds, documents = given.new_feeds, given.new_feeds * ITEMS
    found = others.new_documents(publisher, folder / "new", feeds=feeds, rounds=given.rounds, on_run=_tell)
    truth = others.truth(publisher, feeds)
    page = len(article_page("official", 0, 0))
    print(f"\n{documents} new documents from {feeds} feeds, pages of {page / 1000:.0f} kB; "
          f"{len(truth.about)} of them are about a commitment\n")  # fmt: skip
    print(reading_table(found, beside=others.SCRIPT, unit="documents", units=documents))
    print(f"\n{evidence_table(found, truth)}")
    feeds = given.unchanged_feeds
    found = others.unchanged_feeds(
        publisher, folder / "unchanged", feeds=feeds, rounds=given.rounds, on_run=_tell
    )
    print(f"\n{feeds} unchanged feeds polled again, beside other tools\n")
    print(reading_table(found, beside=others.WATCH, unit="feeds", units=feeds))


def _grow(publisher: Publisher, folder: Path, given: argparse.Namespace) -> None:
    _tell("growth")
    arguments = ["--folder", folder, "--site", publisher.url, "--documents", given.documents]
    arguments += ["--polls", given.polls, "--repetitions", given.repetitions]
    printed = run_measured(["benchmarks.growth", *map(str, arguments)]).printed
    print(f"\nOne source after {given.polls} polls that each covered more, and {given.documents} documents\n")
    print(growth_table(Costs(**printed["before"]), Costs(**printed["after"])))


def _archive(publisher: Publisher, folder: Path, given: argparse.Namespace) -> None:
    _tell("archive")
    feeds = [f"--feed={publisher.url}/full/feed-{n}.xml" for n in range(given.same_feeds)]
    arguments = ["--folder", str(folder), "--times", str(given.same_polls), *feeds]
    printed = run_measured(["benchmarks.revisits", *arguments]).printed
    print(f"\n{given.same_feeds} feeds polled {given.same_polls} times, each answered in full, by one page\n")
    print(archive_table(printed))


def _start(publisher: Publisher, folder: Path, given: argparse.Namespace) -> None:
    _tell("starting")
    found = starting.bare(folder / "bare", given.rounds)
    print(f"\nA start without any data\n\n{bare_table(found)}")
    started = starting.starts(
        publisher, folder, instruments=sorted(given.instruments), rounds=given.rounds, on_run=_tell
    )
    print(
        "\nA start after every file of the catalogue has changed (cold), after one has, after none (warm); "
        f"the cheapest of {given.rounds}\n"
    )
    print(starting_table(started, found.click))
    print(f"\nassess with nothing new\n\n{assessing_table(started)}")


def _tell(label: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[K{label}", end="\r", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
