"""Lines that repeat, what a source's documents usually show, and given texts that are taken back

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _let_given_texts_repeat()
    for column in ("fingerprint", "repeats"):
        op.drop_index(f"ix_document_check_{column}", "document_check")
        op.drop_column("document_check", column)
    op.add_column("document_check", sa.Column("title", sa.Text()))
    op.add_column("document_check", sa.Column("speaks_of_title", sa.Boolean()))
    op.add_column("document_check", sa.Column("shows_date", sa.Boolean()))
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "text_line",
        sa.Column("check", number, nullable=False),
        sa.Column("digest", sa.String(16), nullable=False),
        sa.Column("document", number, nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["check"], ["document_check.id"], name="fk_text_line_check"),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="fk_text_line_document"),
        sa.PrimaryKeyConstraint("check", "digest", name="pk_text_line"),
    )
    op.create_index("ix_text_line_digest_document", "text_line", ["digest", "document"])
    op.create_table(
        "standing_text",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("document", number, nullable=False),
        sa.Column("check", number, nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="fk_standing_text_document"),
        sa.ForeignKeyConstraint(["check"], ["document_check.id"], name="fk_standing_text_check"),
        sa.PrimaryKeyConstraint("id", name="pk_standing_text"),
    )
    op.create_index("ix_standing_text_document", "standing_text", ["document"])
    op.create_table(
        "repeated_text",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("check", number, nullable=False),
        sa.Column("repeats", sa.Boolean(), nullable=False),
        sa.Column("own_words", sa.Integer(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["check"], ["document_check.id"], name="fk_repeated_text_check"),
        sa.PrimaryKeyConstraint("id", name="pk_repeated_text"),
    )
    op.create_index("ix_repeated_text_check", "repeated_text", ["check"])
    for table in ("text_line", "standing_text", "repeated_text"):
        _guard(table)


def _let_given_texts_repeat() -> None:
    """A text that is taken back (A, B, A) is given again. SQLite makes the table anew, without its triggers."""
    with op.batch_alter_table("given_text") as table:
        table.drop_constraint("uq_given_text_document_digest", type_="unique")
    op.create_index("ix_given_text_document", "given_text", ["document"])
    if op.get_bind().dialect.name == "sqlite":
        _guard("given_text")


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
