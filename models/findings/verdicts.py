"""What people decided, and the verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Connection,
    insert,
    select,
)

from servanda.compliance.vocabulary import Condition, Verdict
from servanda.models import tables
from servanda.models.upsert import upsert


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's act. ``subject`` is ``evidence:<id>`` or ``window:<id>``."""

    kind: str
    subject: str
    value: str
    by: str
    reason: str
    known_at: datetime
    id: int | None = None


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """A verdict as it was recorded."""

    id: int
    verdict: Verdict
    effective_at: datetime
    known_at: datetime


_VERDICT = TypeAdapter(Verdict)


def record_decision(db: Connection, decision: Decision) -> int:
    values = asdict(decision)
    values.pop("id")
    return int(db.execute(insert(tables.decision).returning(tables.decision.c.id), values).scalar_one())


def decisions(db: Connection, as_of: datetime, *, kind: str | None = None) -> list[Decision]:
    """Every decision known at ``as_of``, in the order they were made."""
    rows = tables.decision.c
    query = select(tables.decision).where(rows.known_at <= as_of).order_by(rows.id)
    if kind is not None:
        query = query.where(rows.kind == kind)
    return [Decision(r.kind, r.subject, r.value, r.by, r.reason, r.known_at, r.id) for r in db.execute(query)]


def conditions(db: Connection, as_of: datetime) -> dict[str, Condition]:
    """The condition of each window as last recorded; windows without a record are absent."""
    return {
        d.subject.removeprefix("window:"): Condition(d.value) for d in decisions(db, as_of, kind="condition")
    }


def last_verdict(db: Connection, window: str, as_of: datetime | None = None) -> StoredVerdict | None:
    """The newest verdict recorded for a window, known at ``as_of``."""
    rows = tables.verdict.c
    query = select(tables.verdict).where(rows.window == window).order_by(rows.id.desc()).limit(1)
    if as_of is not None:
        query = query.where(rows.known_at <= as_of)
    row = db.execute(query).one_or_none()
    return None if row is None else _stored_verdict(row)


def verdicts_between(db: Connection, as_of: datetime, first: int, last: int) -> list[StoredVerdict]:
    """Those with ids from ``first`` to ``last``, known at ``as_of``, in their order."""
    rows = tables.verdict.c
    query = select(tables.verdict).where(rows.id.between(first, last), rows.known_at <= as_of)
    return [_stored_verdict(row) for row in db.execute(query.order_by(rows.id))]


def _stored_verdict(row: Any) -> StoredVerdict:
    return StoredVerdict(row.id, _VERDICT.validate_python(row.content), row.effective_at, row.known_at)


def first_judged_at(db: Connection, window: str) -> datetime | None:
    """When a window was judged for the first time; None where it never was."""
    rows = tables.verdict.c
    query = select(rows.known_at).where(rows.window == window).order_by(rows.id).limit(1)
    found: datetime | None = db.execute(query).scalar_one_or_none()
    return found


def record_verdict(
    db: Connection, verdict: Verdict, *, catalogue: str, effective_at: datetime, now: datetime
) -> int:
    """Append a verdict; its id tells one change of mind from a later, equal one."""
    values = {
        "window": verdict.window,
        "value": verdict.value.value,
        "phase": verdict.phase.value,
        "final": verdict.final,
        "content": _VERDICT.dump_python(verdict, mode="json"),
        "catalogue": catalogue,
        "effective_at": effective_at,
        "known_at": now,
    }
    return int(db.execute(insert(tables.verdict).returning(tables.verdict.c.id), values).scalar_one())


def set_window_clock(db: Connection, clock: Sequence[tuple[str, datetime | None]]) -> None:
    """Store when time alone will next change each window's answer; None: never again."""
    for window, next_at in clock:
        if next_at is None:
            db.execute(tables.window_clock.delete().where(tables.window_clock.c.window == window))
        else:
            upsert(db, tables.window_clock, {"window": window}, {"next_at": next_at})


def next_window_instant(db: Connection, after: datetime | None = None) -> tuple[str, datetime] | None:
    """The earliest instant (later than ``after``) at which time alone changes an answer, with its window."""
    rows = tables.window_clock.c
    query = select(tables.window_clock).order_by(rows.next_at).limit(1)
    if after is not None:
        query = query.where(rows.next_at > after)
    row = db.execute(query).one_or_none()
    return None if row is None else (row.window, row.next_at)
