"""Mail that a restored copy holds back until a person says which side lives

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

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
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            'CREATE TRIGGER mail_hold_append_only BEFORE UPDATE OR DELETE ON "mail_hold" '
            "FOR EACH ROW EXECUTE FUNCTION servanda_append_only()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f'CREATE TRIGGER mail_hold_no_{act.lower()} BEFORE {act} ON "mail_hold" '
            "BEGIN SELECT RAISE(ABORT, 'mail_hold is append-only'); END"
        )


def downgrade() -> None:
    raise RuntimeError("ledgers are not dropped")
