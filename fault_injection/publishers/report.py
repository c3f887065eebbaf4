"""What was seen, as text that is the same for the same seed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from benchmarks.report import table
from fault_injection.publishers.drive import Played
from fault_injection.publishers.outcomes import (
    FaultOutcome,
    WindowOutcome,
    clean_refused,
    fault_outcomes,
    window_outcomes,
)
from fault_injection.publishers.watching import Wrong

GROUPS = (("layout", "layout"), ("host", "host"), ("publisher", "publisher"))
MOST = 12
"""Lines of one list."""


def is_sound(played: Played) -> bool:
    """Nothing was lost, misdated or misread in silence, and no absence was claimed falsely."""
    wrong = (*played.lost, *played.lost_for_good, *played.misdated, *played.misread)
    return not wrong and not any(window.wrong for window in window_outcomes(played))


def report(played: Played) -> str:
    """The whole report of one scene."""
    faults, windows = fault_outcomes(played), window_outcomes(played)
    scene = played.scene
    head = (
        f"Seed {scene.seed}, {scene.days} days, {len(scene.presses)} publishers with "
        f"{sum(len(p.items) for p in scene.presses)} releases, {len(played.polls)} readings, "
        f"{len(scene.faults)} faults "
        f"of {len({(f.press, f.kind.id) for f in scene.faults})} kinds, {len(faults)} of them met by a "
        f"reading"
    )
    parts = [
        head,
        _fault_table(faults),
        *_listed("Loud and not named within a day", _unnoticed(faults)),
        *_listed("Harmless and refused", _false_alarms(faults)),
        _silence(played),
        _window_table(windows),
        *_listed("Absence claimed falsely", _false(windows, played)),
        *_listed("Silent, readable, and not proven", _unproven(windows)),
    ]
    return "\n\n".join(parts)


def _fault_table(faults: Sequence[FaultOutcome]) -> str:
    rows = []
    for platform in dict.fromkeys(f.platform for f in faults):
        for group, label in GROUPS:
            chosen = [f for f in faults if f.platform == platform and f.fault.kind.group == group]
            if chosen:
                rows.append((f"{platform}, {label}", *_counts(chosen)))
    rows.append(("all", *_counts(faults)))
    header = ("reader, faults of", "met", "loud", "named", "harmless", "refused", "either", "named")
    return table(header, rows)


def _counts(faults: Sequence[FaultOutcome]) -> tuple[str, ...]:
    def of(expect: str) -> list[FaultOutcome]:
        return [f for f in faults if f.fault.kind.expect == expect]

    loud, harmless, either = of("loud"), of("harmless"), of("either")
    numbers = (
        len(faults),
        len(loud),
        sum(f.named for f in loud),
        len(harmless),
        sum(f.is_false_alarm for f in harmless),
        len(either),
        sum(f.named for f in either),
    )
    return tuple(map(str, numbers))


def _unnoticed(faults: Sequence[FaultOutcome]) -> Iterator[str]:
    for f in faults:
        if f.is_unnoticed:
            yield f"{f.name}: {f.passed} readings went through ({f.said})"


def _false_alarms(faults: Sequence[FaultOutcome]) -> Iterator[str]:
    for f in faults:
        if f.is_false_alarm:
            yield f"{f.name}: {f.refused} of {f.refused + f.passed} readings refused ({f.said})"


def _silence(played: Played) -> str:
    refused = clean_refused(played)
    kinds = Counter(f"{p.press}/{p.route}: {p.failure or p.basis}" for p in refused)
    lines = [
        *_wrongs("lost in silence (claimed as covered, not listed by then)", played.lost),
        *_wrongs("lost for good (the same at the very end)", played.lost_for_good),
        *_wrongs("misdated", played.misdated),
        *_wrongs("misread (a page in the release's place taken for it)", played.misread),
        *_wrongs("strange (listed, and never published)", played.strange),
        f"{len(refused):>5}  readings without any fault that proved nothing",
        *(f"       {count} x {kind}" for kind, count in kinds.most_common(MOST)),
        f"{played.blind_alerts:>5}  operator's alerts that a source is blind",
    ]
    return "\n".join(lines)


def _wrongs(label: str, found: Sequence[Wrong]) -> Iterator[str]:
    yield f"{len(found):>5}  {label}"
    kinds = Counter(", ".join(w.faults) or "no fault at that time" for w in found)
    examples = {", ".join(w.faults) or "no fault at that time": w for w in reversed(found)}
    for kind, count in kinds.most_common(MOST):
        shown = examples[kind]
        example = f"{shown.item[-60:]} on {shown.at:%j %H:%M}: {shown.detail}"
        yield f"       {count} x {shown.press} under {kind}, as {example}"


def _window_table(windows: Sequence[WindowOutcome]) -> str:
    values = sorted({w.verdict for w in windows})
    truths: tuple[tuple[str, Callable[[WindowOutcome], bool]], ...] = (
        ("announced", lambda w: not w.due.is_silent),
        ("silent, readable in full", lambda w: w.due.is_silent and w.readable),
        ("silent, not readable", lambda w: w.due.is_silent and not w.readable),
    )
    rows = []
    for label, belongs in truths:
        chosen = Counter(w.verdict for w in windows if belongs(w))
        rows.append((label, str(sum(chosen.values())), *(str(chosen[value]) for value in values)))
    said = table(("truth", "windows", *values), rows)
    return f"{said}\n\n{_scores(windows)}"


def _scores(windows: Sequence[WindowOutcome]) -> str:
    claimed = [w for w in windows if w.verdict == "none_found" or w.wrong]
    readable = [w for w in windows if w.due.is_silent and w.readable]
    right, found = sum(not w.wrong for w in claimed), sum(w.verdict == "none_found" for w in readable)
    return (
        f"none_found: precision {_share(right, len(claimed))}, recall {_share(found, len(readable))} of "
        f"silent windows "
        "that could be read in full"
    )


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / whole:.3f}" if whole else "0/0"


def _false(windows: Sequence[WindowOutcome], played: Played) -> Iterator[str]:
    for w in windows:
        if w.wrong:
            claimed = next(at for at, value, _ in played.verdicts[w.due.id] if value == "none_found")
            where = f"{w.due.announced_by}-statement-{w.due.id}"
            yield f"{w.due.id}: {where} of {w.due.announced_at}, claimed {claimed}; now {w.verdict}"


def _unproven(windows: Sequence[WindowOutcome]) -> Iterator[str]:
    for w in windows:
        if w.due.is_silent and w.readable and w.verdict != "none_found":
            yield f"{w.due.id} ({', '.join(w.due.sources)}), {w.verdict}: {'; '.join(w.duties)}"


def _listed(title: str, lines: Iterator[str]) -> list[str]:
    found = list(lines)
    return [f"{title}:\n" + "\n".join(f"  {line}" for line in found)] if found else []
