"""What every test may use. ``tests/support`` holds makers of values and fakes; it is on the path as ``support``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.databases import copy_schema, database_on, make_schema, running_postgres
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
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database on SQLite that has this release's schema and was never initialised, to be copied."""
    path = tmp_path_factory.mktemp("schema") / "schema.db"
    make_schema(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_schema(postgres_server: str) -> Iterator[str]:
    """The name of such a database on PostgreSQL."""
    with database_on(postgres_server) as url:
        make_schema(url)
        yield url.partition("?")[0].rpartition("/")[2]


ON_EACH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=ON_EACH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, on each of the two that are supported."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/servanda.db"
        return
    with database_on(request.getfixturevalue("postgres_server")) as url:
        yield url


@pytest.fixture(params=ON_EACH)
def schema_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that has its schema and was never initialised, on each of the two."""
    if request.param == "sqlite":
        copy_schema(request.getfixturevalue("sqlite_schema"), tmp_path / "servanda.db")
        yield f"sqlite:///{tmp_path}/servanda.db"
        return
    template = request.getfixturevalue("postgres_schema")
    with database_on(request.getfixturevalue("postgres_server"), template) as url:
        yield url


@pytest.fixture
def store(schema_url: str) -> Iterator[Store]:
    """A live store, on each database."""
    opened = create_store(schema_url, mode="live", now=datetime(2019, 6, 7, 12, tzinfo=UTC))
    yield opened
    opened.close()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site().running() as running:
        yield running


@pytest.fixture
def monitor(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_schema: Path) -> Monitor:
    """A monitor that has no database before it is first asked to work at a moment."""
    return new_monitor(site, tmp_path, monkeypatch, f"sqlite:///{tmp_path}/servanda.db", sqlite_schema)


@pytest.fixture
def any_monitor(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, schema_url: str) -> Monitor:
    """The same on each database, which is there."""
    return new_monitor(site, tmp_path, monkeypatch, schema_url)


@pytest.fixture
def instant() -> Callable[[str], datetime]:
    return lambda text: datetime.fromisoformat(text.replace("Z", "+00:00"))
