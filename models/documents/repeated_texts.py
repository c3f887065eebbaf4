"""Which documents hold hardly a word that does not stand under other titles of their source as well.

Asked when a document is checked, of it and of those that its lines touch; the answers are kept with their
time, so that a question about the past is answered as it was known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from servanda.compliance.document_doubts import LEAST_CONTENT
from servanda.compliance.repeated_text import TextLine
from servanda.compliance.retrieval import titles_are_alike
from servanda.models import tables

_check, _line, _repeated = tables.document_check, tables.text_line, tables.repeated_text
_standing = tables.standing_text

LOOKED_AT = 5
"""Documents that a line is looked for in: where it stands on more, it belongs to the site."""


@dataclass(frozen=True, slots=True)
class CheckedText:
    """A document's check, and the title that it was listed under then."""

    check: int
    document: int
    title: str


_newest = (
    select(_standing.c.check)
    .where(_standing.c.document == _line.c.document)
    .order_by(_standing.c.id.desc())
    .limit(1)
    .correlate(_line)
    .scalar_subquery()
)
_STANDING_OF = (
    select(_standing.c.check)
    .where(_standing.c.document == bindparam("document"))
    .order_by(_standing.c.id.desc())
    .limit(1)
)
_HOLDERS = (
    select(_line.c.check, _line.c.document, _check.c.title)
    .join(_check, _check.c.id == _line.c.check)
    .where(
        _line.c.digest == bindparam("digest"),
        _line.c.document != bindparam("document"),
        _line.c.check == _newest,
    )
    .order_by(_line.c.document)
    .limit(LOOKED_AT)
)
_LINES = (
    select(_line.c.digest, _line.c.words)
    .where(_line.c.check == bindparam("check"))
    .order_by(_line.c.words.desc(), _line.c.digest)
)
_STANDS = (
    select(_repeated.c.repeats)
    .where(_repeated.c.check == bindparam("check"))
    .order_by(_repeated.c.id.desc())
    .limit(1)
)


def record_lines(db: Connection, checked: CheckedText, source: str, lines: Sequence[TextLine]) -> None:
    """Keep the lines of a text that was checked now. Lines of two sources are never one."""
    if lines:
        rows = [
            {
                "check": checked.check,
                "document": checked.document,
                "digest": hashlib.sha256(f"{source} {line.digest}".encode()).hexdigest()[:16],
                "words": line.words,
            }
            for line in lines
        ]
        db.execute(insert(_line), rows)


def note_standing(db: Connection, checked: CheckedText, now: datetime) -> None:
    """Record that a document holds this text now, and for which documents that changes what is their own."""
    before = db.execute(_STANDING_OF, {"document": checked.document}).scalar()
    if before == checked.check:
        return
    db.execute(insert(_standing), {"document": checked.document, "check": checked.check})
    lines = {line.digest for check in (before, checked.check) if check for line in _lines(db, check)}
    for one in (checked, *_touched(db, checked.document, lines)):
        _note(db, one, now)


def _touched(db: Connection, document: int, digests: Iterable[str]) -> set[CheckedText]:
    """Other documents for which it matters whether this one holds the lines."""
    found: set[CheckedText] = set()
    for digest in digests:
        holders = _holders(db, digest, document)
        if len(holders) < LOOKED_AT:
            found.update(holders)
    return found


def _note(db: Connection, checked: CheckedText, now: datetime) -> None:
    """Record whether a text repeats, where that is news."""
    own, shared = _own_words(db, checked)
    repeats = own < LEAST_CONTENT and shared > 0
    if repeats != bool(db.execute(_STANDS, {"check": checked.check}).scalar()):
        values = {"check": checked.check, "repeats": repeats, "own_words": own, "known_at": now}
        db.execute(insert(_repeated), values)


def _own_words(db: Connection, checked: CheckedText) -> tuple[int, int]:
    """Words of lines that stand on this document alone, or under like titles, and of the others; no more are
    counted than tell enough of its own."""
    own = shared = 0
    for line in _lines(db, checked.check):
        others = _holders(db, line.digest, checked.document)
        if all(titles_are_alike(checked.title, other.title) for other in others):
            own += line.words
        else:
            shared += line.words
        if own >= LEAST_CONTENT:
            break
    return own, shared


def _lines(db: Connection, check: int) -> Sequence[Any]:
    return db.execute(_LINES, {"check": check}).all()


def _holders(db: Connection, digest: str, document: int) -> list[CheckedText]:
    """Other documents that hold a line now; five at most."""
    rows = db.execute(_HOLDERS, {"digest": digest, "document": document})
    return [CheckedText(row.check, row.document, row.title or "") for row in rows]
