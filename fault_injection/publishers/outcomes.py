"""What became of each fault, and of each window. Pure: from what was played to counts."""

from __future__ import annotations

from dataclasses import dataclass

from fault_injection.publishers.drive import Played
from fault_injection.publishers.readable import is_readable, readable_times
from fault_injection.publishers.site import Fault
from fault_injection.publishers.truth import DAY
from fault_injection.publishers.watching import Polled
from fault_injection.publishers.windows import Due


@dataclass(frozen=True, slots=True)
class FaultOutcome:
    """One fault that at least one reading met.

    ``named``: it was, within a day of its beginning. ``passed``: readings that met it and went through;
    ``refused``: those that did not.
    """

    fault: Fault
    platform: str
    named: bool
    passed: int
    refused: int
    said: str

    @property
    def name(self) -> str:
        return f"{self.platform} {self.fault.route}:{self.fault.kind.id}"

    @property
    def is_unnoticed(self) -> bool:
        return self.fault.kind.expect == "loud" and not self.named

    @property
    def is_false_alarm(self) -> bool:
        return self.fault.kind.expect == "harmless" and self.refused > 0


@dataclass(frozen=True, slots=True)
class WindowOutcome:
    """``wrong``: absence was claimed at some time, and there was an announcement."""

    due: Due
    verdict: str
    duties: tuple[str, ...]
    readable: bool
    wrong: bool


def fault_outcomes(played: Played) -> list[FaultOutcome]:
    """Those that were met; a fault between two readings is nobody's business."""
    platforms = {press.id: press.platform for press in played.scene.presses}
    by_moment: dict[tuple[str, str], list[Polled]] = {}
    for poll in played.polls:
        by_moment.setdefault((poll.press, poll.route), []).append(poll)
    found = []
    for fault in played.scene.faults:
        met = set(fault.met)
        if fault.kind.scope == "articles" and met:
            found.append(_of_articles(fault, platforms[fault.press], played))
            continue
        polls = [p for p in by_moment.get((fault.press, fault.route), []) if p.at in met]
        if polls:
            found.append(_of_route(fault, platforms[fault.press], polls))
    return found


def _of_route(fault: Fault, platform: str, polls: list[Polled]) -> FaultOutcome:
    named = [p for p in polls if p.is_named]
    in_time = any(p.at <= fault.from_at + DAY for p in named)
    said = named[0].failure or named[0].basis if named else polls[0].basis
    return FaultOutcome(fault, platform, in_time, len(polls) - len(named), len(named), said)


def _of_articles(fault: Fault, platform: str, played: Played) -> FaultOutcome:
    """Releases behind which something else stood: named if none of it was taken for a release."""
    misread = [
        w for w in played.misread if f"{fault.route}:{fault.kind.id}" in w.faults and w.press == fault.press
    ]
    return FaultOutcome(
        fault, platform, not misread, len(misread), 0, "taken for the release" if misread else "unread"
    )


def window_outcomes(played: Played) -> list[WindowOutcome]:
    scene = played.scene
    times = readable_times(scene.presses, played.polls, scene.faults)
    found = []
    for due in scene.dues:
        said = played.verdicts[due.id]
        wrong = not due.is_silent and any(value == "none_found" for _, value, _ in said)
        found.append(WindowOutcome(due, said[-1][1], said[-1][2], is_readable(due, times), wrong))
    return found


def clean_refused(played: Played) -> list[Polled]:
    """Readings that met no fault and were refused, or proved nothing."""
    disturbed = {(f.press, at) for f in played.scene.faults for at in f.met}
    return [p for p in played.polls if p.is_named and (p.press, p.at) not in disturbed]
