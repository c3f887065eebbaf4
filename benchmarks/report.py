"""What was measured, as tables with ratios. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.measuring import Costs, Measured
from benchmarks.others import Truth
from benchmarks.starting import Bare, Started

NOT_DONE = """\
What the plain loops do not do: keep the bytes that were received (no archive), record polls and failures or
the publication times that were covered (no proof of absence), ask robots.txt, pace, bound time and size,
refuse private addresses, tell versions or move with a document that moves, match commitments, alert. Their
one table is theirs alone; ours are synced to disk at each step, so that a killed run goes on from there."""


NOISE = 0.1
"""By how much of one start two of them may differ."""


def reading_table(found: dict[str, Measured], *, beside: str, unit: str, units: int) -> str:
    """One line a contender; ``units`` is how many of ``unit`` each of them read."""
    base = found[beside].cpu
    header = ("", f"{unit} per CPU s", f"CPU of {beside!r}", "CPU ms each", "wall ms each", "start CPU s",
              "peak MB", "stored kB each", "answers")  # fmt: skip
    rows = [
        (
            name,
            f"{units / m.cpu:.0f}",
            f"{m.cpu / base:.2f} x",
            f"{m.cpu / units * 1000:.2f}",
            f"{m.wall / units * 1000:.2f}",
            f"{m.start_cpu:.2f}",
            f"{m.peak / 2**20:.0f}",
            f"{m.stored / units / 1000:.1f}",
            " ".join(f"{status}: {count}" for status, count in sorted(m.answers.items())),
        )
        for name, m in found.items()
    ]
    return table(header, rows)


def evidence_table(found: dict[str, Measured], truth: Truth) -> str:
    """Of the documents that are about a commitment: how many each contender's texts show."""
    rows = [
        (name, str(len(m.matched & truth.about)), str(len(truth.lost(m))), str(len(truth.false(m))))
        for name, m in found.items()
    ]
    return table((f"of {len(truth.about)} about a commitment", "found", "lost", "found falsely"), rows)


def growth_table(before: Costs, after: Costs) -> str:
    rows = [
        (label, f"{one * 1000:.1f}", f"{other * 1000:.1f}", f"{other / one:.2f} x")
        for label, one, other in (
            ("poll, nothing changed", before.unchanged, after.unchanged),
            ("poll, one new document", before.one_new, after.one_new),
            ("assess all windows", before.assess, after.assess),
        )
    ]
    return table(("CPU ms", "short history", "long history", "ratio"), rows)


def archive_table(day: dict[str, Any]) -> str:
    """A day's answers, as ``benchmarks.revisits`` prints them: written whole, and as revisits."""
    whole, count = day["whole"], day["exchanges"]
    rows = [
        (
            label,
            f"{kept['stored'] / 1000:.0f}",
            f"{kept['stored'] / whole['stored']:.3f} x",
            f"{kept['stored'] / day['received']:.2f}",
            f"{kept['cpu'] / count * 1000:.2f}",
        )
        for label, kept in (("each body whole", whole), ("revisits", day["revisits"]))
    ]
    return table(("archive", "kB", "of whole", "per byte received", "CPU ms each"), rows)


def bare_table(found: Bare) -> str:
    rows = [
        (label, f"{cpu * 1000:.0f}", f"{cpu / found.click:.1f} x")
        for label, cpu in (('python -c "import click"', found.click), ("servanda --help", found.help))
    ]
    return table(("", "CPU ms", "beside click"), rows)


def starting_table(found: dict[int, Started], unit: float) -> str:
    """CPU seconds of each start, by the number of instruments; beside ``unit``, and beside the fewest."""
    fewest, *others = found
    states = ("cold", "one_changed", "warm")
    rows = []
    for verb, state in ((v, s) for v in found[fewest].warm for s in states):
        taken = {count: getattr(one, state).get(verb) for count, one in found.items()}
        if (base := taken[fewest]) is not None:
            ratios = [f"{base / unit:.0f} x", *(f"{taken[count] / base:.2f} x" for count in others)]
            label = f"{verb}, {state.replace('_', ' ')}"
            rows.append((label, *(f"{cpu:.2f}" for cpu in taken.values()), *ratios))
    header = ("CPU s, by instruments", *map(str, found), f"{fewest} beside click")
    return table((*header, *(f"{count} beside {fewest}" for count in others)), rows)


def assessing_table(found: dict[int, Started]) -> str:
    """Judging when nothing is new, the start left out: a window takes the same where it grows linearly.

    What is less than two starts may differ by says nothing.
    """
    rows = []
    for count, one in found.items():
        whole, start = one.warm["assess"], one.warm["watchers list"]
        judging = whole - start
        told = judging > NOISE * start
        shown = (f"{judging:.2f}", f"{judging / count * 1000:.1f}") if told else ("–", "–")
        rows.append((str(count), f"{whole:.2f}", *shown))
    return table(("windows", "CPU s of assess", "less a start", "ms a window"), rows)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell; the first to the left, the others to the right."""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    rule = ["-" * width for width in widths]
    return "\n".join(_line(row, widths) for row in (header, rule, *rows))


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = (f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
    return "  ".join((f"{first.strip():<{widths[0]}}", *others)).rstrip()
