"""What the reading verbs show a person. Text from the web is escaped; a replay says so above every table."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from jobs.trying import Trial
from jobs.wiring import REPLAY_BANNER, Wiring

Json = dict[str, Any]

WIDTH_WITHOUT_TERMINAL = 120

KEPT_WHOLE = frozenset(
    {"window", "commitment", "ends", "source", "reading", "due", "published", "last published"}
)
"""Columns whose values are copied or compared, and so are not broken."""


def console() -> Console:
    """Standard output, wide enough for the tables where it is not a terminal."""
    return Console(width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL, highlight=False)


def show_status(answer: Json, out: Console) -> None:
    """Windows, then commitments."""
    title = _titled(f"Windows as of {answer['as_of']}", answer["mode"] == "replay")
    windows = _table(title, "window", "ends", "phase", "verdict", "coverage", "duties", "waiting")
    for w in answer["windows"]:
        complete = sum(c["complete"] for c in w["coverage"])
        windows.add_row(
            w["id"],
            w["due_at"],
            w["phase"],
            w["verdict"] + (" (final)" if w["final"] else ""),
            f"{complete} of {len(w['coverage'])} sources complete",
            f"{len(w['duties'])} unmet",
            ", ".join(map(str, w["candidates"])) or "none",
        )
    out.print(windows)
    for w in answer["windows"]:
        out.print(f"[bold]{w['id']}[/]: {escape(w['derivation'])}")
        out.print(escape("; ".join(w["reasons"])))
        for duty in w["duties"]:
            out.print(f"- {_duty(duty)}")
    commitments = _table(
        _titled("Commitments", answer["mode"] == "replay"),
        "commitment", "instrument", "kind", "evidence waiting", "accepted", "last published",
    )  # fmt: skip
    for c in answer["commitments"]:
        commitments.add_row(
            c["id"],
            c["instrument"],
            c["kind"],
            str(c["evidence"]["waiting"]),
            str(c["evidence"]["accepted"]),
            c["last_published"] or "never",
        )
    out.print(commitments)


def show_window(wiring: Wiring, w: Json) -> None:
    out = console()
    facts = _table(_title(wiring, f"Window {w['id']}"), "", "")
    rows = (
        ("instrument", w["instrument"]),
        ("commitment", w["commitment"]),
        ("derivation", w["derivation"]),
        ("opens", w["opens_at"]),
        ("due", w["due_at"]),
        ("settles", w["settles_at"]),
        ("phase", w["phase"]),
        ("verdict", f"{w['verdict']}{' (final)' if w['final'] else ''}"),
        ("condition", w["condition"]),
        ("reasons", "\n".join(w["reasons"])),
        ("unmet duties", "\n".join(_duty(d) for d in w["duties"]) or "none"),
        ("candidates waiting", ", ".join(map(str, w["candidates"])) or "none"),
        ("accepted evidence", ", ".join(map(str, w["accepted"])) or "none"),
    )
    for name, value in rows:
        facts.add_row(name, escape(value))
    out.print(facts)
    readings = _table("Other readings", "reading", "due", "verdict", "beside the primary one")
    for r in w["readings"]:
        readings.add_row(r["id"], r["due_at"], r["verdict"], r["relation"])
    out.print(readings)
    covered = _table("Coverage of the window", "source", "complete", "gaps")
    for c in w["coverage"]:
        covered.add_row(c["source"], "yes" if c["complete"] else "no", _intervals(c["gaps"]))
    out.print(covered)


def show_coverage(wiring: Wiring, answer: Iterable[Json]) -> None:
    table = _table(_title(wiring, "Coverage"), "source", "covered", "gaps", "routes")
    for row in answer:
        routes = "\n".join(_route(r) for r in row["routes"])
        table.add_row(row["source"], _intervals(row["covered"]), _intervals(row["gaps"]), escape(routes))
    console().print(table)


def show_documents(wiring: Wiring, rows: Iterable[Json]) -> None:
    table = _table(_title(wiring, "Documents"), "id", "source", "published", "title", "versions")
    for row in rows:
        table.add_row(
            str(row["id"]), row["source"], row["published"], escape(row["title"]), str(row["versions"])
        )
    console().print(table)


def show_evidence(wiring: Wiring, rows: Iterable[Json], title: str) -> None:
    """A block each, for what is quoted is read, not compared."""
    out = console()
    out.print(f"[bold]{_title(wiring, title)}[/]")
    found = list(rows)
    for row in found:
        another = ", due for another look" if row["due_for_another_look"] else ""
        about = row["window"] or row["commitment"]
        out.print(f"\n[bold]{row['id']}[/]  {about}  {row['review']}{another}  score {row['score']:.2f}")
        out.print(f"    [bold]{escape(row['title'])}[/]")
        out.print(f"    published {row['published']}  {escape(row['url'])}", soft_wrap=True)
        for span in row["spans"][-1:]:
            out.print(Padding(escape(f"“{span['text']}”"), (0, 4)))
        for part in row["checklist"]:
            mark = "✓" if part["holds"] else "✗"
            out.print(Padding(escape(f"{mark} {part['id']}: {part['why']}"), (0, 4)))
    out.print(f"\n{len(found)} in all")


def show_sources(wiring: Wiring, rows: Iterable[Json]) -> None:
    table = _table(_title(wiring, "Sources"), "source", "party", "last valid reading", "routes")
    for row in rows:
        routes = "\n".join(
            f"{r['route']}: {r['platform']}, {r['reader']}"
            + "".join(f", {word}" for word in ("counts", "on_demand", "retired") if r[word])
            for r in row["routes"]
        )
        table.add_row(row["id"], row["party"] or "", row["last_valid_at"] or "never", routes)
    console().print(table)


def show_trial(wiring: Wiring, name: str, trial: Trial) -> None:
    """What a route showed: requests, the first and last rows, what it would cover, doubts."""
    out = console()
    for url, status in trial.requests:
        out.print(f"{status or 'no answer'}  {escape(url)}")
    if trial.failure is not None:
        out.print(f"[bold]{name} was not understood[/]: {escape(str(trial.failure))}")
        return
    shown = trial.items if len(trial.items) <= 12 else (*trial.items[:6], *trial.items[-6:])
    table = _table(
        _title(wiring, f"{name}: {len(trial.items)} items on {trial.pages} pages"),
        "published",
        "title",
        "address",
    )
    for item in shown:
        table.add_row(str(item.published), escape(item.title), escape(item.url))
    out.print(table)
    if trial.covered is None:
        out.print(escape(trial.basis))
    else:
        span = f"{trial.covered.from_at.isoformat()} to {trial.covered.until_at.isoformat()}"
        out.print(f"A counting reader would cover {span} ({escape(trial.basis)})")
    for doubt in trial.doubts:
        out.print(f"doubt: {escape(doubt)}")


def show_watchers(wiring: Wiring, rows: Iterable[Json]) -> None:
    table = _table(_title(wiring, "Watchers"), "address", "name", "gets")
    for row in rows:
        what = " ".join((*row["instruments"], *row["kinds"])) or "everything"
        operator = ", and operator's alerts" if row["operator"] else ""
        table.add_row(
            escape(row["address"]),
            escape(row["name"]),
            (what + operator) if row["active"] else "nothing more",
        )
    console().print(table)


def show_instrument(answer: Json) -> None:
    out = console()
    out.print(
        f"[bold]{answer['id']}[/], published {answer['published_on']}, text SHA-256 {answer['text_sha256']}"
    )
    table = _table("Commitments", "commitment", "kind", "owed by", "span", "quotation")
    for c in answer["commitments"]:
        span = f"{c['start']}–{c['end']}"
        table.add_row(c["id"], c["kind"], ", ".join(c["debtors"]), span, escape(c["quote"]))
    out.print(table)


def _title(wiring: Wiring, text: str) -> str:
    return _titled(text, wiring.replay)


def _titled(text: str, replay: bool) -> str:
    return f"{REPLAY_BANNER}\n{text}" if replay else text


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in KEPT_WHOLE)
    return table


def _route(route: Json) -> str:
    said = ": ".join(filter(None, (route["outcome"] or "not read", route["failure"])))
    return f"{route['route']} ({route['reader']}): {said}"


def _duty(duty: Json) -> str:
    return escape(": ".join(filter(None, (duty["kind"], duty["source"], duty["detail"]))))


def _intervals(found: Iterable[Json]) -> str:
    return "\n".join(f"{i['from']} to {i['until']}" for i in found) or "none"
