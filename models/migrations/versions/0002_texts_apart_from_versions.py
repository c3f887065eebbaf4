"""Texts apart from versions, what a reading was asked for, canaries, quarantine, and readings again

A version's text is drawn from its bytes when it is wanted, so it stands in a table of its own.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEW_LEDGERS = ("canary", "extraction", "quarantine")


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    instant = sa.DateTime(timezone=True)
    op.add_column("poll", sa.Column("asked_from_at", instant))
    op.add_column("poll", sa.Column("asked_until_at", instant))
    op.add_column("unread", sa.Column("held_until", instant))
    _add_body_of()
    op.drop_index("ix_exchange_sha256", "exchange")
    op.create_index("ix_exchange_sha256_id", "exchange", ["sha256", "id"])
    op.create_table(
        "extraction",
        sa.Column("version", number, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("extractor", sa.String(64), nullable=False),
        sa.Column("known_at", instant, nullable=False),
        sa.ForeignKeyConstraint(["version"], ["version.id"], name="fk_extraction_version"),
        sa.PrimaryKeyConstraint("version", name="pk_extraction"),
    )
    op.drop_index("ix_document_source", "document")
    op.create_index("ix_document_source_first_seen_at", "document", ["source", "first_seen_at"])
    op.create_table(
        "quarantine",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("document", number, nullable=False),
        sa.Column("exchange", number, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("known_at", instant, nullable=False),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="fk_quarantine_document"),
        sa.ForeignKeyConstraint(["exchange"], ["exchange.id"], name="fk_quarantine_exchange"),
        sa.PrimaryKeyConstraint("id", name="pk_quarantine"),
    )
    op.create_index("ix_quarantine_document", "quarantine", ["document"])
    op.create_table(
        "canary",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("poll", number, nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("route", sa.String(100), nullable=False),
        sa.Column("canary", sa.String(300), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("known_at", instant, nullable=False),
        sa.ForeignKeyConstraint(["poll"], ["poll.id"], name="fk_canary_poll"),
        sa.PrimaryKeyConstraint("id", name="pk_canary"),
    )
    op.create_index("ix_canary_source_route", "canary", ["source", "route"])
    op.create_table(
        "reread",
        sa.Column("document", number, nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.ForeignKeyConstraint(["document"], ["document.id"], name="fk_reread_document"),
        sa.PrimaryKeyConstraint("document", name="pk_reread"),
    )
    op.create_index("ix_reread_source_due_at", "reread", ["source", "due_at"])
    _move_texts()
    _let_listings_repeat()
    _guard(NEW_LEDGERS)


def downgrade() -> None:
    raise RuntimeError("ledgers are not dropped")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _add_body_of() -> None:
    """In plain SQL: SQLite takes a constraint only together with its column."""
    kind = "BIGINT" if _on_postgresql() else "INTEGER"
    constraint = "CONSTRAINT fk_exchange_body_of REFERENCES exchange(id)"
    op.execute(f"ALTER TABLE exchange ADD COLUMN body_of {kind} {constraint}")


def _move_texts() -> None:
    """The ledger's triggers speak of rows; columns may go once their content stands elsewhere."""
    op.execute(
        "INSERT INTO extraction (version, text, extractor, known_at) "
        "SELECT id, text, extractor, known_at FROM version"
    )
    op.execute('ALTER TABLE version DROP COLUMN "text"')
    op.execute("ALTER TABLE version DROP COLUMN extractor")


def _let_listings_repeat() -> None:
    """What a listing says, takes back and says again is three statements. SQLite makes the table anew."""
    with op.batch_alter_table("listing") as listing:
        listing.drop_constraint("uq_listing_document_digest", type_="unique")
    op.create_index("ix_listing_document", "listing", ["document"])
    if not _on_postgresql():
        _guard(("listing",))


def _guard(ledgers: tuple[str, ...]) -> None:
    for table in ledgers:
        if _on_postgresql():
            op.execute(
                f'CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON "{table}" '
                "FOR EACH ROW EXECUTE FUNCTION servanda_append_only()"
            )
        else:
            for act in ("UPDATE", "DELETE"):
                op.execute(
                    f'CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON "{table}" '
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
