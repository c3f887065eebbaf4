"""Read documents again that were read before: releases are edited, withdrawn and restored.

When is declared by their route (``reread``), and by what rests on them. A look costs one conditional request.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.document_history import history, is_withdrawn
from servanda.compliance.intervals import END
from servanda.compliance.prefilter import Scan
from servanda.compliance.recheck_times import GONE_AGAIN, after_failure
from servanda.instruments.routes import Route, Source
from servanda.jobs.bootstrap.progress import OnStep
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.documents.archived_pages import read_kept
from servanda.jobs.documents.archiving import place
from servanda.jobs.documents.fetching import GONE_KINDS, HELD_FOR, POISON, failure_of, put_aside, read_page
from servanda.jobs.documents.observations import Noted, Told, note_gone, note_seen, tell_together
from servanda.jobs.documents.recheck_schedule import next_due, plan_next_look, route_of
from servanda.jobs.documents.screened_marks import note_scanned
from servanda.models.documents import documents
from servanda.models.documents import recheck_queue as reread
from servanda.models.documents.observations import kept_bytes, observations
from servanda.models.documents.recheck_queue import ReadBefore
from servanda.models.polls import polls
from servanda.models.polls.polls import ExchangeRecord, Failure
from servanda.scrapers.exchange import Recording, Validators
from servanda.scrapers.platforms.rules import validators_of
from servanda.scrapers.reading import Article, Unchanged

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


@dataclass(frozen=True, slots=True)
class _Look:
    """What a look at a document gave, before it is recorded. ``at``: of its last answer, None for none.

    ``validators``: those of a new content, else those that there were.
    """

    document: ReadBefore
    route: Route
    got: Article | Unchanged | Failure
    placed: tuple[ExchangeRecord, ...]
    at: datetime | None
    validators: Validators

    @property
    def gone(self) -> bool:
        return isinstance(self.got, Failure) and self.got.kind in GONE_KINDS


def reread_articles(wiring: Wiring, source: Source, poll: int, on_step: OnStep) -> RereadOutcome:
    """Read those documents of a source again that are due; the requests are told of ``poll``.

    What was found gone, or back, is recorded at the end, in one transaction: where a whole site answers "not
    found" that is one alert, not one a document. A run that is killed before has lost requests, not facts.
    """
    outcome, failed, held = RereadOutcome(), 0, list[_Look]()
    with wiring.store.reading() as db:
        due = reread.due(db, source.id, wiring.now, MOST_AT_ONCE)
    try:
        for n, document in enumerate(due):
            on_step(f"{source.id}: again: {document.title[:50]}", n, len(due))
            with wiring.store.reading() as db:
                route = route_of(db, source, document)
            if route is None:
                _leave_alone(wiring, document)
                continue
            look = _look(wiring, source, route, document)
            if _is_told_together(wiring, look):
                held.append(look)
                failed = 0
                continue
            noted = _record(wiring, source, poll, look)
            failed = 0 if noted else failed + 1
            if noted is not None:
                outcome = outcome.plus(noted)
            if failed == GIVE_UP_AFTER:
                break
    finally:
        outcome = _record_together(wiring, source, poll, held, outcome)
    return outcome


def _leave_alone(wiring: Wiring, document: ReadBefore) -> None:
    with wiring.store.writing() as db:
        reread.put_off(db, document.document, END)


def _look(wiring: Wiring, source: Source, route: Route, document: ReadBefore) -> _Look:
    """Read a document again: everything that needs the network; nothing goes into SQL."""
    recording = Recording()
    got = _get(wiring, source, route, document, recording)
    placed = tuple(place(wiring, exchange, document.document) for exchange in recording.exchanges)
    last = recording.exchanges[-1] if placed else None
    new = isinstance(got, Article) and last is not None
    validators = validators_of(last) if new and last else Validators(document.etag, document.last_modified)
    return _Look(document, route, got, placed, last.at if last else None, validators)


def _is_told_together(wiring: Wiring, look: _Look) -> bool:
    """Whether a look found a document gone, or one that was withdrawn back."""
    if look.at is None or isinstance(look.got, Failure):
        return look.at is not None and look.gone
    with wiring.store.reading() as db:
        return is_withdrawn(history(observations(db, look.document.document)))


def _record(wiring: Wiring, source: Source, poll: int, look: _Look) -> Noted | None:
    """Record what was seen; None where nothing can be said of the document."""
    document = look.document
    with wiring.store.writing() as db:
        exchange = _exchange(db, poll, look)
        if exchange is not None and not isinstance(look.got, Failure):
            return _seen(db, wiring, source, look, exchange)
        if exchange is not None and isinstance(look.got, Failure) and look.got.kind.startswith(POISON):
            put_aside(db, wiring, document.document, exchange, look.got)
            reread.put_off(db, document.document, wiring.now + HELD_FOR)
        else:
            reread.put_off(db, document.document, after_failure(document.seen_at, wiring.now))
    return None


def _record_together(
    wiring: Wiring, source: Source, poll: int, held: Sequence[_Look], outcome: RereadOutcome
) -> RereadOutcome:
    """Record what was found gone or back, and tell it, all in one transaction."""
    if not held:
        return outcome
    together: list[Told] = []
    with wiring.store.writing() as db:
        for look in held:
            exchange = _exchange(db, poll, look)
            assert exchange is not None, "something answered"
            if look.gone:
                noted = _gone(db, wiring, source, look, exchange, together)
            else:
                noted = _seen(db, wiring, source, look, exchange, together)
            outcome = outcome.plus(noted)
        told = tell_together(db, wiring, together)
    return replace(outcome, alerts=outcome.alerts + told)


def _exchange(db: Connection, poll: int, look: _Look) -> int | None:
    """Record the requests of a look; the last one, None where none was answered."""
    document = look.document.document
    exchanges = [polls.record_exchange(db, poll, document, record) for record in look.placed]
    return exchanges[-1] if exchanges else None


def _seen(
    db: Connection,
    wiring: Wiring,
    source: Source,
    look: _Look,
    exchange: int,
    together: list[Told] | None = None,
) -> Noted:
    """The content that was seen: the one of before, or another, which is matched like any new one."""
    document, got = look.document, look.got
    version, at = document.version, look.at
    assert at is not None
    if isinstance(got, Article):
        version, _ = documents.record_version(db, document.document, got, document.published, wiring.now)
        if got.text is None:
            note_scanned(db, wiring, version)
    noted = note_seen(db, wiring, document.document, version, exchange, at, together=together)
    plan_next_look(db, source, look.route, document.document, document.published, noted, look.validators)
    return noted


def _gone(
    db: Connection, wiring: Wiring, source: Source, look: _Look, exchange: int, together: list[Told]
) -> Noted:
    """Asked again an hour later, as long as it may be a mishap; then as seldom as one that stands."""
    document, at = look.document, look.at
    assert at is not None
    noted = note_gone(db, wiring, document.document, exchange, at, together=together)
    settled = is_withdrawn(noted.history)
    due_at = next_due(db, source, document, at) if settled else at + GONE_AGAIN
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
