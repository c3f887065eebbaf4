"""What people say of documents on a window's shortlist: it is no announcement, or it is one.

An answer holds for the content that was looked at and for what the window asks (commitment, parties, dates),
however its rules are worded. Another content asks for another look; a later answer replaces an earlier one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.shortlist import ShortlistedDocument
from servanda.compliance.shortlisting import question_digest
from servanda.compliance.vocabulary import Match, Review, Span
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.bootstrap.account import current_account
from servanda.jobs.bootstrap.ledger import Ledger
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.judging.person_decision import PersonDecision
from servanda.jobs.views.shortlist import shortlist_of
from servanda.models.findings import evidence as evidence_rows
from servanda.models.findings import verdicts as findings
from servanda.models.findings.shortlist import DISMISSED, KIND, RESTORED, newest_versions, subject_of
from servanda.models.findings.verdicts import Decision

BY_HAND = "shortlist"
"""The rule that is named for evidence which a person found there."""


def dismiss_documents(
    ledger: Ledger,
    catalogue: Catalogue,
    window: str,
    documents: Collection[int],
    *,
    by: str,
    reason: str,
    undo: bool = False,
) -> int:
    """Record that these documents are no announcement, with one reason; how many. ``undo``: that they are to
    be looked at again.

    UsageError where one does not stand on the shortlist, or a name or reason is missing.
    """
    _require(by, reason)
    instrument, found = catalogue.window(window)
    with ledger.writing() as (db, now):
        _on_shortlist(shortlist_of(db, catalogue, instrument, found, now), documents, window)
        newest = newest_versions(db, now, documents)
        question, value = question_digest(instrument, found), RESTORED if undo else DISMISSED
        for document in sorted(set(documents)):
            subject = subject_of(window, question, document, newest[document])
            made = Decision(KIND, subject, value, by, reason, now, account=current_account())
            findings.record_decision(db, made)
    return len(set(documents))


def accept_from_shortlist(
    ledger: Ledger,
    catalogue: Catalogue,
    window: str,
    document: int,
    answer: Review,
    *,
    by: str,
    reason: str,
) -> PersonDecision:
    """That a document on the shortlist is what was due, or part of it: the review of its evidence, which is
    made where no rule made any."""
    _require(by, reason)
    instrument, found = catalogue.window(window)
    with ledger.writing() as (db, now):
        shortlist = shortlist_of(db, catalogue, instrument, found, now)
        (one,) = _on_shortlist(shortlist, [document], window)
        known = evidence_rows.evidence(db, now, document=document, commitment=found.commitment)
        fitting = [row for row in known if row.window == window]
        evidence = fitting[-1].id if fitting else _found_by_hand(db, instrument, found, one, now)
    return PersonDecision(instrument.id, "review", f"evidence:{evidence}", answer.value, by, reason)


def _found_by_hand(
    db: Connection, instrument: Instrument, window: Window, one: ShortlistedDocument, now: datetime
) -> int:
    """Evidence for a window that a person found on its shortlist, quoted by its title."""
    spans = (Span(one.title, 0, len(one.title)),)
    match = Match(BY_HAND, window.commitment, window.id, 1.0, spans)
    return evidence_rows.record_evidence_by_hand(db, one.version, instrument.id, match, now)


def _on_shortlist(
    shortlist: Sequence[ShortlistedDocument], documents: Collection[int], window: str
) -> list[ShortlistedDocument]:
    found = {one.document: one for one in shortlist}
    missing = sorted(set(documents) - found.keys())
    if missing:
        there = ", ".join(map(str, sorted(found))) or "none"
        raise UsageError(
            f"document {missing[0]} is not on the shortlist of {window}; there are: {there[:500]}"
        )
    return [found[document] for document in sorted(set(documents))]


def _require(by: str, reason: str) -> None:
    for name, value in (("--by", by), ("--reason", reason)):
        if not value.strip():
            raise UsageError(f"{name} is empty; say who looked, and why")
