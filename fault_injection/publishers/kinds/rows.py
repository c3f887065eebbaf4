"""Changes to the rows of a listing, feed or sitemap, whatever its markup. Each builds a function over
rows."""

# ruff: noqa: ARG001, ARG005 - a change is handed all that a change may look at

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from fault_injection.publishers.served import Row, Rows, Sight

RowsChange = Callable[[Rows, Sight], Rows]


def each(change: Callable[[Row, Sight], Row]) -> RowsChange:
    """The same change to every row."""
    return lambda rows, sight: [change(row, sight) for row in rows]


def one(change: Callable[[Row, Sight], Row]) -> RowsChange:
    """A change to a single row, drawn once for the fault."""

    def changed(rows: Rows, sight: Sight) -> Rows:
        chosen = int(sight.rng.random() * len(rows))
        return [change(row, sight) if n == chosen else row for n, row in enumerate(rows)]

    return changed


def titled(title: Callable[[str], str]) -> Callable[[Row, Sight], Row]:
    return lambda row, sight: replace(row, title=title(row.title))


def linked(href: Callable[[str, Sight], str]) -> Callable[[Row, Sight], Row]:
    return lambda row, sight: replace(row, href=href(row.href, sight))


def dated(form: str) -> RowsChange:
    """Every time in another strftime form, in the publisher's zone."""

    def change(row: Row, sight: Sight) -> Row:
        text = row.item.at.astimezone(ZoneInfo(sight.press.zone)).strftime(form)
        return replace(row, stated=text, shown=text)

    return each(change)


def moved(shift: timedelta) -> RowsChange:
    """Every time as the site states it, but off by ``shift``."""
    return each(lambda row, sight: replace(row, stated=sight.stated(row.item.at + shift)))


def all_at(at: Callable[[Sight], datetime]) -> RowsChange:
    """One and the same time for every row."""
    return each(lambda row, sight: replace(row, stated=sight.stated(at(sight))))


def in_spanish(row: Row, sight: Sight) -> Row:
    """A time with a Spanish month."""
    months = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre",
              "noviembre", "diciembre")  # fmt: skip
    at = row.item.at.astimezone(ZoneInfo(sight.press.zone))
    text = f"{at.day} de {months[at.month - 1]} de {at.year}"
    return replace(row, stated=text, shown=text)


def backwards(rows: Rows, sight: Sight) -> Rows:
    return rows[::-1]


def shuffled(rows: Rows, sight: Sight) -> Rows:
    mixed = list(rows)
    sight.rng.shuffle(mixed)
    return mixed


def doubled(rows: Rows, sight: Sight) -> Rows:
    """Every third row stands twice."""
    return [copy for n, row in enumerate(rows) for copy in ([row, row] if n % 3 == 0 else [row])]


def without_one(rows: Rows, sight: Sight) -> Rows:
    """A row is left out, drawn once for the fault."""
    chosen = int(sight.rng.random() * len(rows))
    return rows[:chosen] + rows[chosen + 1 :]


def without_some(rows: Rows, sight: Sight) -> Rows:
    """A tenth of the rows is left out, one at least: those of the same releases all the time."""
    lost = [n for n, row in enumerate(rows) if sum(row.item.slug.encode()) % 10 == 3] or [len(rows) // 2]
    return [row for n, row in enumerate(rows) if n not in lost]


def only(share: float) -> RowsChange:
    """The first rows alone."""
    return lambda rows, sight: rows[: max(1, int(len(rows) * share))]


def none_at_all(rows: Rows, sight: Sight) -> Rows:
    return []


def collapsed(rows: Rows, sight: Sight) -> Rows:
    """Rows share a link in pairs: both lead to the first one's page."""
    return [replace(row, href=rows[n - n % 2].href) for n, row in enumerate(rows)]


def all_to_one(rows: Rows, sight: Sight) -> Rows:
    return [replace(row, href=rows[0].href) for row in rows]


def each_pair_with_its_guid(rows: Rows, sight: Sight) -> Rows:
    """Items share link and guid in pairs."""
    return [replace(row, href=rows[n - n % 2].href, guid=rows[n - n % 2].guid) for n, row in enumerate(rows)]
