"""Evidence: what matched which commitment, with the review that stands."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select

from servanda.compliance.publication import PublicationTime
from servanda.compliance.vocabulary import ACCEPTED_REVIEWS, ChecklistPart, EvidenceFact, Match, Review, Span
from servanda.models import tables
from servanda.models.documents.counting_listings import newest_listing
from servanda.models.documents.withdrawals import withdrawals
from servanda.models.findings.counting_evidence import (
    counting_match,
    evidence_of,
    first_exchange,
    last_review,
    newest_edit,
    reviewed_version,
    subject_of,
)
from servanda.models.publication_columns import published_of
from servanda.models.types import Instant
from servanda.models.upsert import insert_or_ignore


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """Evidence with its document and the person's answer.

    One row for each (document, instrument, commitment): the newest match. A rejection of another content than
    the one that matches is no answer: the row waits. ``reviewed`` names the evidence
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
    reviewed_by: str | None = None
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


def record_evidence_by_hand(
    db: Connection, version: int, instrument: str, match: Match, now: datetime
) -> int:
    """Keep a match that a person found; the same version, commitment and window give one evidence."""
    digest = hashlib.sha256(f"by hand: {match.window}".encode()).hexdigest()
    record_evidence(db, version, instrument, match, digest, now)
    rows = tables.evidence.c
    query = select(rows.id).where(
        rows.version == version,
        rows.instrument == instrument,
        rows.commitment == match.commitment,
        rows.rules_digest == digest,
    )
    return int(db.execute(query).scalar_one())


_found, _made, _document, _listed = tables.evidence, tables.version, tables.document, tables.listing
_exchange, _review = tables.exchange, tables.decision
_AS_OF = bindparam("as_of", type_=Instant)
_EDITED_AT = newest_edit(_AS_OF)
_EVIDENCE = (
    select(
        _found, _made.c.document, _made.c.title, _made.c.language, _document.c.source, _listed.c.url,
        _listed.c.precision, _listed.c.zone, _listed.c.published_at, _listed.c.published_on,
        _exchange.c.sha256, _exchange.c.archive_file, _exchange.c.archive_offset,
        _EDITED_AT.label("edited_at"), _review.c.subject.label("reviewed"), _review.c.value.label("answer"),
        _review.c.known_at.label("reviewed_at"), _review.c.by.label("reviewed_by"),
        reviewed_version(_review.c.subject).label("looked_at"),
    )
    .join(_made, _made.c.id == _found.c.version)
    .join(_document, _document.c.id == _made.c.document)
    .join(_listed, _listed.c.id == newest_listing(_made.c.document, _AS_OF))
    .join(_exchange, _exchange.c.id == first_exchange())
    .join(_review, _review.c.id == last_review(_AS_OF), isouter=True)
    .where(_found.c.id == counting_match(_AS_OF))
    .order_by(_found.c.id)
)  # fmt: skip
_FILTERS: dict[str, ColumnElement[Any]] = {
    "instrument": _found.c.instrument,
    "commitment": _found.c.commitment,
    "window": _found.c.window,
    "document": _made.c.document,
    "only": _found.c.id,
}


def evidence(
    db: Connection,
    as_of: datetime,
    *,
    instrument: str | None = None,
    commitment: str | None = None,
    window: str | None = None,
    document: int | None = None,
    only: int | None = None,
) -> list[EvidenceRow]:
    """The evidence known at ``as_of``: for each document and commitment the match that counts."""
    asked = {
        "instrument": instrument,
        "commitment": commitment,
        "window": window,
        "document": document,
        "only": only,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    return _rows(db, _filtered(frozenset(given)), {**given, "as_of": as_of})


@lru_cache(maxsize=64)
def _filtered(names: frozenset[str]) -> Select[Any]:
    """The question with these filters; it is built once, which takes longer than it takes to be answered."""
    return _EVIDENCE.where(*(_FILTERS[name] == bindparam(name) for name in sorted(names)))


_MAY_ASK_AGAIN = or_(
    _review.c.subject != subject_of(_found.c.id),
    _review.c.known_at < _EDITED_AT,
    _review.c.value.in_(sorted(answer.value for answer in ACCEPTED_REVIEWS)),
)
_TO_REVIEW = _EVIDENCE.where(
    or_(and_(_review.c.id.is_(None), ~_found.c.near_miss), and_(_review.c.id.is_not(None), _MAY_ASK_AGAIN))
)


def evidence_to_review(db: Connection, as_of: datetime) -> list[EvidenceRow]:
    """What nobody has answered, near misses left out, and what is due for another look."""
    rows = _rows(db, _TO_REVIEW, {"as_of": as_of})
    return [row for row in rows if row.review is Review.WAITING or row.due_for_another_look]


_KNOWN_SINCE = (
    select(func.count())
    .select_from(_found)
    .join(_made, _made.c.id == _found.c.version)
    .where(_found.c.known_at >= bindparam("since"), _found.c.id == counting_match(_AS_OF))
)


def count_evidence_since(db: Connection, since: datetime, as_of: datetime) -> int:
    """How much of the evidence known at ``as_of`` became known at ``since`` or later."""
    return int(db.execute(_KNOWN_SINCE, {"since": since, "as_of": as_of}).scalar_one())


def newest_evidence(db: Connection, as_of: datetime, most: int) -> list[int]:
    """The ids of the newest evidence, in ascending order."""
    query = _EVIDENCE.with_only_columns(_found.c.id).order_by(None).order_by(_found.c.id.desc()).limit(most)
    return sorted(db.execute(query, {"as_of": as_of}).scalars())


_OF_SAME = (
    select(_found.c.id)
    .join(_made, _made.c.id == _found.c.version)
    .where(
        _made.c.document == bindparam("document"),
        _found.c.instrument == bindparam("instrument"),
        _found.c.commitment == bindparam("commitment"),
        _found.c.known_at <= _AS_OF,
    )
)


def subjects_of(db: Connection, row: EvidenceRow, as_of: datetime) -> list[str]:
    """How decisions name the evidence of a document for a commitment, on whichever of its contents."""
    named = {
        "document": row.document,
        "instrument": row.instrument,
        "commitment": row.commitment,
        "as_of": as_of,
    }
    return [f"evidence:{number}" for number in db.execute(_OF_SAME, named).scalars()]


def _rows(db: Connection, query: Select[Any], named: dict[str, Any]) -> list[EvidenceRow]:
    rows = [_evidence_row(row) for row in db.execute(query, named)]
    reviewed = [row.document for row in rows if row.reviewed is not None]
    gone = withdrawals(db, reviewed, named["as_of"]) if reviewed else {}
    return [
        replace(row, withdrawn_at=gone[row.document].known_at) if row.document in gone else row
        for row in rows
    ]


def _is_rejection_of_other_content(row: Any) -> bool:
    """Whether a rejection was made on another content of the document than the one that matches: it answers
    for what was looked at. An acceptance stands: what was announced was announced."""
    return bool(row.answer == Review.REJECTED and row.looked_at != row.version and not row.near_miss)


def _evidence_row(row: Any) -> EvidenceRow:
    review = Review.NOT_ASKED if row.near_miss else Review.WAITING
    if row.answer is not None and not _is_rejection_of_other_content(row):
        review = Review(row.answer)
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
        review=review,
        reviewed=None if row.reviewed is None else evidence_of(row.reviewed),
        reviewed_at=row.reviewed_at,
        edited_at=row.edited_at,
        known_at=row.known_at,
        sha256=row.sha256,
        archive_file=row.archive_file,
        archive_offset=row.archive_offset,
        reviewed_by=row.reviewed_by,
    )
