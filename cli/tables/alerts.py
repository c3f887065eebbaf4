"""How alerts and silences look on a terminal. Text from the web is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.padding import Padding

from servanda.cli.tables.layout import console, heading, make_table
from servanda.jobs.views.json_values import Json

if TYPE_CHECKING:
    from servanda.jobs.bootstrap.wiring import Wiring

RECIPIENTS_SHOWN = 20
"""Recipients of one alert that the list shows; ``alerts show`` shows all."""

MANNERS = {
    "at_once": "told at once",
    "digest": "told in a digest",
    "unacknowledged": "told only if nobody acknowledges it",
    "silenced": "not told, for a silence",
}


def show_alerts(wiring: Wiring, rows: Iterable[Json]) -> None:
    """A block each: what it says, then a line for each recipient."""
    out, found = console(), list(rows)
    out.print(f"[bold]{heading(wiring, 'Alerts')}[/]")
    for row in found:
        out.print(
            f"\n[bold]{row['id']}[/]  {row['known_at']}  {row['kind']}{_noted(row['acknowledged_by'], row)}"
        )
        out.print(f"    [bold]{escape(row['headline'])}[/]")
        lines = [_recipient(one) for one in row["recipients"]] or ["nobody asked for it"]
        if len(lines) > RECIPIENTS_SHOWN:
            lines[RECIPIENTS_SHOWN:] = [
                f"and {len(lines) - RECIPIENTS_SHOWN} more: servanda alerts show {row['id']}"
            ]
        for line in lines:
            out.print(Padding(escape(line), (0, 4), expand=False))
    out.print(f"\n{len(found)} in all")


def _noted(by: str | None, row: Json) -> str:
    if by is not None:
        return escape(f"  acknowledged by {by}")
    return "  not acknowledged" if row["needs_acknowledgement"] else ""


def show_alert(wiring: Wiring, row: Json) -> None:
    """One alert, its notes, and each recipient with all that became of them."""
    out = console()
    facts = make_table(heading(wiring, f"Alert {row['id']}"), "", "")
    for name, value in _facts(row):
        facts.add_row(name, escape(value))
    out.print(facts)
    for one in row["recipients"]:
        out.print(f"\n[bold]{escape(_recipient(one))}[/]")
        for line in _details(one):
            out.print(Padding(escape(line), (0, 4), expand=False))
    out.print(f"\n{len(row['recipients'])} recipients in all")


def _facts(row: Json) -> Iterator[tuple[str, str]]:
    yield "kind", f"{row['kind']} ({row['severity']})"
    yield "headline", row["headline"]
    yield "instrument", row["instrument"] or "none"
    yield "subject", row["subject"]
    yield "true since", row["effective_at"]
    yield "known since", row["known_at"]
    yield "cause", f"{row['cause_kind']} {row['cause']}"
    notes = [f"{one['at']}  {one['by']}: {one['note']}" for one in row["acknowledgements"]]
    yield "acknowledged", "\n".join(notes) or ("by nobody" if row["needs_acknowledgement"] else "need not be")


def _recipient(one: Json) -> str:
    """What became of it for one recipient, in a line."""
    return f"{one['address']}: {_became(one)}"


def _became(one: Json) -> str:
    digest = f" in {one['digest']}" if one["digest"] else ""
    answered = f"{one['code']} {one['answer']}" if one["code"] else one["answer"]
    if one["state"] == "waiting":
        until = {"digest": "its digest", "unacknowledged": "an acknowledgement"}.get(one["manner"])
        return (
            f"waits for {until}, until {one['due_at']}"
            if until
            else f"waits to be written, since {one['due_at']}"
        )
    if one["state"] in ("silenced", "omitted"):
        return str(one["omitted"])
    if one["state"] == "queued":
        tried = f"; last answer {one['answered_at']}: {answered}" if one["answered_at"] else ""
        return f"written{digest} {one['told_at']}, to be sent {one['due_at']}{tried}"
    if one["answered_at"] is None:
        return f"{one['state']}{digest}, written {one['told_at']}"
    return f"{one['state']}{digest} {one['answered_at']}: {answered}"


def _details(one: Json) -> Iterator[str]:
    yield f"{MANNERS[one['manner']]}, by {one['channel']}. {one['why']}"
    if one["message_id"]:
        yield f"envelope {one['envelope']}, Message-ID {one['message_id']}"
    for made in one["attempts"]:
        uncertain = " (it may have arrived)" if made["uncertain"] else ""
        yield f"attempt {made['at']}: {made['code'] or 'no answer'} {made['answer']}{uncertain}"


def show_silences(wiring: Wiring, rows: Iterable[Json]) -> None:
    table = make_table(
        heading(wiring, "Silences"), "id", "silenced", "from", "until", "by", "reason", "withheld", "state"
    )
    for row in rows:
        what = ", ".join(filter(None, (row["instrument"], row["subject"], *row["kinds"])))
        ended = f"ended {row['ended_at']} by {row['ended_by']}" if row["ended_at"] else row["state"]
        table.add_row(
            str(row["id"]), escape(what), row["from_at"], row["until_at"], escape(row["by"]),
            escape(row["reason"]), str(row["withheld"]), escape(ended),
        )  # fmt: skip
    console().print(table)
