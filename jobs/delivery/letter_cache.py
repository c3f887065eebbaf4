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
from servanda.alerts.payloads.silence_payloads import SilenceEnded
from servanda.alerts.text.translation import Words, words
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
        self._briefs: dict[tuple[int, str], DigestEntry] = {}
        self._fitted: dict[tuple[object, ...], Letter] = {}
        self._withheld: dict[int, dict[int, list[int]]] = {}
        self._escalates_at: dict[int, datetime] = {}
        self.acknowledged: dict[int, Acknowledgement] = {}

    def read(self, db: Connection, alerts: Iterable[int]) -> None:
        """Read alerts that were not, and what people have said of them by now."""
        asked = set(alerts)
        self._read_alerts(db, asked)
        flags = [one for one in asked if self._alerts[one].kind in FLAGS]
        self.acknowledged |= alert_rows.acknowledgements(db, flags)
        self._escalates_at |= recipients.escalation_times(db, flags)
        for one in asked:
            payload = self._alerts[one].payload
            if isinstance(payload, SilenceEnded) and one not in self._withheld:
                found = recipients.withheld_alerts(db, payload.id)
                self._withheld[one] = {watcher: list(theirs) for watcher, theirs in found.items()}
                self._read_alerts(db, {alert for theirs in found.values() for alert in theirs})

    def _read_alerts(self, db: Connection, alerts: set[int]) -> None:
        for stored in alert_rows.alerts_by_id(db, alerts - self._alerts.keys()):
            self._alerts[stored.id] = alert_of(self._store, stored)

    def alert(self, alert: int) -> Alert:
        return self._alerts[alert]

    def letter(self, alert: int, told: Words) -> Letter:
        """What an alert says in a language, whoever reads it."""
        key = (alert, told.language)
        if key not in self._letters:
            self._letters[key] = write_letter(self._alerts[alert], told)
        return self._letters[key]

    def brief(self, alert: int, told: Words) -> DigestEntry:
        """What a digest says of an alert, whoever reads it."""
        key = (alert, told.language)
        if key not in self._briefs:
            self._briefs[key] = digest_entry(self._alerts[alert], self.letter(alert, told), told)
        return self._briefs[key]

    def brief_for(self, alert: int, watcher: Watcher) -> DigestEntry:
        """What a digest says of an alert to this reader."""
        told = words(watcher.profile.language)
        found = self.brief(alert, told)
        if alert not in self._withheld:
            return found
        theirs = order_entries(self.brief(one, told) for one in self._theirs(alert, watcher))
        number = told.count(
            "{n} alert was withheld meanwhile.", "{n} alerts were withheld meanwhile.", len(theirs)
        )
        named = (f"– {one.entry.text} ({one.alert})" for one in theirs[:NAMED])
        return replace(found, entry=replace(found.entry, lines=(*found.entry.lines, number, *named)))

    def _theirs(self, alert: int, watcher: Watcher) -> list[int]:
        """What the silence of which ``alert`` tells the end kept from this reader; from operators, all."""
        found = self._withheld[alert]
        if watcher.profile.operator:
            return sorted({one for every in found.values() for one in every})
        return sorted(found.get(watcher.id, ()))

    def fitted(self, one: Recipient, watcher: Watcher) -> Letter:
        """What an alert says to this reader in a mail of its own."""
        told = words(watcher.profile.language)
        letter, alert = self.letter(one.alert, told), self._alerts[one.alert]
        if alert.kind is AlertKind.SILENCE_ENDED:
            return append_section(letter, self._withheld_from(one.alert, watcher, told))
        if alert.kind not in FLAGS or one.alert in self.acknowledged:
            return letter
        minutes = one.why.get("unacknowledged_after") if one.manner == "unacknowledged" else None
        key = (one.alert, told.language, minutes, watcher.profile.zone)
        if key not in self._fitted:
            self._fitted[key] = self._escalating(letter, alert, minutes, watcher.profile.zone, told)
        return self._fitted[key]

    def _escalating(
        self, letter: Letter, alert: Alert, minutes: int | None, zone: str, told: Words
    ) -> Letter:
        """With who comes next, and how to say that somebody has taken note; unchanged where nobody does."""
        assert alert.id is not None
        if minutes is not None:
            wait = told.length(timedelta(minutes=minutes))
            letter = prepend_paragraph(
                letter, told.say("Nobody acknowledged this within {time}; you are next.", time=wait)
            )
            lead = told.say("Say so when you have taken note:")
        elif alert.id in self._escalates_at:
            at = told.moment(self._escalates_at[alert.id], zone)
            lead = told.say("Say so when you have taken note, or others are told from {moment}:", moment=at)
        else:
            return letter
        command = f"servanda alerts acknowledge {alert.id} --by NAME --note TEXT"
        return append_section(
            letter, Section(told.say("To acknowledge"), (Paragraph(lead), Commands((command,))))
        )

    def _withheld_from(self, alert: int, watcher: Watcher, told: Words) -> Section:
        """What the silence kept from this reader, or from everybody where they are an operator."""
        theirs = self._theirs(alert, watcher)
        if not theirs:
            return Section(None, (Paragraph(told.say("Nothing was withheld from you meanwhile.")),))
        lead = told.count(
            "{n} alert was withheld meanwhile.", "{n} alerts were withheld meanwhile.", len(theirs)
        )
        listed = group_entries([self.brief(one, told) for one in theirs], told)
        blocks = [part for section in listed for part in (Paragraph(section.title or ""), *section.blocks)]
        return Section(told.say("What was withheld"), (Paragraph(lead), *blocks))
