"""A source as a page shows it: how it does, what it answered last, and what it covers of open windows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.intervals import IntervalSet, between
from servanda.compliance.observed_lag import ObservedLag, observed_lag
from servanda.compliance.timeline import Tile
from servanda.compliance.windows import count_window
from servanda.instruments.catalogue import Catalogue
from servanda.instruments.routes import Source
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.knowledge.confirmed_routes import confirmed_routes
from servanda.jobs.views.coverage import source_timeline
from servanda.jobs.views.source_health import SourceStanding, source_standings
from servanda.models.captures.captures import Capture, captures_of_failed_polls
from servanda.models.documents.seen_after import first_read_at, published_and_seen
from servanda.models.polls import polls

LOOKED_AT = 50
"""Documents from which the lag is observed."""

FAILURES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class WindowCoverage:
    """What became of a source's time in a window that requires it, up to now."""

    instrument: Instrument
    window: Window
    is_open: bool
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class SourceDossier:
    """``failures``: the answers to the last polls that failed, the newest first."""

    standing: SourceStanding
    lag: ObservedLag | None
    failures: tuple[Capture, ...]
    windows: tuple[WindowCoverage, ...]


def source_dossier(ledger: Ledger, catalogue: Catalogue, source_id: str) -> SourceDossier:
    """LookupError names the sources that exist."""
    source = catalogue.source(source_id)
    with ledger.reading() as (db, now):
        standing = next(one for one in source_standings(db, catalogue, now) if one.source.id == source.id)
        lag = observed_lag(published_and_seen(db, source.id, now, LOOKED_AT), first_read_at(db, source.id))
        windows = tuple(_windows(db, catalogue, source, now))
        failures = tuple(captures_of_failed_polls(db, source.id, now, FAILURES_SHOWN))
    return SourceDossier(standing, lag, failures, windows)


def _windows(db: Connection, catalogue: Catalogue, source: Source, now: datetime) -> Iterator[WindowCoverage]:
    covered = polls.coverage_by_source(db, now, {source.id}).get(source.id, IntervalSet())
    confirmed = confirmed_routes(db, now)
    for instrument in catalogue.instruments:
        for window in instrument.windows:
            term = count_window(window, window.primary)
            existed = source.existence
            bounds = between(max(term.opens_at, existed.from_at), min(term.due_at, existed.until_at, now))
            if source.id in window.sources and bounds is not None:
                tiles = source_timeline(db, source, bounds, covered, confirmed, now)
                yield WindowCoverage(instrument, window, now < term.due_at, tiles)
