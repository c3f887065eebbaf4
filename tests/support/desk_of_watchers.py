"""A database with nobody in it, whose present a test moves; no site, no server: mails are files."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from sqlalchemy import select
from support.catalogues import feed_route, source, write_catalogue
from support.mailing import evidence

from servanda.alerts.payloads.kinds import AlertKind
from servanda.compliance.watchers import Profile, Subscription, Watcher
from servanda.instruments.catalogue import Catalogue, load_catalogue
from servanda.jobs.alerting.window_alerts import new_alert
from servanda.jobs.bootstrap.replay import FrozenClock
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.watchers.membership import DesiredWatcher, JoinOutcome, join
from servanda.models import tables
from servanda.models.alerts import alerts as alert_rows
from servanda.models.delivery.watchers import watcher_by_address
from servanda.models.store import Store, create_store, open_store


@dataclass
class Desk:
    """``at(now)`` is the wiring of the real jobs at an instant."""

    store: Store
    settings: Settings
    catalogue: Catalogue

    def at(self, now: datetime) -> Wiring:
        return Wiring(self.settings, self.catalogue, self.store, FrozenClock(now))

    def add(
        self,
        now: datetime,
        address: str,
        *,
        agreed: str | None = None,
        by: str | None = "Ben",
        profile: Profile | None = None,
        wanted: tuple[Subscription, ...] = (Subscription(),),
    ) -> JoinOutcome:
        return self.join(now, DesiredWatcher(address, profile or Profile(), wanted), by=by, agreed=agreed)

    def join(
        self, now: datetime, wanted: DesiredWatcher, *, by: str | None, agreed: str | None
    ) -> JoinOutcome:
        wiring = self.at(now)
        return join(wiring.ledger, lambda: wiring.letterhead, wanted, by=by, agreed=agreed)

    def watcher(self, address: str) -> Watcher:
        with self.store.reading() as db:
            found = watcher_by_address(db, address)
        assert found is not None, address
        return found

    def tell(self, now: datetime, key: str) -> None:
        """Something worth telling to whoever watches the instrument."""
        alert = new_alert(
            AlertKind.NEW_EVIDENCE, key, evidence(key), subject="commitment:national-guard",
            instrument="us-mexico-2019", cause=("poll", 1), now=now,
        )  # fmt: skip
        with self.store.writing() as db:
            assert alert_rows.record_alert(db, alert)

    def copied(self, folder: Path) -> Desk:
        """The same database, catalogue and settings for another test: making them takes longer than a test."""
        shutil.copy(self.store.engine.url.database or "", folder / "servanda.db")
        settings = self.settings.model_copy(update={"outbox": folder / "outbox"})
        return Desk(open_store(f"sqlite:///{folder}/servanda.db"), settings, self.catalogue)

    def states(self) -> list[tuple[str, str]]:
        """Kind and state of every envelope, in their order."""
        envelope = tables.envelope.c
        with self.store.reading() as db:
            rows = db.execute(select(envelope.kind, envelope.state).order_by(envelope.id))
            return [(row.kind, row.state) for row in rows]

    def mails(self) -> list[EmailMessage]:
        """What was written to the outbox, in the order of sending."""
        envelope = tables.envelope.c
        with self.store.reading() as db:
            rows = db.execute(select(envelope.bytes).where(envelope.state == "sent").order_by(envelope.id))
            return [message_from_bytes(bytes(row.bytes), policy=default) for row in rows]


def desk(folder: Path, store: Store) -> Desk:
    feed = source("us-state", feed_route("http://127.0.0.1:80/feed"))
    settings = Settings(
        outbox=folder / "outbox",
        secret_file=folder / "secret",
        public_url=None,
        contact="desk@example.org",
        smtp_url=None,
        now=None,
    )
    return Desk(store, settings, load_catalogue(write_catalogue(folder / "catalogue", {"us-state": feed})))


def empty_desk(folder: Path, now: datetime) -> Desk:
    """A desk with a database on SQLite that nobody uses, to be copied."""
    store = create_store(f"sqlite:///{folder}/empty.db", mode="live", now=now)
    store.close()
    return desk(folder, store)
