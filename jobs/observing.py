"""Note what was seen of a document, with the alerts that this makes necessary, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from compliance.histories import Step, history, is_withdrawn
from compliance.intervals import END
from compliance.looks import GONE_AGAIN, how_often, next_look
from compliance.publication import Published
from instruments.routes import CdxReading, PageReading, Route, Source
from jobs.telling_changes import change_alerts
from jobs.wiring import Wiring
from models import findings, mail, reread
from models.observations import observations, record_observation
from scrapers.exchange import Validators


@dataclass(frozen=True, slots=True)
class Noted:
    """What became of a document by a look at it: whether it was gone, its whole history, the steps that this
    look made known, and how many alerts tell them."""

    gone: bool
    history: tuple[Step, ...]
    steps: tuple[Step, ...]
    alerts: int

    def shows(self, kind: str) -> bool:
        return any(step.kind == kind for step in self.steps)


def note_seen(
    db: Connection, wiring: Wiring, document: int, version: int, exchange: int, at: datetime
) -> Noted:
    """A version was seen in an exchange."""
    observation = record_observation(db, document, version, exchange, "seen", at)
    return _noted(db, wiring, document, observation, gone=False)


def note_gone(db: Connection, wiring: Wiring, document: int, exchange: int, at: datetime) -> Noted:
    """A document was seen gone in an exchange. As long as that may be a mishap, it is asked for again within
    the hour; of one that was never read nobody is told."""
    observation = record_observation(db, document, None, exchange, "gone", at)
    noted = _noted(db, wiring, document, observation, gone=True)
    if not is_withdrawn(noted.history):
        reread.hasten(db, document, at + GONE_AGAIN)
    return noted


def _noted(db: Connection, wiring: Wiring, document: int, observation: int, *, gone: bool) -> Noted:
    every = history(observations(db, document))
    steps = tuple(step for step in every if step.observation == observation and step.kind != "published")
    alerts = [alert for step in steps for alert in change_alerts(db, wiring, document, step)]
    return Noted(gone, every, steps, sum(mail.record_alert(db, alert) for alert in alerts))


def plan_next_look(
    db: Connection,
    source: Source,
    route: Route,
    document: int,
    published: Published,
    at: datetime,
    validators: Validators,
) -> None:
    """When to read a document again that was read at ``at``; ``validators`` are for that request."""
    looks = observations(db, document)
    first = min((look.at for look in looks if look.state == "seen"), default=at)
    due_at = END
    if is_read_again(route):
        due_at = next_look(published, first, at, route.reread, how_often(windows_final(db, document)))
    etag, last_modified = validators.etag, validators.last_modified
    reread.plan(db, document, source.id, due_at, etag=etag, last_modified=last_modified)


def is_read_again(route: Route) -> bool:
    """Whether documents of a route are read again: not a watched page, whose every content is a document of
    its own, and not an archive's captures, which do not change."""
    if isinstance(route.read, CdxReading):
        return route.read.documents == "original"
    return not isinstance(route.read, PageReading)


def windows_final(db: Connection, document: int) -> list[bool | None]:
    """For each window that a document is evidence for, whether it is final; None for no window."""
    return [None if w is None else _is_final(db, w) for w in reread.windows_of(db, document)]


def _is_final(db: Connection, window: str) -> bool:
    verdict = findings.last_verdict(db, window)
    return verdict is not None and verdict.verdict.final
