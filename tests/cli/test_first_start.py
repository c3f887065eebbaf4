"""Several first commands at once, with no database yet: one makes it, the others wait."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select
from support.catalogues import feed_route, source
from support.monitors import Monitor, new_monitor
from support.site import Site

from servanda.models import tables
from servanda.models.store import HEAD, open_engine

pytestmark = pytest.mark.slow

AT_ONCE = 8


@pytest.fixture
def nothing(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str
) -> tuple[Monitor, str]:
    monitor = new_monitor(site, tmp_path, monkeypatch, database_url)
    monitor.catalogue({"us-a": source("us-a", feed_route(f"{site.url}/feed"))})
    return monitor, database_url


def test_first_commands_at_once_make_one_database(nothing: tuple[Monitor, str]) -> None:
    _, url = nothing
    started = [
        subprocess.Popen(
            (sys.executable, "-m", "servanda.cli", "assess"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(AT_ONCE)
    ]
    said = [process.communicate(timeout=120)[0] for process in started]
    assert [process.returncode for process in started] == [0] * AT_ONCE, "\n".join(said)
    engine = open_engine(url)
    with engine.connect() as db:
        assert db.execute(select(func.count()).select_from(tables.database)).scalar_one() == 1
        assert db.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == HEAD
    engine.dispose()
