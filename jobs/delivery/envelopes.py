"""Write the envelopes of whoever is to be told now: bytes and Message-ID are fixed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection

from servanda.alerts.formats.layout_cache import lay_out_mail_for
from servanda.alerts.formats.letterhead import Letterhead
from servanda.alerts.letters.letter import Letter
from servanda.alerts.letters.phrases.reason_sentences import reason_sentence
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.kinds import FLAGS
from servanda.alerts.payloads.reasons import from_json
from servanda.alerts.routing.bundling import STORM_PERIOD, DueAlert, plan_bundles
from servanda.alerts.text.translation import words
from servanda.compliance.intervals import utc_text
from servanda.compliance.watchers import Watcher
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.delivery import digests
from servanda.jobs.delivery.digests import StoredDigest
from servanda.jobs.delivery.heartbeat_mails import QuietTime, quiet_times
from servanda.jobs.delivery.letter_cache import LetterCache
from servanda.jobs.delivery.mail_headers import compose_mail, footer_for, message_id_for
from servanda.jobs.delivery.period_figures import FigureCache
from servanda.models.delivery import envelopes, recipients
from servanda.models.delivery.digests import last_closed, last_storms
from servanda.models.delivery.envelopes import NewEnvelope
from servanda.models.delivery.recipients import Recipient, RecipientOutcome
from servanda.models.delivery.watchers import watchers
from servanda.models.store import Store

CHUNK = 200
"""Recipients whose envelopes are written in one transaction; those of one watcher are never parted."""


def write_envelopes(ledger: Ledger, catalogue: Catalogue, letterhead: Letterhead) -> int:
    """Write what is to be told now; returns the number of envelopes.

    Chunk by chunk: a run that is killed leaves whole envelopes, and the next one goes on with the others.
    """
    writer, written = EnvelopeWriter(ledger.store, catalogue, letterhead), 0
    with ledger.reading() as (db, now):
        waiting = recipients.waiting_watchers(db, now)
    for chunk in _chunks(waiting):
        with ledger.writing() as (db, now):
            written += writer.write_waiting(db, chunk, now)
    with ledger.reading() as (db, now):
        quiet = quiet_times(db, now)
    for start in range(0, len(quiet), CHUNK):
        with ledger.writing() as (db, now):
            written += writer.write_heartbeat_mails(db, quiet[start : start + CHUNK], now)
    return written


def _chunks(waiting: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    """Watchers, so many that they have CHUNK recipients; at least one."""
    chunk: list[int] = []
    size = 0
    for watcher, number in waiting:
        if chunk and size + number > CHUNK:
            yield chunk
            chunk, size = [], 0
        chunk.append(watcher)
        size += number
    if chunk:
        yield chunk


@dataclass(frozen=True, slots=True)
class MailingHistory:
    """What one watcher was written before, as far as it counts now."""

    singles: int
    last_storm_at: datetime | None
    closed_at: datetime | None


class EnvelopeWriter:
    """Writes envelopes, and remembers for one pass what many of them share."""

    def __init__(self, store: Store, catalogue: Catalogue, letterhead: Letterhead) -> None:
        self._letterhead = letterhead
        self._letters = LetterCache(store)
        self._figures = FigureCache(catalogue)

    def write_waiting(self, db: Connection, chunk: Sequence[int], now: datetime) -> int:
        """The envelopes of all that is due to these watchers."""
        due = recipients.waiting_recipients(db, now, chunk)
        if not due:
            return 0
        by_id = {watcher.id: watcher for watcher in watchers(db, ids=tuple(chunk))}
        history = _mailing_history(db, chunk, now)
        self._letters.read(db, (recipient.alert for recipient in due))
        outcomes: list[RecipientOutcome] = []
        for watcher, of_watcher in groupby(due, key=lambda recipient: recipient.watcher):
            outcomes += self._write_for(db, by_id[watcher], list(of_watcher), history[watcher], now)
        recipients.record_recipient_outcomes(db, outcomes, now)
        return len({outcome.envelope for outcome in outcomes if outcome.envelope is not None})

    def _write_for(
        self,
        db: Connection,
        watcher: Watcher,
        waiting: Sequence[Recipient],
        history: MailingHistory,
        now: datetime,
    ) -> Iterator[RecipientOutcome]:
        omitted = {
            recipient.alert: why
            for recipient in waiting
            if (why := self._omitted(watcher, recipient)) is not None
        }
        due = {recipient.alert: recipient for recipient in waiting if recipient.alert not in omitted}
        yield from (RecipientOutcome(watcher.id, alert, omitted=why) for alert, why in omitted.items())
        planned = plan_bundles(
            map(self._due, due.values()),
            singles=history.singles,
            last_storm_at=history.last_storm_at,
            now=now,
        )
        for alert in planned.alone:
            yield RecipientOutcome(watcher.id, alert, self._write_alone(db, watcher, due[alert], now))
        if planned.digest:
            bundle = [due[alert] for alert in planned.digest]
            digest = digests.store_slot_digest(db, self._figures, watcher, bundle, history.closed_at, now)
            yield from self._write_bundle(db, watcher, digest, bundle, now)
        if planned.storm:
            bundle = [due[alert] for alert in planned.storm]
            digest = digests.store_storm_digest(db, watcher, now)
            yield from self._write_bundle(db, watcher, digest, bundle, now)

    def _due(self, recipient: Recipient) -> DueAlert:
        kind = self._letters.alert(recipient.alert).kind
        return DueAlert(recipient.alert, kind, recipient.manner == "digest")

    def _omitted(self, watcher: Watcher, recipient: Recipient) -> str | None:
        """Why somebody is not told after all; None where they are."""
        if not watcher.active:
            return f"the watcher is {watcher.state}"
        taken = self._letters.acknowledged.get(recipient.alert)
        if recipient.manner == "unacknowledged" and taken is not None:
            return f"acknowledged by {taken.by} at {utc_text(taken.known_at)}: {taken.note}"
        return None

    def _write_alone(self, db: Connection, watcher: Watcher, recipient: Recipient, now: datetime) -> int:
        alert = self._letters.alert(recipient.alert)
        letter = self._letters.letter_for(recipient, watcher)
        why = reason_sentence(from_json(recipient.why), words(watcher.profile.language))
        message_id = message_id_for(self._letterhead, f"a{alert.id}", watcher)
        return _add_envelope(
            db,
            NewEnvelope(
                watcher=watcher.id,
                kind="alert",
                recipient=watcher.address,
                message_id=message_id,
                bytes=compose_letter(self._letterhead, watcher, letter, why, message_id, now, about=alert),
                deadline_at=deadline_of(alert),
            ),
            now,
        )

    def _write_bundle(
        self, db: Connection, watcher: Watcher, digest: StoredDigest, due: Sequence[Recipient], now: datetime
    ) -> Iterator[RecipientOutcome]:
        envelope = self._write_digest(db, watcher, digest, due, now)
        yield from (RecipientOutcome(watcher.id, recipient.alert, envelope) for recipient in due)

    def _write_digest(
        self, db: Connection, watcher: Watcher, stored: StoredDigest, due: Sequence[Recipient], now: datetime
    ) -> int:
        alerts = [recipient.alert for recipient in due]
        letter = digests.write_digest_letter(stored.digest, alerts, self._letters, watcher)
        why = digests.digest_reasons(stored.digest, due, watcher)
        message_id = message_id_for(self._letterhead, stored.digest.slot, watcher)
        ends = [at for alert in alerts if (at := deadline_of(self._letters.alert(alert))) is not None]
        return _add_envelope(
            db,
            NewEnvelope(
                watcher=watcher.id,
                kind="digest",
                recipient=watcher.address,
                message_id=message_id,
                bytes=compose_letter(self._letterhead, watcher, letter, why, message_id, now),
                deadline_at=min(ends, default=None),
                digest=stored.id,
            ),
            now,
        )

    def write_heartbeat_mails(self, db: Connection, chunk: Sequence[QuietTime], now: datetime) -> int:
        """The mails of quiet times, but for those that somebody else wrote, or whose watchers left."""
        by_id = {watcher.id: watcher for watcher in watchers(db, ids=tuple(q.watcher.id for q in chunk))}
        mails = digests.count_mails(db, chunk)
        written = 0
        for quiet in chunk:
            watcher = by_id[quiet.watcher.id]
            if not watcher.active:
                continue
            stored = digests.store_quiet_digest(db, self._figures, watcher, quiet, mails[watcher.id], now)
            if stored is not None:
                self._write_digest(db, watcher, stored, (), now)
                written += 1
        return written


def _mailing_history(db: Connection, chunk: Sequence[int], now: datetime) -> dict[int, MailingHistory]:
    """What each of these watchers was written before."""
    since = now - STORM_PERIOD
    singles = recipients.count_single_mails(db, chunk, since, FLAGS)
    storms, closed = last_storms(db, chunk, since), last_closed(db, chunk)
    return {
        watcher: MailingHistory(singles.get(watcher, 0), storms.get(watcher), closed.get(watcher))
        for watcher in chunk
    }


def _add_envelope(db: Connection, new: NewEnvelope, now: datetime) -> int:
    added = envelopes.add_envelope(db, new, now)
    assert added is not None, f"nothing else has the Message-ID {new.message_id}"
    return added


def compose_letter(
    letterhead: Letterhead,
    watcher: Watcher,
    letter: Letter,
    why: str,
    message_id: str,
    now: datetime,
    *,
    about: Alert | None = None,
) -> bytes:
    """A letter as the mail of one watcher. ``about`` None: it tells of several alerts, or of none."""
    footer = footer_for(letterhead, watcher, why, now, about)
    mail = lay_out_mail_for(letter, footer, watcher.profile.language, replay=letterhead.replay)
    return compose_mail(letterhead, watcher, mail, message_id, now, about=about)


def deadline_of(alert: Alert) -> datetime | None:
    """The end of the window that an alert is about, None where it is about none."""
    window = alert.payload.references.window
    return None if window is None else window.due_at
