"""What became of alerts: who was to be told, in which envelope, and what the servers answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from servanda.models import tables
from servanda.models.alerts.alerts import Acknowledgement, StoredAlert, alerts_by_id


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver an envelope, with the server's answer; ``uncertain``: it may have arrived."""

    at: datetime
    code: int
    answer: str
    uncertain: bool


@dataclass(frozen=True, slots=True)
class AlertOutcome:
    """What became of one alert for one watcher.

    ``state``: ``waiting`` (for its hour, for an acknowledgement, or for the next run), ``silenced``,
    ``omitted``, or how its envelope stands. ``due_at``: when it is to be told, or sent again. ``omitted``:
    why no mail tells it.
    """

    alert: int
    watcher: int
    address: str
    channel: str
    manner: str
    why: dict[str, Any]
    state: str
    due_at: datetime
    told_at: datetime | None
    envelope: int | None
    message_id: str | None
    digest: str | None
    omitted: str | None
    silence: int | None


def chosen_alerts(
    db: Connection,
    *,
    instrument: str | None = None,
    kinds: Iterable[str] | None = None,
    watcher: int | None = None,
    since: datetime | None = None,
    unacknowledged: bool = False,
    before: int | None = None,
    limit: int | None = None,
) -> list[StoredAlert]:
    """Alerts that fulfil every condition given, the newest first. ``unacknowledged``: nobody took note."""
    rows = tables.alert.c
    query = select(rows.id).order_by(rows.id.desc()).limit(limit)
    if instrument is not None:
        query = query.where(rows.instrument == instrument)
    if kinds is not None:
        query = query.where(rows.kind.in_(sorted(kinds)))
    if watcher is not None:
        of_watcher = select(tables.recipient.c.alert).where(tables.recipient.c.watcher == watcher)
        query = query.where(rows.id.in_(of_watcher))
    if since is not None:
        query = query.where(rows.known_at >= since)
    if unacknowledged:
        query = query.where(rows.id.not_in(select(tables.acknowledgement.c.alert)))
    if before is not None:
        query = query.where(rows.id < before)
    return alerts_by_id(db, db.execute(query).scalars())[::-1]


def count_unacknowledged(db: Connection, kinds: Iterable[str]) -> int:
    """How many alerts of these kinds nobody has taken note of."""
    rows = tables.alert.c
    query = select(func.count()).where(
        rows.kind.in_(sorted(kinds)), rows.id.not_in(select(tables.acknowledgement.c.alert))
    )
    return int(db.execute(query).scalar_one())


def alert_outcomes(
    db: Connection, alerts: Iterable[int], *, watcher: int | None = None
) -> dict[int, list[AlertOutcome]]:
    """What became of each alert for each of its recipients, or for one, in the order of the watchers."""
    recipient, told, envelope = tables.recipient, tables.told, tables.envelope
    query = (
        select(
            recipient.c.alert, recipient.c.watcher, recipient.c.manner, recipient.c.why, recipient.c.due_at,
            tables.watcher.c.address, tables.watcher.c.channel, told.c.known_at.label("told_at"),
            told.c.envelope, told.c.omitted, told.c.silence, envelope.c.state,
            envelope.c.due_at.label("sends_at"), envelope.c.message_id, tables.digest.c.slot,
        )
        .join(tables.watcher, tables.watcher.c.id == recipient.c.watcher)
        .outerjoin(told, (told.c.watcher == recipient.c.watcher) & (told.c.alert == recipient.c.alert))
        .outerjoin(envelope, envelope.c.id == told.c.envelope)
        .outerjoin(tables.digest, tables.digest.c.id == envelope.c.digest)
        .where(recipient.c.alert.in_(sorted(alerts)))
        .order_by(recipient.c.alert, recipient.c.watcher)
    )  # fmt: skip
    if watcher is not None:
        query = query.where(recipient.c.watcher == watcher)
    outcomes: dict[int, list[AlertOutcome]] = defaultdict(list)
    for row in db.execute(query):
        outcomes[row.alert].append(_outcome(row))
    return outcomes


def _outcome(r: Any) -> AlertOutcome:
    return AlertOutcome(
        alert=r.alert,
        watcher=r.watcher,
        address=r.address,
        channel=r.channel,
        manner=r.manner,
        why=r.why,
        state=_state(r),
        due_at=r.sends_at or r.due_at,
        told_at=r.told_at if r.envelope is not None else None,
        envelope=r.envelope,
        message_id=r.message_id,
        digest=r.slot,
        omitted=r.omitted,
        silence=r.silence,
    )


def _state(r: Any) -> str:
    if r.envelope is not None:
        return str(r.state)
    if r.told_at is None:
        return "waiting"
    return "omitted" if r.silence is None else "silenced"


def attempts(db: Connection, envelopes: Iterable[int]) -> dict[int, list[Attempt]]:
    """Every attempt to deliver each of these envelopes, in their order."""
    rows = tables.attempt.c
    query = select(tables.attempt).where(rows.envelope.in_(sorted(set(envelopes)))).order_by(rows.id)
    by_envelope: dict[int, list[Attempt]] = defaultdict(list)
    for r in db.execute(query):
        by_envelope[r.envelope].append(Attempt(r.at, r.code, r.answer, r.uncertain))
    return by_envelope


def all_acknowledgements(db: Connection, alert: int) -> list[Acknowledgement]:
    """Everyone who has taken note of an alert, in the order in which they did."""
    rows = tables.acknowledgement.c
    query = select(tables.acknowledgement).where(rows.alert == alert).order_by(rows.id)
    return [Acknowledgement(r.alert, r.by, r.note, r.known_at) for r in db.execute(query)]
