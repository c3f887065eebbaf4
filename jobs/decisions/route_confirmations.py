"""Which readers count: those built on recorded bytes, and those that a person has confirmed on the live site.

A confirmation is a decision like any other, append-only. It holds for the route as it was defined when it was
tried: a changed address, selector or bound asks for another look.
"""

from __future__ import annotations

from servanda.instruments.catalogue import Catalogue
from servanda.instruments.routes import Route, Source
from servanda.jobs.bootstrap.wiring import UsageError, Wiring
from servanda.jobs.knowledge.confirmed_routes import CONFIRMED, WITHDRAWN, confirmed_routes, subject_of
from servanda.models.findings import verdicts as findings
from servanda.models.findings.verdicts import Decision


def confirm_route(wiring: Wiring, source: Source, route: Route, *, by: str, reason: str) -> None:
    """Record that a person has looked at what the reader understood, and that it was right."""
    if route.sampled:
        raise UsageError(f"{source.id}/{route.id} is a selection; it supports announcements, never absence")
    _decide(wiring, source, route, CONFIRMED, by, reason)


def withdraw_confirmation(wiring: Wiring, source: Source, route: Route, *, by: str, reason: str) -> None:
    """Record that a confirmation no longer holds."""
    with wiring.store.reading() as db:
        if subject_of(source, route) not in confirmed_routes(db, wiring.now):
            raise UsageError(f"{source.id}/{route.id} is not confirmed as it is defined now")
    _decide(wiring, source, route, WITHDRAWN, by, reason)


def _decide(wiring: Wiring, source: Source, route: Route, value: str, by: str, reason: str) -> None:
    if not by.strip() or not reason.strip():
        raise UsageError("--by or --reason is empty; say who looked, and at what")
    decision = Decision("route", subject_of(source, route), value, by, reason, wiring.now)
    with wiring.store.writing() as db:
        findings.record_decision(db, decision)


def find_route(catalogue: Catalogue, name: str) -> tuple[Source, Route]:
    """``SOURCE/ROUTE`` → both; LookupError names what there is."""
    found = {f"{s.id}/{r.id}": (s, r) for s in catalogue.sources for r in s.routes}
    if name not in found:
        raise LookupError(f"there is no route {name!r}; valid: {', '.join(found)}")
    return found[name]
