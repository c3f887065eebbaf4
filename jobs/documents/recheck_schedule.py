"""When each document that was read is read again: by what its route declares, and by what rests on it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.intervals import END
from servanda.compliance.publication import Published
from servanda.compliance.recheck_times import how_often, next_look
from servanda.instruments.routes import CdxReading, PageReading, Route, Source
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.documents.observations import Noted
from servanda.models.documents import recheck_queue as reread
from servanda.models.documents.document_record import listed
from servanda.models.documents.recheck_queue import ReadBefore
from servanda.models.findings import verdicts as findings
from servanda.scrapers.exchange import Validators


def plan_next_look(
    db: Connection,
    source: Source,
    route: Route,
    document: int,
    published: Published,
    noted: Noted,
    validators: Validators,
) -> None:
    """Plan the look that follows one that saw a document; ``validators`` are for that request."""
    due_at, at = END, noted.looks[-1].at
    if is_read_again(route):
        every = how_often(windows_final(db, document)) if len(noted.looks) > 1 else None
        due_at = next_look(published, noted.first_seen_at, at, route.reread, every)
    etag, last_modified = validators.etag, validators.last_modified
    reread.plan(db, document, source.id, due_at, etag=etag, last_modified=last_modified)


def next_due(db: Connection, source: Source, document: ReadBefore, looked_at: datetime) -> datetime:
    """When to look again at a document that was looked at then; END for never."""
    route = route_of(db, source, document)
    if route is None:
        return END
    every = how_often(windows_final(db, document.document))
    return next_look(document.published, document.first_read_at, looked_at, route.reread, every)


def restore_plan(wiring: Wiring, source: Source) -> None:
    """Make the plan of a source again from the ledgers, where there is none any more.

    Whatever plans a look comes after this: what it adds would hide that the rest is lost.
    """
    with wiring.store.reading() as db:
        lost = reread.is_lost(db, source.id)
    if lost:
        with wiring.store.writing() as db:
            found = reread.read_before(db, source.id)
            due = [(one.document, next_due(db, source, one, one.seen_at)) for one in found]
            reread.plan_all(db, source.id, due)


def route_of(db: Connection, source: Source, document: ReadBefore) -> Route | None:
    """The route on which a document is read again: the one whose statement counts, else the last other one
    that spoke of it. None where the documents of none of them are read again.
    """
    routes = {route.id: route for route in source.routes if is_read_again(route)}
    if document.route in routes:
        return routes[document.route]
    found = listed(db, document.document, END)
    said = reversed(found.statements) if found else ()
    return next((routes[one.route] for one in said if one.route in routes), None)


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
