"""Two verdicts of one window → what is worth telling. No clock and no memory beyond the two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from servanda.compliance.instrument import Window
from servanda.compliance.vocabulary import ENDED_PHASES, Phase, Verdict, VerdictValue
from servanda.compliance.windows import count_window, reminder_at

ChangeKind = Literal["window_opened", "window_ended", "final_word", "correction"]

_ANSWERS = frozenset(
    {
        VerdictValue.ANNOUNCED,
        VerdictValue.ANNOUNCED_LATE,
        VerdictValue.ANNOUNCED_PARTIAL,
        VerdictValue.NOT_TRIGGERED,
    }
)


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """Something to tell, and the instant at which it became true."""

    kind: ChangeKind
    why: str
    effective_at: datetime


def compare_verdicts(
    previous: Verdict | None, current: Verdict, *, baseline: bool = True
) -> VerdictChange | None:
    """What the watchers of the window should be told, None for nothing.

    The first verdict is a baseline, told by the "now monitoring" mail, never an alarm. Where the instrument
    was monitored before (``baseline`` False) the window is new in the catalogue, and told if it is open. What
    a mail has said and no longer holds is a correction; silence about an ended window is broken twice at
    most: by the flag, and by the final word.
    """
    waits = current.phase is Phase.OPEN and current.value is VerdictValue.PENDING
    if previous is None:
        added = waits and not baseline
        return (
            VerdictChange("window_opened", "the window was added while it is open", current.as_of)
            if added
            else None
        )
    ended_before = previous.phase in ENDED_PHASES
    if previous.final and (current.value is not previous.value or not current.final):
        return VerdictChange("correction", f"{previous.value} became {current.value}", current.as_of)
    if ended_before and current.value is not previous.value and _is_answer(previous, current):
        return VerdictChange("correction", f"{previous.value} became {current.value}", current.as_of)
    if current.final and not previous.final:
        return VerdictChange("final_word", current.reasons[0], _became_true(previous, current))
    if current.phase in ENDED_PHASES and not ended_before and not current.final:
        return VerdictChange("window_ended", "the window ended", current.due_at)
    if waits and previous.phase is Phase.PENDING:
        return VerdictChange("window_opened", "the window opened", current.opens_at)
    return None


def reminder_due(window: Window, verdict: Verdict, monitored_since: datetime) -> int | None:
    """The T−n reminder that is due, as n days; None for none.

    Only while the answer is pending, only the latest one that has passed (a monitor that was away
    sends one reminder, not three), and none that had passed before the window was monitored.
    """
    if verdict.value is not VerdictValue.PENDING or verdict.phase is not Phase.OPEN:
        return None
    passed = [days for days, at in reminders_of(window) if at <= verdict.as_of]
    days = min(passed, default=None)
    if days is None or reminder_at(count_window(window, window.primary), days) <= monitored_since:
        return None
    return days


def reminders_of(window: Window) -> tuple[tuple[int, datetime], ...]:
    """The reminders of a window as (days before the end, instant), the earliest first.

    One that would come before the window opens is none: of a short window its opening is told.
    """
    term = count_window(window, window.primary)
    every = ((days, reminder_at(term, days)) for days in sorted(window.reminders, reverse=True))
    return tuple((days, at) for days, at in every if at > term.opens_at)


def reports_condition_decision(
    change: VerdictChange | None, previous: Verdict | None, current: Verdict
) -> bool:
    """Whether the alert of a change tells of a decision on the condition, which made or unmade the answer.

    That a condition is not met decides all; whether it is met or unknown decides nothing, and is told alone.
    """
    if change is None or previous is None or change.kind not in ("final_word", "correction"):
        return False
    return VerdictValue.NOT_TRIGGERED in (previous.value, current.value)


def _is_answer(previous: Verdict, current: Verdict) -> bool:
    return previous.value in _ANSWERS or current.value in _ANSWERS


def _became_true(previous: Verdict, current: Verdict) -> datetime:
    """A final word by time is dated when time made it so, one by new knowledge when that came."""
    if (
        current.phase is Phase.SETTLED
        and previous.phase is not Phase.SETTLED
        and current.value is VerdictValue.UNVERIFIED
    ):
        return current.settles_at
    nothing_due = previous.value is current.value is VerdictValue.NOT_TRIGGERED
    return current.due_at if nothing_due and previous.as_of < current.due_at else current.as_of
