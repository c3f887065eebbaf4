"""Send every envelope that is due, under a lease, and record what the server answered.

An envelope counts as sent once the server has said 250, and not before. Each is settled before the next one
leaves, in the transaction that leases the next: a sender that is killed leaves at most one in doubt.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from dataclasses import replace
from datetime import timedelta
from typing import get_args

from sqlalchemy import Connection

from servanda.alerts.channels.delivery import DeliveryError, DeliveryWithheld, RecheckContent
from servanda.alerts.payloads.kinds import FLAGS
from servanda.compliance.watchers import Channel
from servanda.jobs.bootstrap.progress import OnStep, no_progress
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.delivery.dispatch import dispatch
from servanda.jobs.delivery.late_notice import content_to_send
from servanda.jobs.delivery.outcomes import DeliveryAttempt, record_delivery
from servanda.jobs.delivery.rate_limit import RateLimiter
from servanda.jobs.delivery.sender_locks import dead_senders, hold_sender_lock, lock_files
from servanda.models.delivery import envelopes
from servanda.models.delivery.envelopes import Envelope
from servanda.models.delivery.mail_queue import due_envelopes

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)
"""Longer than one delivery can take: what is left of it is looked at before the content is handed over."""

LONGEST_HANDOVER = timedelta(minutes=12, seconds=10)
"""How long a delivery may last from then on (``alerts.channels.smtp_connection.Patience``, and some air)."""

SURE_FOR = timedelta(seconds=1)
"""How long after it was leased an envelope is ours without asking again."""

LOOKED_AHEAD = 100
"""Envelopes whose order is settled at once; a more urgent one that comes meanwhile waits for so many."""

LOST_IN_A_ROW = 2
"""Conversations lost one after the other: it is not the mails, it is the server."""

SYNCED_EVERY = 1.0
"""Seconds: what a loss of power may have sent twice. A sender that is killed loses nothing committed."""

LONGEST_PAUSE = timedelta(minutes=2)
"""A sender waits so long for its rate; for longer it leaves the rest to the next run."""


def send_envelopes(wiring: Wiring, on_step: OnStep = no_progress) -> Counter[str]:
    """Send what is due; counts what was ``sent``, ``deferred``, ``refused`` and ``postponed``."""
    counts: Counter[str] = Counter(sent=0, deferred=0, refused=0, postponed=0)
    with hold_sender_lock(wiring.settings.outbox / "senders") as ours, wiring.sender:
        release_dead_leases(wiring)
        for channel in get_args(Channel):
            _Round(wiring, ours, channel, counts, on_step).send_all()
    return counts


def release_dead_leases(wiring: Wiring) -> int:
    """Free what senders of this machine held that have ended; returns how many envelopes."""
    folder = wiring.settings.outbox / "senders"
    with wiring.store.reading() as db:
        held = envelopes.lease_holders(db)
    with dead_senders(folder, sorted({*held, *lock_files(folder)})) as ended:
        if not ended:
            return 0
        with wiring.store.writing() as db:
            return sum(envelopes.release_leases(db, one, wiring.now) for one in ended)


class _Round:
    """One way out, until nothing is due there, or its server cannot be reached."""

    def __init__(
        self, wiring: Wiring, by: str, channel: Channel, counts: Counter[str], on_step: OnStep
    ) -> None:
        self._wiring, self._by, self._channel = wiring, by, channel
        self._counts, self._on_step = counts, on_step
        self._pace = RateLimiter(wiring.settings.smtp_rate if channel == "mail" else (), wiring.replay)
        self._ahead: deque[int] = deque()
        self._lost = 0
        self._over = False
        self._synced_at = wiring.clock.monotonic()

    def send_all(self) -> None:
        self._look_ahead()
        answered: DeliveryAttempt | None = None
        while self._ahead or answered is not None:
            with self._wiring.store.writing(synced=self._is_time_to_sync()) as db:
                if answered is not None:
                    self._settle(db, answered)
                envelope, pause = self._next(db)
            answered = None
            if envelope is not None:
                self._on_step(_to(envelope), self._counts.total(), 0)
                answered = self._deliver(envelope)
            elif timedelta(0) < pause <= LONGEST_PAUSE:
                self._wiring.clock.sleep(pause.total_seconds())
            elif pause or self._over:
                return
            if not self._ahead:
                self._look_ahead()

    def _is_time_to_sync(self) -> bool:
        """Not for each mail: a disk takes longer for that than a server for a mail. The last one always."""
        monotonic = self._wiring.clock.monotonic()
        if self._ahead and monotonic < self._synced_at + SYNCED_EVERY:
            return False
        self._synced_at = monotonic
        return True

    def _look_ahead(self) -> None:
        with self._wiring.store.reading() as db:
            found = due_envelopes(db, self._channel, self._wiring.now, LOOKED_AHEAD, FLAGS)
        self._ahead.extend(found)

    def _next(self, db: Connection) -> tuple[Envelope | None, timedelta]:
        """Lease what is next, or say how long to wait before that."""
        if self._over:
            return None, timedelta(0)
        pause = self._pace.wait(db, self._wiring.clock)
        if pause:
            return None, pause
        while self._ahead:
            one, now = self._ahead.popleft(), self._wiring.now
            envelope = envelopes.lease_envelope(db, one, self._by, now, LEASE)
            if envelope is not None:
                return envelope, pause
        return None, pause

    def _deliver(self, envelope: Envelope) -> DeliveryAttempt:
        """Try one envelope; nothing of what comes of it is recorded yet."""
        self._pace.note(self._wiring.clock)
        try:
            receipt = dispatch(self._wiring, envelope, self._last_look(envelope))
        except DeliveryError as error:
            log.warning("%s to %s not delivered: %s", self._channel, _to(envelope), error)
            return DeliveryAttempt(envelope, error=error)
        except DeliveryWithheld as reason:
            log.warning("%s to %s withheld: %s", self._channel, _to(envelope), reason)
            return DeliveryAttempt(envelope)
        return DeliveryAttempt(envelope, receipt=receipt)

    def _last_look(self, envelope: Envelope) -> RecheckContent:
        """Right before the content: is it still ours to send, and for long enough; and which bytes."""
        wiring, by = self._wiring, self._by
        monotonic, at = wiring.clock.monotonic(), wiring.now

        def look() -> bytes:
            passed = max(timedelta(seconds=wiring.clock.monotonic() - monotonic), wiring.now - at)
            if passed > LEASE - LONGEST_HANDOVER:
                raise DeliveryWithheld(f"{passed} after it was leased too little of the lease is left")
            if passed > SURE_FOR:
                with wiring.store.reading() as db:
                    if not envelopes.holds_lease(db, envelope.id, by, wiring.now):
                        raise DeliveryWithheld("another sender has it by now, or it was withdrawn")
            return content_to_send(wiring, by, envelope)

        return look

    def _settle(self, db: Connection, answered: DeliveryAttempt) -> None:
        """Record what was answered, and let wait what would meet the same."""
        wiring, error = self._wiring, answered.error
        answered = replace(answered, of_server=self._is_of_server(answered))
        came = record_delivery(db, wiring, self._by, answered)
        self._counts[came.what] += 1
        if error is None:
            return
        if answered.of_server:
            self._over = True
            waiting = envelopes.postpone(db, self._channel, wiring.now, came.due_at)
            self._counts["postponed"] += waiting
        elif error.concerns == "recipient" and not error.permanent:
            watcher = answered.envelope.watcher
            waiting = envelopes.postpone(db, self._channel, wiring.now, came.due_at, watcher=watcher)
            self._counts["postponed"] += waiting

    def _is_of_server(self, answered: DeliveryAttempt) -> bool:
        """Whether a failure speaks of the server: by itself, or because the one before it was lost, too."""
        error = answered.error
        if error is None:
            self._lost = 0
            return False
        self._lost = self._lost + 1 if error.code == 0 and not error.permanent else 0
        return error.concerns == "server" or (self._channel == "mail" and self._lost >= LOST_IN_A_ROW)


def _to(envelope: Envelope) -> str:
    """To whom, for people to read; the address of a webhook or a chat may be a key."""
    return envelope.recipient if envelope.channel == "mail" else f"watcher {envelope.watcher}"
