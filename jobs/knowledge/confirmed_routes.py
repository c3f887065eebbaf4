"""Which routes count: those with a recorded reader, and those that a person has confirmed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import Connection

from servanda.instruments.routes import Route, Source
from servanda.models.findings import verdicts as findings

CONFIRMED = "confirmed"


WITHDRAWN = "withdrawn"


CONFIRMED_FIELDS = ("url", "read", "depth", "minimum_items", "empty", "max_pages", "begins")
"""What decides how a route is understood; not how often it is read, or its documents are read again."""

CONFIRMED_WHERE_GIVEN = ("content", "addresses")
"""The same, where it is given: where the text of its documents stands, and to whom its items belong."""


def subject_of(source: Source, route: Route) -> str:
    """``route:<source>/<route>@<digest of its definition>``, cut to fit."""
    defined = route.model_dump(mode="json", include=set(CONFIRMED_FIELDS))
    defined |= {
        k: v for k, v in route.model_dump(mode="json", include=set(CONFIRMED_WHERE_GIVEN)).items() if v
    }
    definition = json.dumps(defined, sort_keys=True)
    return f"route:{source.id}/{route.id}@{hashlib.sha256(definition.encode()).hexdigest()[:16]}"


def confirmed_routes(db: Connection, as_of: datetime) -> frozenset[str]:
    """The subjects of the routes that people had confirmed by ``as_of``."""
    last = {d.subject: d.value for d in findings.decisions(db, as_of, kind="route")}
    return frozenset(subject for subject, value in last.items() if value == CONFIRMED)


def confirmed_routes_of(db: Connection, source: Source, as_of: datetime) -> frozenset[str]:
    """The same, as far as it matters to a source: nothing is asked where no route of it needs a person."""
    if all(route.counts or route.sampled for route in source.routes):
        return frozenset()
    return confirmed_routes(db, as_of)


def counts_toward_coverage(source: Source, route: Route, confirmed: AbstractSet[str]) -> bool:
    """Whether a valid reading of the route may enter coverage."""
    return route.counts or (not route.sampled and subject_of(source, route) in confirmed)
