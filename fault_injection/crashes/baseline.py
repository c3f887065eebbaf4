"""The monitor before the day: begun two days ago, with watchers of every kind, and something waiting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from fault_injection.crashes.catalogue import write_catalogue
from fault_injection.crashes.mail_server import MailServer
from fault_injection.crashes.places import Databases, Place
from fault_injection.crashes.scene import BEGUN_AT, EVE_AT, SOURCES, Site
from servanda.compliance.watchers import Profile, Subscription
from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.jobs.collect import collect_source
from servanda.jobs.notify import notify
from servanda.models.delivery.watchers import add_watcher, set_profile, set_standing, subscribe

EAGER = ("ana", "ben", "carla", "dan", "eva", "fritz", "gina", "hugo")
"""They are told everything, at once."""


def prepare(folder: Path, site: Site, databases: Databases, eager: int) -> Place:
    """A monitor with two days behind it, closed, so that it can be copied."""
    folder.mkdir(parents=True)
    catalogue = write_catalogue(folder / "catalogue", site.url)
    mail = MailServer(wait=0.0)
    with mail.running():
        place = Place(folder, databases.empty(folder), catalogue, ("127.0.0.1", site.port), mail.url)
        for now in (BEGUN_AT, EVE_AT):
            site.now = now
            with wire(now=now, opening="create", settings=place.settings()) as wiring:
                if now == BEGUN_AT:
                    _welcome(wiring, EAGER[:eager], now)
                _read_and_judge(wiring)
                notify(wiring)
    return place


def prepare_waiting(folder: Path, site: Site, databases: Databases, mails: int) -> Place:
    """A monitor whose first mail waits to be written for each of so many watchers."""
    folder.mkdir(parents=True)
    catalogue = write_catalogue(folder / "catalogue", site.url)
    place = Place(folder, databases.empty(folder), catalogue, ("127.0.0.1", site.port), "smtp://127.0.0.1:9")
    with wire(now=BEGUN_AT, opening="create", settings=place.settings()) as wiring:
        for number in range(mails):
            _add(wiring, f"w{number}", Profile(f"Watcher {number}"), Subscription(), BEGUN_AT)
        _read_and_judge(wiring)
    return place


def _read_and_judge(wiring: Wiring) -> None:
    for source in SOURCES:
        collect_source(wiring, source)
    assess(wiring)


def _welcome(wiring: Wiring, eager: Sequence[str], now: datetime) -> None:
    """Watchers of several paces, languages, roles and wishes."""
    for name in eager:
        _add(wiring, name, Profile(name.title()), Subscription(), now)
    _add(wiring, "ines", Profile("Inés", language="es", zone="America/Mexico_City"), Subscription(), now)
    daily, weekly = Subscription(frequency="daily"), Subscription(frequency="weekly")
    _add(wiring, "jon", Profile("Jon", hour=9), daily, now)
    _add(wiring, "kim", Profile("Kim", zone="America/Los_Angeles", hour=7), daily, now)
    _add(wiring, "lea", Profile("Lea", weekday=2, hour=10), weekly, now)
    flags = Subscription("flags", kinds=("window_ended", "final_word", "correction"))
    _add(wiring, "max", Profile("Max"), flags, now)
    _add(wiring, "ops", Profile("Ops", operator=True, analyst=True), Subscription(severity="urgent"), now)


def _add(wiring: Wiring, name: str, profile: Profile, wanted: Subscription, now: datetime) -> None:
    with wiring.store.writing() as db:
        watcher, _ = add_watcher(db, f"{name}@{name}.example", now)
        set_profile(db, watcher, profile, now)
        set_standing(db, watcher, "active", "bench", "added", now)
        subscribe(db, watcher, wanted, now)
