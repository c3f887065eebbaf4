"""Keep what a trial received as a recording: the bytes as files, and a manifest that says what they are."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from servanda.jobs.bootstrap.usage import UsageError
from servanda.scrapers.documents.markup import media_type
from servanda.scrapers.exchange import Exchange

MANIFEST = "MANIFEST.json"

_ENDINGS = {
    "text/html": "html", "application/xhtml+xml": "html", "application/json": "json", "text/plain": "txt",
    "application/rss+xml": "rss", "application/atom+xml": "xml", "application/xml": "xml", "text/xml": "xml",
    "application/pdf": "pdf", "text/javascript": "js", "application/javascript": "js",
}  # fmt: skip


def save_recording(folder: Path, name: str, exchanges: Sequence[Exchange]) -> Path:
    """Write the answers to a route (``SOURCE/ROUTE``) to a new folder in ``folder``; where that is.

    Bodies are kept decoded, byte for byte. The manifest has for each what was asked for and when, the status,
    the headers and the SHA-256. Raises UsageError where there is such a folder already.
    """
    place = folder / name.replace("/", "_").replace("-", "_")
    try:
        place.mkdir(parents=True)
    except OSError as error:
        raise UsageError(f"--save {folder}: {place}: {error.strerror}; valid: a folder without it") from error
    entries = [_save(place, n, exchange) for n, exchange in enumerate(exchanges, 1)]
    manifest = {"source": name, "files": entries}
    (place / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return place


def _save(place: Path, n: int, exchange: Exchange) -> dict[str, Any]:
    step = re.sub(r"[^a-z0-9]+", "-", exchange.url.lower().partition("://")[2])[-60:].strip("-")
    file = f"{n:02}_{step}.{_ENDINGS.get(media_type(exchange), 'bin')}"
    (place / file).write_bytes(exchange.body)
    return {
        "file": file,
        "url": exchange.url,
        "captured_at": exchange.at.isoformat(),
        "status": exchange.status,
        "failure": exchange.failure,
        "headers": [list(pair) for pair in exchange.headers],
        "bytes": len(exchange.body),
        "sha256": exchange.sha256,
    }
