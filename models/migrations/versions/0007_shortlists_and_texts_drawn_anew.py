"""Shortlists, texts drawn anew by another extractor, and the account that gave an answer

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from servanda.models.migrations.append_only import guard

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _let_texts_be_drawn_anew()
    op.add_column("decision", sa.Column("account", sa.String(200)))
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "shortlisted",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("version", number, nullable=False),
        sa.Column("window", sa.String(100), nullable=False),
        sa.Column("rules_digest", sa.String(64), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["version.id"], name="fk_shortlisted_version"),
        sa.PrimaryKeyConstraint("id", name="pk_shortlisted"),
        sa.UniqueConstraint(
            "version", "window", "rules_digest", name="uq_shortlisted_version_window_rules_digest"
        ),
    )
    op.create_index("ix_shortlisted_window_version", "shortlisted", ["window", "version"])
    for column in ("published_at", "published_on"):
        op.create_index(f"ix_listing_{column}", "listing", [column])
    guard("shortlisted")


def downgrade() -> None:
    raise RuntimeError("ledgers are not dropped")


def _let_texts_be_drawn_anew() -> None:
    """One text for each version and extractor. SQLite makes the table anew, without its triggers."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("pk_extraction", "extraction", type_="primary")
        op.execute("ALTER TABLE extraction ADD COLUMN id BIGSERIAL NOT NULL")
        op.create_primary_key("pk_extraction", "extraction", ["id"])
        op.create_unique_constraint(
            "uq_extraction_version_extractor", "extraction", ["version", "extractor"]
        )
        return
    op.rename_table("extraction", "extraction_before")
    op.create_table(
        "extraction",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("extractor", sa.String(64), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["version"], ["version.id"], name="fk_extraction_version"),
        sa.PrimaryKeyConstraint("id", name="pk_extraction"),
        sa.UniqueConstraint("version", "extractor", name="uq_extraction_version_extractor"),
    )
    op.execute(
        "INSERT INTO extraction (version, text, extractor, known_at)"
        " SELECT version, text, extractor, known_at FROM extraction_before ORDER BY version"
    )
    op.drop_table("extraction_before")
    guard("extraction")
