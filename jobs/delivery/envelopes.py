"""Write the envelopes of whoever is to be told now: bytes and Message-ID are fixed here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection

from servanda.alerts.formats.layout_cache import lay_out_mail_for
from servanda.alerts.letters.letter import Letter
from servanda.alerts.letters.reason_sentences import reason_sentence
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.kinds import FLAGS
from servanda.alerts.payloads.reasons import from_json
from servanda.alerts.routing.bundling import STORM_PERIOD, DueAlert, plan_bundles
from servanda.alerts.text.translation import words
from servanda.compliance.intervals import utc_text
from servanda.compliance.watchers import Watcher
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.delivery import digests
from servanda.jobs.delivery.digests import StoredDigest
from servanda.jobs.delivery.heartbeat_mails import QuietTime, quiet_times
from servanda.jobs.delivery.letter_cache import LetterCache
from servanda.jobs.delivery.mail_headers import compose_mail, footer_for
from servanda.jobs.delivery.mail_headers import message_id_for as message_id_for
from servanda.jobs.delivery.period_figures import FigureCache
from servanda.models.delivery import envelopes, recipients
from servanda.models.delivery.digests import last_closed, last_storms
from servanda.models.delivery.envelopes import NewEnvelope
from servanda.models.delivery.recipients import Recipient, RecipientOutcome
from servanda.models.delivery.watchers import watchers

CHUNK = 200
"""Recipients whose envelopes are written in one transaction; those of one watcher are never parted."""


def write_envelopes(wiring: Wiring) -> int:
    """Write what is to be told now; returns the number of envelopes.

    Chunk by chunk: a run that is killed leaves whole envelopes, and the next one goes on with the others.
    """
    desk, written = EnvelopeWriter(wiring), 0
    with wiring.store.reading() as db:
        waiting = recipients.waiting_watchers(db, wiring.now)
    for chunk in _chunks(waiting):
        with wiring.store.writing() as db:
            written += desk.write_waiting(db, chunk)
    with wiring.store.reading() as db:
        quiet = quiet_times(db, wiring.now)
    for start in range(0, len(quiet), CHUNK):
        with wiring.store.writing() as db:
            written += desk.write_quiet(db, quiet[start : start + CHUNK])
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

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._letters = LetterCache(wiring.store)
        self._counting = FigureCache(wiring.catalogue)

    def write_waiting(self, db: Connection, chunk: Sequence[int]) -> int:
        """The envelopes of all that is due to these watchers."""
        now = self._wiring.now
        due = recipients.waiting_recipients(db, now, chunk)
        if not due:
            return 0
        since = now - STORM_PERIOD
        found = {watcher.id: watcher for watcher in watchers(db, ids=tuple(chunk))}
        singles, storms = (
            recipients.count_single_mails(db, chunk, since, FLAGS),
            last_storms(db, chunk, since),
        )
        closed = last_closed(db, chunk)
        self._letters.read(db, (one.alert for one in due))
        told: list[RecipientOutcome] = []
        for key, theirs in groupby(due, key=lambda one: one.watcher):
            before = MailingHistory(singles.get(key, 0), storms.get(key), closed.get(key))
            told += self._write_for(db, found[key], list(theirs), before)
        recipients.record_recipient_outcomes(db, told, now)
        return len({one.envelope for one in told if one.envelope is not None})

    def _write_for(
        self, db: Connection, watcher: Watcher, theirs: list[Recipient], before: MailingHistory
    ) -> Iterator[RecipientOutcome]:
        now = self._wiring.now
        omitted = {one.alert: why for one in theirs if (why := self._omitted(watcher, one)) is not None}
        due = {one.alert: one for one in theirs if one.alert not in omitted}
        yield from (RecipientOutcome(watcher.id, alert, omitted=why) for alert, why in omitted.items())
        planned = plan_bundles(
            map(self._due, due.values()),
            singles=before.singles,
            last_storm_at=before.last_storm_at,
            now=now,
        )
        for alert in planned.alone:
            yield RecipientOutcome(watcher.id, alert, self._write_alone(db, watcher, due[alert]))
        for together, is_storm in ((planned.digest, False), (planned.storm, True)):
            if together:
                bundle = [due[alert] for alert in together]
                kept = (
                    digests.store_storm_digest(db, watcher, now)
                    if is_storm
                    else digests.store_slot_digest(db, self._counting, watcher, bundle, before.closed_at, now)
                )
                envelope = self._write_together(db, watcher, kept, bundle)
                yield from (RecipientOutcome(watcher.id, one.alert, envelope) for one in bundle)

    def _due(self, one: Recipient) -> DueAlert:
        return DueAlert(one.alert, self._letters.alert(one.alert).kind, one.manner == "digest")

    def _omitted(self, watcher: Watcher, one: Recipient) -> str | None:
        """Why somebody is not told after all; None where they are."""
        if not watcher.active:
            return f"the watcher is {watcher.state}"
        taken = self._letters.acknowledged.get(one.alert)
        if one.manner == "unacknowledged" and taken is not None:
            return f"acknowledged by {taken.by} at {utc_text(taken.known_at)}: {taken.note}"
        return None

    def _write_alone(self, db: Connection, watcher: Watcher, one: Recipient) -> int:
        alert = self._letters.alert(one.alert)
        letter = self._letters.fitted(one, watcher)
        why = reason_sentence(from_json(one.why), words(watcher.profile.language))
        message_id = message_id_for(self._wiring, f"a{one.alert}", watcher)
        return self._add(
            db,
            NewEnvelope(
                watcher=watcher.id,
                kind="alert",
                recipient=watcher.address,
                message_id=message_id,
                bytes=compose_letter(self._wiring, watcher, letter, why, message_id, about=alert),
                deadline_at=deadline_of(alert),
            ),
        )

    def _write_together(
        self, db: Connection, watcher: Watcher, kept: StoredDigest, due: Sequence[Recipient]
    ) -> int:
        alerts = [one.alert for one in due]
        letter = digests.write_digest_letter(kept.digest, alerts, self._letters, watcher)
        why = digests.digest_reasons(kept.digest, due, watcher)
        message_id = message_id_for(self._wiring, kept.digest.slot, watcher)
        deadlines = [at for one in alerts if (at := deadline_of(self._letters.alert(one))) is not None]
        return self._add(
            db,
            NewEnvelope(
                watcher=watcher.id,
                kind="digest",
                recipient=watcher.address,
                message_id=message_id,
                bytes=compose_letter(self._wiring, watcher, letter, why, message_id),
                deadline_at=min(deadlines, default=None),
                digest=kept.id,
            ),
        )

    def write_quiet(self, db: Connection, chunk: Sequence[QuietTime]) -> int:
        """The mails of quiet times, but for those that somebody else wrote, or whose watchers left."""
        now = self._wiring.now
        found = {one.id: one for one in watchers(db, ids=tuple(quiet.watcher.id for quiet in chunk))}
        mails = digests.count_mails(db, chunk)
        written = 0
        for quiet in chunk:
            watcher = found[quiet.watcher.id]
            if not watcher.active:
                continue
            kept = digests.store_quiet_digest(db, self._counting, watcher, quiet, mails[watcher.id], now)
            if kept is not None:
                self._write_together(db, watcher, kept, ())
                written += 1
        return written

    def _add(self, db: Connection, new: NewEnvelope) -> int:
        added = envelopes.add_envelope(db, new, self._wiring.now)
        assert added is not None, f"nothing else has the Message-ID {new.message_id}"
        return added


def compose_letter(
    wiring: Wiring,
    watcher: Watcher,
    letter: Letter,
    why: str,
    message_id: str,
    *,
    about: Alert | None = None,
) -> bytes:
    """A letter as the mail of one watcher. ``about`` None: it tells of several alerts, or of none."""
    footer = footer_for(wiring, watcher, why)
    mail = lay_out_mail_for(letter, footer, watcher.profile.language, replay=wiring.replay)
    return compose_mail(wiring, watcher, mail, message_id, about=about)


def deadline_of(alert: Alert) -> datetime | None:
    """The end of the window that an alert speaks of, None where it speaks of none."""
    window = alert.payload.references.window
    return None if window is None else window.due_at
