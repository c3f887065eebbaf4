"""The benchmarks run, in small, and measure what they say: that they work is tested, never how fast."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.__main__ import INSTALL
from benchmarks.measuring import Costs, Measured, bytes_under, run_in_turns, run_measured
from benchmarks.others import are_installed
from benchmarks.pages import ITEMS
from benchmarks.processes import PeakMemory, cpu_of_all
from benchmarks.publisher import Publisher, running_publisher
from benchmarks.reading import FIRST_READING, RE_POLLING, first_reading, re_polling
from benchmarks.recorded import FEEDS, timeline
from benchmarks.report import archive_table, growth_table, reading_table, table

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def publisher() -> Iterator[Publisher]:
    with running_publisher() as running:
        yield running


@pytest.mark.slow
def test_every_contender_stores_the_same_documents(publisher: Publisher, tmp_path: Path) -> None:
    told: list[str] = []
    found = first_reading(publisher, tmp_path, feeds=1, rounds=1, on_run=told.append)
    assert tuple(found) == FIRST_READING
    assert len(told) == len(FIRST_READING)
    for measured in found.values():
        assert measured.documents == ITEMS
        assert measured.answers[200] >= 1 + ITEMS, "the feed, and a page for each item"
        assert measured.cpu > 0 < measured.start_cpu
        assert measured.peak > 10_000_000
        assert measured.stored > 0
    assert "documents per CPU s" in reading_table(found, beside="plain", unit="documents", units=ITEMS)


@pytest.mark.slow
def test_an_unchanged_feed_is_news_to_nobody(publisher: Publisher, tmp_path: Path) -> None:
    found = re_polling(publisher, tmp_path, feeds=2, rounds=1, on_run=lambda _: None)
    assert tuple(found) == RE_POLLING
    assert all(measured.documents == 0 for measured in found.values())
    assert found["plain"].answers == {200: 2}, "without conditions the whole feed is sent again"
    assert found["plain, conditional"].answers == {304: 2}
    assert found["servanda"].answers == {304: 2}, "one conditional request a feed, and nothing else"
    assert found["servanda"].stored > 0, "each poll is on record"


@pytest.mark.slow
def test_growth_is_measured_before_and_after_a_history(publisher: Publisher, tmp_path: Path) -> None:
    arguments = ["--folder", tmp_path, "--site", publisher.url, "--documents", 30, "--polls", 40]
    printed = run_measured(["benchmarks.growth", *map(str, arguments), "--repetitions", "1"]).printed
    before, after = Costs(**printed["before"]), Costs(**printed["after"])
    assert min(before.unchanged, before.one_new, before.assess) > 0
    assert min(after.unchanged, after.one_new, after.assess) > 0
    assert "poll, one new document" in growth_table(before, after)


def test_contenders_take_turns_and_the_median_round_counts() -> None:
    cpu = {"a": [3.0, 1.0, 2.0], "b": [5.0, 5.0, 4.0]}
    order: list[str] = []

    def run(name: str, number: int) -> Measured:
        order.append(name)
        return Measured(cpu[name][number], 0, 0, 0, 0, number, {})

    found = run_in_turns(["a", "b"], 3, run)
    assert order == ["a", "b", "a", "b", "a", "b"]
    assert (found["a"].cpu, found["a"].documents) == (2.0, 2)
    assert found["b"].cpu == 5.0


def test_a_contender_that_fails_is_no_result(tmp_path: Path) -> None:
    feed = f"--feed=http://127.0.0.1:9/{tmp_path.name}.xml"
    with pytest.raises(RuntimeError, match="plain ended with 1"):
        run_measured(["benchmarks.contender", "plain", "--folder", str(tmp_path), feed])


def test_ratios_are_beside_the_named_contender() -> None:
    slow = Measured(cpu=2.0, wall=4.0, start_cpu=1.0, peak=2**21, stored=5000, documents=10, answers={304: 9})
    fast = Measured(
        cpu=1.0, wall=1.0, start_cpu=0.5, peak=2**20, stored=0, documents=10, answers={200: 1, 304: 9}
    )
    shown = reading_table({"fast": fast, "slow": slow}, beside="fast", unit="feeds", units=10).splitlines()
    assert shown[0].split()[:3] == ["feeds", "per", "CPU"]
    assert shown[2].split() == [
        "fast",
        "10",
        "1.00",
        "x",
        "100.00",
        "100.00",
        "0.50",
        "1",
        "0.0",
        "200:",
        "1",
        "304:",
        "9",
    ]
    assert shown[3].split() == ["slow", "5", "2.00", "x", "200.00", "400.00", "1.00", "2", "0.5", "304:", "9"]


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert table(("", "ms"), [("a", "1.0"), ("longer", "10.0")]) == "\n".join(
        ["          ms", "------  ----", "a        1.0", "longer  10.0"]
    )


def test_what_a_run_left_is_counted_in_all_folders(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "a").write_bytes(b"12")
    (tmp_path / "in" / "b").write_bytes(b"345")
    assert bytes_under(tmp_path) == 5


@pytest.mark.slow
def test_the_command_prints_every_table() -> None:
    small = ["--rounds", "1", "--read-feeds", "1", "--unchanged-feeds", "1"]
    small += ["--documents", "20", "--polls", "20", "--repetitions", "1", "--new-feeds", "1"]
    small += ["--same-feeds", "1", "--same-polls", "2", "--instruments", "1"]
    command = [sys.executable, "-m", "benchmarks", *small]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for expected in (
        "10 documents read and stored",
        "1 unchanged feeds",
        "1 feeds polled 2 times",
        "What the plain loops do not do",
        "20 polls",
        "servanda --help",
        "window ID, warm",
    ):
        assert expected in printed
    assert "10 new documents from 1 feeds" in printed if are_installed() else INSTALL in printed


@pytest.mark.slow
def test_a_day_of_the_same_answers_is_archived_in_both_ways(publisher: Publisher, tmp_path: Path) -> None:
    feeds = [f"--feed={publisher.url}/full/feed-{n}.xml" for n in range(2)]
    arguments = ["benchmarks.revisits", "--folder", str(tmp_path), "--times", "4", *feeds]
    day = run_measured(arguments).printed
    assert day["exchanges"] == 2 * 4 + 1, "and robots.txt once"
    assert day["revisits"]["stored"] < 0.5 * day["whole"]["stored"], "one body of four is written"
    assert min(day["whole"]["cpu"], day["revisits"]["cpu"]) > 0
    written = {path: bytes_under(tmp_path / path) for path in ("whole", "archive")}
    assert (day["whole"]["stored"], day["revisits"]["stored"]) == (written["whole"], written["archive"])
    shown = archive_table(day).splitlines()
    assert shown[2].startswith("each body whole") and " 1.000 x" in shown[2]


@pytest.mark.slow
def test_only_the_parts_that_are_named_run(publisher: Publisher) -> None:
    small = ["--rounds", "1", "--read-feeds", "1", "--unchanged-feeds", "1"]
    command = [sys.executable, "-m", "benchmarks", "plain", *small]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "1 unchanged feeds" in printed
    assert "polls that each covered more" not in printed
    assert INSTALL not in printed and "beside other tools" not in printed


def test_a_process_is_measured_with_those_that_it_starts() -> None:
    """A child that holds 60 MB and works for a tenth of a second counts as its parent's."""
    child = "import time; kept = bytearray(60_000_000); end = time.process_time() + 0.1\n"
    child += "while time.process_time() < end: pass\n"
    child += "time.sleep(0.3)"
    with subprocess.Popen([sys.executable, "-c", child]) as process, PeakMemory(os.getpid()) as memory:
        before = cpu_of_all()
        time.sleep(0.25)
        while_running = cpu_of_all()
        process.wait()
        after = cpu_of_all()
    assert while_running - before > 0.02, "a process that still runs is counted"
    assert after - before > 0.09
    alone = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    assert memory.peak > alone + 50_000_000


@pytest.mark.slow
class TestRecordedReplay:
    def test_it_prints_every_step_and_the_gaps_that_are_left(self, real: Path) -> None:
        command = [sys.executable, "-m", "benchmarks.recorded", "--recordings", str(real)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        lines = ended.stdout.splitlines()
        steps = [line for line in lines if re.match(r"\d+ +20\d\d-", line)]
        captures = sum(len(list((real / name).glob("*.rss"))) for name in FEEDS)
        old = [line for line in steps if line.endswith("nothing: stale")]
        assert len(old) >= 4
        assert len(steps) == captures + 2 * len(old), "each old copy is followed by the right one"
        for line in old:
            before, after = re.findall(r"[\d.]+ h", line)[:2]
            assert before == after
        assert "  not covered: 2021-07-23 19:04:41 to 2021-07-23 20:17:50" in lines

    def test_without_recordings_it_says_so_and_ends_well(self, tmp_path: Path) -> None:
        command = [sys.executable, "-m", "benchmarks.recorded", "--recordings", str(tmp_path)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        assert ended.stdout.count("not replayed, there are no recordings at") == len(FEEDS)

    def test_an_old_copy_follows_each_third_capture_that_leaves_room_for_it(self) -> None:
        day = [datetime(2021, 5, 1, hour, tzinfo=UTC) for hour in range(4)]
        shown = [(step.at.strftime("%H:%M"), step.capture, step.is_old_copy) for step in timeline(day)]
        assert shown == [
            ("00:00", 0, False),
            ("01:00", 1, False),
            ("02:00", 2, False),
            ("02:01", 1, True),
            ("02:15", 2, False),
            ("03:00", 3, False),
        ]
        close = [day[0], day[1], day[2], day[2] + timedelta(minutes=16)]
        assert not any(step.is_old_copy for step in timeline(close))
