"""A verdict in words. Never "violated", "failed" or "breach": what a silence means, people say."""

from __future__ import annotations

from servanda.alerts.letters.letter import Entry
from servanda.alerts.payloads.parts import CoverageBrief, WindowBrief
from servanda.alerts.payloads.window_payloads import WindowVerdict
from servanda.alerts.text.msgid import msgid
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.times import last_second
from servanda.alerts.text.translation import Words
from servanda.compliance.vocabulary import ENDED_PHASES, Condition, Phase, VerdictValue

GAPS_SHOWN = 3

IN_SHORT = {
    VerdictValue.NOT_TRIGGERED: msgid("condition not met, nothing was due"),
    VerdictValue.ANNOUNCED: msgid("announced inside the window"),
    VerdictValue.ANNOUNCED_LATE: msgid("announced some time after the window"),
    VerdictValue.ANNOUNCED_PARTIAL: msgid("announced in part"),
    VerdictValue.PENDING: msgid("still open"),
    VerdictValue.UNVERIFIED: msgid("absence not proven"),
    VerdictValue.NONE_FOUND: msgid("no announcement found, coverage complete"),
}

SENTENCES = {
    VerdictValue.NOT_TRIGGERED: msgid("The condition is recorded as not met, so nothing was due."),
    VerdictValue.ANNOUNCED: msgid("An announcement published inside the window has been accepted."),
    VerdictValue.ANNOUNCED_PARTIAL: msgid(
        "Part of what was due was published inside the window and has been accepted."
    ),
    VerdictValue.PENDING: msgid("The window is open. No announcement has been accepted."),
}

CONDITIONS = {
    Condition.UNKNOWN: msgid("The condition “{condition}” is recorded neither as met nor as not met."),
    Condition.MET: msgid("The condition “{condition}” is recorded as met."),
    Condition.NOT_MET: msgid("The condition “{condition}” is recorded as not met."),
}

PHASES = {
    Phase.PENDING: msgid("pending"),
    Phase.OPEN: msgid("open"),
    Phase.ELAPSED: msgid("elapsed"),
    Phase.SETTLED: msgid("settled"),
}


def verdict_in_short(value: VerdictValue, words: Words, late_by_days: int | None = None) -> str:
    """A few words, for a subject or a table."""
    if value is VerdictValue.ANNOUNCED_LATE and late_by_days is not None:
        return words.count(
            "announced {n} day after the window", "announced {n} days after the window", late_by_days
        )
    if value is VerdictValue.ANNOUNCED_PARTIAL and late_by_days is not None:
        return words.count(
            "announced in part {n} day after the window",
            "announced in part {n} days after the window",
            late_by_days,
        )
    return words.say(IN_SHORT[value])


def verdict_name(
    value: VerdictValue, words: Words, *, final: bool | None = None, late_by_days: int | None = None
) -> str:
    """The verdict's own name, which is the same in every language, and what it means."""
    means = verdict_in_short(value, words, late_by_days)
    if final is None:
        return words.say("{name} ({meaning})", name=value.value, meaning=means)
    if final:
        return words.say("{name} ({meaning}), final", name=value.value, meaning=means)
    return words.say("{name} ({meaning}), not final", name=value.value, meaning=means)


def verdict_sentence(verdict: WindowVerdict, words: Words) -> str:
    """What is known of the window, in full."""
    window, value = verdict.window, verdict.value
    if value is VerdictValue.ANNOUNCED_PARTIAL and verdict.late_by_days is not None:
        return f"{_late_in_part(verdict.late_by_days, words)} {_absence_inside(verdict, words)}"
    if value in SENTENCES:
        return words.say(SENTENCES[value])
    if value is VerdictValue.ANNOUNCED_LATE:
        return _late(verdict, words)
    if value is VerdictValue.UNVERIFIED:
        return words.count(
            "No announcement has been accepted, and absence is not proven: {n} duty is unmet.",
            "No announcement has been accepted, and absence is not proven: {n} duties are unmet.",
            len(verdict.duties),
        )
    return words.say(
        "No announcement found in the monitored official sources between {start} and {end} "
        "(coverage complete).",
        start=words.local(window.opens_at, window.zone),
        end=words.local(last_second(window.due_at), window.zone),
    )


def _late(verdict: WindowVerdict, words: Words) -> str:
    if verdict.absence_proven:
        return words.count(
            "An announcement published {n} day after the window ended has been accepted. "
            "Absence inside the window is proven.",
            "An announcement published {n} days after the window ended has been accepted. "
            "Absence inside the window is proven.",
            verdict.late_by_days or 0,
        )
    return words.count(
        "An announcement published {n} day after the window ended has been accepted. "
        "Absence inside the window is not proven.",
        "An announcement published {n} days after the window ended has been accepted. "
        "Absence inside the window is not proven.",
        verdict.late_by_days or 0,
    )


def _late_in_part(days: int, words: Words) -> str:
    return words.count(
        "Part of what was due was published {n} day after the window ended, and has been accepted.",
        "Part of what was due was published {n} days after the window ended, and has been accepted.",
        days,
    )


def _absence_inside(verdict: WindowVerdict, words: Words) -> str:
    if verdict.absence_proven:
        return words.say("Absence inside the window is proven.")
    return words.say("Absence inside the window is not proven.")


def ended_sentence(window: WindowBrief, words: Words) -> str:
    """``The window ended 5 September 2019, 23:59:59 Washington.``"""
    end = words.local(last_second(window.due_at), window.zone)
    return words.say("The window ended {moment}.", moment=end)


def condition_sentence(window: WindowBrief, condition: Condition, phase: Phase, words: Words) -> str | None:
    """What the text's condition means for the answer; None where the commitment is unconditional."""
    if window.condition is None:
        return None
    text = one_line(window.condition)
    if condition is Condition.UNKNOWN and phase in ENDED_PHASES:
        return words.say(
            "The condition “{condition}” is recorded neither as met nor as not met: "
            "nothing may have been due.",
            condition=text,
        )
    return words.say(CONDITIONS[condition], condition=text)


def coverage_entry(coverage: CoverageBrief, window: WindowBrief, words: Words) -> Entry:
    """How much of the window a source's readings have seen: all, up to an instant, or all but gaps."""
    title, gaps = one_line(coverage.title), coverage.gaps
    if not gaps:
        return Entry(words.say("{source}: covered in full", source=title))
    if len(gaps) == 1 and gaps[0].until_at >= window.due_at:
        if gaps[0].from_at <= window.opens_at:
            return Entry(words.say("{source}: not covered at all", source=title))
        until = words.moment(gaps[0].from_at, window.zone)
        return Entry(words.say("{source}: covered to {moment}", source=title, moment=until))
    shown = [words.stretch(gap, window.zone) for gap in gaps[:GAPS_SHOWN]]
    if len(gaps) > GAPS_SHOWN:
        shown.append(words.count("and {n} more gap", "and {n} more gaps", len(gaps) - GAPS_SHOWN))
    if coverage.complete:
        text = words.say("{source}: not covered, within the declared tolerance, from", source=title)
    else:
        text = words.say("{source}: not covered from", source=title)
    return Entry(text, tuple(shown))
