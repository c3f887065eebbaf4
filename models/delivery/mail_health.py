"""How the mail does: what waits, since when, and what was answered last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from servanda.models import tables

_envelope, _attempt, _watcher = tables.envelope.c, tables.attempt.c, tables.watcher.c


@dataclass(frozen=True, slots=True)
class MailHealth:
    """``waiting_since``: when the oldest mail that waits was written. ``refusal``: the last answer that was
    not yes, in the server's words; ``of_server``: any other mail would have met it."""

    waiting: int
    waiting_since: datetime | None
    sent_at: datetime | None
    refused_at: datetime | None
    refusal: str | None
    of_server: bool

    @property
    def is_refused(self) -> bool:
        """Whether the server itself is out of use, by the last try."""
        sent_since = (
            self.sent_at is not None and self.refused_at is not None and self.sent_at > self.refused_at
        )
        return self.of_server and not sent_since


_WAITING = (
    select(func.count().label("waiting"), func.min(_envelope.known_at).label("since"))
    .join(tables.watcher, _watcher.id == _envelope.watcher)
    .where(_envelope.state == "queued", _watcher.channel == "mail")
)


def _last(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(_attempt.at, _attempt.code, _attempt.answer, _attempt.of_server)
        .join(tables.envelope, _envelope.id == _attempt.envelope)
        .join(tables.watcher, _watcher.id == _envelope.watcher)
        .where(_watcher.channel == "mail", *conditions)
        .order_by(_attempt.id.desc())
        .limit(1)
    )


_SENT, _REFUSED = _last(_attempt.code.between(200, 299)), _last(~_attempt.code.between(200, 299))


def mail_health(db: Connection) -> MailHealth:
    """How the mail does at present."""
    waiting = db.execute(_WAITING).one()
    sent, refused = db.execute(_SENT).one_or_none(), db.execute(_REFUSED).one_or_none()
    said = None if refused is None else f"{refused.code} {refused.answer}" if refused.code else refused.answer
    return MailHealth(
        waiting.waiting,
        waiting.since,
        None if sent is None else sent.at,
        None if refused is None else refused.at,
        said,
        refused is not None and refused.of_server,
    )
