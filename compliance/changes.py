"""Two verdicts of one window → what is worth telling. No clock and no memory beyond the two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from compliance.vocabulary import ENDED_PHASES, Phase, Value, Verdict, Window
from compliance.windows import count, reminder_at

ChangeKind = Literal["window_ended", "final_word", "correction"]

_ANSWERS = frozenset({Value.ANNOUNCED, Value.ANNOUNCED_LATE, Value.ANNOUNCED_PARTIAL, Value.NOT_TRIGGERED})


@dataclass(frozen=True, slots=True)
class Change:
    """Something to tell, and the instant at which it became true."""

    kind: ChangeKind
    why: str
    effective_at: datetime


def compare(previous: Verdict | None, current: Verdict) -> Change | None:
    """What the watchers of the window should be told, None for nothing.

    The first verdict is a baseline, told by the "now monitoring" mail, never an alarm. What a mail has
    said and no longer holds is a correction; silence about an ended window is broken twice at most:
    by the flag, and by the final word.
    """
    if previous is None:
        return None
    ended_before = previous.phase in ENDED_PHASES
    if previous.final and (current.value is not previous.value or not current.final):
        return Change("correction", f"{previous.value} became {current.value}", current.as_of)
    if ended_before and current.value is not previous.value and _is_answer(previous, current):
        return Change("correction", f"{previous.value} became {current.value}", current.as_of)
    if current.final and not previous.final:
        return Change("final_word", current.reasons[0], _became_true(previous, current))
    if current.phase in ENDED_PHASES and not ended_before and not current.final:
        return Change("window_ended", "the window ended", current.due_at)
    return None


def reminder_due(window: Window, verdict: Verdict, monitored_since: datetime) -> int | None:
    """The T−n reminder that is due, as n days; None for none.

    Only while the answer is pending, only the latest one that has passed (a monitor that was away
    sends one reminder, not three), and none that had passed before monitoring began.
    """
    if verdict.value is not Value.PENDING or verdict.phase is not Phase.OPEN:
        return None
    term = count(window, window.primary)
    passed = [d for d in window.reminders if reminder_at(term, d) <= verdict.as_of]
    days = min(passed, default=None)
    return days if days is not None and reminder_at(term, days) > monitored_since else None


def _is_answer(previous: Verdict, current: Verdict) -> bool:
    return previous.value in _ANSWERS or current.value in _ANSWERS


def _became_true(previous: Verdict, current: Verdict) -> datetime:
    """A final word by time is dated when time made it so, one by new knowledge when that came."""
    if (
        current.phase is Phase.SETTLED
        and previous.phase is not Phase.SETTLED
        and current.value is Value.UNVERIFIED
    ):
        return current.settles_at
    return current.as_of
