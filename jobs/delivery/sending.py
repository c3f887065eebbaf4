"""Send every envelope that is due, under a lease, and record what the server answered.

An envelope counts as sent once the server has said 250, and not before. Each is settled before the next one
leaves, in the transaction that leases the next: a sender that is killed leaves at most one in doubt.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

from sqlalchemy import Connection

from servanda.alerts.channels.delivery import DeliveryError, DeliveryWithheld, RecheckContent
from servanda.alerts.formats.letterhead import Letterhead
from servanda.alerts.payloads.kinds import FLAGS
from servanda.compliance.watchers import Channel
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.progress import OnStep, no_progress
from servanda.jobs.bootstrap.rates import RateLimit
from servanda.jobs.delivery.dispatch import Transports, dispatch
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


@dataclass(frozen=True, slots=True)
class SenderSetup:
    """What a sender works with. Each locks a file in the folder ``locks``; ``suspend_after`` is how many
    mails in a row an address refuses before it is suspended.
    """

    ledger: Ledger
    transports: Transports
    letterhead: Letterhead
    locks: Path
    mail_rate: tuple[RateLimit, ...]
    suspend_after: int


def send_envelopes(setup: SenderSetup, on_step: OnStep = no_progress) -> Counter[str]:
    """Send what is due; counts what was ``sent``, ``deferred``, ``refused`` and ``postponed``."""
    counts: Counter[str] = Counter(sent=0, deferred=0, refused=0, postponed=0)
    with hold_sender_lock(setup.locks) as ours, setup.transports.mail:
        release_dead_leases(setup.ledger, setup.locks)
        for channel in get_args(Channel):
            _ChannelRun(setup, ours, channel, counts, on_step).send_all()
    return counts


def release_dead_leases(ledger: Ledger, locks: Path) -> int:
    """Free what senders of this machine held that have ended; returns how many envelopes."""
    with ledger.reading() as (db, _):
        holders = envelopes.lease_holders(db)
    with dead_senders(locks, sorted({*holders, *lock_files(locks)})) as ended:
        if not ended:
            return 0
        with ledger.writing() as (db, now):
            return sum(envelopes.release_leases(db, sender, now) for sender in ended)


class _ChannelRun:
    """One way out, until nothing is due there, or its server cannot be reached."""

    def __init__(
        self, setup: SenderSetup, by: str, channel: Channel, counts: Counter[str], on_step: OnStep
    ) -> None:
        self._setup, self._by, self._channel = setup, by, channel
        self._counts, self._on_step = counts, on_step
        self._ledger, self._clock = setup.ledger, setup.ledger.clock
        rate = setup.mail_rate if channel == "mail" else ()
        self._limiter = RateLimiter(rate, self._clock, replay=self._ledger.replay)
        self._due: deque[int] = deque()
        self._lost = 0
        self._over = False
        self._synced_at = self._clock.monotonic()

    def send_all(self) -> None:
        self._fetch_due()
        attempt: DeliveryAttempt | None = None
        while self._due or attempt is not None:
            with self._ledger.writing(synced=self._is_time_to_sync()) as (db, now):
                if attempt is not None:
                    self._settle(db, attempt, now)
                envelope, pause = self._lease_next(db, now)
            attempt = None
            if envelope is not None:
                self._on_step(_to(envelope), self._counts.total(), 0)
                attempt = self._deliver(envelope, now)
            elif timedelta(0) < pause <= LONGEST_PAUSE:
                self._clock.sleep(pause.total_seconds())
            elif pause or self._over:
                return
            if not self._due:
                self._fetch_due()

    def _is_time_to_sync(self) -> bool:
        """Not for each mail: a disk takes longer for that than a server for a mail. The last one always."""
        monotonic = self._clock.monotonic()
        if self._due and monotonic < self._synced_at + SYNCED_EVERY:
            return False
        self._synced_at = monotonic
        return True

    def _fetch_due(self) -> None:
        with self._ledger.reading() as (db, now):
            self._due.extend(due_envelopes(db, self._channel, now, LOOKED_AHEAD, FLAGS))

    def _lease_next(self, db: Connection, now: datetime) -> tuple[Envelope | None, timedelta]:
        """Lease what is next, or say how long to wait before that."""
        if self._over:
            return None, timedelta(0)
        pause = self._limiter.time_to_wait(db, now)
        if pause:
            return None, pause
        while self._due:
            envelope = envelopes.lease_envelope(db, self._due.popleft(), self._by, now, LEASE)
            if envelope is not None:
                return envelope, pause
        return None, pause

    def _deliver(self, envelope: Envelope, leased_at: datetime) -> DeliveryAttempt:
        """Try one envelope; nothing of what comes of it is recorded yet."""
        self._limiter.record_attempt()
        recheck = self._recheck_before_content(envelope, leased_at)
        try:
            receipt = dispatch(self._setup.transports, envelope, recheck, self._clock.now())
        except DeliveryError as error:
            log.warning("%s to %s not delivered: %s", self._channel, _to(envelope), error)
            return DeliveryAttempt(envelope, error=error)
        except DeliveryWithheld as reason:
            log.warning("%s to %s withheld: %s", self._channel, _to(envelope), reason)
            return DeliveryAttempt(envelope)
        return DeliveryAttempt(envelope, receipt=receipt)

    def _recheck_before_content(self, envelope: Envelope, leased_at: datetime) -> RecheckContent:
        """Right before the content: is it still ours to send, and for long enough; and which bytes."""
        ledger, clock, by = self._ledger, self._clock, self._by
        monotonic = clock.monotonic()

        def recheck() -> bytes:
            passed = max(timedelta(seconds=clock.monotonic() - monotonic), clock.now() - leased_at)
            if passed > LEASE - LONGEST_HANDOVER:
                raise DeliveryWithheld(f"{passed} after it was leased too little of the lease is left")
            if passed > SURE_FOR:
                with ledger.reading() as (db, now):
                    if not envelopes.holds_lease(db, envelope.id, by, now):
                        raise DeliveryWithheld("another sender has it by now, or it was withdrawn")
            return content_to_send(ledger, self._setup.letterhead, by, envelope)

        return recheck

    def _settle(self, db: Connection, attempt: DeliveryAttempt, now: datetime) -> None:
        """Record what was answered, and let wait what would meet the same."""
        attempt = replace(attempt, of_server=self._is_of_server(attempt))
        outcome = record_delivery(db, self._by, attempt, self._setup.suspend_after, now)
        self._counts[outcome.state] += 1
        error = attempt.error
        if error is None:
            return
        if attempt.of_server:
            self._over = True
            waiting = envelopes.postpone(db, self._channel, now, outcome.due_at)
            self._counts["postponed"] += waiting
        elif error.concerns == "recipient" and not error.permanent:
            watcher = attempt.envelope.watcher
            waiting = envelopes.postpone(db, self._channel, now, outcome.due_at, watcher=watcher)
            self._counts["postponed"] += waiting

    def _is_of_server(self, attempt: DeliveryAttempt) -> bool:
        """Whether a failure speaks of the server: by itself, or because the one before it was lost, too."""
        error = attempt.error
        if error is None:
            self._lost = 0
            return False
        self._lost = self._lost + 1 if error.code == 0 and not error.permanent else 0
        return error.concerns == "server" or (self._channel == "mail" and self._lost >= LOST_IN_A_ROW)


def _to(envelope: Envelope) -> str:
    """To whom, for people to read; the address of a webhook or a chat may be a key."""
    return envelope.recipient if envelope.channel == "mail" else f"watcher {envelope.watcher}"
