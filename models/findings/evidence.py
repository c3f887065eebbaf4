"""Evidence: what matched which commitment, with the review that stands."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    ScalarSelect,
    case,
    exists,
    func,
    literal,
    select,
)

from servanda.compliance.publication import PublicationTime
from servanda.compliance.vocabulary import ACCEPTED_REVIEWS, ChecklistPart, EvidenceFact, Match, Review, Span
from servanda.models import tables
from servanda.models.documents.counting_listings import newest_listing
from servanda.models.documents.withdrawals import withdrawals
from servanda.models.findings.verdicts import decisions
from servanda.models.publication_columns import published_of
from servanda.models.types import Instant
from servanda.models.upsert import insert_or_ignore


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """Evidence with its document and the person's answer.

    One row for each (document, instrument, commitment): the newest match. ``reviewed`` names the evidence
    that a decision was made on; where it is not this one, where the document was edited since and no longer
    matches, or where it was accepted and the document is withdrawn since, the decision stands and is due for
    another look. ``withdrawn_at``: when the withdrawal became known; None while the document stands.
    """

    id: int
    version: int
    document: int
    source: str
    instrument: str
    commitment: str
    window: str | None
    title: str
    url: str
    language: str
    published: PublicationTime
    score: float
    spans: tuple[Span, ...]
    checklist: tuple[ChecklistPart, ...]
    candidate: bool
    near_miss: bool
    review: Review
    reviewed: int | None
    reviewed_at: datetime | None
    edited_at: datetime | None
    known_at: datetime
    sha256: str
    archive_file: str
    archive_offset: int
    withdrawn_at: datetime | None = None

    @property
    def due_for_another_look(self) -> bool:
        return self.another_look_since is not None

    @property
    def another_look_since(self) -> datetime | None:
        """Since when the decision is due for another look; None where it is not, or there is none."""
        if self.reviewed is None or self.reviewed_at is None:
            return None
        rests = self.review in ACCEPTED_REVIEWS
        later = (self.edited_at, self.withdrawn_at if rests else None)
        since = [at for at in later if at is not None and at > self.reviewed_at]
        if self.reviewed != self.id:
            since.append(max(self.known_at, self.reviewed_at))
        return min(since, default=None)

    @property
    def fact(self) -> EvidenceFact:
        """What a verdict sees of it."""
        return EvidenceFact(
            self.id, self.document, self.title, self.published, self.score, self.candidate, self.review
        )


def record_evidence(
    db: Connection, version: int, instrument: str, match: Match, rules_digest: str, now: datetime
) -> int | None:
    """Keep a match; None where the same version, commitment and rules already gave evidence."""
    added = insert_or_ignore(
        db,
        tables.evidence,
        version=version,
        instrument=instrument,
        commitment=match.commitment,
        window=match.window,
        rule=match.rule,
        rules_digest=rules_digest,
        score=match.score,
        spans=[asdict(span) for span in match.spans],
        checklist=[asdict(part) for part in match.checklist],
        candidate=match.is_candidate,
        near_miss=match.is_near_miss,
        known_at=now,
    )
    if not added:
        return None
    rows = tables.evidence.c
    query = select(func.max(rows.id)).where(
        rows.version == version, rows.instrument == instrument, rows.commitment == match.commitment
    )
    return int(db.execute(query).scalar_one())


def evidence(
    db: Connection,
    as_of: datetime,
    *,
    instrument: str | None = None,
    window: str | None = None,
    document: int | None = None,
    only: int | None = None,
) -> list[EvidenceRow]:
    """The evidence known at ``as_of``: for each document and commitment the match that counts."""
    found, made, listed, listing = tables.evidence, tables.version, tables.document, tables.listing
    exchange = tables.exchange
    query = (
        select(
            found, made.c.document, made.c.title, made.c.language, listed.c.source, listing.c.url,
            listing.c.precision, listing.c.zone, listing.c.published_at, listing.c.published_on,
            exchange.c.sha256, exchange.c.archive_file, exchange.c.archive_offset,
            _newest_edit(as_of).label("edited_at"),
        )
        .join(made, made.c.id == found.c.version)
        .join(listed, listed.c.id == made.c.document)
        .join(listing, listing.c.id == newest_listing(made.c.document, literal(as_of, Instant)))
        .join(exchange, exchange.c.id == _first_exchange())
        .where(found.c.id == _counting_match(as_of))
        .order_by(found.c.id)
    )  # fmt: skip
    if instrument is not None:
        query = query.where(found.c.instrument == instrument)
    if window is not None:
        query = query.where(found.c.window == window)
    if document is not None:
        query = query.where(made.c.document == document)
    if only is not None:
        query = query.where(found.c.id == only)
    reviews = _reviews(db, as_of)
    rows = [_evidence_row(row, reviews) for row in db.execute(query)]
    gone = withdrawals(db, (row.document for row in rows if row.reviewed is not None), as_of)
    return [
        replace(row, withdrawn_at=gone[row.document].known_at) if row.document in gone else row
        for row in rows
    ]


_ABOVE_ALL_IDS = 1 << 48


def _counting_match(as_of: datetime) -> ScalarSelect[int]:
    """The evidence of the same document for the same commitment that counts.

    Of each version what the rules said last; of the versions the newest that is a candidate, else the newest
    that is no near miss, else the newest. What was published and seen does not become untrue when the page
    says something else later: an edit asks for another look, it takes nothing away.
    """
    one, made = tables.evidence.alias(), tables.version.alias()
    here = tables.evidence.c
    ranked = case(
        (one.c.candidate, one.c.id + 2 * _ABOVE_ALL_IDS),
        (one.c.near_miss, one.c.id),
        else_=one.c.id + _ABOVE_ALL_IDS,
    )
    return (
        select(func.max(ranked) % _ABOVE_ALL_IDS)
        .join(made, made.c.id == one.c.version)
        .where(
            made.c.document == tables.version.c.document,
            one.c.instrument == here.instrument,
            one.c.commitment == here.commitment,
            one.c.known_at <= as_of,
            ~_said_otherwise_later(one, as_of),
        )
        .correlate(tables.evidence, tables.version)
        .scalar_subquery()
    )


def _said_otherwise_later(one: FromClause, as_of: datetime) -> ColumnElement[bool]:
    """Whether the rules, changed, have since said something else of the same version."""
    later = tables.evidence.alias().c
    return (
        exists()
        .where(
            later.version == one.c.version,
            later.instrument == one.c.instrument,
            later.commitment == one.c.commitment,
            later.id > one.c.id,
            later.known_at <= as_of,
        )
        .correlate(one)
    )


def _newest_edit(as_of: datetime) -> ScalarSelect[datetime]:
    """When the newest content of a document became known that came after the one that matched."""
    later = tables.version.alias().c
    return (
        select(func.max(later.known_at))
        .where(
            later.document == tables.version.c.document,
            later.id > tables.version.c.id,
            later.known_at <= as_of,
        )
        .correlate(tables.version)
        .scalar_subquery()
    )


def _first_exchange() -> ScalarSelect[int]:
    """The exchange in which a version was first seen."""
    seen = tables.observation.c
    return (
        select(func.min(seen.exchange))
        .where(seen.version == tables.version.c.id)
        .correlate(tables.version)
        .scalar_subquery()
    )


@dataclass(frozen=True, slots=True, order=True)
class _Reviewed:
    """A review: the decision's number, the evidence that it was made on, the answer, and when."""

    decision: int
    evidence: int
    value: str
    at: datetime


def _reviews(db: Connection, as_of: datetime) -> dict[tuple[int, str, str], _Reviewed]:
    """The last review of each (document, instrument, commitment)."""
    found, made = tables.evidence, tables.version
    query = select(found.c.id, made.c.document, found.c.instrument, found.c.commitment).join(
        made, made.c.id == found.c.version
    )
    last = {int(d.subject.removeprefix("evidence:")): d for d in decisions(db, as_of, kind="review")}
    if not last:
        return {}
    reviews: dict[tuple[int, str, str], _Reviewed] = {}
    for row in db.execute(query.where(found.c.id.in_(last))):
        key, decision = (row.document, row.instrument, row.commitment), last[row.id]
        one = _Reviewed(decision.id or 0, row.id, decision.value, decision.known_at)
        reviews[key] = max(reviews.get(key, one), one)
    return reviews


def _evidence_row(row: Any, reviews: dict[tuple[int, str, str], _Reviewed]) -> EvidenceRow:
    review = reviews.get((row.document, row.instrument, row.commitment))
    unanswered = Review.NOT_ASKED if row.near_miss else Review.WAITING
    return EvidenceRow(
        id=row.id,
        version=row.version,
        document=row.document,
        source=row.source,
        instrument=row.instrument,
        commitment=row.commitment,
        window=row.window,
        title=row.title,
        url=row.url,
        language=row.language,
        published=published_of(row),
        score=row.score,
        spans=tuple(Span(**span) for span in row.spans),
        checklist=tuple(ChecklistPart(**part) for part in row.checklist),
        candidate=row.candidate,
        near_miss=row.near_miss,
        review=unanswered if review is None else Review(review.value),
        reviewed=review.evidence if review else None,
        reviewed_at=review.at if review else None,
        edited_at=row.edited_at,
        known_at=row.known_at,
        sha256=row.sha256,
        archive_file=row.archive_file,
        archive_offset=row.archive_offset,
    )
