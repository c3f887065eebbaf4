"""When each document that was read is read again: by what its route declares, and by what rests on it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.intervals import END
from servanda.compliance.publication import PublicationTime
from servanda.compliance.recheck_times import next_recheck_at, recheck_interval, retry_at
from servanda.instruments.routes import Route, Source
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.documents.observations import ObservationOutcome
from servanda.models.documents import recheck_queue as reread
from servanda.models.documents.document_record import document_record
from servanda.models.documents.recheck_queue import RecheckQueueEntry
from servanda.models.findings import verdicts as findings
from servanda.scrapers.exchange import Validators


def schedule_next_recheck(
    db: Connection,
    source: Source,
    route: Route,
    document: int,
    published: PublicationTime,
    noted: ObservationOutcome,
    validators: Validators,
    *,
    doubtful: bool = False,
) -> None:
    """Plan the look that follows one that saw a document; ``validators`` are for that request.

    What is doubtful is asked for again soon, and unconditionally.
    """
    due_at, at = END, noted.looks[-1].at
    if route.documents_change:
        every = recheck_interval(windows_final(db, document)) if len(noted.looks) > 1 else None
        due_at = next_recheck_at(published, noted.first_seen_at, at, route.reread, every)
    if doubtful and route.documents_change:
        due_at = min(due_at, retry_at(noted.first_seen_at, at))
        validators = Validators()
    etag, last_modified = validators.etag, validators.last_modified
    reread.schedule_recheck(db, document, source.id, due_at, etag=etag, last_modified=last_modified)


def next_recheck_due(
    db: Connection, source: Source, document: RecheckQueueEntry, looked_at: datetime
) -> datetime:
    """When to look again at a document that was looked at then; END for never."""
    route = recheck_route(db, source, document)
    if route is None:
        return END
    every = recheck_interval(windows_final(db, document.document))
    return next_recheck_at(document.published, document.first_read_at, looked_at, route.reread, every)


def restore_schedule(ledger: Ledger, source: Source) -> bool:
    """Make the plan of a source again from the ledgers, where there is none any more; whether it was lost.

    Whatever plans a look comes after this: what it adds would hide that the rest is lost.
    """
    with ledger.reading() as (db, _):
        lost = reread.is_queue_lost(db, source.id)
    if lost:
        with ledger.writing() as (db, _):
            every = reread.all_rechecks(db, source.id)
            due = [(one.document, next_recheck_due(db, source, one, one.seen_at)) for one in every]
            reread.schedule_missing_rechecks(db, source.id, due)
    return lost


def recheck_route(db: Connection, source: Source, document: RecheckQueueEntry) -> Route | None:
    """The route on which a document is read again: the one whose statement counts, else the last other one
    that spoke of it. None where the documents of none of them are read again.
    """
    routes = {route.id: route for route in source.routes if route.documents_change}
    if document.route in routes:
        return routes[document.route]
    found = document_record(db, document.document, END)
    said = reversed(found.statements) if found else ()
    return next((routes[one.route] for one in said if one.route in routes), None)


def windows_final(db: Connection, document: int) -> list[bool | None]:
    """For each window that a document is evidence for, whether it is final; None for no window."""
    return [None if w is None else _is_final(db, w) for w in reread.windows_of(db, document)]


def _is_final(db: Connection, window: str) -> bool:
    verdict = findings.last_verdict(db, window)
    return verdict is not None and verdict.verdict.final
