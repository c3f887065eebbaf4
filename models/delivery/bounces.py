"""Mails that came back: each report once, and the envelope that it speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from servanda.models import tables
from servanda.models.upsert import insert_or_ignore


@dataclass(frozen=True, slots=True)
class SentEnvelope:
    """An envelope by its Message-ID, with what was sent."""

    id: int
    watcher: int
    recipient: str
    bytes: bytes


@dataclass(frozen=True, slots=True)
class NewBounce:
    """``digest`` names the report. ``envelope`` is None unless it is proven to speak of it.

    ``watcher`` is None unless one is named; ``permanent``: the address is dead, by what is said.
    """

    digest: str
    envelope: int | None
    watcher: int | None
    address: str
    permanent: bool
    diagnostic: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Bounce:
    """``recipient`` is whom the envelope was for, None where no envelope was proven."""

    id: int
    known_at: datetime
    address: str
    permanent: bool
    diagnostic: str
    watcher: int | None
    message_id: str | None


def sent_envelope(db: Connection, message_ids: Iterable[str]) -> SentEnvelope | None:
    """The first of our envelopes among these Message-IDs; None where none of them is ours."""
    wanted = list(message_ids)
    rows = tables.envelope.c
    query = select(rows.id, rows.watcher, rows.recipient, rows.bytes, rows.message_id).where(
        rows.message_id.in_(wanted)
    )
    by_id = {row.message_id: row for row in db.execute(query)}
    for message_id in wanted:
        if message_id in by_id:
            row = by_id[message_id]
            return SentEnvelope(row.id, row.watcher, row.recipient, row.bytes)
    return None


def add_bounce(db: Connection, new: NewBounce, now: datetime) -> bool:
    """Keep a report; False where it is kept already."""
    return insert_or_ignore(
        db,
        tables.bounce,
        digest=new.digest,
        envelope=new.envelope,
        watcher=new.watcher,
        address=new.address,
        permanent=new.permanent,
        diagnostic=new.diagnostic,
        content=new.content,
        known_at=now,
    )


def bounces(db: Connection, most: int) -> list[Bounce]:
    """The reports kept last, the newest first."""
    rows, mails = tables.bounce.c, tables.envelope.c
    query = (
        select(
            rows.id,
            rows.known_at,
            rows.address,
            rows.permanent,
            rows.diagnostic,
            rows.watcher,
            mails.message_id,
        )
        .outerjoin(tables.envelope, mails.id == rows.envelope)
        .order_by(rows.id.desc())
        .limit(most)
    )
    return [Bounce(*row) for row in db.execute(query)]
