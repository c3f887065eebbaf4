"""Which readers count: those built on recorded bytes, and those that a person has confirmed on the live site.

A confirmation is a decision like any other, append-only. It holds for the route as it was defined when it was
tried: a changed address, selector or bound asks for another look.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from servanda.instruments.catalogue import Catalogue
from servanda.instruments.routes import Route, Source
from servanda.jobs.bootstrap.account import current_account
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.knowledge.confirmed_routes import CONFIRMED, WITHDRAWN, confirmed_routes, subject_of
from servanda.models.findings import verdicts as findings
from servanda.models.findings.verdicts import Decision


def confirm_route(ledger: Ledger, source: Source, route: Route, *, by: str, reason: str) -> None:
    """Record that a person has looked at what the reader understood, and that it was right."""
    if route.sampled:
        raise UsageError(f"{source.id}/{route.id} is a selection; it supports announcements, never absence")
    _require(by, reason)
    with ledger.writing() as (db, now):
        _record(db, now, subject_of(source, route), CONFIRMED, by, reason)


def withdraw_confirmation(ledger: Ledger, source: Source, route: Route, *, by: str, reason: str) -> None:
    """Record that a confirmation no longer holds."""
    with ledger.writing() as (db, now):
        subject = subject_of(source, route)
        if subject not in confirmed_routes(db, now):
            raise UsageError(f"{source.id}/{route.id} is not confirmed as it is defined now")
        _require(by, reason)
        _record(db, now, subject, WITHDRAWN, by, reason)


def _require(by: str, reason: str) -> None:
    if not by.strip() or not reason.strip():
        raise UsageError("--by or --reason is empty; say who looked, and at what")


def _record(db: Connection, now: datetime, subject: str, value: str, by: str, reason: str) -> None:
    findings.record_decision(
        db, Decision("route", subject, value, by, reason, now, account=current_account())
    )


def find_route(catalogue: Catalogue, name: str) -> tuple[Source, Route]:
    """``SOURCE/ROUTE`` → both; LookupError names what there is."""
    found = {f"{s.id}/{r.id}": (s, r) for s in catalogue.sources for r in s.routes}
    if name not in found:
        raise LookupError(f"there is no route {name!r}; valid: {', '.join(found)}")
    return found[name]
