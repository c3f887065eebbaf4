"""What is worth telling, once; and who has taken note of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select

from servanda.models import tables
from servanda.models.upsert import insert_or_ignore

CauseKind = Literal[
    "verdict", "evidence", "observation", "poll", "monitored", "decision", "silence", "alert", "standing",
    "envelope", "catalogue",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewAlert:
    """Something worth telling, once. ``cause`` is the id of the row of ``cause_kind`` that made it."""

    dedup_key: str
    kind: str
    instrument: str | None
    subject: str
    cause_kind: CauseKind
    cause: int
    payload: dict[str, Any]
    effective_at: datetime
    known_at: datetime


@dataclass(frozen=True, slots=True)
class StoredAlert:
    id: int
    alert: NewAlert


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """That a person has taken note of an alert."""

    alert: int
    by: str
    note: str
    known_at: datetime


def record_alert(db: Connection, alert: NewAlert) -> bool:
    """Keep an alert unless its key was told before; call it in the transaction of its cause."""
    return insert_or_ignore(
        db,
        tables.alert,
        dedup_key=alert.dedup_key,
        kind=alert.kind,
        instrument=alert.instrument,
        subject=alert.subject,
        cause_kind=alert.cause_kind,
        cause=alert.cause,
        payload=alert.payload,
        effective_at=alert.effective_at,
        known_at=alert.known_at,
    )


_RECORDED = select(tables.alert.c.dedup_key).where(
    tables.alert.c.dedup_key.in_(bindparam("keys", expanding=True))
)


def recorded_keys(db: Connection, keys: Iterable[str]) -> set[str]:
    """Those of the keys that alerts were recorded with."""
    return set(db.execute(_RECORDED, {"keys": sorted(keys)}).scalars())


def alerts(db: Connection, condition: ColumnElement[bool] | None = None) -> list[StoredAlert]:
    """Alerts in the order they were made."""
    query = select(tables.alert).order_by(tables.alert.c.id)
    if condition is not None:
        query = query.where(condition)
    return [_stored_alert(row) for row in db.execute(query)]


def alerts_by_id(db: Connection, ids: Iterable[int]) -> list[StoredAlert]:
    return alerts(db, tables.alert.c.id.in_(sorted(ids)))


def _stored_alert(r: Any) -> StoredAlert:
    alert = NewAlert(
        r.dedup_key, r.kind, r.instrument, r.subject, r.cause_kind, r.cause, r.payload, r.effective_at,
        r.known_at,
    )  # fmt: skip
    return StoredAlert(r.id, alert)


def unrouted_alerts(db: Connection) -> list[StoredAlert]:
    routed = select(tables.routing.c.alert)
    return alerts(db, tables.alert.c.id.not_in(routed))


_LAST_ALERT = (
    select(tables.alert)
    .where(
        tables.alert.c.subject == bindparam("subject"),
        tables.alert.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(tables.alert.c.id.desc())
    .limit(1)
)


def last_alert(db: Connection, subject: str, kinds: Sequence[str]) -> StoredAlert | None:
    """The newest alert of these kinds about a subject."""
    row = db.execute(_LAST_ALERT, {"subject": subject, "kinds": list(kinds)}).one_or_none()
    return None if row is None else _stored_alert(row)


def acknowledge(db: Connection, alert: int, by: str, note: str, now: datetime) -> None:
    """Record that a person has taken note; several may."""
    db.execute(insert(tables.acknowledgement), {"alert": alert, "by": by, "note": note, "known_at": now})


def acknowledgements(db: Connection, alerts: Iterable[int]) -> dict[int, Acknowledgement]:
    """The first acknowledgement of each of the alerts that has one."""
    rows = tables.acknowledgement.c
    query = select(tables.acknowledgement).where(rows.alert.in_(sorted(set(alerts)))).order_by(rows.id.desc())
    return {r.alert: Acknowledgement(r.alert, r.by, r.note, r.known_at) for r in db.execute(query)}


def newest_ids(db: Connection, most: int) -> list[int]:
    """The ids of the alerts made last, newest first."""
    query = select(tables.alert.c.id).order_by(tables.alert.c.id.desc()).limit(most)
    return [int(alert) for alert in db.execute(query).scalars()]


def subjects_of(db: Connection, stored: StoredAlert) -> set[str]:
    """The document and the source that an alert rests on, as ``document:…`` and ``source:…``."""
    document, cause = tables.document.c, stored.alert.cause
    query = select(document.id, document.source)
    if stored.alert.cause_kind == "evidence":
        of_version = select(tables.version.c.document).join(
            tables.evidence, tables.evidence.c.version == tables.version.c.id
        )
        query = query.where(document.id.in_(of_version.where(tables.evidence.c.id == cause)))
    elif stored.alert.cause_kind == "observation":
        seen = select(tables.observation.c.document).where(tables.observation.c.id == cause)
        query = query.where(document.id.in_(seen))
    else:
        return set()
    return {name for r in db.execute(query) for name in (f"document:{r.id}", f"source:{r.source}")}
