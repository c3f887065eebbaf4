"""What became of what was sent: by watcher, by way, and how lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from servanda.compliance.watchers import Channel
from servanda.models import tables

_rows = tables.envelope.c
_made = tables.attempt.c


@dataclass(frozen=True, slots=True)
class EnvelopeOutcome:
    """What became of an envelope in the end, as far as it is known. ``bounced``: it came back for good."""

    envelope: int
    sent: bool
    bounced: bool
    code: int
    answer: str
    at: datetime


def envelope_outcomes(db: Connection, watcher: int, since: datetime, most: int) -> list[EnvelopeOutcome]:
    """Of what was sent to a watcher, or refused, since then: the newest first."""
    last = (
        select(func.max(_made.id))
        .join(tables.envelope, _rows.id == _made.envelope)
        .where(_rows.watcher == watcher, _rows.state.in_(("sent", "refused")))
        .group_by(_made.envelope)
    )
    back = tables.bounce.c
    bounced = select(func.count()).where(back.envelope == _made.envelope, back.permanent).scalar_subquery()
    query = (
        select(_made.envelope, _made.code, _made.answer, _made.at, _rows.state, bounced.label("back"))
        .join(tables.envelope, _rows.id == _made.envelope)
        .where(_made.id.in_(last), _made.at >= since)
        .order_by(_made.id.desc())
        .limit(most)
    )
    return [
        EnvelopeOutcome(r.envelope, r.state == "sent", r.back > 0, r.code, r.answer, r.at)
        for r in db.execute(query)
    ]


def active_since(db: Connection, watcher: int) -> datetime | None:
    """When a watcher last became active; None where they never did."""
    standing = tables.standing.c
    query = (
        select(standing.known_at)
        .where(standing.watcher == watcher, standing.state == "active")
        .order_by(standing.id.desc())
        .limit(1)
    )
    return db.execute(query).scalar_one_or_none()


def last_failure(db: Connection, channel: Channel, since: datetime) -> str | None:
    """What a failed try this way was answered last, since then; None where none was made."""
    query = (
        select(_made.code, _made.answer)
        .join(tables.envelope, _rows.id == _made.envelope)
        .join(tables.watcher, tables.watcher.c.id == _rows.watcher)
        .where(tables.watcher.c.channel == channel, _made.at >= since, ~_made.code.between(200, 299))
        .order_by(_made.id.desc())
        .limit(1)
    )
    row = db.execute(query).one_or_none()
    if row is None:
        return None
    return f"{row.code} {row.answer}" if row.code else str(row.answer)


def first_attempt_at(db: Connection, envelope: int) -> datetime | None:
    """When an envelope was first tried."""
    return db.execute(select(func.min(_made.at)).where(_made.envelope == envelope)).scalar_one_or_none()


def latest_attempts(db: Connection, most: int) -> Sequence[datetime]:
    """When the last tries of all were made, at most so many, the newest first."""
    return list(db.execute(select(_made.at).order_by(_made.id.desc()).limit(most)).scalars())
