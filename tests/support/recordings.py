"""Recordings that ``servanda sources try --save`` made, given back to a reader in place of the network."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from servanda.scrapers.exchange import Exchange, Unreachable, Validators


class SavedAnswers:
    """What a folder with a manifest holds, by address; anything else is not there."""

    def __init__(self, folder: Path) -> None:
        entries = json.loads((folder / "MANIFEST.json").read_text(encoding="utf-8"))["files"]
        self.answers = {entry["url"]: _exchange(folder, entry) for entry in entries}

    def __call__(self, url: str, *, pause_seconds: float, validators: Validators | None = None) -> Exchange:
        found = self.answers.get(url)
        if found is None or found.status != 200:
            raise Unreachable("http_404", f"{url} was not recorded")
        return found


def _exchange(folder: Path, entry: dict[str, object]) -> Exchange:
    body = (folder / str(entry["file"])).read_bytes()
    headers = entry["headers"]
    assert isinstance(headers, list) and isinstance(entry["status"], int)
    return Exchange(
        url=str(entry["url"]),
        final_url=str(entry["url"]),
        request_headers=(),
        status=entry["status"],
        reason="",
        headers=tuple((str(name), str(value)) for name, value in headers),
        wire=b"",
        body=body,
        sha256=str(entry["sha256"]),
        at=datetime.fromisoformat(str(entry["captured_at"])),
        seconds=0.0,
    )
