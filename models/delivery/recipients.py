"""Which alert goes to whom, in what manner and when; and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, func, insert, select

from servanda.models import tables
from servanda.models.upsert import insert_or_ignore

Manner = Literal["at_once", "digest", "unacknowledged", "silenced"]
"""``unacknowledged``: told only if nobody has acknowledged it when it falls due."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One alert for one watcher. ``why`` is JSON that says why they are told: ``alerts.payloads.reasons``."""

    alert: int
    watcher: int
    manner: Manner
    why: dict[str, Any]
    due_at: datetime
    known_at: datetime


def mark_routed(db: Connection, alert: int, recipients: int, now: datetime) -> bool:
    """Note that an alert was given its recipients; False if it had been before."""
    return insert_or_ignore(db, tables.routing, alert=alert, recipients=recipients, known_at=now)


def add_recipients(db: Connection, new: Sequence[Recipient]) -> None:
    if new:
        db.execute(
            insert(tables.recipient),
            [
                {
                    "alert": recipient.alert,
                    "watcher": recipient.watcher,
                    "manner": recipient.manner,
                    "why": recipient.why,
                    "due_at": recipient.due_at,
                    "known_at": recipient.known_at,
                }
                for recipient in new
            ],
        )


_UNTOLD = tables.recipient.outerjoin(
    tables.told,
    (tables.told.c.watcher == tables.recipient.c.watcher) & (tables.told.c.alert == tables.recipient.c.alert),
)
_IS_UNTOLD = tables.told.c.alert.is_(None)


def waiting_watchers(db: Connection, now: datetime) -> list[tuple[int, int]]:
    """Who has recipients that are due with neither an envelope nor a reason for none, and how many each."""
    rows = tables.recipient.c
    query = (
        select(rows.watcher, func.count())
        .select_from(_UNTOLD)
        .where(_IS_UNTOLD, rows.due_at <= now)
        .group_by(rows.watcher)
        .order_by(rows.watcher)
    )
    return [(int(watcher), int(number)) for watcher, number in db.execute(query)]


def waiting_recipients(db: Connection, now: datetime, watchers: Iterable[int]) -> list[Recipient]:
    """Those of these watchers that are due and have neither an envelope nor a reason for none."""
    rows = tables.recipient.c
    query = (
        select(tables.recipient)
        .select_from(_UNTOLD)
        .where(rows.watcher.in_(sorted(watchers)), _IS_UNTOLD, rows.due_at <= now)
        .order_by(rows.watcher, rows.alert)
    )
    return [_recipient(r) for r in db.execute(query)]


def recipient(db: Connection, alert: int, watcher: int) -> Recipient:
    rows = tables.recipient.c
    query = select(tables.recipient).where(rows.alert == alert, rows.watcher == watcher)
    return _recipient(db.execute(query).one())


def _recipient(r: Any) -> Recipient:
    return Recipient(r.alert, r.watcher, r.manner, r.why, r.due_at, r.known_at)


@dataclass(frozen=True, slots=True)
class RecipientOutcome:
    """That a recipient is done with: the envelope that carries the alert, or why none does.

    ``silence`` is the one that withheld it.
    """

    watcher: int
    alert: int
    envelope: int | None = None
    omitted: str | None = None
    silence: int | None = None


def record_recipient_outcomes(db: Connection, outcomes: Sequence[RecipientOutcome], now: datetime) -> None:
    """Note what became of recipients."""
    rows = [
        {
            "watcher": outcome.watcher,
            "alert": outcome.alert,
            "envelope": outcome.envelope,
            "omitted": outcome.omitted,
            "silence": outcome.silence,
            "known_at": now,
        }
        for outcome in outcomes
    ]
    if rows:
        db.execute(insert(tables.told), rows)


def alerts_in(db: Connection, envelope: int) -> list[int]:
    """The alerts that an envelope carries, in the order they were made."""
    rows = tables.told.c
    query = select(rows.alert).where(rows.envelope == envelope).order_by(rows.alert)
    return [int(alert) for alert in db.execute(query).scalars()]


def count_single_mails(
    db: Connection, watchers: Iterable[int], since: datetime, apart: Iterable[str]
) -> dict[int, int]:
    """How many mails about a single alert were written to each of these watchers since then.

    Alerts of the kinds ``apart`` are not counted; a watcher without any is left out.
    """
    told, envelope, alert = tables.told.c, tables.envelope.c, tables.alert.c
    query = (
        select(envelope.watcher, func.count())
        .select_from(tables.envelope)
        .join(tables.told, told.envelope == envelope.id)
        .join(tables.alert, alert.id == told.alert)
        .where(
            envelope.watcher.in_(sorted(watchers)),
            envelope.kind == "alert",
            envelope.known_at > since,
            alert.kind.not_in(sorted(apart)),
        )
        .group_by(envelope.watcher)
    )
    return {int(watcher): int(number) for watcher, number in db.execute(query)}


def escalation_times(db: Connection, alerts: Iterable[int]) -> dict[int, datetime]:
    """When each of these alerts goes to somebody else, unless it is acknowledged before; the first time."""
    rows = tables.recipient.c
    query = (
        select(rows.alert, func.min(rows.due_at).label("due_at"))
        .where(rows.alert.in_(sorted(set(alerts))), rows.manner == "unacknowledged")
        .group_by(rows.alert)
    )
    return {r.alert: r.due_at for r in db.execute(query)}


def withheld_alerts(db: Connection, silence: int) -> dict[int, dict[int, dict[str, Any]]]:
    """What a silence has withheld: for each watcher its alerts, each with why they would have been told."""
    rows, told = tables.recipient.c, tables.told.c
    query = (
        select(rows.watcher, rows.alert, rows.why)
        .join(tables.told, (told.watcher == rows.watcher) & (told.alert == rows.alert))
        .where(told.silence == silence)
        .order_by(rows.watcher, rows.alert)
    )
    withheld: dict[int, dict[int, dict[str, Any]]] = {}
    for r in db.execute(query):
        withheld.setdefault(r.watcher, {})[r.alert] = r.why
    return withheld
