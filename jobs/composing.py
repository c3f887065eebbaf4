"""Write the envelopes of whoever is to be told now: bytes and Message-ID are fixed here."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection

from alerts.model import Alert
from alerts.reasons import from_json, sentence
from alerts.render import render
from alerts.words import words
from compliance.watching import Watcher
from jobs.posting import composed, footer_for
from jobs.posting import message_id_for as message_id_for
from jobs.routing import alert_of
from jobs.wiring import Wiring
from models import alert_rows, envelopes, recipients
from models.envelopes import NewEnvelope
from models.recipients import Recipient
from models.watchers import watchers

CHUNK = 200
"""Recipients whose envelopes are written in one transaction."""


def write_envelopes(wiring: Wiring) -> int:
    """Write what is to be told now; returns the number of envelopes.

    Chunk by chunk: a run that is killed leaves whole envelopes, and the next one goes on with the others.
    """
    written = 0
    while True:
        with wiring.store.writing() as db:
            waiting = recipients.waiting(db, wiring.now, limit=CHUNK)
            for watcher, theirs in groupby(waiting, key=lambda one: one.watcher):
                written += _write_for(db, wiring, watcher, list(theirs))
        if not waiting:
            return written


def _write_for(db: Connection, wiring: Wiring, watcher_id: int, theirs: list[Recipient]) -> int:
    (watcher,) = watchers(db, ids=(watcher_id,))
    if not watcher.active:
        for one in theirs:
            recipients.omit(db, watcher_id, one.alert, f"the watcher is {watcher.state}", wiring.now)
        return 0
    stored = {one.id: one for one in alert_rows.alerts_by_id(db, [one.alert for one in theirs])}
    for one in theirs:
        _write_one(db, wiring, watcher, one, alert_of(wiring.store, stored[one.alert]))
    return len(theirs)


def _write_one(db: Connection, wiring: Wiring, watcher: Watcher, one: Recipient, alert: Alert) -> None:
    message_id = message_id_for(wiring, f"a{one.alert}", watcher)
    envelope = envelopes.add_envelope(
        db,
        NewEnvelope(
            watcher=watcher.id,
            kind="alert",
            recipient=watcher.address,
            message_id=message_id,
            bytes=content(wiring, watcher, one, alert, message_id),
            deadline_at=deadline_of(alert),
        ),
        wiring.now,
    )
    assert envelope is not None, "no other recipient has this Message-ID"
    recipients.tell(db, watcher.id, [one.alert], envelope, wiring.now)


def content(wiring: Wiring, watcher: Watcher, one: Recipient, alert: Alert, message_id: str) -> bytes:
    """The mail that tells one alert to one watcher."""
    told = words(watcher.profile.language)
    footer = footer_for(wiring, watcher, sentence(from_json(one.why), told))
    return composed(wiring, watcher, render(alert, footer, told), message_id, about=alert)


def deadline_of(alert: Alert) -> datetime | None:
    """The end of the window that an alert speaks of, None where it speaks of none."""
    window = getattr(alert.payload, "window", None)
    return getattr(window, "due_at", None)
