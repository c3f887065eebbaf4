"""Give every alert its recipients, once: who is told, in what manner, why, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import get_args

from sqlalchemy import Connection

from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.document_payloads import EvidencePayload
from servanda.alerts.payloads.kinds import FLAGS, AlertKind
from servanda.alerts.payloads.reasons import RecipientReason, to_json
from servanda.alerts.payloads.reasons import from_json as why_of
from servanda.alerts.payloads.silence_payloads import SilenceEnded
from servanda.alerts.routing.digest_schedule import next_slot
from servanda.alerts.routing.routing import Manner, RoutedRecipient, Topic, choose_recipients
from servanda.compliance.intervals import utc_text
from servanda.compliance.watchers import Frequency, Watcher
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.alerting.stored_alerts import alert_of
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.delivery import silences as silencing
from servanda.models.alerts import alerts as alert_rows
from servanda.models.alerts.alerts import StoredAlert
from servanda.models.alerts.silences import Silence
from servanda.models.delivery import recipients
from servanda.models.delivery.recipients import Recipient, RecipientOutcome
from servanda.models.delivery.watchers import watchers


def route_alerts(ledger: Ledger, catalogue: Catalogue) -> int:
    """Route every alert that was not; returns how many there were.

    Each in a transaction of its own: a run that is killed and run again gives each its recipients once. Who
    watches is read once, after the alerts: whoever watched when one was made is among them.
    """
    with ledger.reading() as (db, _):
        unrouted = alert_rows.unrouted_alerts(db)
        everyone = watchers(db) if unrouted else []
    for stored in unrouted:
        _route(ledger, catalogue, stored, everyone)
    return len(unrouted)


def _route(ledger: Ledger, catalogue: Catalogue, stored: StoredAlert, everyone: Sequence[Watcher]) -> None:
    alert = alert_of(ledger.store, stored)
    with ledger.writing() as (db, now):
        routed = _who(db, alert, catalogue, everyone)
        if not recipients.mark_routed(db, stored.id, len(routed), now):
            return
        silence = silencing.withholding_silence(
            silencing.running_silences(db, now), stored, _subjects(db, stored, alert)
        )
        rows = RecipientRows(alert, silence, now)
        recipients.add_recipients(db, [rows.recipient(person) for person in routed])
        if silence is not None:
            recipients.record_recipient_outcomes(
                db, [_withheld(person.watcher.id, stored.id, silence) for person in routed], now
            )


def _who(
    db: Connection, alert: Alert, catalogue: Catalogue, everyone: Sequence[Watcher]
) -> Sequence[RoutedRecipient]:
    if isinstance(alert.payload, SilenceEnded):
        return tuple(_spared(recipients.withheld_alerts(db, alert.payload.id), everyone))
    return choose_recipients(topic_of(alert, catalogue), everyone)


def _spared(
    withheld: dict[int, dict[int, dict[str, object]]], everyone: Iterable[Watcher]
) -> Iterable[RoutedRecipient]:
    """Whom a silence kept something from, for the reason and at the pace at which they would have been told;
    and the operators, who hear of every end."""
    for watcher in everyone:
        if watcher.active and watcher.id in withheld:
            reasons = [why_of(stored) for stored in withheld[watcher.id].values()]
            why = min(reasons, key=lambda why: get_args(Frequency).index(why.subscription.frequency))
            at_once = why.subscription.frequency == "at_once"
            yield RoutedRecipient(watcher, "at_once" if at_once else "digest", why)
        elif watcher.active and watcher.profile.operator:
            yield RoutedRecipient(watcher, "at_once", RecipientReason("operator"))


def _subjects(db: Connection, stored: StoredAlert, alert: Alert) -> set[str]:
    """All that an alert is about, as silences name it."""
    named = {f"window:{window.id}" for window in alert.payload.references.windows}
    return named | alert_rows.subjects_of(db, stored)


def _withheld(watcher: int, alert: int, silence: Silence) -> RecipientOutcome:
    why = f"silenced by {silence.by} until {utc_text(silence.until_at)}: {silence.reason}"
    return RecipientOutcome(watcher, alert, omitted=why, silence=silence.id)


class RecipientRows:
    """The rows of the recipients of one alert; what thousands share is worked out once."""

    def __init__(self, alert: Alert, silence: Silence | None, now: datetime) -> None:
        self._alert = alert
        self._silence = silence
        self._now = now
        self._slots: dict[tuple[object, ...], datetime] = {}
        self._reasons: dict[RecipientReason, dict[str, object]] = {}

    def recipient(self, routed: RoutedRecipient) -> Recipient:
        assert self._alert.id is not None
        manner = self._manner(routed)
        if routed.why not in self._reasons:
            self._reasons[routed.why] = to_json(routed.why)
        return Recipient(
            alert=self._alert.id,
            watcher=routed.watcher.id,
            manner="silenced" if self._silence is not None else manner,
            why=self._reasons[routed.why],
            due_at=self._now if self._silence is not None else self._due_at(routed, manner),
            known_at=self._now,
        )

    def _manner(self, routed: RoutedRecipient) -> Manner:
        """A flag is never bundled, whatever the pace."""
        return "at_once" if routed.manner == "digest" and self._alert.kind in FLAGS else routed.manner

    def _due_at(self, routed: RoutedRecipient, manner: Manner) -> datetime:
        if manner == "unacknowledged":
            return self._alert.known_at + timedelta(minutes=routed.why.subscription.unacknowledged_after or 0)
        return self._now if manner == "at_once" else self._slot(routed)

    def _slot(self, routed: RoutedRecipient) -> datetime:
        wanted, pace = routed.watcher.profile, routed.why.subscription.frequency
        assert pace != "at_once"
        key = (pace, wanted.zone, wanted.hour, wanted.weekday)
        if key not in self._slots:
            self._slots[key] = next_slot(pace, wanted, self._now)
        return self._slots[key]


def topic_of(alert: Alert, catalogue: Catalogue) -> Topic:
    """What an alert is about: its commitments as its payload names them, and who owes them."""
    named = commitments_of(alert)
    parties: set[str] = set()
    for instrument in catalogue.instruments:
        if instrument.id == alert.instrument:
            owed = [c for c in instrument.commitments if c.id in named]
            parties.update(debtor for commitment in owed for debtor in commitment.debtors)
    return Topic(alert.kind, alert.instrument, named, tuple(sorted(parties)), related_kinds(alert))


def related_kinds(alert: Alert) -> tuple[AlertKind, ...]:
    """The kinds of which an alert speaks besides.

    A verdict tells of the condition that decided it, a candidate of what else it is evidence of.
    """
    payload = alert.payload
    if alert.kind is AlertKind.CANDIDATE and isinstance(payload, EvidencePayload) and payload.matches:
        return (AlertKind.NEW_EVIDENCE,)
    decision = payload.references.decision
    on_condition = decision is not None and decision.on == "condition"
    return (AlertKind.CONDITION_RECORDED,) if on_condition else ()


def commitments_of(alert: Alert) -> tuple[str, ...]:
    """The ids of the commitments that an alert's payload names."""
    return tuple(dict.fromkeys(commitment.id for commitment in alert.payload.references.commitments))
