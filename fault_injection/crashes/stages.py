"""How far a day had come when it was killed, by what its database and the mail server say."""

from __future__ import annotations

import contextlib
from enum import StrEnum

from sqlalchemy import Connection, func, select

from fault_injection.crashes.places import Place
from fault_injection.crashes.scene import DAY_AT, SOURCES
from servanda.models import tables
from servanda.models.store import open_store


class Stage(StrEnum):
    """In the order of the day."""

    STARTING = "starting: nothing new on record"
    READING = "reading the sources"
    JUDGING = "judging: read, nothing to tell written down"
    ROUTING = "telling: alerts without recipients"
    COMPOSING = "telling: recipients without envelopes"
    SENDING = "sending: some mails out, others not"
    BETWEEN = "sending: a mail stored, its 250 not on record"
    ENDING = "ending: all is sent"


def stage_of(place: Place, stored: int) -> Stage:
    """``stored``: how many mails the server has."""
    with contextlib.closing(open_store(place.database_url)) as store, store.reading() as db:
        polled, verdicts, alerts, routed, recipients, told = (_new(db, name) for name in _COUNTED)
        query = select(tables.envelope.c.state).where(tables.envelope.c.known_at >= DAY_AT)
        states = list(db.execute(query).scalars())
    sent = states.count("sent")
    if stored > sent:
        return Stage.BETWEEN
    if not polled:
        return Stage.STARTING
    if polled < len(SOURCES):
        return Stage.READING
    if not verdicts:
        return Stage.JUDGING
    if routed < alerts:
        return Stage.ROUTING
    if told < recipients:
        return Stage.COMPOSING
    return Stage.SENDING if sent < len(states) else Stage.ENDING


_COUNTED = ("poll", "verdict", "alert", "routing", "recipient", "told")


def _new(db: Connection, name: str) -> int:
    """How many rows of a table this day has added."""
    table = tables.metadata.tables[name]
    at = table.c.finished_at if name == "poll" else table.c.known_at
    return int(db.execute(select(func.count()).select_from(table).where(at >= DAY_AT)).scalar_one())
