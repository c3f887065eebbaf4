"""Mail that a restored copy holds back until a person says which side lives

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from servanda.models.migrations.append_only import guard

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "mail_hold",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mail_hold"),
    )
    guard("mail_hold")


def downgrade() -> None:
    raise RuntimeError("ledgers are not dropped")
