"""Give every alert its recipients, once: who is told, in what manner, why, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

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
from servanda.compliance.watchers import Watcher
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.alerting.stored_alerts import alert_of
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.delivery import silences as silencing
from servanda.models.alerts import alerts as alert_rows
from servanda.models.alerts.alerts import StoredAlert
from servanda.models.alerts.silences import Silence
from servanda.models.delivery import recipients
from servanda.models.delivery.recipients import Recipient, RecipientOutcome
from servanda.models.delivery.watchers import watchers


def route_alerts(wiring: Wiring) -> int:
    """Route every alert that was not; returns how many there were.

    Each in a transaction of its own: a run that is killed and run again gives each its recipients once. Who
    watches is read once, after the alerts: whoever watched when one was made is among them.
    """
    with wiring.store.reading() as db:
        unrouted = alert_rows.unrouted_alerts(db)
        everyone = watchers(db) if unrouted else []
    for stored in unrouted:
        _route(wiring, stored, everyone)
    return len(unrouted)


def _route(wiring: Wiring, stored: StoredAlert, everyone: Sequence[Watcher]) -> None:
    alert = alert_of(wiring.store, stored)
    now = wiring.now
    with wiring.store.writing() as db:
        found = _who(db, alert, wiring.catalogue, everyone)
        if not recipients.mark_routed(db, stored.id, len(found), now):
            return
        silence = silencing.withholding_silence(
            silencing.running_silences(db, now), stored, _subjects(db, stored, alert)
        )
        rows = RecipientRows(alert, silence, now)
        recipients.add_recipients(db, [rows.recipient(one) for one in found])
        if silence is not None:
            recipients.record_recipient_outcomes(
                db, [_withheld(one.watcher.id, stored.id, silence) for one in found], now
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
            reasons = [why_of(one) for one in withheld[watcher.id].values()]
            why = min(reasons, key=lambda one: ("at_once", "daily", "weekly").index(one.frequency))
            yield RoutedRecipient(watcher, "at_once" if why.frequency == "at_once" else "digest", why)
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

    def recipient(self, one: RoutedRecipient) -> Recipient:
        assert self._alert.id is not None
        manner = self._manner(one)
        if one.why not in self._reasons:
            self._reasons[one.why] = to_json(one.why)
        return Recipient(
            alert=self._alert.id,
            watcher=one.watcher.id,
            manner="silenced" if self._silence is not None else manner,
            why=self._reasons[one.why],
            due_at=self._now if self._silence is not None else self._due_at(one, manner),
            known_at=self._now,
        )

    def _manner(self, one: RoutedRecipient) -> Manner:
        """A flag is never bundled, whatever the pace."""
        return "at_once" if one.manner == "digest" and self._alert.kind in FLAGS else one.manner

    def _due_at(self, one: RoutedRecipient, manner: Manner) -> datetime:
        if manner == "unacknowledged":
            return self._alert.known_at + timedelta(minutes=one.why.unacknowledged_after or 0)
        return self._now if manner == "at_once" else self._slot(one)

    def _slot(self, one: RoutedRecipient) -> datetime:
        wanted, pace = one.watcher.profile, one.why.frequency
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
