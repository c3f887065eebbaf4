"""Whom to tell, and how: profiles, standings, recipients, digests, silences, acknowledgements, bounces

A watcher's state and wishes stand in ledgers of their own; an envelope may carry several alerts, and what
became of each recipient is a row. The tables of mail are made anew and filled with what they held.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

REMADE = ("attempt", "envelope", "subscription", "watcher")
"""Children first: a table that others point at cannot go before them."""

NEW_LEDGERS = (
    "acknowledgement", "attempt", "bounce", "digest", "profile", "recipient", "silence", "silence_end",
    "standing", "subscription", "told", "watcher",
)  # fmt: skip

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for table in REMADE:
        op.execute(f'CREATE TEMPORARY TABLE old_{table} AS SELECT * FROM "{table}"')
        op.drop_table(table)
    _make_watchers()
    _make_silences()
    _make_envelopes()
    _make_recipients()
    _move_watchers()
    _move_envelopes()
    for table in REMADE:
        op.execute(f"DROP TABLE old_{table}")
        _count_on(table)
    _guard(NEW_LEDGERS)


def downgrade() -> None:
    raise RuntimeError("ledgers are not dropped")


def _table(name: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(name, *columns)


def _id(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    column = sa.Column("id", NUMBER, autoincrement=True, nullable=False)
    return column, sa.PrimaryKeyConstraint("id", name=f"pk_{table}")


def _points(table: str, column: str, target: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target or column}.id"], name=f"fk_{table}_{column}")


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _make_watchers() -> None:
    _table(
        "watcher",
        *_id("watcher"),
        sa.Column("address", sa.String(2000), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("secret", sa.String(200)),
        sa.Column("known_at", INSTANT, nullable=False),
        sa.UniqueConstraint("address", name="uq_watcher_address"),
        sa.UniqueConstraint("key", name="uq_watcher_key"),
    )
    _table(
        "profile",
        *_id("profile"),
        sa.Column("watcher", NUMBER, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("heartbeat", sa.String(8), nullable=False),
        sa.Column("operator", sa.Boolean(), nullable=False),
        sa.Column("analyst", sa.Boolean(), nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
        _points("profile", "watcher"),
    )
    _index("profile", "watcher", "id")
    _table(
        "standing",
        *_id("standing"),
        sa.Column("watcher", NUMBER, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
        _points("standing", "watcher"),
    )
    _index("standing", "watcher", "id")
    _table(
        "subscription",
        *_id("subscription"),
        sa.Column("watcher", NUMBER, nullable=False),
        sa.Column("slug", sa.String(100), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("instruments", sa.JSON(), nullable=False),
        sa.Column("commitments", sa.JSON(), nullable=False),
        sa.Column("parties", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("severity", sa.String(8), nullable=False),
        sa.Column("frequency", sa.String(16), nullable=False),
        sa.Column("unacknowledged_after", sa.Integer()),
        sa.Column("known_at", INSTANT, nullable=False),
        _points("subscription", "watcher"),
    )
    _index("subscription", "watcher", "slug", "id")


def _make_silences() -> None:
    _table(
        "silence",
        *_id("silence"),
        sa.Column("instrument", sa.String(100)),
        sa.Column("subject", sa.String(200)),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("from_at", INSTANT, nullable=False),
        sa.Column("until_at", INSTANT, nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
    )
    _index("silence", "until_at")
    _table(
        "silence_end",
        sa.Column("silence", NUMBER, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
        _points("silence_end", "silence"),
        sa.PrimaryKeyConstraint("silence", name="pk_silence_end"),
    )
    _table(
        "acknowledgement",
        *_id("acknowledgement"),
        sa.Column("alert", NUMBER, nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
        _points("acknowledgement", "alert"),
    )
    _index("acknowledgement", "alert")


def _make_envelopes() -> None:
    _table(
        "digest",
        *_id("digest"),
        sa.Column("watcher", NUMBER, nullable=False),
        sa.Column("slot", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("from_at", INSTANT, nullable=False),
        sa.Column("until_at", INSTANT, nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
        _points("digest", "watcher"),
        sa.UniqueConstraint("watcher", "slot", name="uq_digest_watcher_slot"),
    )
    _table(
        "envelope",
        *_id("envelope"),
        sa.Column("watcher", NUMBER, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("digest", NUMBER),
        sa.Column("recipient", sa.String(2000), nullable=False),
        sa.Column("message_id", sa.String(300), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("deadline_at", INSTANT),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("delayed_at", INSTANT),
        sa.Column("lease_until", INSTANT),
        sa.Column("lease_by", sa.String(64)),
        sa.Column("known_at", INSTANT, nullable=False),
        _points("envelope", "watcher"),
        _points("envelope", "digest"),
        sa.UniqueConstraint("message_id", name="uq_envelope_message_id"),
    )
    _index("envelope", "state", "due_at")
    _index("envelope", "watcher", "id")
    _table(
        "attempt",
        *_id("attempt"),
        sa.Column("envelope", NUMBER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("uncertain", sa.Boolean(), nullable=False),
        sa.Column("of_server", sa.Boolean(), nullable=False),
        _points("attempt", "envelope"),
    )
    _index("attempt", "envelope")
    _table(
        "bounce",
        *_id("bounce"),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("envelope", NUMBER),
        sa.Column("watcher", NUMBER),
        sa.Column("address", sa.String(2000), nullable=False),
        sa.Column("permanent", sa.Boolean(), nullable=False),
        sa.Column("diagnostic", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
        _points("bounce", "envelope"),
        _points("bounce", "watcher"),
        sa.UniqueConstraint("digest", name="uq_bounce_digest"),
    )
    _index("bounce", "watcher", "known_at")


def _make_recipients() -> None:
    _table(
        "recipient",
        sa.Column("alert", NUMBER, nullable=False),
        sa.Column("watcher", NUMBER, nullable=False),
        sa.Column("manner", sa.String(16), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("known_at", INSTANT, nullable=False),
        _points("recipient", "alert"),
        _points("recipient", "watcher"),
        sa.PrimaryKeyConstraint("alert", "watcher", name="pk_recipient"),
    )
    _index("recipient", "watcher", "due_at")
    _table(
        "told",
        sa.Column("watcher", NUMBER, nullable=False),
        sa.Column("alert", NUMBER, nullable=False),
        sa.Column("envelope", NUMBER),
        sa.Column("omitted", sa.Text()),
        sa.Column("silence", NUMBER),
        sa.Column("known_at", INSTANT, nullable=False),
        _points("told", "watcher"),
        _points("told", "alert"),
        _points("told", "envelope"),
        _points("told", "silence"),
        sa.PrimaryKeyConstraint("watcher", "alert", name="pk_told"),
    )
    _index("told", "envelope")
    _index("told", "alert")


def _move_watchers() -> None:
    """Everyone stays what they were: active or ended as the last subscription said, told at once, in English."""
    db = op.get_bind()
    for (watcher,) in db.execute(sa.text("SELECT id FROM old_watcher ORDER BY id")).all():
        db.execute(
            sa.text(
                "INSERT INTO watcher (id, address, channel, key, known_at) "
                "SELECT id, address, 'mail', :key, known_at FROM old_watcher WHERE id = :watcher"
            ),
            {"key": secrets.token_hex(16), "watcher": watcher},
        )
    last = "FROM old_subscription s JOIN old_watcher w ON w.id = s.watcher WHERE s.id IN (SELECT max(id) FROM old_subscription GROUP BY watcher) ORDER BY w.id"
    op.execute(
        "INSERT INTO profile (watcher, name, language, zone, hour, weekday, heartbeat, operator, analyst, known_at) "
        f"SELECT w.id, w.name, 'en', 'UTC', 8, 0, 'weekly', s.operator, s.operator, s.known_at {last}"
    )
    op.execute(
        'INSERT INTO standing (watcher, state, "by", reason, known_at) '
        "SELECT w.id, CASE WHEN s.active THEN 'active' ELSE 'ended' END, 'an earlier release', "
        f"'as the last subscription said', s.known_at {last}"
    )
    op.execute(
        "INSERT INTO subscription (id, watcher, slug, active, instruments, commitments, parties, kinds, severity, "
        "frequency, known_at) SELECT id, watcher, 'all', active, instruments, '[]', '[]', kinds, 'info', 'at_once', "
        "known_at FROM old_subscription ORDER BY id"
    )


def _move_envelopes() -> None:
    """Each old envelope carried one alert to one watcher."""
    op.execute(
        "INSERT INTO envelope (id, watcher, kind, recipient, message_id, bytes, state, due_at, lease_until, "
        "lease_by, known_at) SELECT id, watcher, 'alert', recipient, message_id, bytes, state, due_at, lease_until, "
        "lease_by, known_at FROM old_envelope ORDER BY id"
    )
    op.execute(
        "INSERT INTO attempt (id, envelope, at, code, answer, uncertain, of_server) "
        "SELECT id, envelope, at, code, answer, code = 0, code = 0 FROM old_attempt ORDER BY id"
    )
    op.get_bind().execute(
        sa.text(
            "INSERT INTO recipient (alert, watcher, manner, why, due_at, known_at) "
            "SELECT alert, watcher, 'at_once', :why, known_at, known_at FROM old_envelope"
        ).bindparams(sa.bindparam("why", {"role": "subscriber"}, type_=sa.JSON()))
    )
    op.execute(
        "INSERT INTO told (watcher, alert, envelope, known_at) "
        "SELECT watcher, alert, id, known_at FROM old_envelope"
    )


def _count_on(table: str) -> None:
    """PostgreSQL numbers new rows from a sequence, which knows nothing of the rows moved."""
    if _on_postgresql():
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), "
            f'GREATEST((SELECT max(id) FROM "{table}"), 1), (SELECT count(*) > 0 FROM "{table}"))'
        )


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


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
