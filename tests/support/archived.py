"""Exchanges to archive, and what the format's own checker says of the files."""

from __future__ import annotations

import contextlib
import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from warcio.checker import Checker

from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.documents.archiving import AskedFor, archive_exchange
from servanda.models.polls.polls import ExchangeRecord
from servanda.scrapers.exchange import Exchange

AT = datetime(2019, 9, 5, 12, 30, 15, 250_000, tzinfo=UTC)
BODY = "<html><title>Declaración conjunta</title></html>".encode()


def exchange(wire: bytes = BODY, **more: Any) -> Exchange:
    """A good exchange of a page, uncompressed unless ``more`` says otherwise."""
    made = Exchange(
        url="https://www.state.gov/press/?page=2",
        final_url="https://www.state.gov/press/?page=2",
        request_headers=(("Host", "www.state.gov"), ("User-Agent", "Servanda/0.1 (contact: a@b.example)")),
        status=200,
        reason="OK",
        headers=(("Content-Type", "text/html; charset=utf-8"), ("ETag", '"a"')),
        wire=wire,
        body=wire,
        sha256=hashlib.sha256(wire).hexdigest(),
        at=AT,
        seconds=0.5,
    )
    return replace(made, **more)


def archived(wiring: Wiring, made: Exchange, asked_for: AskedFor = None) -> ExchangeRecord:
    """An exchange put into the archive as the jobs do it, and not yet on record."""
    return archive_exchange(wiring.ledger, wiring.archive, made, asked_for)


def complaints(path: Path) -> tuple[int, str]:
    """What ``warcio check`` says: its exit value and its words."""
    words = io.StringIO()
    with contextlib.redirect_stdout(words):
        value = Checker(SimpleNamespace(inputs=[str(path)], verbose=False)).process_all()
    return value, words.getvalue()
