"""Everything that is known of one window at one moment, as a page shows it. The verdict is judged anew."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from servanda.alerts.payloads.window_payloads import WindowVerdict
from servanda.compliance.instrument import Commitment, Instrument, Window
from servanda.compliance.intervals import Interval, IntervalSet, between
from servanda.compliance.publication import PublicationTime
from servanda.compliance.timeline import Tile
from servanda.compliance.vocabulary import SourceCoverage, UnreadDocument, Verdict
from servanda.instruments.catalogue import Catalogue
from servanda.instruments.routes import Source
from servanda.jobs.alerting.window_alerts import verdict_payload
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.knowledge.confirmed_routes import confirmed_routes
from servanda.jobs.knowledge.snapshot import Knowledge, load_window_knowledge, verdict_of
from servanda.jobs.views.coverage import source_timeline
from servanda.jobs.views.json_values import Json
from servanda.jobs.views.status import window_json
from servanda.models.findings import verdicts as findings
from servanda.models.findings.evidence import EvidenceRow
from servanda.models.findings.verdicts import StoredVerdict

MOST_STEPS = 200
"""Verdicts of a window that are shown, the newest."""


@dataclass(frozen=True, slots=True)
class SourceStrip:
    """One required source over the window: ``tiles`` fill the part of it that has passed and in which the
    source existed; ``bounds`` is that part, None where there is none. ``unread``: documents of the window
    that are not known for what they say."""

    source: Source
    coverage: SourceCoverage
    bounds: Interval | None
    tiles: tuple[Tile, ...]
    unread: tuple[UnreadDocument, ...]


@dataclass(frozen=True, slots=True)
class WindowDossier:
    """A window as it was known at ``as_of``. ``told`` is the verdict as letters tell it; ``evidence`` is what
    was found for its commitment, near misses included; ``steps`` are the recorded verdicts, oldest first."""

    instrument: Instrument
    window: Window
    commitment: Commitment
    as_of: datetime
    verdict: Verdict
    told: WindowVerdict
    evidence: tuple[EvidenceRow, ...]
    strips: tuple[SourceStrip, ...]
    steps: tuple[StoredVerdict, ...]
    is_public: bool = False

    @property
    def published(self) -> WindowDossier:
        """The same as everybody may see it: no evidence that nobody accepted, no near miss, and no document
        that is not read. The verdict stands whole; what its duties say of documents is left out."""
        return replace(
            self,
            is_public=True,
            evidence=tuple(row for row in self.evidence if row.id in self.verdict.accepted),
            strips=tuple(replace(strip, unread=()) for strip in self.strips),
        )

    @property
    def answer(self) -> Json:
        """The same as ``servanda window --json`` answers; of a public dossier what everybody may see."""
        whole = window_json(self.instrument, self.verdict, self.window.commitment)
        return _published_answer(whole) if self.is_public else whole

    @property
    def answer_text(self) -> str:
        """What that command prints, to the byte; of a public answer, its file."""
        return json.dumps(self.answer, ensure_ascii=False, indent=2) + "\n"

    @property
    def digest(self) -> str:
        """The SHA-256 of that text: it names the answer in a citation."""
        return hashlib.sha256(self.answer_text.encode()).hexdigest()


TELLING_KINDS = frozenset({"coverage", "canary", "shortlist", "settling"})
"""Duties whose details name no document."""


def _published_answer(answer: Json) -> Json:
    duties = [
        {**duty, "detail": duty["detail"] if duty["kind"] in TELLING_KINDS else None}
        for duty in answer["duties"]
    ]
    flow = answer["flow"] and {**answer["flow"], "reviewers": len(answer["flow"]["reviewers"])}
    return {**answer, "duties": duties, "candidates": len(answer["candidates"]), "flow": flow}


def window_dossier(
    ledger: Ledger, catalogue: Catalogue, window_id: str, as_of: datetime | None = None
) -> WindowDossier:
    """What was known of a window at ``as_of`` (None: now); LookupError names the windows that exist."""
    instrument, window = catalogue.window(window_id)
    with ledger.reading() as (db, now):
        at = now if as_of is None else as_of
        knowledge = load_window_knowledge(db, catalogue, instrument, window, at)
        verdict = verdict_of(knowledge, catalogue, window)
        return WindowDossier(
            instrument,
            window,
            next(c for c in instrument.commitments if c.id == window.commitment),
            at,
            verdict,
            verdict_payload(catalogue, instrument, window, None, verdict, knowledge),
            knowledge.evidence,
            _strips(db, catalogue, verdict, knowledge),
            tuple(findings.newest_verdicts(db, window.id, at, MOST_STEPS)),
        )


def _strips(
    db: Connection, catalogue: Catalogue, verdict: Verdict, knowledge: Knowledge
) -> tuple[SourceStrip, ...]:
    confirmed = confirmed_routes(db, knowledge.as_of)
    strips = []
    for coverage in verdict.coverage:
        source = catalogue.source(coverage.source)
        covered = knowledge.coverage.get(source.id, IntervalSet())
        bounds = _passed(verdict, source, knowledge.as_of)
        tiles = (
            () if bounds is None else source_timeline(db, source, bounds, covered, confirmed, knowledge.as_of)
        )
        unread = tuple(
            one for one in knowledge.unread if one.source == source.id and _may_lie_in(one.published, verdict)
        )
        strips.append(SourceStrip(source, coverage, bounds, tiles, unread))
    return tuple(strips)


def _passed(verdict: Verdict, source: Source, as_of: datetime) -> Interval | None:
    """The part of the window that had passed, and in which the source existed."""
    existed = source.existence
    return between(max(verdict.opens_at, existed.from_at), min(verdict.due_at, existed.until_at, as_of))


def _may_lie_in(published: PublicationTime, verdict: Verdict) -> bool:
    return published.interval.overlaps(Interval(verdict.opens_at, verdict.due_at))
