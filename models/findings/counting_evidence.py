"""Which match counts of a document for a commitment, and what was said of it: the parts of one question.

Each is asked for each row of the enclosing query, which names ``evidence`` and ``version``, by an index: what
it costs does not grow with the evidence that is not asked about.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    ScalarSelect,
    String,
    case,
    cast,
    exists,
    func,
    literal,
    select,
)

from servanda.models import tables

_SUBJECT = "evidence:"
_ABOVE_ALL_IDS = 1 << 48
_here = tables.evidence.c


def subject_of(evidence: ColumnElement[int]) -> ColumnElement[str]:
    """How decisions name evidence."""
    return literal(_SUBJECT) + cast(evidence, String)


def evidence_of(subject: str) -> int:
    """The evidence that the subject of a decision names."""
    return int(subject.removeprefix(_SUBJECT))


def reviewed_version(subject: ColumnElement[str]) -> ScalarSelect[int]:
    """The version whose evidence the subject of a decision names: the content that was looked at."""
    one = tables.evidence.alias().c
    number = cast(func.substr(subject, len(_SUBJECT) + 1), Integer)
    return select(one.version).where(one.id == number).scalar_subquery()


def counting_match(as_of: ColumnElement[datetime]) -> ScalarSelect[int]:
    """The evidence of the same document for the same commitment that counts.

    Of each version what the rules said last; of the versions the newest that is a candidate, else the newest
    that is no near miss, else the newest. What was published and seen does not become untrue when the page
    says something else later: an edit asks for another look, it takes nothing away.
    """
    one, made = tables.evidence.alias(), tables.version.alias()
    ranked = case(
        (one.c.candidate, one.c.id + 2 * _ABOVE_ALL_IDS),
        (one.c.near_miss, one.c.id),
        else_=one.c.id + _ABOVE_ALL_IDS,
    )
    return (
        select(func.max(ranked) % _ABOVE_ALL_IDS)
        .join(made, made.c.id == one.c.version)
        .where(
            _is_same_match(one, made),
            one.c.known_at <= as_of,
            ~_said_otherwise_later(one, as_of),
        )
        .correlate(tables.evidence, tables.version)
        .scalar_subquery()
    )


def _is_same_match(one: FromClause, made: FromClause) -> ColumnElement[bool]:
    """Whether other evidence, with its version, is of the same document for the same commitment."""
    return (
        (made.c.document == tables.version.c.document)
        & (one.c.instrument == _here.instrument)
        & (one.c.commitment == _here.commitment)
    )


def _said_otherwise_later(one: FromClause, as_of: ColumnElement[datetime]) -> ColumnElement[bool]:
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


def last_review(as_of: ColumnElement[datetime]) -> ScalarSelect[int]:
    """The last review of the document for the commitment, on whichever of its contents it was made."""
    one, made, said = tables.evidence.alias(), tables.version.alias(), tables.decision.alias()
    return (
        select(func.max(said.c.id))
        .select_from(made)
        .join(one, one.c.version == made.c.id)
        .join(said, said.c.subject == subject_of(one.c.id))
        .where(_is_same_match(one, made), said.c.kind == "review", said.c.known_at <= as_of)
        .correlate(tables.evidence, tables.version)
        .scalar_subquery()
    )


def newest_edit(as_of: ColumnElement[datetime]) -> ScalarSelect[datetime]:
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


def first_exchange() -> ScalarSelect[int]:
    """The exchange in which a version was first seen."""
    seen = tables.observation.c
    return (
        select(func.min(seen.exchange))
        .where(seen.version == tables.version.c.id)
        .correlate(tables.version)
        .scalar_subquery()
    )
