"""The mail that ends a silence aloud."""

from __future__ import annotations

from servanda.alerts.letters.letter import Facts, Letter, Paragraph, Section
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.silence_payloads import SilenceEnded
from servanda.alerts.text.sanitising import REASON_LIMIT, one_line
from servanda.alerts.text.translation import Words

ZONE = "UTC"
"""A silence is of no place."""


def silence_letter(_alert: Alert, payload: SilenceEnded, words: Words) -> Letter:
    """Whose silence it was, of what, why, and how it ended."""
    what = silenced(payload, words)
    by = one_line(payload.by)
    if payload.ended_by is None:
        ended = words.say("Its time was over. From now on you are told again.")
    else:
        ended = words.say(
            "{name} ended it: {reason}. From now on you are told again.",
            name=one_line(payload.ended_by),
            reason=one_line(payload.end_reason, REASON_LIMIT),
        )
    rows = (
        (words.say("Silence"), str(payload.id)),
        (words.say("Silenced"), what),
        (words.say("By"), by),
        (words.say("Reason"), one_line(payload.reason, REASON_LIMIT)),
        (words.say("From"), words.moment(payload.from_at, ZONE)),
        (words.say("Until"), words.moment(payload.until_at, ZONE)),
        (words.say("Ended"), words.moment(payload.ended_at, ZONE)),
        (words.say("Alerts withheld"), words.number(payload.withheld)),
    )
    headline = words.say("A silence has ended: {what}", what=what)
    return Letter(headline, headline, (Section(None, (Paragraph(ended), Facts(rows))),))


def silenced(payload: SilenceEnded, words: Words) -> str:
    """What was silenced, in a line: ``us-mexico-2019, source:mx-sre, candidate``."""
    named = (payload.instrument, payload.subject, *payload.kinds)
    return ", ".join(one_line(part) for part in named if part) or words.say("everything")
