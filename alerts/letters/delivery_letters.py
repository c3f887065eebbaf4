"""The mails to operators about mail: an address that is suspended, a mail that was given up."""

from __future__ import annotations

from servanda.alerts.letters import common_sections as parts
from servanda.alerts.letters.letter import Commands, Facts, Letter, Paragraph, Section
from servanda.alerts.letters.phrases.kind_names import kind_name
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.delivery_payloads import AddressSuspended, MailGivenUp
from servanda.alerts.payloads.kinds import FLAGS, AlertKind
from servanda.alerts.text.sanitising import REASON_LIMIT, one_line
from servanda.alerts.text.translation import Words

ZONE = "UTC"
"""What concerns the monitor itself has no publisher's zone."""

SHOWN = 10
"""Alerts that are named; `servanda alerts` knows them all."""


def suspended_letter(alert: Alert, payload: AddressSuspended, words: Words) -> Letter:
    """What was refused, what follows for whom, and how to go on."""
    address = one_line(payload.address)
    title = words.say("Address suspended: {address}", address=address)
    known = words.count(
        "{n} mail was refused or came back. Nothing more is sent to this address until somebody resumes it.",
        "{n} mails in a row were refused or came back. Nothing more is sent to this address until somebody "
        "resumes it.",
        payload.refused,
    )
    withdrawn = words.count(
        "{n} mail that waited for it is withdrawn.",
        "{n} mails that waited for it are withdrawn.",
        payload.withdrawn,
    )
    facts = Facts(
        (
            (words.say("Address"), address),
            (words.say("Last answer"), one_line(payload.answer, REASON_LIMIT)),
        )
    )
    return parts.letter_of(
        title,
        Section(None, (Paragraph(known), Paragraph(withdrawn), facts)),
        _to_go_on(address, words),
        parts.timing_section(alert, ZONE, words),
    )


def _to_go_on(address: str, words: Words) -> Section:
    how = words.say("Ask whoever reads this address, or correct it. Others are told as before. To go on:")
    commands = Commands((f"servanda watchers resume {address}", f"servanda watchers remove {address}"))
    return Section(words.say("What to do"), (Paragraph(how), commands))


def given_up_letter(alert: Alert, payload: MailGivenUp, words: Words) -> Letter:
    """What was not told to whom, how long it was tried, and what was answered last."""
    address = one_line(payload.address)
    flag = not FLAGS.isdisjoint(AlertKind(name) for name in payload.kinds)
    title = words.say("Mail given up: {address}", address=address)
    known = words.count(
        "A mail to this address was tried {n} time and never taken. It is not tried again.",
        "A mail to this address was tried {n} times and never taken. It is not tried again.",
        payload.attempts,
    )
    grave = words.say(
        "It told of a window's end, a final word or a correction: its reader does not know of it."
    )
    facts = Facts(
        (
            (words.say("Address"), address),
            (words.say("Alerts"), words.list_of(map(str, payload.alerts[:SHOWN])) or words.say("none")),
            (
                words.say("Kinds"),
                words.list_of(kind_name(name, words) for name in payload.kinds) or words.say("none"),
            ),
            (words.say("First tried"), words.moment(payload.first_at, ZONE)),
            (words.say("Last tried"), words.moment(payload.last_at, ZONE)),
            (words.say("Last answer"), one_line(payload.answer, REASON_LIMIT)),
            ("Message-ID", one_line(payload.message_id)),
        )
    )
    commands = tuple(f"servanda alerts show {number}" for number in payload.alerts[:SHOWN])
    what = Paragraph(words.say("Tell its reader in another way. What it said, and every attempt:"))
    return parts.letter_of(
        title,
        Section(None, (Paragraph(known), *((Paragraph(grave),) if flag else ()), facts)),
        Section(words.say("What to do"), (what, Commands(commands or ("servanda alerts",)))),
        parts.timing_section(alert, ZONE, words),
    )
