"""What the verbs about watchers show a person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.markup import escape

from servanda.cli.tables.layout import console, heading, make_table
from servanda.jobs.views.json_values import Json

if TYPE_CHECKING:
    from servanda.jobs.bootstrap.wiring import Wiring


def show_watchers(wiring: Wiring, rows: Iterable[Json]) -> None:
    table = make_table(heading(wiring, "Watchers"), "no.", "address", "name", "state", "gets")
    for row in rows:
        gets = "; ".join(_told(one) for one in row["subscriptions"]) or "no subscription"
        roles = "".join(f", and as {role}" for role in ("operator", "analyst") if row[role])
        table.add_row(
            str(row["id"]),
            escape(row["address"]),
            escape(row["name"]),
            row["state"],
            escape(gets + roles) if row["state"] != "ended" else "nothing more",
        )
    console().print(table)


def show_subscriptions(wiring: Wiring, address: str, rows: Iterable[Json]) -> None:
    table = make_table(heading(wiring, f"Subscriptions of {escape(address)}"), "subscription", "gets")
    for row in rows:
        table.add_row(row["slug"], escape(_told(row)))
    console().print(table)


def show_watcher(wiring: Wiring, answer: Json) -> None:
    out = console()
    table = make_table(heading(wiring, f"Watcher {answer['id']}"), "", "")
    table.show_header = False
    rows = {
        "address": answer["address"],
        "channel": answer["channel"],
        "state": answer["state"],
        "name": answer["name"],
        "language": answer["language"],
        "digests": f"{answer['hour']:02}:00 {answer['zone']}, weekly on {answer['weekday'].capitalize()}",
        "heartbeat": answer["heartbeat"],
        "roles": ", ".join(role for role in ("operator", "analyst") if answer[role]) or "none",
        "secret": answer["secret"],
        "envelopes": ", ".join(f"{one['count']} {one['state']}" for one in answer["envelopes"]) or "none",
    }
    for name, value in rows.items():
        if value is not None:
            table.add_row(name, escape(value))
    out.print(table)
    show_subscriptions(wiring, answer["address"], answer["subscriptions"])
    said = make_table("What became of them", "since", "state", "by", "why")
    for one in answer["standings"]:
        said.add_row(one["known_at"], one["state"], escape(one["by"]), escape(one["reason"]))
    out.print(said)


def _told(row: Json) -> str:
    """A subscription in short: its filters, then its pace."""
    named = (*row["instruments"], *row["commitments"], *row["parties"], *row["kinds"])
    what = " ".join(named) or "everything"
    grave = "" if row["severity"] == "info" else f", {row['severity']} at least"
    wait = row["unacknowledged_after_seconds"]
    pace = row["frequency"].replace("_", " ") if wait is None else f"flags not acknowledged in {_span(wait)}"
    return f"{what}{grave}, {pace}"


def _span(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours} h" if not minutes else f"{hours} h {minutes} min"
