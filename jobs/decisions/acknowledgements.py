"""That a person has taken note of an alert: who waits in case nobody does is then not told."""

from __future__ import annotations

from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.usage import UsageError
from servanda.models.alerts import alerts as alert_rows

NAMED = 10
"""How many of the newest alerts are named where one does not exist."""


def acknowledge(ledger: Ledger, alert: int, *, by: str, note: str) -> None:
    """Record that somebody has taken note; several may. UsageError where there is no such alert."""
    for name, value in (("--by", by), ("--note", note)):
        if not value.strip():
            raise UsageError(f"{name} is empty; say who has taken note, and what they do about it")
    with ledger.writing() as (db, now):
        if not alert_rows.alerts_by_id(db, [alert]):
            newest = ", ".join(map(str, alert_rows.newest_ids(db, NAMED))) or "none yet"
            raise UsageError(f"there is no alert {alert}; the newest are: {newest}")
        alert_rows.acknowledge(db, alert, by, note, now)
