"""Which readers count: those built on recorded bytes, and those that a person has confirmed on the live site.

A confirmation is a decision like any other, append-only. It holds for the route as it was defined when it was
tried: a changed address, selector or bound asks for another look.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import Connection

from instruments.catalogue import Catalogue
from instruments.routes import Route, Source
from jobs.wiring import UsageError, Wiring
from models import findings
from models.findings import Decision

CONFIRMED = "confirmed"
WITHDRAWN = "withdrawn"


LOOKED_AT = ("url", "read", "depth", "minimum_items", "empty", "max_pages", "begins")
"""What decides how a route is understood; not how often it is read, or its documents are read again."""


def subject_of(source: Source, route: Route) -> str:
    """``route:<source>/<route>@<digest of its definition>``, cut to fit."""
    definition = json.dumps(route.model_dump(mode="json", include=set(LOOKED_AT)), sort_keys=True)
    return f"route:{source.id}/{route.id}@{hashlib.sha256(definition.encode()).hexdigest()[:16]}"


def confirmed_routes(db: Connection, as_of: datetime) -> frozenset[str]:
    """The subjects of the routes that people had confirmed by ``as_of``."""
    last = {d.subject: d.value for d in findings.decisions(db, as_of, kind="route")}
    return frozenset(subject for subject, value in last.items() if value == CONFIRMED)


def counts(source: Source, route: Route, confirmed: AbstractSet[str]) -> bool:
    """Whether a valid reading of the route may enter coverage."""
    return route.counts or (not route.sampled and subject_of(source, route) in confirmed)


def confirm(wiring: Wiring, source: Source, route: Route, *, by: str, reason: str) -> None:
    """Record that a person has looked at what the reader understood, and that it was right."""
    if route.sampled:
        raise UsageError(f"{source.id}/{route.id} is a selection; it supports announcements, never absence")
    _decide(wiring, source, route, CONFIRMED, by, reason)


def take_back(wiring: Wiring, source: Source, route: Route, *, by: str, reason: str) -> None:
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
