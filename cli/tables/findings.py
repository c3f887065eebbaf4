"""What the reading verbs show a person. Text from the web is escaped; a replay says so above every table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from servanda.cli.tables.layout import console, heading, make_table, titled
from servanda.jobs.views.json_values import Json

if TYPE_CHECKING:
    from servanda.jobs.bootstrap.wiring import Wiring


def show_status(answer: Json, out: Console) -> None:
    """Windows, then commitments; above them what is wrong with our own clock, and how the mail does."""
    if answer["clock"]["trust"] in ("disagrees", "unattested"):
        out.print(f"[bold]Clock not believed[/]: {escape(answer['clock']['reason'])}")
    out.print(_mail_line(answer["mail"]))
    title = titled(f"Windows as of {answer['as_of']}", answer["mode"] == "replay")
    windows = make_table(title, "window", "ends", "phase", "verdict", "coverage", "duties", "waiting")
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
        out.print(escape(_flow(w["flow"])))
        for duty in w["duties"]:
            out.print(f"- {_duty(duty)}")
    commitments = make_table(
        titled("Commitments", answer["mode"] == "replay"),
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


def _mail_line(mail: Json) -> str:
    if mail["trouble"]:
        return f"[bold]Mail does not leave[/]: {escape(mail['trouble'])}"
    sent = f"last sent {mail['last_sent_at']}" if mail["last_sent_at"] else "nothing sent yet"
    return f"Mail: {mail['waiting']} waiting, {sent}"


CLOSINGS_SHOWN = 5


def show_doubtful(wiring: Wiring, rows: list[Json]) -> None:
    out = console()
    if not rows:
        out.print("No document is doubtful.")
        return
    table = make_table(
        heading(wiring, "Doubtful documents"), "document", "source", "published", "title", "why"
    )
    for row in rows:
        table.add_row(
            str(row["id"]), row["source"], row["published"], escape(row["title"]), escape(row["why"])
        )
    out.print(table)
    out.print("`servanda review document ID` shows one and takes your answer.")


def show_window(wiring: Wiring, w: Json) -> None:
    out = console()
    facts = make_table(heading(wiring, f"Window {w['id']}"), "", "")
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
        ("looked at", _flow(w["flow"])),
    )
    for name, value in rows:
        facts.add_row(name, escape(value))
    out.print(facts)
    readings = make_table("Other readings", "reading", "due", "verdict", "beside the primary one")
    for r in w["readings"]:
        readings.add_row(r["id"], r["due_at"], r["verdict"], r["relation"])
    out.print(readings)
    covered = make_table(
        "Coverage of the window", "source", "complete", "gaps", "not seen in time, and later by"
    )
    for c in w["coverage"]:
        later = "\n".join(_closing(one) for one in c["closings"][:CLOSINGS_SHOWN])
        if len(c["closings"]) > CLOSINGS_SHOWN:
            later += f"\nand {len(c['closings']) - CLOSINGS_SHOWN} more"
        covered.add_row(c["source"], "yes" if c["complete"] else "no", _intervals(c["gaps"]), later or "none")
    out.print(covered)


def show_documents(wiring: Wiring, rows: Iterable[Json]) -> None:
    table = make_table(heading(wiring, "Documents"), "id", "source", "published", "title", "versions")
    for row in rows:
        table.add_row(
            str(row["id"]), row["source"], row["published"], escape(row["title"]), str(row["versions"])
        )
    console().print(table)


def show_evidence(wiring: Wiring, rows: Iterable[Json], title: str) -> None:
    """A block each, for what is quoted is read, not compared."""
    out = console()
    out.print(f"[bold]{heading(wiring, title)}[/]")
    found = list(rows)
    for row in found:
        another = ", due for another look" if row["due_for_another_look"] else ""
        about = row["window"] or row["commitment"]
        again = f", repeats {row['repeats']}" if row["repeats"] is not None else ""
        said = f"{row['review']}{another}{again}"
        out.print(f"\n[bold]{row['id']}[/]  {about}  {said}  score {row['score']:.2f}")
        out.print(f"    [bold]{escape(row['title'])}[/]")
        out.print(f"    published {row['published']}  {escape(row['url'])}", soft_wrap=True)
        for span in row["spans"][-1:]:
            out.print(Padding(escape(f"“{span['text']}”"), (0, 4)))
        for part in row["checklist"]:
            mark = "✓" if part["holds"] else "✗"
            out.print(Padding(escape(f"{mark} {part['id']}: {part['why']}"), (0, 4)))
    out.print(f"\n{len(found)} in all")


def show_instrument(answer: Json) -> None:
    out = console()
    out.print(
        f"[bold]{answer['id']}[/], published {answer['published_on']}, text SHA-256 {answer['text_sha256']}"
    )
    table = make_table("Commitments", "commitment", "kind", "owed by", "span", "quotation")
    for c in answer["commitments"]:
        span = f"{c['start']}–{c['end']}"
        table.add_row(c["id"], c["kind"], ", ".join(c["debtors"]), span, escape(c["quote"]))
    out.print(table)


def _flow(flow: Json | None) -> str:
    """The steps of the search with their numbers, in the words of PRISMA 2020."""
    if flow is None:
        return "not counted"
    doubtful = f" ({flow['doubtful']} doubtful)" if flow["doubtful"] else ""
    by = ", ".join(f"{one['name']} {one['documents']}" for one in flow["reviewers"])
    return (
        f"identified {flow['identified']}, retrieved {flow['retrieved']}{doubtful}, "
        f"screened {flow['screened']}, "
        f"shortlisted {flow['shortlisted']}, reviewed {flow['reviewed']}{f' ({by})' if by else ''}, "
        f"accepted {flow['accepted']}"
    )


def _duty(duty: Json) -> str:
    return escape(": ".join(filter(None, (duty["kind"], duty["source"], duty["detail"]))))


def _closing(one: Json) -> str:
    return f"{one['from']} to {one['until']}: {one['route']}, reading {one['poll']}"


def _intervals(found: Iterable[Json]) -> str:
    return "\n".join(f"{i['from']} to {i['until']}" for i in found) or "none"
