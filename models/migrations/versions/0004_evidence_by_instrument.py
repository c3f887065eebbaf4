"""Evidence by instrument: what is known of one instrument is found without walking through all

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_evidence_instrument_id", "evidence", ["instrument", "id"])


def downgrade() -> None:
    op.drop_index("ix_evidence_instrument_id", "evidence")
