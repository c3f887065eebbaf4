"""What happened to the instruments, as an Atom feed."""

from __future__ import annotations

from servanda.alerts.formats.atom import FeedSource, feed_of
from servanda.alerts.payloads.kinds import PUBLIC_KINDS
from servanda.alerts.text.translation import words
from servanda.compliance.watchers import Language
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.alerting.stored_alerts import alert_of
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.models.alerts.alert_feed import newest_alerts

NEWEST = 100
"""Entries of a feed; whoever comes back more seldom than that asks ``servanda export alerts``."""


def events(
    ledger: Ledger,
    catalogue: Catalogue,
    instrument: str | None = None,
    base_url: str | None = None,
    language: Language = "en",
) -> bytes:
    """The newest alerts, of all instruments or of one; LookupError names those that exist.

    ``base_url``: where the web app stands, without a slash at the end; None: the feed becomes a file.
    The same database gives the same bytes.
    """
    told = words(language)
    of_one = None if instrument is None else catalogue.instrument(instrument)
    with ledger.reading() as (db, _):
        found = newest_alerts(db, PUBLIC_KINDS, instrument=instrument, limit=NEWEST)
    path = "/events.atom" if instrument is None else f"/events/{instrument}.atom"
    identity = ledger.store.identity
    source = FeedSource(
        database=identity.id,
        since=identity.created_at,
        instrument=instrument,
        title=told.say("Servanda: what happened") if of_one is None else of_one.title,
        self_url=None if base_url is None else f"{base_url}{path}",
    )
    alerts = [alert_of(ledger.store, stored) for stored in found]
    return feed_of(source, alerts, told, replay=ledger.replay)
