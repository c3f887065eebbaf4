"""The letters of alerts: each written once for a language, then fitted to its reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from servanda.alerts.letters.additions import append_section, prepend_paragraph
from servanda.alerts.letters.digest_letters import DigestEntry, digest_entry, group_entries, order_entries
from servanda.alerts.letters.letter import Commands, Letter, Paragraph, Section
from servanda.alerts.letters.registry import write_letter
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.kinds import FLAGS, AlertKind
from servanda.alerts.payloads.reasons import from_json
from servanda.alerts.payloads.silence_payloads import SilenceEnded
from servanda.alerts.text.translation import Words
from servanda.alerts.text.translation import words as words_of
from servanda.compliance.watchers import Watcher
from servanda.jobs.alerting.stored_alerts import alert_of
from servanda.models.alerts import alerts as alert_rows
from servanda.models.alerts.alerts import Acknowledgement
from servanda.models.delivery import recipients
from servanda.models.delivery.recipients import Recipient
from servanda.models.store import Store

NAMED = 20
"""How many of the alerts that a silence withheld a digest names; the end in a mail of its own lists all."""


class LetterCache:
    """What was read and written so far, kept for one pass: thousands are told the same."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._alerts: dict[int, Alert] = {}
        self._letters: dict[tuple[int, str], Letter] = {}
        self._entries: dict[tuple[int, str], DigestEntry] = {}
        self._escalating_letters: dict[tuple[object, ...], Letter] = {}
        self._withheld: dict[int, dict[int, list[int]]] = {}
        self._escalates_at: dict[int, datetime] = {}
        self.acknowledged: dict[int, Acknowledgement] = {}

    def read(self, db: Connection, alerts: Iterable[int]) -> None:
        """Read alerts that were not, and what people have said of them by now."""
        asked = set(alerts)
        self._read_alerts(db, asked)
        flags = [alert for alert in asked if self._alerts[alert].kind in FLAGS]
        self.acknowledged |= alert_rows.acknowledgements(db, flags)
        self._escalates_at |= recipients.escalation_times(db, flags)
        for alert in asked - self._withheld.keys():
            payload = self._alerts[alert].payload
            if isinstance(payload, SilenceEnded):
                self._withheld[alert] = self._read_withheld(db, payload.id)

    def _read_withheld(self, db: Connection, silence: int) -> dict[int, list[int]]:
        """What a silence withheld from each watcher."""
        withheld = {
            watcher: list(reasons) for watcher, reasons in recipients.withheld_alerts(db, silence).items()
        }
        self._read_alerts(db, {alert for alerts in withheld.values() for alert in alerts})
        return withheld

    def _read_alerts(self, db: Connection, alerts: set[int]) -> None:
        for stored in alert_rows.alerts_by_id(db, alerts - self._alerts.keys()):
            self._alerts[stored.id] = alert_of(self._store, stored)

    def alert(self, alert: int) -> Alert:
        return self._alerts[alert]

    def letter(self, alert: int, words: Words) -> Letter:
        """What an alert says in a language, whoever reads it."""
        key = (alert, words.language)
        if key not in self._letters:
            self._letters[key] = write_letter(self._alerts[alert], words)
        return self._letters[key]

    def entry(self, alert: int, words: Words) -> DigestEntry:
        """What a digest says of an alert, whoever reads it."""
        key = (alert, words.language)
        if key not in self._entries:
            self._entries[key] = digest_entry(self._alerts[alert], self.letter(alert, words), words)
        return self._entries[key]

    def entry_for(self, alert: int, watcher: Watcher) -> DigestEntry:
        """What a digest says of an alert to this reader."""
        words = words_of(watcher.profile.language)
        entry = self.entry(alert, words)
        if alert not in self._withheld:
            return entry
        withheld = order_entries(self.entry(one, words) for one in self._withheld_alerts(alert, watcher))
        named = (f"– {other.entry.text} ({other.alert})" for other in withheld[:NAMED])
        lines = (*entry.entry.lines, _count_withheld(len(withheld), words), *named)
        return replace(entry, entry=replace(entry.entry, lines=lines))

    def _withheld_alerts(self, alert: int, watcher: Watcher) -> list[int]:
        """What the silence of which ``alert`` tells the end kept from this reader; from operators, all."""
        withheld = self._withheld[alert]
        if watcher.profile.operator:
            return sorted({one for alerts in withheld.values() for one in alerts})
        return sorted(withheld.get(watcher.id, ()))

    def letter_for(self, recipient: Recipient, watcher: Watcher) -> Letter:
        """What an alert says to this reader in a mail of its own."""
        words = words_of(watcher.profile.language)
        letter, alert = self.letter(recipient.alert, words), self._alerts[recipient.alert]
        if alert.kind is AlertKind.SILENCE_ENDED:
            return append_section(letter, self._withheld_from(recipient.alert, watcher, words))
        if alert.kind not in FLAGS or recipient.alert in self.acknowledged:
            return letter
        escalated = recipient.manner == "unacknowledged"
        minutes = from_json(recipient.why).subscription.unacknowledged_after if escalated else None
        zone = watcher.profile.zone
        key = (recipient.alert, words.language, minutes, zone)
        if key not in self._escalating_letters:
            self._escalating_letters[key] = self._escalating(letter, alert, minutes, zone, words)
        return self._escalating_letters[key]

    def _escalating(
        self, letter: Letter, alert: Alert, minutes: int | None, zone: str, words: Words
    ) -> Letter:
        """With who comes next, and how to say that somebody has taken note; unchanged where nobody does."""
        assert alert.id is not None
        if minutes is not None:
            wait = words.length(timedelta(minutes=minutes))
            letter = prepend_paragraph(
                letter, words.say("Nobody acknowledged this within {time}; you are next.", time=wait)
            )
            lead = words.say("Say so when you have taken note:")
        elif alert.id in self._escalates_at:
            at = words.moment(self._escalates_at[alert.id], zone)
            lead = words.say("Say so when you have taken note, or others are told from {moment}:", moment=at)
        else:
            return letter
        command = f"servanda alerts acknowledge {alert.id} --by NAME --note TEXT"
        return append_section(
            letter, Section(words.say("To acknowledge"), (Paragraph(lead), Commands((command,))))
        )

    def _withheld_from(self, alert: int, watcher: Watcher, words: Words) -> Section:
        """What the silence kept from this reader, or from everybody where they are an operator."""
        withheld = self._withheld_alerts(alert, watcher)
        if not withheld:
            return Section(None, (Paragraph(words.say("Nothing was withheld from you meanwhile.")),))
        lead = _count_withheld(len(withheld), words)
        listed = group_entries([self.entry(one, words) for one in withheld], words)
        blocks = [part for section in listed for part in (Paragraph(section.title or ""), *section.blocks)]
        return Section(words.say("What was withheld"), (Paragraph(lead), *blocks))


def _count_withheld(number: int, words: Words) -> str:
    return words.count("{n} alert was withheld meanwhile.", "{n} alerts were withheld meanwhile.", number)
