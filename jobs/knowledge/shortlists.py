"""What was known of windows' shortlists at one moment, with who looked at what."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.publication import StatedTime
from servanda.compliance.shortlist import ShortlistedDocument, ShortlistReason
from servanda.compliance.shortlisting import question_digest
from servanda.compliance.vocabulary import ACCEPTED_REVIEWS, Review, UnreadDocument
from servanda.models.documents.stated_times import stated_times
from servanda.models.findings import shortlist as rows
from servanda.models.findings.evidence import EvidenceRow
from servanda.models.findings.shortlist import DISMISSED, ShortlistAnswer, ShortlistRow

ANSWERED = ACCEPTED_REVIEWS | {Review.REJECTED}


@dataclass(frozen=True, slots=True)
class _Look:
    """That a person looked at a document's contents, up to a version."""

    version: int
    by: str
    reason: str | None


def load_shortlists(
    db: Connection,
    instrument: Instrument,
    windows: Sequence[Window],
    evidence: Iterable[EvidenceRow],
    unread: Iterable[UnreadDocument],
    as_of: datetime,
) -> dict[str, tuple[ShortlistedDocument, ...]]:
    """What stands on each window's shortlist, whenever it was published: what was found there, and
    documents of its required sources that words cannot judge."""
    by_eye = [one for one in unread if one.kind == "by_eye"]
    found: dict[str, list[ShortlistRow]] = defaultdict(list)
    for row in rows.shortlisted(db, as_of, [window.id for window in windows]):
        found[row.window].append(row)
    newest = rows.newest_versions(db, as_of, [one.document for one in by_eye]) if by_eye else {}
    stated = stated_times(db, as_of, {row.document for theirs in found.values() for row in theirs})
    stated |= {one.document: one.stated for one in by_eye}
    reviews = _reviews(evidence)
    shortlists = {}
    for window in windows:
        theirs = _with_by_eye(window, found[window.id], by_eye, newest)
        if not theirs:
            continue
        looks: dict[int, list[_Look]] = defaultdict(list)
        answers = rows.shortlist_answers(db, as_of, window.id, question_digest(instrument, window))
        for document, look in (*reviews.get(window.commitment, ()), *_dismissals(answers)):
            looks[document].append(look)
        shortlists[window.id] = tuple(
            _document(row, stated.get(row.document, ()), looks[row.document]) for row in theirs
        )
    return shortlists


def _with_by_eye(
    window: Window,
    found: Sequence[ShortlistRow],
    by_eye: Sequence[UnreadDocument],
    newest: Mapping[int, int],
) -> list[ShortlistRow]:
    """What was found for a window, and the documents of its sources that words cannot judge: each once, with
    all reasons."""
    rows = {row.document: row for row in found}
    for one in by_eye:
        if one.source not in window.sources or one.document not in newest:
            continue
        why = (ShortlistReason(one.seen_as or "other_language", one.why or ""),)
        version = newest[one.document]
        known = rows.get(one.document)
        rows[one.document] = (
            ShortlistRow(window.id, one.document, version, one.source, one.title, one.published, why)
            if known is None
            else replace(known, version=max(version, known.version), why=(*known.why, *why))
        )
    return list(rows.values())


def _reviews(evidence: Iterable[EvidenceRow]) -> Mapping[str, Sequence[tuple[int, _Look]]]:
    """Who reviewed evidence, by commitment: an acceptance answers for the document, a rejection for the
    content that it was made on."""
    found: dict[str, list[tuple[int, _Look]]] = defaultdict(list)
    for one in evidence:
        if one.reviewed_by is None or one.review not in ANSWERED:
            continue
        if one.review in ACCEPTED_REVIEWS or one.reviewed == one.id:
            version = sys.maxsize if one.review in ACCEPTED_REVIEWS else one.version
            found[one.commitment].append((one.document, _Look(version, one.reviewed_by, one.review.value)))
    return found


def _dismissals(answers: Mapping[int, ShortlistAnswer]) -> Iterator[tuple[int, _Look]]:
    for document, answer in answers.items():
        if answer.value == DISMISSED:
            yield document, _Look(answer.version, answer.by, answer.reason)


def _document(
    row: ShortlistRow, stated: tuple[StatedTime, ...], looks: Iterable[_Look]
) -> ShortlistedDocument:
    look = next((one for one in looks if one.version >= row.version), None)
    return ShortlistedDocument(
        row.document,
        row.version,
        row.source,
        row.title,
        row.published,
        row.why,
        look.by if look else None,
        look.reason if look else None,
        stated,
    )
