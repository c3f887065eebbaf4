"""The pages of a small monitor, served: Ana watches, Luz was asked by Ana and reads Spanish."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.catalogues import feed_route, source, write_catalogue
from support.databases import copy_schema
from support.desk_pages import Reader
from support.web_pages import BASE, Visitor, serving

from servanda.compliance.watchers import Profile, Subscription
from servanda.demo.replay import Replay, replaying
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.jobs.watchers.membership import DesiredWatcher, join
from servanda.web.app import create_app
from servanda.web.desk.door import Door

ANA, LUZ = "ana@example.org", "luz@example.org"


@pytest.fixture
def wiring(tmp_path: Path, sqlite_schema: Path) -> Iterator[Wiring]:
    copy_schema(sqlite_schema, tmp_path / "servanda.db")
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/servanda.db",
        catalogue=write_catalogue(
            tmp_path / "catalogue", {"us-state": source("us-state", feed_route("http://127.0.0.1:80/feed"))}
        ),
        archive=tmp_path / "archive",
        outbox=tmp_path / "outbox",
        pulse=tmp_path / "pulse",
        secret_file=tmp_path / "secret",
        public_url=BASE,
        contact="desk@example.org",
        smtp_url=None,
        now=None,
    )
    with wire(opening="create", settings=settings) as wiring:
        yield wiring


@pytest.fixture
def visitor(wiring: Wiring) -> Iterator[Visitor]:
    flags = Subscription("flags", kinds=("window_ended", "final_word"), severity="urgent", frequency="daily")
    last = Subscription("last-resort", unacknowledged_after=240)
    everything = Subscription(instruments=("us-mexico-2019",))
    ana = DesiredWatcher(ANA, Profile(name="Ana", zone="America/New_York"), (everything, flags, last))
    luz = DesiredWatcher(LUZ, Profile(language="es"), (everything,))
    for wanted, agreed in ((ana, "her own address"), (luz, None)):
        join(wiring.ledger, lambda: wiring.letterhead, wanted, by="Ana", agreed=agreed)
    with serving(create_app(wiring)) as server:
        yield Visitor(wiring, server)


# --- the desk: summer 2019 as the replay left it, with gaps that were closed and a candidate that waits -----


@pytest.fixture(scope="session")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    """A replay that is over, its database still open."""
    with replaying(tmp_path_factory.mktemp("replay")) as replay:
        for _ in replay.steps():
            pass
        yield replay


@pytest.fixture(scope="session")
def reader(replay: Replay) -> Iterator[Reader]:
    """Somebody who looks at its pages."""
    replay.wiring.settings.secret_file.parent.mkdir(parents=True, exist_ok=True)
    with serving(create_app(replay.wiring, Door())) as server:
        yield Reader(replay.wiring, server)
