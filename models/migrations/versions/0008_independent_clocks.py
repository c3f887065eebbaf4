"""Our clock beside others, and what a wrong clock wrote

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from servanda.models.migrations.append_only import guard

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "clock_reading",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("publisher", sa.String(300)),
        sa.Column("stated_at", sa.DateTime(timezone=True)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("boot", sa.String(64)),
        sa.Column("uptime", sa.Float()),
        sa.PrimaryKeyConstraint("id", name="pk_clock_reading"),
    )
    op.create_table(
        "clock_fault",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("last_coverage", number, nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["last_coverage"], ["coverage.id"], name="fk_clock_fault_last_coverage"),
        sa.PrimaryKeyConstraint("id", name="pk_clock_fault"),
    )
    op.create_index("ix_clock_fault_last_coverage", "clock_fault", ["last_coverage"])
    op.create_index("ix_coverage_known_at", "coverage", ["known_at"])
    for table in ("clock_reading", "clock_fault"):
        guard(table)


def downgrade() -> None:
    raise RuntimeError("ledgers are not dropped")
