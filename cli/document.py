"""The verb about one document over time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click
from rich.markup import escape

from servanda.cli.options import answer_json, as_of_option, json_option, moment, shared_options, wired
from servanda.cli.tables import layout
from servanda.jobs.bootstrap.replay import REPLAY_BANNER
from servanda.jobs.views.json_values import Json

if TYPE_CHECKING:
    from servanda.jobs.bootstrap.wiring import Wiring


@click.command()
@click.argument("document_id", metavar="ID", type=click.IntRange(min=1))
@click.option("--text", is_flag=True, help="Its text alone, as last seen.")
@json_option
@as_of_option
@shared_options
def document(document_id: int, text: bool, as_json: bool, as_of: datetime | None) -> None:
    """One document over time: what listings said, its contents, edits, withdrawals, and what rests on it.

    A text that no rule could match was not drawn when the document was read; --text draws it from the kept
    bytes, and keeps it.
    """
    from servanda.jobs.documents.document_reader import DocumentReader
    from servanda.jobs.views.document import document as view

    with wired() as wiring:
        reader = DocumentReader(wiring.archive, wiring.article_reader, wiring.catalogue) if text else None
        answer = view(wiring.ledger, wiring.catalogue, document_id, moment(wiring, as_of), reader=reader)
        if as_json:
            answer_json(answer)
        elif text:
            if wiring.replay:
                click.echo(REPLAY_BANNER, err=True)
            click.echo("it was never read" if answer["text"] is None else answer["text"])
        else:
            show_document(wiring, answer)


def show_document(wiring: Wiring, answer: Json) -> None:
    out = layout.console()
    out.print(f"[bold]{layout.heading(wiring, escape(answer['title']))}[/]")
    facts = (
        ("document", f"{answer['id']} of {answer['source']}, {answer['quarantined'] or answer['state']}"),
        *(("doubtful", doubt["why"]) for doubt in answer["doubts"]),
        *((("answered", answer["answer"].replace("_", " ")),) if answer["answer"] else ()),
        ("address", answer["url"]),
        ("published", answer["published"]),
        ("first listed", answer["first_seen_at"]),
        ("last seen", answer["last_seen_at"] or "never"),
        ("read again", answer["reread_at"] or "not planned"),
    )
    for name, value in facts:
        out.print(f"{name:<13}{escape(value)}", soft_wrap=True)
    for show in (_listings, _history, _versions, _evidence):
        out.print(show(answer))


def _listings(answer: Json) -> Any:
    table = layout.make_table("What listings said", "known", "route", "published", "title", "address")
    for said in answer["listings"]:
        table.add_row(
            said["known_at"], said["route"], said["published"], escape(said["title"]), escape(said["url"])
        )
    return table


def _history(answer: Json) -> Any:
    table = layout.make_table("What became of it", "step", "true since", "known since", "content", "capture")
    for step in answer["history"]:
        content = (step["digest"] or "none")[:12]
        table.add_row(step["step"], step["at"], step["known_at"], content, str(step["capture"]))
    return table


def _versions(answer: Json) -> Any:
    table = layout.make_table("Contents", "content", "title", "first seen", "last seen", "capture", "text")
    for content in answer["versions"]:
        table.add_row(
            content["digest"][:12],
            escape(content["title"]),
            content["first_seen_at"],
            content["last_seen_at"],
            str(content["capture"]),
            "drawn" if content["text_drawn"] else "not drawn",
        )
    return table


def _evidence(answer: Json) -> Any:
    table = layout.make_table("What rests on it", "evidence", "commitment", "window", "content", "review")
    for row in answer["evidence"]:
        another = ", due for another look" if row["due_for_another_look"] else ""
        table.add_row(
            str(row["id"]),
            row["commitment"],
            row["window"] or "none",
            row["digest"][:12],
            f"{row['review']}{another}",
        )
    return table
