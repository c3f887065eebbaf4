"""The verb by which people look at the shortlist of a window: document by document, or several at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from servanda.cli.options import NAME, answer_json, json_option, named, shared_options, wired
from servanda.cli.reports import report_assessed, send_and_report

if TYPE_CHECKING:
    from servanda.jobs.bootstrap.wiring import Wiring
    from servanda.jobs.judging.person_decision import PersonDecision
    from servanda.jobs.views.json_values import Json

KEYS = (
    "d  it is no announcement    a  it is what was due    p  it is part of what was due\n"
    "t  show its whole text      s  skip it for now       q  stop"
)
SHOWN = 3_000
"""Characters of a text that are shown at first."""

REASONS = {
    "candidate": "a rule took it for a candidate",
    "near_miss": "a rule looked at it",
    "predates": "it is dated before the instrument",
    "subject": "it touches the subject",
    "party": "it names a party",
    "together": "it speaks of both parties",
    "other_language": "no rule reads its language",
    "video": "it is a video",
    "pictures": "it is a gallery of pictures",
}


@click.command("shortlist")
@click.argument("window")
@click.option(
    "--dismiss",
    "dismissed",
    multiple=True,
    type=click.IntRange(min=1),
    metavar="DOCUMENT",
    help="This document is no announcement. May be given more than once.",
)
@click.option(
    "--restore",
    "restored",
    multiple=True,
    type=click.IntRange(min=1),
    metavar="DOCUMENT",
    help="This document is to be looked at again.",
)
@click.option(
    "--accept",
    "accepted",
    type=click.IntRange(min=1),
    metavar="DOCUMENT",
    help="This document is what was due.",
)
@click.option("--in-part", is_flag=True, help="With --accept: it gives part of what was due.")
@click.option("--source", metavar="ID", help="Only documents of this source.")
@click.option(
    "--why", type=click.Choice(sorted(REASONS)), help="Only documents that stand there for this reason."
)
@click.option(
    "--dismiss-these", is_flag=True, help="Dismiss all that --source and --why leave and nobody has reviewed."
)
@click.option("--all", "everything", is_flag=True, help="List those too that somebody has reviewed.")
@click.option("--by", type=NAME, metavar="NAME", help="Who looked.")
@click.option("--reason", metavar="TEXT", help="Why.")
@json_option
@shared_options
def shortlist(
    window: str,
    dismissed: tuple[int, ...],
    restored: tuple[int, ...],
    accepted: int | None,
    in_part: bool,
    source: str | None,
    why: str | None,
    dismiss_these: bool,
    everything: bool,
    by: str | None,
    reason: str | None,
    as_json: bool,
) -> None:
    """Look at the shortlist of WINDOW: what a person must have seen before absence is final.

    On a terminal each document is shown, and one key answers. An answer holds for the content that was shown.
    """
    from servanda.jobs.views.shortlist import shortlist as view

    with wired() as wiring:
        named(wiring.catalogue.window, window)
        if source is not None:
            named(wiring.catalogue.source, source)
        rows = [
            row
            for row in view(wiring.ledger, wiring.catalogue, window, wiring.now)
            if source in (None, row["source"]) and (why is None or why in {one["kind"] for one in row["why"]})
        ]
        waiting = [row for row in rows if row["reviewed_by"] is None]
        if dismiss_these:
            dismissed = (*dismissed, *(row["document"] for row in waiting))
        if dismissed or restored or accepted is not None:
            answer = _Answer(wiring, window, by or "", reason or "")
            answer.record(dismissed, restored, accepted, in_part)
        elif as_json:
            answer_json(rows if everything else waiting)
        elif by and reason and _is_terminal():
            _look_through(_Answer(wiring, window, by, reason), waiting)
        else:
            _show(wiring, window, rows if everything else waiting, rows)


class _Answer:
    """What a person says of documents, recorded with what follows from it."""

    def __init__(self, wiring: Wiring, window: str, by: str, reason: str) -> None:
        self.wiring, self.window, self.by, self.reason = wiring, window, by, reason

    def record(
        self, dismissed: tuple[int, ...], restored: tuple[int, ...], accepted: int | None, in_part: bool
    ) -> None:
        if dismissed:
            many = self.dismiss(dismissed)
            click.echo(
                f"{many} {'document is' if many == 1 else 'documents are'} dismissed for {self.window}"
            )
        if restored:
            self.dismiss(restored, undo=True)
            click.echo(f"to be looked at again: {', '.join(map(str, restored))}")
        self.assess(None if accepted is None else self.accept(accepted, in_part))

    def dismiss(self, documents: Sequence[int], *, undo: bool = False) -> int:
        from servanda.jobs.decisions.shortlist_review import dismiss_documents

        return dismiss_documents(
            self.wiring.ledger,
            self.wiring.catalogue,
            self.window,
            documents,
            by=self.by,
            reason=self.reason,
            undo=undo,
        )

    def accept(self, document: int, in_part: bool) -> PersonDecision:
        from servanda.compliance.vocabulary import Review
        from servanda.jobs.decisions.shortlist_review import accept_from_shortlist

        answer = Review.ACCEPTED_IN_PART if in_part else Review.ACCEPTED
        return accept_from_shortlist(
            self.wiring.ledger,
            self.wiring.catalogue,
            self.window,
            document,
            answer,
            by=self.by,
            reason=self.reason,
        )

    def assess(self, decision: PersonDecision | None) -> None:
        from servanda.jobs.assess import assess

        report_assessed(assess(self.wiring, decision=decision))
        send_and_report(self.wiring)


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _look_through(answer: _Answer, waiting: list[Json]) -> None:
    """Show one document after the other, and take a key for each."""
    wiring, dismissed = answer.wiring, 0
    for number, row in enumerate(waiting, 1):
        text = _text(wiring, row["document"])
        _show_one(row, f"{number} of {len(waiting)}", text[:SHOWN])
        key = _key(text)
        if key == "q":
            break
        if key == "d":
            dismissed += answer.dismiss([row["document"]])
        elif key in "ap":
            answer.assess(answer.accept(row["document"], key == "p"))
    click.echo(f"{dismissed} dismissed")
    answer.assess(None)


def _key(text: str) -> str:
    """The next key that means something; ``t`` shows the whole text and asks again."""
    while True:
        click.echo(KEYS)
        key = click.getchar().lower()
        if key == "t":
            click.echo(text)
        elif key in ("d", "a", "p", "s", "q"):
            return key
        elif key in ("\x03", "\x04"):
            raise click.Abort


def _text(wiring: Wiring, document: int) -> str:
    from servanda.jobs.bootstrap.usage import UsageError
    from servanda.jobs.documents.document_reader import DocumentReader
    from servanda.jobs.views.document import document as view

    reader = DocumentReader(wiring.archive, wiring.article_reader, wiring.catalogue)
    try:
        return str(view(wiring.ledger, wiring.catalogue, document, wiring.now, reader=reader)["text"])
    except UsageError as error:
        return str(error)


def _show_one(row: Json, place: str, text: str) -> None:
    from servanda.cli.tables import layout

    out = layout.console()
    out.print(f"\n[bold]{row['document']}[/]  {place}  {escape(row['source'])}  published {row['published']}")
    out.print(f"[bold]{escape(row['title'])}[/]")
    out.print(escape(row["url"]), soft_wrap=True)
    for said in _reasons(row):
        out.print(f"- {escape(said)}")
    out.print(f"\n{escape(text)}\n")


def _reasons(row: Json) -> list[str]:
    return [
        f"{REASONS[one['kind']]} ({one['what']})" + (f": “{one['text'][:200]}”" if one["text"] else "")
        for one in row["why"]
    ]


def _show(wiring: Wiring, window: str, shown: list[Json], every: list[Json]) -> None:
    from servanda.cli.tables import layout

    out = layout.console()
    if not shown:
        out.print(f"[bold]{layout.heading(wiring, f'Shortlist of {window}')}[/]: nothing to show.")
    table = layout.make_table(
        layout.heading(wiring, f"Shortlist of {window}"),
        "document",
        "published",
        "title",
        "why",
        "reviewed by",
    )
    for row in shown:
        kinds = "; ".join(dict.fromkeys(REASONS[one["kind"]] for one in row["why"]))
        table.add_row(
            str(row["document"]),
            row["published"],
            escape(row["title"]),
            kinds,
            escape(row["reviewed_by"] or "nobody"),
        )
    if shown:
        out.print(table)
    left = sum(row["reviewed_by"] is None for row in every)
    chosen = "document" if len(every) == 1 else "documents"
    said = f"{left} of them wait for a look" if left else "all are reviewed"
    out.print(f"{len(every)} {chosen} on this list: {said}.")
    if left:
        out.print(
            f"`servanda review shortlist {window} --by NAME --reason TEXT` shows each and takes a key;"
            " --dismiss DOCUMENT, or --dismiss-these with --source or --why, answers without."
        )
