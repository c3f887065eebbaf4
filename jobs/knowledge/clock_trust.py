"""Whether our clock is to be believed now, by what is on record of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.clocks import TOLERANCE, ClockJudgement, ClockReading, Moment, judge_clock
from servanda.compliance.intervals import utc_text
from servanda.models.polls.clock_readings import last_clock_readings, newest_claim_at
from servanda.network.clock import Clock


class ClockUntrusted(Exception):
    """Our clock and others disagree: nothing is judged or mailed by it. The message says what to do."""


def present_moment(clock: Clock) -> Moment:
    """What the machine says now."""
    uptime = clock.uptime()
    return Moment(clock.now()) if uptime is None else Moment(clock.now(), uptime.boot, uptime.seconds)


def clock_judgement(db: Connection, moment: Moment, fresh: Sequence[ClockReading] = ()) -> ClockJudgement:
    """What is thought of our clock at a moment, by ``fresh`` readings and those on record.

    Where no publisher bears it out it must at least not be earlier than what was said last.
    """
    judgement = judge_clock(fresh, last_clock_readings(db), moment)
    if judgement.trust in ("borne_out", "disagrees"):
        return judgement
    said_at = newest_claim_at(db)
    return _set_back(moment.at, said_at) or judgement


def _set_back(now: datetime, said_at: datetime | None) -> ClockJudgement | None:
    if said_at is None or now >= said_at - TOLERANCE:
        return None
    reason = f"our clock says {utc_text(now)}, and the newest row of the database is of {utc_text(said_at)}"
    return ClockJudgement("disagrees", reason)


def refusal(judgement: ClockJudgement) -> ClockUntrusted:
    """Why nothing is judged or mailed, for a person."""
    return ClockUntrusted(
        f"{judgement.reason}; nothing is judged or mailed until they agree: set the clock of this machine, "
        "or look whether publishers can be reached (`servanda collect`)"
    )
