"""What every table shares: one metadata, names of constraints, ids, and publication times."""

from __future__ import annotations

from sqlalchemy import Column, Date, MetaData, String

from servanda.models.types import Id, Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def identifier() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def published() -> tuple[Column[object], ...]:
    """A publication time as its publisher stated it; see ``compliance.publication.PublicationTime``."""
    return (
        Column("precision", String(8), nullable=False),
        Column("zone", String(64), nullable=False),
        Column("published_at", Instant),
        Column("published_on", Date),
    )
