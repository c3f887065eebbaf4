"""How a due date follows from the text, said wherever the date is shown."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from servanda.alerts.payloads.parts import CountBrief, WindowBrief
from servanda.alerts.text.msgid import msgid
from servanda.alerts.text.sanitising import one_line
from servanda.alerts.text.times import last_second
from servanda.alerts.text.translation import Words
from servanda.compliance.windows import CivilDuration

ANCHOR_NOT_COUNTED = {
    "publication": msgid("day of publication not counted"),
    "signature": msgid("day of signature not counted"),
    "determination": msgid("day of determination not counted"),
    None: msgid("day of the anchor not counted"),
}
ANCHOR_COUNTED = {
    "publication": msgid("day of publication counted"),
    "signature": msgid("day of signature counted"),
    "determination": msgid("day of determination counted"),
    None: msgid("day of the anchor counted"),
}


def derivation(window: WindowBrief, words: Words) -> str:
    """``7 June 2019 + 90 calendar days, day of publication not counted, …: ends 5 September 2019 23:59:59``.

    What was stored before its parts were is said as it was stored, in English.
    """
    if window.count is None:
        return one_line(window.derivation)
    counted = window.count
    last_on = last_second(window.due_at).astimezone(ZoneInfo(counted.zone)).date()
    rule = ANCHOR_COUNTED if counted.anchor_counted else ANCHOR_NOT_COUNTED
    return words.say(
        "{anchor} + {duration}, {rule}, {zone}: ends {date} 23:59:59",
        anchor=words.long_date(counted.anchor_on),
        duration=_duration(counted, words),
        rule=words.say(rule[counted.event]),
        zone=counted.zone,
        date=words.long_date(last_on),
    )


def _duration(counted: CountBrief, words: Words) -> str:
    """``90 calendar days``, ``1 year and 2 months``."""
    duration = CivilDuration.parse(counted.duration)
    parts = (
        words.count("{n} year", "{n} years", duration.years) if duration.years else "",
        words.count("{n} month", "{n} months", duration.months) if duration.months else "",
        words.count("{n} calendar day", "{n} calendar days", duration.days) if duration.days else "",
    )
    return words.list_of(filter(None, parts))
