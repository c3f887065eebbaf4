"""What people decided, and the verdicts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, func, insert, select

from servanda.compliance.vocabulary import Condition, Verdict, VerdictValue
from servanda.models import tables
from servanda.models.upsert import upsert


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's act. ``subject`` is ``evidence:<id>`` or ``window:<id>``.

    ``by`` is the name that was given; ``account`` that of the machine or service that gave it, None for what
    older releases kept.
    """

    kind: str
    subject: str
    value: str
    by: str
    reason: str
    known_at: datetime
    id: int | None = None
    account: str | None = None


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
    return [
        Decision(r.kind, r.subject, r.value, r.by, r.reason, r.known_at, r.id, r.account)
        for r in db.execute(query)
    ]


_ON = (
    select(tables.decision)
    .where(
        tables.decision.c.subject.in_(bindparam("subjects", expanding=True)),
        tables.decision.c.kind == "review",
        tables.decision.c.known_at <= bindparam("as_of"),
    )
    .order_by(tables.decision.c.id)
)


def decisions_on(db: Connection, subjects: Collection[str], as_of: datetime) -> list[Decision]:
    """The reviews of these subjects, in the order they were made."""
    rows = db.execute(_ON, {"subjects": sorted(subjects), "as_of": as_of})
    return [Decision(r.kind, r.subject, r.value, r.by, r.reason, r.known_at, r.id) for r in rows]


_CONDITIONS = (
    select(tables.decision.c.subject, tables.decision.c.value)
    .where(tables.decision.c.kind == "condition", tables.decision.c.known_at <= bindparam("as_of"))
    .order_by(tables.decision.c.id)
)
_CONDITIONS_OF_WINDOWS = _CONDITIONS.where(
    tables.decision.c.subject.in_(bindparam("subjects", expanding=True))
)


def conditions(
    db: Connection, as_of: datetime, windows: Collection[str] | None = None
) -> dict[str, Condition]:
    """The condition of each of the windows (None: of all) as last recorded; those without one are absent."""
    if windows is None:
        rows = db.execute(_CONDITIONS, {"as_of": as_of})
    else:
        subjects = [f"window:{window}" for window in sorted(windows)]
        rows = db.execute(_CONDITIONS_OF_WINDOWS, {"as_of": as_of, "subjects": subjects})
    return {row.subject.removeprefix("window:"): Condition(row.value) for row in rows}


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


_OF_WINDOW = (
    select(tables.verdict)
    .where(tables.verdict.c.window == bindparam("window"), tables.verdict.c.known_at <= bindparam("as_of"))
    .order_by(tables.verdict.c.id.desc())
    .limit(bindparam("most"))
)


def newest_verdicts(db: Connection, window: str, as_of: datetime, most: int) -> list[StoredVerdict]:
    """The newest verdicts of a window that were known at ``as_of``, in the order they were recorded."""
    rows = db.execute(_OF_WINDOW, {"window": window, "as_of": as_of, "most": most}).all()
    return [_stored_verdict(row) for row in reversed(rows)]


def _stored_verdict(row: Any) -> StoredVerdict:
    return StoredVerdict(row.id, _VERDICT.validate_python(row.content), row.effective_at, row.known_at)


_verdict, _first = tables.verdict.c, tables.verdict.alias().c
_JUDGED = select(
    tables.verdict,
    select(_first.known_at)
    .where(_first.window == _verdict.window)
    .order_by(_first.id)
    .limit(1)
    .correlate(tables.verdict)
    .scalar_subquery()
    .label("first_at"),
).where(
    _verdict.id.in_(
        select(func.max(_first.id))
        .where(_first.window.in_(bindparam("windows", expanding=True)))
        .group_by(_first.window)
    )
)


@dataclass(frozen=True, slots=True)
class JudgedWindow:
    """What was said of a window: the newest verdict, and when it was judged for the first time."""

    last: StoredVerdict
    first_at: datetime


def judged_windows(db: Connection, windows: Collection[str]) -> dict[str, JudgedWindow]:
    """Those of the windows that were judged before."""
    rows = db.execute(_JUDGED, {"windows": sorted(windows)})
    return {row.window: JudgedWindow(_stored_verdict(row), row.first_at) for row in rows}


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
    row = int(db.execute(insert(tables.verdict).returning(tables.verdict.c.id), values).scalar_one())
    current: dict[str, object] = {"verdict": row, "value": verdict.value.value}
    upsert(db, tables.current_verdict, {"window": verdict.window}, current)
    return row


_WITH_VALUE = select(tables.current_verdict.c.window).where(
    tables.current_verdict.c.value == bindparam("value")
)
_JUDGED_EVER = select(tables.current_verdict.c.window)


def windows_with_verdict(db: Connection, value: VerdictValue) -> frozenset[str]:
    """The windows whose newest verdict is this one."""
    return frozenset(db.execute(_WITH_VALUE, {"value": value.value}).scalars())


def windows_judged(db: Connection) -> frozenset[str]:
    """The windows that were ever judged."""
    return frozenset(db.execute(_JUDGED_EVER).scalars())


_CLOCKS = select(tables.window_clock).where(
    tables.window_clock.c.window.in_(bindparam("windows", expanding=True))
)


def window_clocks(db: Connection, windows: Collection[str]) -> dict[str, datetime]:
    """When time alone will next change the answer of each of the windows; absent where never again."""
    return {row.window: row.next_at for row in db.execute(_CLOCKS, {"windows": sorted(windows)})}


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
