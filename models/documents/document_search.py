"""Documents by the words of their titles and texts: FTS5 on SQLite, its own text search on PostgreSQL.

Words are kept and asked for in lower case without accents. What is found comes by key, the document met last
first: a rank would change from page to page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select, text

from servanda.compliance.folding import fold
from servanda.models import tables

LONGEST_BODY = 200_000
"""Characters of a text whose words are kept."""

MOST_WORDS = 10
"""Words of a question that count."""

_listed, _current, _made, _drawn = tables.listing, tables.current_listing, tables.version, tables.extraction
_newest_text = (
    select(_drawn.c.text)
    .join(_made, _made.c.id == _drawn.c.version)
    .where(_made.c.document == _current.c.document)
    .order_by(_made.c.id.desc(), _drawn.c.id.desc())
    .limit(1)
    .correlate(_current)
    .scalar_subquery()
)
_WORDS = (
    select(_current.c.document, _listed.c.title, _newest_text.label("body"))
    .join(_listed, _listed.c.id == _current.c.listing)
    .where(_current.c.document.in_(bindparam("documents", expanding=True)))
)
_OF_VERSION = select(_made.c.document).where(_made.c.id == bindparam("version"))

_REPLACE = {
    "sqlite": text(
        "INSERT OR REPLACE INTO document_search (rowid, document, title, body) "
        "VALUES (:document, :document, :title, :body)"
    ),
    "postgresql": text(
        "INSERT INTO document_search (document, title, body, words) VALUES (:document, :title, :body, "
        "setweight(to_tsvector('simple', :title), 'A') || to_tsvector('simple', :body)) "
        "ON CONFLICT (document) DO UPDATE "
        "SET title = excluded.title, body = excluded.body, words = excluded.words"
    ),
}
_FIND = {
    "sqlite": text(
        "SELECT rowid AS document FROM document_search "
        "WHERE document_search MATCH :words AND rowid < :before ORDER BY rowid DESC LIMIT :most"
    ),
    "postgresql": text(
        "SELECT document FROM document_search WHERE words @@ to_tsquery('simple', :words) "
        "AND document < :before ORDER BY document DESC LIMIT :most"
    ),
}
LAST = 1 << 62
"""Above every document."""


def index_documents(db: Connection, documents: Sequence[int]) -> None:
    """Keep the words of these documents anew: of their titles, and of the text drawn last."""
    rows = db.execute(_WORDS, {"documents": list(documents)}).all()
    said = [
        {"document": row.document, "title": fold(row.title), "body": fold((row.body or "")[:LONGEST_BODY])}
        for row in rows
    ]
    if said:
        db.execute(_REPLACE[db.dialect.name], said)


def index_version(db: Connection, version: int) -> None:
    """The same for the document of a version whose text was drawn."""
    index_documents(db, [db.execute(_OF_VERSION, {"version": version}).scalar_one()])


def find_documents(db: Connection, question: str, most: int, before: int = LAST) -> list[int]:
    """The documents that hold all words of a question, the one met last first; none where it has no word."""
    wanted = question_words(question)
    if not wanted:
        return []
    *whole, last = wanted
    if db.dialect.name == "sqlite":
        asked = " ".join([*(f'"{word}"' for word in whole), f'"{last}"*'])
    else:
        asked = " & ".join([*(f"'{word}'" for word in whole), f"'{last}':*"])
    named = {"words": asked, "before": before, "most": most}
    return [int(number) for number in db.execute(_FIND[db.dialect.name], named).scalars()]


def question_words(question: str) -> list[str]:
    """The words of a question, as they are kept: letters and digits alone, so that nothing in it commands."""
    return re.findall(r"[^\W_]+", fold(question[:500]))[:MOST_WORDS]
