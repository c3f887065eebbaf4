"""All that a verdict on a window rests on, verified, as one WARC file for others to check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.intervals import Interval, utc_text
from servanda.compliance.vocabulary import Verdict
from servanda.compliance.windows import count_window, settles_at
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.replay import REPLAY_BANNER
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.captures.show import verify_capture
from servanda.jobs.knowledge.snapshot import load_window_knowledge, verdict_of
from servanda.models.archive.folder import Archive
from servanda.models.archive.location import RecordLocation
from servanda.models.archive.warc_writing import Fields
from servanda.models.captures.captures import Capture
from servanda.models.captures.window_captures import CaptureScope, RoutesRobots, captures_for


def export_captures(
    ledger: Ledger,
    catalogue: Catalogue,
    archive: Archive,
    window_id: str,
    target: Path,
    as_of: datetime | None = None,
) -> int:
    """Write what the verdict on a window, as of a moment, rests on; returns the number of exchanges.

    What revisits refer to comes first, so that one pass through the file finds every body. UsageError where
    the file exists already, ArchiveError where anything is damaged: then there is no file.
    """
    instrument, window = catalogue.window(window_id)
    with ledger.reading() as (db, now):
        as_of = as_of or now
        knowledge = load_window_knowledge(db, catalogue, instrument, window, as_of)
        verdict = verdict_of(knowledge, catalogue, window)
        captures = captures_for(db, _scope(catalogue, window, as_of), _robots(catalogue))
    if target.exists():
        raise UsageError(f"{target} exists; name a new file")
    described = _description(instrument, verdict, catalogue.digest, replay=ledger.replay)
    archive.copy_to(target, _each_verified(archive, captures), now, described)
    return len(captures)


def _each_verified(archive: Archive, captures: list[Capture]) -> Iterator[RecordLocation]:
    for capture in captures:
        verify_capture(archive, capture)
        yield capture.place


def _scope(catalogue: Catalogue, window: Window, as_of: datetime) -> CaptureScope:
    """The window by every way to count it: the verdict tells of each."""
    terms = [count_window(window, reading) for reading in window.readings]
    sources = tuple(catalogue.source(source).terms for source in window.sources)
    return CaptureScope(
        window=window.id,
        sources=window.sources,
        published=Interval(min(t.opens_at for t in terms), max(t.due_at for t in terms)),
        settles_at=max(settles_at(term, sources) for term in terms),
        as_of=as_of,
    )


def _robots(catalogue: Catalogue) -> RoutesRobots:
    pairs = [(source, route) for source in catalogue.sources for route in source.routes]
    return {
        (source.id, route.id): "{0.scheme}://{0.netloc}/robots.txt".format(urlsplit(route.url))
        for source, route in pairs
    }


def _description(instrument: Instrument, verdict: Verdict, catalogue: str, *, replay: bool) -> Fields:
    """What the file says of itself."""
    fields = [
        ("instrument", instrument.id),
        ("window", verdict.window),
        ("window-opens", utc_text(verdict.opens_at)),
        ("window-ends", utc_text(verdict.due_at)),
        ("verdict", verdict.value.value),
        ("verdict-final", "yes" if verdict.final else "no"),
        ("as-of", utc_text(verdict.as_of)),
        ("catalogue-sha256", catalogue),
    ]
    if replay:
        fields.append(("description", f"{REPLAY_BANNER}: a replay of the past with simulated knowledge"))
    return fields
