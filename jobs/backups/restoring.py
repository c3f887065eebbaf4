"""A restored copy holds its mails back: the side that it was copied from may live on, and have sent them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from servanda.jobs.backups.copying import BackupOutcome, put_back
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.jobs.delivery.envelopes import write_envelopes
from servanda.jobs.delivery.routing import route_alerts
from servanda.models.delivery.mail_hold import record_hold, withdraw_told_elsewhere

HELD = (
    "this is a restored copy, and the side that it was copied from may have sent what waits; "
    "say which side lives: `servanda mail release`"
)


def restore(settings: Settings, folder: Path) -> BackupOutcome:
    """Put a backup back, and hold its mails until `release_mail`."""
    done = put_back(settings, folder)
    with wire(opening="create", settings=settings) as wiring, wiring.ledger.writing() as (db, now):
        record_hold(db, True, "servanda restore", HELD, now)
    return done


def release_mail(wiring: Wiring, by: str, reason: str, told_until: datetime | None) -> int:
    """Let mails go again, because this side lives. ``told_until``: what became true by then was told by the
    other side, and is withdrawn here; returns how many mails."""
    route_alerts(wiring.ledger, wiring.catalogue)
    write_envelopes(wiring.ledger, wiring.catalogue, wiring.letterhead)
    with wiring.ledger.writing() as (db, now):
        withdrawn = 0 if told_until is None else withdraw_told_elsewhere(db, told_until)
        record_hold(db, False, by, reason, now)
    return withdrawn
