"""The page is the document: what was found of each version, and listings that change what they say

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("listing", sa.Column("changed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_listing_changed", "listing", ["changed"])
    op.create_index("ix_evidence_window", "evidence", ["window"])
    op.create_table(
        "document_check",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("version", number, nullable=False),
        sa.Column("checker", sa.String(16), nullable=False),
        sa.Column("listed", sa.String(64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.Column("is_doubtful", sa.Boolean(), nullable=False),
        sa.Column("may_grow", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["version.id"], name="fk_document_check_version"),
        sa.PrimaryKeyConstraint("id", name="pk_document_check"),
        sa.UniqueConstraint("version", "checker", "listed", name="uq_document_check_version_checker_listed"),
    )
    for column in ("fingerprint", "is_doubtful", "may_grow", "repeats"):
        op.create_index(f"ix_document_check_{column}", "document_check", [column])
    op.create_index("ix_document_check_checker_version", "document_check", ["checker", "version"])
    op.add_column("route_state", sa.Column("read_whole_at", sa.DateTime(timezone=True)))
    op.add_column("route_state", sa.Column("unchanged_at", sa.DateTime(timezone=True)))
    op.create_table(
        "route_distrust",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("route", sa.String(100), nullable=False),
        sa.Column("poll", number, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["poll"], ["poll.id"], name="fk_route_distrust_poll"),
        sa.PrimaryKeyConstraint("id", name="pk_route_distrust"),
    )
    op.create_index("ix_route_distrust_source_route", "route_distrust", ["source", "route"])
    op.create_table(
        "given_text",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("document", number, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("exchange", number),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="fk_given_text_document"),
        sa.ForeignKeyConstraint(["exchange"], ["exchange.id"], name="fk_given_text_exchange"),
        sa.PrimaryKeyConstraint("id", name="pk_given_text"),
        sa.UniqueConstraint("document", "digest", name="uq_given_text_document_digest"),
    )
    _guard("document_check")
    _guard("given_text")
    _guard("route_distrust")


def downgrade() -> None:
    raise RuntimeError("ledgers are not dropped")


def _guard(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION servanda_append_only()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f'CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
