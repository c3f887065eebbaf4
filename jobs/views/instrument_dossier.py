"""An instrument as a page shows it: its text, and what is known of each commitment. Judges nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from servanda.compliance.instrument import Commitment, Instrument, Window
from servanda.compliance.intervals import IntervalSet, between
from servanda.compliance.vocabulary import ACCEPTED_REVIEWS, Review
from servanda.instruments.catalogue import Catalogue
from servanda.instruments.routes import Source
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings import verdicts as findings
from servanda.models.findings.evidence import EvidenceRow
from servanda.models.findings.verdicts import StoredVerdict
from servanda.models.polls import polls


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """What is known of a commitment: its evidence without near misses, its windows with the last verdict."""

    commitment: Commitment
    evidence: tuple[EvidenceRow, ...]
    waiting: int
    accepted: int
    windows: tuple[tuple[Window, StoredVerdict | None], ...]

    @property
    def newest(self) -> EvidenceRow | None:
        return max(self.evidence, key=lambda row: row.published.interval.from_at, default=None)


@dataclass(frozen=True, slots=True)
class SourceCoverageLine:
    """How much of the time since the instrument was published a source's readings have seen: ``gaps`` are the
    stretches that they have not, up to what its lag lets be known."""

    source: Source
    covered_until: datetime | None
    gaps: int


@dataclass(frozen=True, slots=True)
class InstrumentDossier:
    instrument: Instrument
    commitments: tuple[CommitmentLine, ...]
    sources: tuple[SourceCoverageLine, ...]


def instrument_dossier(ledger: Ledger, catalogue: Catalogue, instrument_id: str) -> InstrumentDossier:
    """LookupError names the instruments that exist."""
    instrument = catalogue.instrument(instrument_id)
    with ledger.reading() as (db, now):
        rows = evidence_rows.evidence(db, now, instrument=instrument.id)
        judged = findings.judged_windows(db, [window.id for window in instrument.windows])
        covered = polls.coverage_by_source(db, now, set(instrument.sources))
    told: dict[str, list[EvidenceRow]] = defaultdict(list)
    for row in rows:
        if not row.near_miss:
            told[row.commitment].append(row)
    stored = {window: one.last for window, one in judged.items()}
    return InstrumentDossier(
        instrument,
        tuple(_line(instrument, one, told[one.id], stored) for one in instrument.commitments),
        tuple(
            _coverage(catalogue.source(source), covered.get(source, IntervalSet()), instrument, now)
            for source in instrument.sources
        ),
    )


def _line(
    instrument: Instrument, commitment: Commitment, told: list[EvidenceRow], stored: dict[str, StoredVerdict]
) -> CommitmentLine:
    return CommitmentLine(
        commitment,
        tuple(sorted(told, key=lambda row: row.published.interval.from_at)),
        sum(row.review is Review.WAITING for row in told),
        sum(row.review in ACCEPTED_REVIEWS for row in told),
        tuple((one, stored.get(one.id)) for one in instrument.windows if one.commitment == commitment.id),
    )


def _coverage(
    source: Source, covered: IntervalSet, instrument: Instrument, now: datetime
) -> SourceCoverageLine:
    existed = source.existence
    bounds = between(max(instrument.published_at, existed.from_at), min(now - source.lag, existed.until_at))
    inside = covered.within(bounds).intervals if bounds else ()
    gaps = covered.gaps(bounds).intervals if bounds else ()
    tail = bool(gaps and bounds and gaps[-1].until_at == bounds.until_at)
    return SourceCoverageLine(source, inside[-1].until_at if inside else None, len(gaps) - tail)
