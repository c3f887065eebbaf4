"""What a trial of a route showed: rows, one document as it would be kept, doubts; or all routes at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.markup import escape

from servanda.alerts.text.sanitising import REASON_LIMIT, one_line
from servanda.cli.tables.layout import console, heading, make_table

if TYPE_CHECKING:
    from servanda.jobs.bootstrap.wiring import Wiring
    from servanda.jobs.polling.trial import Trial
    from servanda.jobs.polling.tried_document import TriedDocument


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A route that was tried, by its name."""

    name: str
    reader: str
    trial: Trial


def show_trial(wiring: Wiring, name: str, trial: Trial) -> None:
    """What a route showed: requests, the first and last rows, what it would cover, doubts."""
    out = console()
    for url, status in trial.requests:
        out.print(f"{status or 'no answer'}  {escape(url)}")
    if trial.failure is not None:
        out.print(f"[bold]{name} was not understood[/]: {escape(str(trial.failure))}")
        return
    shown = trial.items if len(trial.items) <= 12 else (*trial.items[:6], *trial.items[-6:])
    table = make_table(
        heading(wiring, f"{name}: {len(trial.items)} items on {trial.pages} pages"),
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
    for line in _document_lines(trial.document):
        out.print(escape(line))


def _document_lines(document: TriedDocument | None) -> Iterator[str]:
    if document is None:
        yield "no document to look at"
        return
    yield f"One document, as it would be kept: {document.item.url}"
    if document.failure is not None:
        yield f"  it cannot be read: {document.failure}"
        return
    share = f", {document.share:.0%} of the page's words" if document.share is not None else ""
    yield f"  title      {one_line(document.title, REASON_LIMIT)}"
    yield f"  published  {document.item.published}; its page says {document.published or 'nothing'}"
    yield f"  text       {document.length} characters{share}"
    yield from (f"  | {one_line(line, REASON_LIMIT)}" for line in document.first_lines)
    if document.last_lines:
        yield "  | […]"
    yield from (f"  | {one_line(line, REASON_LIMIT)}" for line in document.last_lines)
    yield from (f"  doubt: {doubt.kind}: {doubt.why}" for doubt in document.doubts)


def show_trials(wiring: Wiring, rows: Sequence[TrialRow]) -> None:
    """One line for each route: is it reached, understood, its text right, and what would it cover?"""
    title = heading(wiring, "All routes, tried once")
    table = make_table(title, "route", "reachable", "understood", "text right", "would cover")
    for row in rows:
        table.add_row(f"{row.name} ({row.reader})", *map(escape, _cells(row.trial)))
    console().print(table)


def _cells(trial: Trial) -> tuple[str, str, str, str]:
    if trial.failure is not None:
        why = one_line(str(trial.failure), REASON_LIMIT)
        return ("yes", f"no: {why}", "", "") if trial.is_reachable else (f"no: {why}", "", "", "")
    understood = f"{len(trial.items)} items on {trial.pages} pages"
    span = trial.covered
    covers = f"{span.from_at:%Y-%m-%d %H:%M} to {span.until_at:%Y-%m-%d %H:%M} UTC" if span else trial.basis
    return "yes", understood, _text_cell(trial.document), covers


def _text_cell(document: TriedDocument | None) -> str:
    if document is None:
        return "no document"
    if document.failure is not None:
        return f"no: {one_line(str(document.failure), REASON_LIMIT)}"
    doubts = "; ".join(doubt.why for doubt in document.doubts)
    return f"doubtful: {one_line(doubts, REASON_LIMIT)}" if doubts else f"yes, {document.length} characters"
