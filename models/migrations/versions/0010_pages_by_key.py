"""What makes pages fast beside the ledgers: the listing that counts of each document, the newest verdict of
each window, an index of words; and indexes of evidence by commitment and of alerts by kind

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BATCH = 1000


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "current_listing",
        sa.Column("document", number, nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("listing", number, nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="fk_current_listing_document"),
        sa.ForeignKeyConstraint(["listing"], ["listing.id"], name="fk_current_listing_listing"),
        sa.PrimaryKeyConstraint("document", name="pk_current_listing"),
    )
    op.create_table(
        "current_verdict",
        sa.Column("window", sa.String(100), nullable=False),
        sa.Column("verdict", number, nullable=False),
        sa.Column("value", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["verdict"], ["verdict.id"], name="fk_current_verdict_verdict"),
        sa.PrimaryKeyConstraint("window", name="pk_current_verdict"),
    )
    _create_search()
    _fill_listings()
    _fill_verdicts()
    _fill_search()
    op.create_index("ix_current_listing_from_at_document", "current_listing", ["from_at", "document"])
    op.create_index(
        "ix_current_listing_source_from_at_document", "current_listing", ["source", "from_at", "document"]
    )
    op.create_index("ix_current_verdict_value", "current_verdict", ["value"])
    op.create_index("ix_evidence_instrument_commitment_id", "evidence", ["instrument", "commitment", "id"])
    op.create_index("ix_alert_kind_id", "alert", ["kind", "id"])


def downgrade() -> None:
    op.drop_index("ix_alert_kind_id", "alert")
    op.drop_index("ix_evidence_instrument_commitment_id", "evidence")
    for table in ("document_search", "current_verdict", "current_listing"):
        op.drop_table(table)


def _create_search() -> None:
    """SQLite has FTS5 for it, PostgreSQL its own text search; both hold words without accents."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE document_search USING fts5(document UNINDEXED, title, body)")
        return
    op.execute(
        "CREATE TABLE document_search (document BIGINT PRIMARY KEY REFERENCES document (id), "
        "title TEXT NOT NULL, body TEXT NOT NULL, words TSVECTOR NOT NULL)"
    )
    op.execute("CREATE INDEX ix_document_search_words ON document_search USING gin (words)")


def _fill_listings() -> None:
    """Of each document the newest of the most exact statements."""
    db, most = op.get_bind(), 1 << 48
    rows = db.execute(
        sa.text(
            "SELECT listing.id, listing.document, document.source, listing.published_at, listing.published_on, "
            "listing.zone FROM listing JOIN document ON document.id = listing.document "
            f"WHERE listing.id IN (SELECT MAX(CASE WHEN precision = 'instant' THEN id + {most} ELSE id END) % {most} "
            "FROM listing GROUP BY document) ORDER BY listing.id"
        ).columns(published_at=sa.DateTime(timezone=True), published_on=sa.Date())
    ).all()
    insert = sa.text(
        "INSERT INTO current_listing (document, source, listing, from_at) "
        "VALUES (:document, :source, :listing, :from_at)"
    ).bindparams(sa.bindparam("from_at", type_=sa.DateTime(timezone=True)))
    for n in range(0, len(rows), BATCH):
        filled = [
            {"document": row.document, "source": row.source, "listing": row.id, "from_at": _from_at(row)}
            for row in rows[n : n + BATCH]
        ]
        db.execute(insert, filled)


def _from_at(row: sa.Row[Any]) -> datetime:
    """The first instant that a statement allows, in UTC; SQLite keeps instants without their zone."""
    at = row.published_at or datetime.combine(row.published_on, time.min, ZoneInfo(row.zone))
    utc = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return utc.replace(tzinfo=None) if op.get_bind().dialect.name == "sqlite" else utc


def _fill_verdicts() -> None:
    op.execute(
        'INSERT INTO current_verdict ("window", verdict, value) SELECT "window", id, value FROM verdict '
        'WHERE id IN (SELECT MAX(id) FROM verdict GROUP BY "window")'
    )


def _fill_search() -> None:
    db = op.get_bind()
    is_sqlite = db.dialect.name == "sqlite"
    insert = sa.text(
        "INSERT INTO document_search (rowid, document, title, body) VALUES (:document, :document, :title, :body)"
        if is_sqlite
        else "INSERT INTO document_search (document, title, body, words) VALUES (:document, :title, :body, "
        "setweight(to_tsvector('simple', :title), 'A') || to_tsvector('simple', :body))"
    )
    query = sa.text(
        "SELECT current_listing.document, listing.title, (SELECT extraction.text FROM version JOIN extraction "
        "ON extraction.version = version.id WHERE version.document = current_listing.document "
        "ORDER BY version.id DESC, extraction.id DESC LIMIT 1) AS body FROM current_listing "
        "JOIN listing ON listing.id = current_listing.listing WHERE current_listing.document > :after "
        "ORDER BY current_listing.document LIMIT :most"
    )
    after = 0
    while rows := db.execute(query, {"after": after, "most": BATCH}).all():
        filled = [
            {"document": row.document, "title": _plain(row.title), "body": _plain(row.body or "")} for row in rows
        ]
        db.execute(insert, filled)
        after = rows[-1].document


def _plain(text: str) -> str:
    """Lower case, without accents."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))[:200_000]
