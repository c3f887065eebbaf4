"""Read documents again that were read before: releases are edited, withdrawn and restored.

When is declared by their route (``reread``), and by what rests on them. A look costs one conditional request.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from compliance.histories import is_withdrawn
from compliance.intervals import END
from compliance.looks import GONE_AGAIN, after_failure
from compliance.scanning import Scan
from instruments.routes import Route, Source
from jobs.archiving import place
from jobs.articles import GONE_KINDS, HELD_FOR, POISON, failure_of, put_aside, read_page
from jobs.kept_pages import read_kept
from jobs.observing import Noted, note_gone, note_seen
from jobs.planning import next_due, plan_next_look, route_of
from jobs.progress import OnStep
from jobs.scanned import note_scanned
from jobs.wiring import Wiring
from models import documents, polls, reread
from models.observations import kept_bytes
from models.polls import Failure
from models.reread import ReadBefore
from scrapers.exchange import Exchange, Recording, Validators
from scrapers.platforms.rules import validators_of
from scrapers.reading import Article, Unchanged

MOST_AT_ONCE = 50
"""Documents of a source that are read again in one run, those first that waited longest; the others wait."""

NOTHING = Scan.of(())
"""To read what is kept for its digest alone."""

GIVE_UP_AFTER = 3
"""Looks in a row that failed; then the source is left alone until its next run."""


@dataclass(frozen=True, slots=True)
class RereadOutcome:
    """Documents that were read again, and how many of them were edited, or were gone."""

    reread: int = 0
    edited: int = 0
    gone: int = 0
    alerts: int = 0

    def plus(self, noted: Noted) -> RereadOutcome:
        return RereadOutcome(
            self.reread + 1,
            self.edited + noted.shows("edited"),
            self.gone + noted.gone,
            self.alerts + noted.alerts,
        )


def reread_articles(wiring: Wiring, source: Source, poll: int, on_step: OnStep) -> RereadOutcome:
    """Read those documents of a source again that are due; the requests are told of ``poll``."""
    outcome, failed = RereadOutcome(), 0
    with wiring.store.reading() as db:
        due = reread.due(db, source.id, wiring.now, MOST_AT_ONCE)
    for n, document in enumerate(due):
        on_step(f"{source.id}: again: {document.title[:50]}", n, len(due))
        with wiring.store.reading() as db:
            route = route_of(db, source, document)
        if route is None:
            _leave_alone(wiring, document)
            continue
        noted = _look(wiring, source, route, poll, document)
        failed = 0 if noted else failed + 1
        if noted is not None:
            outcome = outcome.plus(noted)
        if failed == GIVE_UP_AFTER:
            break
    return outcome


def _leave_alone(wiring: Wiring, document: ReadBefore) -> None:
    with wiring.store.writing() as db:
        reread.put_off(db, document.document, END)


def _look(wiring: Wiring, source: Source, route: Route, poll: int, document: ReadBefore) -> Noted | None:
    """Read a document again, and record what was seen; None where nothing can be said of it."""
    recording = Recording()
    got = _get(wiring, source, route, document, recording)
    placed = [place(wiring, exchange, document.document) for exchange in recording.exchanges]
    with wiring.store.writing() as db:
        exchanges = [polls.record_exchange(db, poll, document.document, record) for record in placed]
        last = recording.exchanges[-1] if exchanges else None
        if last is not None and not isinstance(got, Failure):
            return _seen(db, wiring, source, route, document, exchanges[-1], last, got)
        if last is not None and isinstance(got, Failure) and got.kind in GONE_KINDS:
            return _gone(db, wiring, source, document, exchanges[-1], last)
        if last is not None and isinstance(got, Failure) and got.kind.startswith(POISON):
            put_aside(db, wiring, document.document, exchanges[-1], got)
            reread.put_off(db, document.document, wiring.now + HELD_FOR)
        else:
            reread.put_off(db, document.document, after_failure(document.seen_at, wiring.now))
    return None


def _seen(
    db: Connection,
    wiring: Wiring,
    source: Source,
    route: Route,
    document: ReadBefore,
    exchange: int,
    answer: Exchange,
    got: Article | Unchanged,
) -> Noted:
    """The content that was seen: the one of before, or another, which is matched like any new one."""
    version, validators = document.version, Validators(document.etag, document.last_modified)
    if isinstance(got, Article):
        validators = validators_of(answer)
        version, _ = documents.record_version(db, document.document, got, document.published, wiring.now)
        if got.text is None:
            note_scanned(db, wiring, version)
    noted = note_seen(db, wiring, document.document, version, exchange, answer.at)
    plan_next_look(db, source, route, document.document, document.published, noted, validators)
    return noted


def _gone(
    db: Connection, wiring: Wiring, source: Source, document: ReadBefore, exchange: int, answer: Exchange
) -> Noted:
    """Asked again an hour later, as long as it may be a mishap; then as seldom as one that stands."""
    noted = note_gone(db, wiring, document.document, exchange, answer.at)
    settled = is_withdrawn(noted.history)
    due_at = next_due(db, source, document, answer.at) if settled else answer.at + GONE_AGAIN
    reread.put_off(db, document.document, due_at)
    return noted


def _get(
    wiring: Wiring, source: Source, route: Route, document: ReadBefore, recording: Recording
) -> Article | Unchanged | Failure:
    """What a document says now, Unchanged where it is what it was, or why it cannot be read.

    All of it is drawn where anything rests on it, so that an edit can be told.
    """
    fetch = wiring.fetcher.session(recording)
    title = "" if route.dated_by_document else document.title
    with wiring.store.reading() as db:
        scan = None if reread.windows_of(db, document.document) else wiring.scan
    try:
        address = route.address_of(document.url, document.published)
        pause = route.pause.total_seconds()
        exchange = fetch(address, pause_seconds=pause, validators=_validators(document, title))
        if exchange.status == 304:
            return Unchanged()
        article = read_page(wiring, exchange, source, route, title, scan)
    except Exception as error:
        return failure_of(error, document.url)
    return (
        replace(article, digest=document.digest)
        if _is_same(wiring, source, route, document, article, title)
        else article
    )


def _validators(document: ReadBefore, title: str) -> Validators | None:
    """None where a listing gives it another title now: an answer "unchanged" would hide that."""
    if title and title != document.version_title:
        return None
    return Validators(document.etag, document.last_modified)


def _is_same(
    wiring: Wiring, source: Source, route: Route, document: ReadBefore, article: Article, title: str
) -> bool:
    """Whether a content is that of before, although its digest is another.

    It is where the kept bytes, read as the new ones were, have the new digest too: then it is we who read
    otherwise, by another route, selector or release, and nothing was edited.
    """
    if article.digest == document.digest:
        return True
    if title and title != document.version_title:
        return False
    with wiring.store.reading() as db:
        kept = kept_bytes(db, document.version)
    try:
        before = read_kept(wiring, kept, source, route, title, NOTHING)
    except Exception as error:
        failure_of(error, f"what was kept of {document.url}")
        return False
    return before.digest == article.digest
