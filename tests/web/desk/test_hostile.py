"""Two thousand hostile titles and texts: no script runs, nothing is loaded, no page breaks."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import html5lib
import pytest
from support.browser import OVERFLOW, looking, running_chromium
from support.catalogues import feed_route, source, write_catalogue
from support.databases import copy_schema
from support.desk_pages import Reader
from support.naughty import URLS, naughty
from support.web_pages import serving

from servanda.compliance.publication import PublicationTime
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.models import tables
from servanda.models.documents import documents
from servanda.models.documents.identity import identify_items
from servanda.models.documents.listings import record_listings
from servanda.models.polls import polls
from servanda.models.polls.polls import PollRecord
from servanda.web.app import create_app
from servanda.web.desk.door import Door

pytestmark = [pytest.mark.slow, pytest.mark.browser]

NUMBER = 2_000
NOW = datetime(2019, 9, 6, 12, tzinfo=UTC)
ALARM = "<script>window.ran = true</script><img src=x onerror='window.ran = true'><svg onload='window.ran = true'>"


@dataclass(frozen=True)
class Item:
    title: str
    published: PublicationTime
    aliases: tuple[tuple[str, str], ...]
    url: str
    summary: str | None = None
    text: str | None = None


def without_surrogates(text: str) -> str:
    """As a database can keep it: no halves of characters, no NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def items() -> Iterator[Item]:
    chance = random.Random(16)
    for n in range(NUMBER):
        title = without_surrogates(f"{naughty(chance)}{ALARM if n % 7 == 0 else ''}") or "x"
        at = PublicationTime.instant(NOW - timedelta(minutes=n), "America/New_York")
        yield Item(title, at, (("guid", str(n)),), without_surrogates(chance.choice(URLS)))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, sqlite_schema: Path) -> Iterator[Wiring]:
    folder = tmp_path_factory.mktemp("hostile")
    copy_schema(sqlite_schema, folder / "servanda.db")
    route = source("us-state", feed_route("http://127.0.0.1:80/feed"))
    settings = Settings(
        database_url=f"sqlite:///{folder}/servanda.db",
        catalogue=write_catalogue(folder / "catalogue", {"us-state": route}),
        archive=folder / "archive",
        outbox=folder / "outbox",
        pulse=folder / "pulse",
        secret_file=folder / "secret",
        public_url=None,
        smtp_url=None,
        now=None,
    )
    with wire(opening="create", settings=settings) as wiring:
        fill(wiring)
        yield wiring


def fill(wiring: Wiring) -> None:
    made, chance = list(items()), random.Random(17)
    with wiring.store.writing() as db:
        record = PollRecord(
            "us-state", "feed", NOW, NOW, "read", None, 1, NUMBER, NUMBER, wiring.catalogue.digest
        )
        poll = polls.record_poll(db, record)
        found = identify_items(db, "us-state", made, NOW)
        record_listings(db, poll, found.documents, made, NOW, route="feed")
        exchange = tables.exchange.insert().values(
            poll=poll, url="https://x.example/", status=200, sha256="0" * 64, archive_file="x", archive_offset=0,
            archive_length=1, at=NOW,
        )  # fmt: skip
        seen = db.execute(exchange.returning(tables.exchange.c.id)).scalar_one()
        for document, item in zip(found.documents[:60], made, strict=False):
            read(
                db,
                document,
                item,
                seen,
                without_surrogates("\n\n".join(naughty(chance) for _ in range(6)) + ALARM),
            )


def read(db: object, document: int, item: Item, exchange: int, text: str) -> None:
    values = {
        "document": document,
        "digest": str(document),
        "title": item.title,
        "language": "en",
        "known_at": NOW,
    }
    stated = {"precision": "instant", "zone": "America/New_York", "published_at": NOW}
    insert = tables.version.insert().values(**values, **stated).returning(tables.version.c.id)
    version = db.execute(insert).scalar_one()  # type: ignore[attr-defined]
    documents.record_text(db, version, text, "x", NOW)  # type: ignore[arg-type]
    look = {"document": document, "version": version, "exchange": exchange, "state": "seen", "at": NOW}
    db.execute(tables.observation.insert().values(**look))  # type: ignore[attr-defined]


def test_no_script_runs_nothing_is_loaded_and_no_layout_breaks(hostile: Wiring) -> None:
    pages = shown = 0
    with (
        serving(create_app(hostile, Door())) as server,
        running_chromium() as browser,
        looking(browser, "narrow") as seen,
    ):
        reader = Reader(hostile, server)
        path: str | None = "documents"
        while path is not None:
            page = reader.page(path)
            pages, shown = pages + 1, shown + len(page.rows("list"))
            check(seen, server, path)
            following = page.soup.select_one("a[rel=next]")
            path = str(following["href"]).lstrip("/") if following else None
        for document in range(1, 61):
            html5lib.HTMLParser(strict=True).parse(reader.ask(f"documents/{document}").text)
            check(seen, server, f"documents/{document}")
        for question in ("script", '<script>alert(1)</script>"', "' onfocus='alert(1)"):
            check(seen, server, f"search?q={question}")
        assert {url for url in seen.asked if not url.startswith(server)} == set()
        assert seen.complaints == []
    assert (pages, shown) == (40, NUMBER)


def check(seen: object, server: str, path: str) -> None:
    page = seen.page  # type: ignore[attr-defined]
    page.goto(f"{server}/{path}")
    assert page.evaluate("window.ran") is None, path
    assert page.evaluate(OVERFLOW) == 0, path
    assert page.locator("main > h1").count() == 1 and page.locator("footer").count() == 1, path
