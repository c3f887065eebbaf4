"""What pages say of states and times in a few words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from servanda.alerts.letters.phrases.verdict_words import verdict_in_short
from servanda.alerts.text.msgid import msgid
from servanda.alerts.text.times import days_left
from servanda.alerts.text.translation import Words
from servanda.compliance.source_health import SourceState
from servanda.compliance.vocabulary import Review, Verdict
from servanda.web.desk.picture import MarkKind

MARKS: dict[MarkKind, str] = {
    "accepted": msgid("accepted"),
    "candidate": msgid("candidate, waits for review"),
    "evidence": msgid("evidence of the commitment"),
    "near_miss": msgid("near miss: checked, and is not the announcement"),
    "rejected": msgid("rejected by a person"),
    "doubtful": msgid("doubtful: not shown to be the listed document"),
    "unread": msgid("listed, not read"),
}

DUTY_KINDS = {
    "coverage": msgid("not covered"),
    "canary": msgid("a known document is no longer found"),
    "unread": msgid("not read"),
    "doubtful": msgid("doubtful"),
    "reread": msgid("to be read once more"),
    "candidate": msgid("not reviewed"),
    "shortlist": msgid("not looked at"),
    "settling": msgid("settling"),
}

REVIEWS = {
    Review.WAITING: msgid("waits for review"),
    Review.ACCEPTED: msgid("accepted"),
    Review.ACCEPTED_IN_PART: msgid("accepted in part"),
    Review.REJECTED: msgid("rejected"),
    Review.NOT_ASKED: msgid("near miss, waits for nobody"),
}

SOURCE_STATES = {
    SourceState.OK: msgid("read as planned"),
    SourceState.FAILING: msgid("a route fails"),
    SourceState.BLIND: msgid("blind: no route that proves absence can be read"),
    SourceState.NEVER_READ: msgid("never read yet"),
    SourceState.NOT_READ_DAILY: msgid("not read daily"),
}


def recorded_meaning(verdict: Verdict | None, words: Words) -> str:
    """What was recorded last of a window, in a few words; a window that was never judged says so."""
    if verdict is None:
        return words.say("not judged yet")
    return verdict_in_short(verdict.value, words, verdict.late_by_days)


def distance(now: datetime, opens_at: datetime, due_at: datetime, zone: str, words: Words) -> str:
    """How many civil days are left, or have passed, in the window's zone."""
    if now < opens_at:
        days = _days_between(now, opens_at, zone)
        return words.count("opens in {n} day", "opens in {n} days", days)
    if now < due_at:
        return words.count(
            "{n} day left, today counted", "{n} days left, today counted", days_left(now, due_at, zone)
        )
    days = _days_between(due_at, now, zone) + 1
    return words.count("ended {n} day ago", "ended {n} days ago", days)


def _days_between(earlier: datetime, later: datetime, zone: str) -> int:
    there = ZoneInfo(zone)
    return (later.astimezone(there).date() - earlier.astimezone(there).date()).days
