"""How sources stand before they are polled, asked for many of them at once.

Whatever is asked is found by an index, so that it costs the same after a year as on the first day.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, literal, select

from servanda.models import tables


@dataclass(frozen=True, slots=True)
class SourceStanding:
    """What waits at a source.

    ``unread``: documents that were listed and never read. ``due``: documents that are due to be read again.
    ``planned``: whether there is a plan of what is read again, and when. ``last_alert``: the kind of the
    newest alert, of the kinds asked for, about the source; None for none.
    """

    unread: bool
    due: bool
    planned: bool
    last_alert: str | None


_asked = (
    select(tables.route_state.c.source)
    .where(tables.route_state.c.source.in_(bindparam("sources", expanding=True)))
    .distinct()
    .subquery()
)
_alert, _plan = tables.alert.c, tables.reread.c
_last_alert = (
    select(_alert.kind)
    .where(
        _alert.subject == literal("source:").concat(_asked.c.source),
        _alert.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(_alert.id.desc())
    .limit(1)
    .correlate(_asked)
    .scalar_subquery()
)
_STANDINGS = select(
    _asked.c.source,
    exists().where(tables.unread.c.source == _asked.c.source).label("unread"),
    exists().where(_plan.source == _asked.c.source, _plan.due_at <= bindparam("now")).label("due"),
    exists().where(_plan.source == _asked.c.source).label("planned"),
    _last_alert.label("last_alert"),
)


def source_standings(
    db: Connection, sources: Collection[str], kinds: Sequence[str], now: datetime
) -> dict[str, SourceStanding]:
    """How each of the sources stands; those that were never polled are left out."""
    named = {"sources": sorted(sources), "kinds": list(kinds), "now": now}
    return {
        row.source: SourceStanding(row.unread, row.due, row.planned, row.last_alert)
        for row in db.execute(_STANDINGS, named)
    }
