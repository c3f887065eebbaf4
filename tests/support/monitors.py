"""A monitor of its own for a test: a site, a catalogue, a replay database, an outbox."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Unpack

import pytest
from support.catalogues import CatalogueOptions, write_catalogue
from support.databases import copy_schema
from support.site import Site

from servanda.jobs.bootstrap.wiring import Wiring, wire


@dataclass
class Monitor:
    """``at(instant)`` opens the wiring of the real jobs at a moment of the replay.

    ``schema``: what its database begins with, where there is none.
    """

    site: Site
    folder: Path
    schema: Path | None = None

    def at(self, now: datetime | None = None) -> AbstractContextManager[Wiring]:
        if now is not None and self.schema is not None:
            copy_schema(self.schema, self.folder / "servanda.db")
        return wire(now=now, opening="existing" if now is None else "create")

    def catalogue(self, sources: dict[str, str], **more: Unpack[CatalogueOptions]) -> None:
        write_catalogue(self.folder / "catalogue", sources, **more)

    def mails(self) -> list[bytes]:
        return [path.read_bytes() for path in sorted((self.folder / "outbox").glob("*.eml"))]


def new_monitor(
    site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch, database_url: str, schema: Path | None = None
) -> Monitor:
    settings = {
        "DATABASE_URL": database_url,
        "CATALOGUE": folder / "catalogue",
        "ARCHIVE": folder / "archive",
        "OUTBOX": folder / "outbox",
        "ALLOW_HOSTS": f"127.0.0.1:{site.port}",
    }
    for name in ("SMTP_URL", "NOW", "MAIL_FROM", "CONTACT"):
        monkeypatch.delenv(f"SERVANDA_{name}", raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(f"SERVANDA_{name}", str(value))
    return Monitor(site, folder, schema)
