"""What the replay ends with: the status, a mail, the walk from it back to bytes, and what to type next."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from rich.console import Console

from servanda.cli.tables.findings import show_status
from servanda.demo.prepare import ENVIRONMENT, WINDOW
from servanda.demo.provenance import Walk, walk
from servanda.demo.queries import SentMail, sent_mails
from servanda.jobs.bootstrap.replay import REPLAY_BANNER
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.views import review_queue
from servanda.jobs.views import status as views
from servanda.models.findings.evidence import EvidenceRow

WALKED_SOURCE = "us-state-press"


def show_ending(wiring: Wiring, folder: Path, out: Console) -> bool:
    """Print it all; False if the bytes are not what their digest says."""
    with wiring.store.reading() as db:
        flag = next(mail for mail in sent_mails(db) if mail.kind == "window_ended")
    found = walk(wiring, flag, WALKED_SOURCE)
    show_status(views.status(wiring.ledger, wiring.catalogue, wiring.now), out)
    _print(out, "", _ruled("The flag, as it was mailed"), *mail_lines(flag))
    _print(out, _ruled("From this mail back to bytes"), *walk_lines(found))
    candidates = [row for row in review_queue.evidence_to_review(wiring.ledger) if row.candidate]
    _print(out, "", _ruled("What to type next"), *next_lines(wiring, folder, candidates))
    return found.verified


def mail_lines(mail: SentMail) -> list[str]:
    """Its headers and its plain part."""
    headers = [f"{name}: {mail.message[name]}" for name in ("From", "To", "Subject", "Date", "Message-ID")]
    return [*headers, "", *mail.text.splitlines()]


def walk_lines(found: Walk) -> list[str]:
    wide = max(len(name) for name, _ in found.links)
    return [REPLAY_BANNER, *(f"{name:<{wide}}  {where}" for name, where in found.links)]


def next_lines(wiring: Wiring, folder: Path, candidates: list[EvidenceRow]) -> list[str]:
    """Commands that work as they stand; the sites are gone, so none of them collects."""
    program = shlex.quote(str(_program()))
    outbox = wiring.settings.outbox
    lines = [
        f". {shlex.quote(str(folder / ENVIRONMENT))}",
        f"{program} status",
        f"{program} window {WINDOW}",
        f"{program} window {WINDOW} --as-of 2019-09-06T04:00:00Z",
        f"{program} coverage",
        f"{program} review list",
    ]
    for row in candidates:
        because = '--by "YOUR NAME" --reason "WHY"'
        lines += [
            f"# “{row.title}”, {row.published}, waits for a person. One of:",
            f"{program} review accept {row.id} {because}",
            f"{program} review reject {row.id} {because}",
        ]
    with wiring.store.reading() as db:
        sent = len(sent_mails(db))
    return [*lines, f"# The {sent} mails lie in {outbox}"]


def _program() -> Path:
    """``servanda`` beside the interpreter, as short as it can be said from here."""
    program = Path(sys.executable).parent / "servanda"
    here = Path.cwd()
    return program.relative_to(here) if program.is_relative_to(here) else program


def _ruled(title: str) -> str:
    return f"── {title} " + "─" * max(0, 80 - len(title))


def _print(out: Console, *lines: str) -> None:
    for line in lines:
        out.print(line, markup=False, highlight=False, soft_wrap=True)
