"""Publication times as columns, and back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from servanda.compliance.publication import Precision, PublicationTime


def published_columns(published: PublicationTime) -> dict[str, object]:
    return {
        "precision": published.precision.value,
        "zone": published.zone,
        "published_at": published.at,
        "published_on": published.on,
    }


def published_of(row: Any) -> PublicationTime:
    """The publication time in a row that has the four columns."""
    return PublicationTime(Precision(row.precision), row.zone, at=row.published_at, on=row.published_on)


def published_json(published: PublicationTime) -> dict[str, str | None]:
    """For the cache of a route's last reading."""
    return {
        "precision": published.precision.value,
        "zone": published.zone,
        "at": published.at.isoformat() if published.at else None,
        "on": published.on.isoformat() if published.on else None,
    }


def published_from_json(data: dict[str, str | None]) -> PublicationTime:
    at, on, zone, precision = data["at"], data["on"], data["zone"], data["precision"]
    assert zone is not None and precision is not None
    return PublicationTime(
        Precision(precision),
        zone,
        at=datetime.fromisoformat(at) if at else None,
        on=date.fromisoformat(on) if on else None,
    )
