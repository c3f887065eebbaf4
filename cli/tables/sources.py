"""What is shown of sources and routes: their time, tiled; how they do; what a trial of a route showed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.markup import escape

from servanda.alerts.text.sanitising import REASON_LIMIT, one_line
from servanda.cli.tables.layout import console, heading, make_table
from servanda.compliance.source_health import duration_in_words
from servanda.jobs.views.json_values import Json

if TYPE_CHECKING:
    from servanda.jobs.bootstrap.wiring import Wiring

TILES_SHOWN = 6
"""So many uncovered stretches of a source are listed, the newest; ``--json`` has all of them."""


def show_coverage(wiring: Wiring, answer: Iterable[Json]) -> None:
    table = make_table(heading(wiring, "Coverage"), "source", "covered", "not covered", "routes")
    for row in answer:
        routes = "\n".join(_last_poll(r) for r in row["routes"])
        missing = "\n".join(_uncovered(row["tiles"]))
        table.add_row(row["source"], _share(row["tiles"]), escape(missing), escape(routes))
    console().print(table)


def _share(tiles: Sequence[Json]) -> str:
    """How much is covered, in days and hours: a percentage would hide a lost day in a long year."""
    if not tiles:
        return "not yet due"
    covered = sum((_length(tile) for tile in tiles if tile["state"] == "covered"), timedelta())
    whole = sum((_length(tile) for tile in tiles), timedelta())
    return f"{duration_in_words(covered)}\nof {duration_in_words(whole)}"


def _uncovered(tiles: Sequence[Json]) -> Iterator[str]:
    missing = [tile for tile in tiles if tile["state"] != "covered"]
    earlier, shown = missing[:-TILES_SHOWN], missing[-TILES_SHOWN:]
    if earlier:
        length = sum((_length(tile) for tile in earlier), timedelta())
        yield f"{len(earlier)} earlier stretches, {duration_in_words(length)} in all"
    for tile in shown:
        yield f"{tile['from']} to {tile['until']}: {tile['state'].replace('_', ' ')} ({tile['why']})"
    if not missing:
        yield "none"


def _length(tile: Json) -> timedelta:
    return datetime.fromisoformat(tile["until"]) - datetime.fromisoformat(tile["from"])


def _last_poll(route: Json) -> str:
    failure = one_line(route["failure"], REASON_LIMIT) if route["failure"] else None
    said = ": ".join(filter(None, (route["outcome"] or "not read", failure)))
    return f"{route['route']} ({route['reader']}): {said}"


def show_sources(wiring: Wiring, rows: Iterable[Json]) -> None:
    table = make_table(heading(wiring, "Sources"), "source", "party", "health", "routes")
    for row in rows:
        health = "\n".join(_health(row))
        routes = "\n".join(_route(r) for r in row["routes"])
        table.add_row(row["id"], row["party"] or "", escape(health), escape(routes))
    console().print(table)


def _health(row: Json) -> Iterator[str]:
    """State first, then what is wrong, then what is usual."""
    since = f" since {row['failing_since']}" if row["failing_since"] else ""
    yield row["state"].replace("_", " ") + since
    if row["drift"]:
        yield f"drift: {row['drift_why']}"
    if row["silence"]:
        yield row["silence"]
    yield f"last valid reading {row['last_valid_at'] or 'never'}"
    if row["last_item_published"]:
        yield f"last item {row['last_item_published']}: {one_line(row['last_item_title'], 80)}"
    if row["last_failure_at"]:
        names = (row[f"last_failure_{part}"] for part in ("route", "family", "kind"))
        reason = one_line(row["last_failure_reason"], REASON_LIMIT)
        yield f"last failure {row['last_failure_at']}: {': '.join(names)}: {reason}"
        if row["failing_since"] and row["last_failure_family"] == "blocked":
            yield what_can_be_done(row)
    yield from _cadence(row)
    yield from _times(row)
    if row["unread_documents"]:
        yield f"documents unread: {row['unread_documents']}, quarantined: {row['quarantined_documents']}"
    if row["doubtful_documents"]:
        yield f"documents doubtful: {row['doubtful_documents']}, see servanda review documents"
    for canary in row["canaries"]:
        when = f", {canary['looked_at']}" if canary["looked_at"] else ""
        yield f"canary of {canary['published_on']} on {canary['route']}: {canary['state']}{when}"


def what_can_be_done(row: Json) -> str:
    """What is left to an operator whose reader is refused, who is honest about who reads."""
    failed = row["last_failure_route"]
    others = [r for r in row["routes"] if r["route"] != failed and not r["retired"]]
    live = [r["route"] for r in others if not r["on_demand"]]
    archives = [r["route"] for r in others if r["on_demand"]]
    ways = ["ask the publisher to admit this reader (SERVANDA_CONTACT says who asks)"]
    ways += [f"read another route ({', '.join(live)})"] if live else []
    ways += [f"ask an archive for the days ({', '.join(archives)})"] if archives else []
    return f"what can be done: {'; '.join(ways)}"


_SEEN = (("median", "median"), ("90 of 100 within", "ninetieth"), ("greatest", "greatest"))


def _times(row: Json) -> Iterator[str]:
    """What was seen of lag and silence, beside what is declared."""
    for name, declared in (("lag", row["lag_seconds"]), ("silence", row["longest_silence_seconds"])):
        if n := row[f"observed_{name}_n"]:
            told = ", ".join(
                f"{word} {_in_words(row[f'observed_{name}_{key}_seconds'])}" for word, key in _SEEN
            )
            yield f"{name} declared {_in_words(declared)}; seen {told}, n {n}"
    if row["declaration_exceeded"]:
        answered = (
            "upheld by a person" if row["declaration_upheld"] else "claims that rest on it are in doubt"
        )
        yield f"warning: {row['declaration_exceeded']} ({answered})"


def _in_words(seconds: int) -> str:
    return duration_in_words(timedelta(seconds=seconds))


def _cadence(row: Json) -> Iterator[str]:
    if row["observed_cadence_seconds"] is not None:
        observed, declared = (
            duration_in_words(timedelta(seconds=row[key]))
            for key in ("observed_cadence_seconds", "cadence_seconds")
        )
        yield f"read every {observed}, declared {declared}"


def _route(route: Json) -> str:
    marks = "".join(f", {word}" for word in ("counts", "on_demand", "retired") if route[word])
    kind = f"{route['route']}: {route['platform']}, {route['reader']}{marks}"
    if route["retired"]:
        return kind
    since = f" since {route['failing_since']}" if route["failing_since"] else ""
    read = f", read {route['last_valid_at']}" if route["last_valid_at"] else ""
    believed = f"; {escape(route['unchanged_not_believed'])}" if route["unchanged_not_believed"] else ""
    return f"{kind}; {route['state'].replace('_', ' ')}{since}{read}{believed}"
