"""Who watches: addresses, profiles, standings and subscriptions. What was said last counts."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, func, insert, select

from servanda.compliance.watchers import Channel, Profile, State, Subscription, Watcher
from servanda.models import tables
from servanda.models.upsert import insert_or_ignore

Wishes = TypeVar("Wishes", Profile, Subscription)

_COLUMNS = {kind: tuple(field.name for field in fields(kind)) for kind in (Profile, Subscription)}


@dataclass(frozen=True, slots=True)
class Standing:
    """What became of a watcher: who says so, why, and since when."""

    state: State
    by: str
    reason: str
    known_at: datetime


def add_watcher(
    db: Connection,
    address: str,
    now: datetime,
    *,
    channel: Channel = "mail",
    secret: str | None = None,
) -> tuple[int, bool]:
    """Keep an address once; returns the id and whether it is new. Profile and standing are said apart."""
    key = secrets.token_hex(16)
    added = insert_or_ignore(
        db, tables.watcher, address=address, channel=channel, key=key, secret=secret, known_at=now
    )
    query = select(tables.watcher.c.id).where(tables.watcher.c.address == address)
    return int(db.execute(query).scalar_one()), added


def set_profile(db: Connection, watcher: int, profile: Profile, now: datetime) -> None:
    db.execute(insert(tables.profile), {"watcher": watcher, **asdict(profile), "known_at": now})


def set_standing(db: Connection, watcher: int, state: State, by: str, reason: str, now: datetime) -> int:
    """Say what has become of a watcher, who says so, and why; returns the row's id."""
    row = {"watcher": watcher, "state": state, "by": by, "reason": reason, "known_at": now}
    return int(db.execute(insert(tables.standing).returning(tables.standing.c.id), row).scalar_one())


def subscribe(db: Connection, watcher: int, wanted: Subscription, now: datetime) -> None:
    """Append what a watcher wants from now on under this slug."""
    db.execute(
        insert(tables.subscription), {"watcher": watcher, "active": True, **_row(wanted), "known_at": now}
    )


def unsubscribe(db: Connection, watcher: int, subscription: Subscription, now: datetime) -> None:
    """End one subscription; the watcher and its other subscriptions stay."""
    row = {"watcher": watcher, "active": False, **_row(subscription), "known_at": now}
    db.execute(insert(tables.subscription), row)


def watchers(db: Connection, *, ids: tuple[int, ...] | None = None) -> list[Watcher]:
    """Everyone that ever watched, or the ones named, in the order of their ids."""
    query = select(tables.watcher).order_by(tables.watcher.c.id)
    if ids is not None:
        query = query.where(tables.watcher.c.id.in_(ids))
    profiles = {r.watcher: _read(Profile, r) for r in _last(db, tables.profile, ids)}
    states: dict[int, State] = {r.watcher: r.state for r in _last(db, tables.standing, ids)}
    wanted: dict[int, list[Subscription]] = defaultdict(list)
    for row in _last(db, tables.subscription, ids, "slug"):
        if row.active:
            wanted[row.watcher].append(_read(Subscription, row))
    return [
        Watcher(
            id=r.id,
            address=r.address,
            channel=r.channel,
            state=states.get(r.id, "ended"),
            profile=profiles.get(r.id, Profile()),
            subscriptions=tuple(wanted[r.id]),
            key=r.key,
            secret=r.secret,
        )
        for r in db.execute(query)
    ]


def watcher_by_address(db: Connection, address: str) -> Watcher | None:
    return _one(db, tables.watcher.c.address == address)


def watcher_by_key(db: Connection, key: str) -> Watcher | None:
    return _one(db, tables.watcher.c.key == key)


def watcher_by_id(db: Connection, watcher: int) -> Watcher | None:
    return _one(db, tables.watcher.c.id == watcher)


def standings(db: Connection, watcher: int) -> list[Standing]:
    """All that became of a watcher, oldest first."""
    rows = tables.standing.c
    query = select(tables.standing).where(rows.watcher == watcher).order_by(rows.id)
    return [Standing(r.state, r.by, r.reason, r.known_at) for r in db.execute(query)]


def all_standings(db: Connection) -> dict[int, list[Standing]]:
    """All that became of every watcher, oldest first."""
    by_watcher: dict[int, list[Standing]] = defaultdict(list)
    for r in db.execute(select(tables.standing).order_by(tables.standing.c.id)):
        by_watcher[r.watcher].append(Standing(r.state, r.by, r.reason, r.known_at))
    return by_watcher


def _one(db: Connection, condition: Any) -> Watcher | None:
    watcher = db.execute(select(tables.watcher.c.id).where(condition)).scalar_one_or_none()
    return None if watcher is None else watchers(db, ids=(watcher,))[0]


def _last(db: Connection, table: Table, ids: tuple[int, ...] | None, *apart: str) -> Iterator[Any]:
    """The newest row of each watcher (and of each value of ``apart``), oldest first."""
    newest = select(func.max(table.c.id)).group_by(table.c.watcher, *(table.c[name] for name in apart))
    if ids is not None:
        newest = newest.where(table.c.watcher.in_(ids))
    yield from db.execute(select(table).where(table.c.id.in_(newest)).order_by(table.c.id))


def _row(wanted: Subscription) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in asdict(wanted).items()
    }


def _read(kind: type[Wishes], row: Any) -> Wishes:
    """Wishes as ``asdict`` and ``_row`` write them: a column for each field, a JSON list for each tuple."""
    columns = ((name, getattr(row, name)) for name in _COLUMNS[kind])
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in columns
    }
    return kind(**values)
