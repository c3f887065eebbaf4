"""Silences: what is not to be told for a while. Each has a name, a reason and an end, and ends aloud."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from servanda.alerts.payloads.kinds import FLAGS, AlertKind
from servanda.alerts.payloads.silence_payloads import SilenceEnded
from servanda.compliance.intervals import utc_text
from servanda.jobs.alerting.window_alerts import new_alert
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.settings import UsageError
from servanda.models.alerts import alerts as alert_rows
from servanda.models.alerts import silences
from servanda.models.alerts.alerts import NewAlert, StoredAlert
from servanda.models.alerts.silences import Silence
from servanda.models.delivery import recipients

LONGEST = timedelta(days=366)

NEVER_SILENCED = FLAGS | {AlertKind.SILENCE_ENDED}
"""Kinds that no silence withholds."""

BY_EXPIRY = "its time"
"""Who ends a silence that nobody ended by hand."""


def begin_silence(
    ledger: Ledger,
    *,
    instrument: str | None,
    subject: str | None,
    kinds: tuple[str, ...],
    until_at: datetime,
    by: str,
    reason: str,
) -> int:
    """Begin a silence now; returns its id. UsageError where it would silence everything, or a flag."""
    _require(by, reason)
    if instrument is None and subject is None and not kinds:
        raise UsageError(
            "a silence of everything would look like a dead monitor; "
            "valid: one or more of --instrument, --source, --window, --document, --kind"
        )
    if flags := sorted(set(kinds) & {kind.value for kind in NEVER_SILENCED}):
        valid = ", ".join(kind.value for kind in AlertKind if kind not in NEVER_SILENCED)
        raise UsageError(f"--kind {flags[0]} is never silenced; valid: {valid}")
    with ledger.writing() as (db, now):
        if not now < until_at <= now + LONGEST:
            raise UsageError(
                f"a silence until {utc_text(until_at)} is none; valid: later than {utc_text(now)}, "
                f"and at most {LONGEST.days} days"
            )
        return silences.add_silence(
            db, instrument=instrument, subject=subject, kinds=kinds, by=by, reason=reason, until_at=until_at,
            now=now,
        )  # fmt: skip


def end_silence_early(ledger: Ledger, silence: int, *, by: str, reason: str) -> None:
    """End a silence before its time, aloud. UsageError where there is none, or it has ended."""
    _require(by, reason)
    with ledger.writing() as (db, now):
        by_id = {known.id: known for known in silences.silences(db)}
        if silence not in by_id:
            ids = ", ".join(map(str, by_id)) or "none"
            raise UsageError(f"there is no silence {silence}; silences: {ids}")
        if not _end(db, by_id[silence], by, reason, now, by_hand=True):
            ended_at = by_id[silence].ended_at
            assert ended_at is not None
            raise UsageError(f"silence {silence} has ended at {utc_text(ended_at)}")


def end_expired_silences(ledger: Ledger) -> int:
    """End every silence whose time is over, aloud; returns how many."""
    with ledger.reading() as (db, now):
        if not _expired(db, now):
            return 0
    with ledger.writing() as (db, now):
        return sum(_end(db, expired, BY_EXPIRY, "", now, by_hand=False) for expired in _expired(db, now))


def _expired(db: Connection, now: datetime) -> list[Silence]:
    return [silence for silence in silences.silences(db, open_only=True) if silence.until_at <= now]


def _end(db: Connection, silence: Silence, by: str, reason: str, now: datetime, *, by_hand: bool) -> bool:
    """The end and the alert that tells of it, in one transaction; False if it had ended."""
    if not silences.end_silence(db, silence.id, by, reason, now):
        return False
    return alert_rows.record_alert(db, _alert(db, silence, by if by_hand else None, reason, now))


def _alert(db: Connection, silence: Silence, by: str | None, reason: str, now: datetime) -> NewAlert:
    withheld = recipients.withheld_alerts(db, silence.id).values()
    payload = SilenceEnded(
        id=silence.id,
        instrument=silence.instrument,
        subject=silence.subject,
        kinds=silence.kinds,
        by=silence.by,
        reason=silence.reason,
        from_at=silence.from_at,
        until_at=silence.until_at,
        ended_at=now,
        ended_by=by,
        end_reason=reason,
        withheld=len({alert for alerts in withheld for alert in alerts}),
    )
    return new_alert(
        AlertKind.SILENCE_ENDED,
        str(silence.id),
        payload,
        subject=f"silence:{silence.id}",
        instrument=silence.instrument,
        cause=("silence", silence.id),
        now=now,
        effective_at=now if by is not None else silence.until_at,
    )


def withholding_silence(
    running: Iterable[Silence], stored: StoredAlert, subjects: Iterable[str]
) -> Silence | None:
    """The silence that keeps an alert from everybody; of several the one that lasts longest. None for none.

    ``subjects``: all that the alert is about, as silences name it.
    """
    if stored.alert.kind in NEVER_SILENCED:
        return None
    about = {stored.alert.subject, *subjects}
    withholding = (
        silence
        for silence in running
        if silence.instrument in (None, stored.alert.instrument)
        and (silence.subject is None or silence.subject in about)
        and (not silence.kinds or stored.alert.kind in silence.kinds)
    )
    return max(withholding, key=lambda silence: (silence.until_at, silence.id), default=None)


def running_silences(db: Connection, now: datetime) -> list[Silence]:
    """The silences that hold at this moment."""
    open_ones = silences.silences(db, open_only=True)
    return [silence for silence in open_ones if silence.from_at <= now < silence.until_at]


def _require(by: str, reason: str) -> None:
    for name, value in (("--by", by), ("--reason", reason)):
        if not value.strip():
            raise UsageError(f"{name} is empty; say who asks for it, and why")
