"""Ledgers are guarded by triggers: rows are added, never changed or removed."""

from __future__ import annotations

from alembic import op


def guard(table: str) -> None:
    """Refuse changes to the rows of a new ledger, on the database that is migrated."""
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
