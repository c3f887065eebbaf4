"""A verdict in words. Never "violated", "failed" or "breach": what a silence means, people say."""

from __future__ import annotations

from alerts import times
from alerts.briefs import CoverageBrief, WindowBrief
from alerts.letter import Entry, counted
from alerts.model import WindowVerdict
from alerts.plain import one_line
from compliance.verdicts import NOTHING_MAY_HAVE_BEEN_DUE
from compliance.vocabulary import ENDED_PHASES, Condition, Phase, Value

GAPS_SHOWN = 3


def in_short(value: Value, late_by_days: int | None = None) -> str:
    """A few words, for a subject or a table."""
    late = counted(late_by_days, "day") if late_by_days is not None else "some time"
    return {
        Value.NOT_TRIGGERED: "condition not met, nothing was due",
        Value.ANNOUNCED: "announced inside the window",
        Value.ANNOUNCED_LATE: f"announced {late} after the window",
        Value.ANNOUNCED_PARTIAL: "announced in part",
        Value.PENDING: "still open",
        Value.UNVERIFIED: "absence not proven",
        Value.NONE_FOUND: "no announcement found, coverage complete",
    }[value]


def sentence(verdict: WindowVerdict) -> str:
    """What is known of the window, in full."""
    window, value = verdict.window, verdict.value
    if value is Value.NOT_TRIGGERED:
        return "The condition is recorded as not met, so nothing was due."
    if value is Value.ANNOUNCED:
        return "An announcement published inside the window has been accepted."
    if value is Value.ANNOUNCED_LATE:
        return _late(verdict)
    if value is Value.ANNOUNCED_PARTIAL:
        return "Part of what was due was published inside the window and has been accepted."
    if value is Value.PENDING:
        return "The window is open. No announcement has been accepted."
    if value is Value.UNVERIFIED:
        unmet = counted(len(verdict.duties), "duty is", "duties are")
        return f"No announcement has been accepted, and absence is not proven: {unmet} unmet."
    start = times.local(window.opens_at, window.zone)
    end = times.local(times.last_second(window.due_at), window.zone)
    return (
        "No announcement found in the monitored official sources between "
        f"{start} and {end} (coverage complete)."
    )


def _late(verdict: WindowVerdict) -> str:
    days = counted(verdict.late_by_days or 0, "day")
    proven = "is proven" if verdict.absence_proven else "is not proven"
    return (
        f"An announcement published {days} after the window ended has been accepted. "
        f"Absence inside the window {proven}."
    )


def ended(window: WindowBrief) -> str:
    """``The window ended 5 September 2019, 23:59:59 Washington``."""
    return f"The window ended {times.local(times.last_second(window.due_at), window.zone)}"


def condition_sentence(window: WindowBrief, condition: Condition, phase: Phase) -> str | None:
    """What the text's condition means for the answer; None where the commitment is unconditional."""
    if window.condition is None:
        return None
    words = f"The condition “{one_line(window.condition)}”"
    if condition is Condition.UNKNOWN and phase in ENDED_PHASES:
        return f"{words} is recorded neither as met nor as not met: {NOTHING_MAY_HAVE_BEEN_DUE}."
    recorded = {
        Condition.UNKNOWN: "is recorded neither as met nor as not met",
        Condition.MET: "is recorded as met",
        Condition.NOT_MET: "is recorded as not met",
    }
    return f"{words} {recorded[condition]}."


def coverage_entry(coverage: CoverageBrief, window: WindowBrief) -> Entry:
    """How much of the window a source's readings have seen: all, up to an instant, or all but gaps."""
    title, gaps = one_line(coverage.title), coverage.gaps
    if not gaps:
        return Entry(f"{title}: covered in full")
    if len(gaps) == 1 and gaps[0].until_at >= window.due_at:
        if gaps[0].from_at <= window.opens_at:
            return Entry(f"{title}: not covered at all")
        return Entry(f"{title}: covered to {times.moment(gaps[0].from_at, window.zone)}")
    shown = [times.stretch(gap, window.zone) for gap in gaps[:GAPS_SHOWN]]
    if len(gaps) > GAPS_SHOWN:
        shown.append(f"and {counted(len(gaps) - GAPS_SHOWN, 'more gap')}")
    tolerated = ", within the declared tolerance," if coverage.complete else ""
    return Entry(f"{title}: not covered{tolerated} from", tuple(shown))
