"""The project's documents, taken apart: their fenced blocks, their links, the names they use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.catalogues import listing_route, source, write_catalogue
from support.command_line import servanda
from support.listing_pages import Release, publish
from support.site import Site

from servanda.compliance.vocabulary import Review
from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.wiring import wire
from servanda.jobs.collect import collect_source
from servanda.jobs.decisions import review
from servanda.jobs.notify import notify
from servanda.jobs.views import review_queue
from servanda.jobs.watchers.membership import add_watcher

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^```(\w*) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block; ``name`` is what follows the language: a file's name, or a word of ours."""

    document: Path
    line: int
    language: str
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"


@dataclass(frozen=True)
class Document:
    path: Path
    text: str

    @property
    def prose(self) -> str:
        """The text without its fenced blocks."""
        return _FENCE.sub("", self.text)

    @property
    def blocks(self) -> list[Block]:
        return [
            Block(self.path, self.text.count("\n", 0, m.start()) + 2, m[1], m[2], m[3])
            for m in _FENCE.finditer(self.text)
        ]

    @property
    def code_spans(self) -> list[str]:
        """What stands between single backticks."""
        return re.findall(r"`([^`\n]+)`", self.prose)


@pytest.fixture(scope="session")
def documents() -> dict[str, Document]:
    """Every document by its name from the root: ``README.md``, ``docs/tour.md``."""
    paths = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    found = {
        path.relative_to(ROOT).as_posix(): Document(path, path.read_text(encoding="utf-8")) for path in paths
    }
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/tour.md", "docs/json.md"} <= found.keys()
    return found


@pytest.fixture(scope="session")
def blocks(documents: dict[str, Document]) -> Callable[[str], list[Block]]:
    """All blocks in a language."""
    return lambda language: [b for d in documents.values() for b in d.blocks if b.language == language]


# --- a small replay, for what the documents say of answers ------------------------------------------------

GUARD = Release(
    "guard",
    "Secretary speaks with Mexico",
    "2019-06-19T10:00:00-04:00",
    "The Secretary welcomed that Mexico deployed its National Guard to its southern border this week.",
)
REPEATED = replace(GUARD, slug="guard-too", at="2019-06-19T18:00:00-04:00")
POLAND = Release(
    "poland",
    "Joint statement with Poland on 5G",
    "2019-06-18T10:00:00-04:00",
    "The Secretary received the delegation from Poland and spoke with it about networks and their safety.",
)
LOST = Release("lost", "A release whose page is missing", "2019-09-03T10:00:00-04:00")
EXPIRED = Release("consulates", "Calendar of consular offices", "2019-09-02T10:00:00-04:00")
IN_ITS_PLACE = (
    "<html lang='en'><head><title>Session expired</title></head><body><main><h1>Session expired</h1><p>Your"
    " session has ended. Please go back to the portal and enter it again to go on.</p></main></body></html>"
)
MEETINGS = [
    Release(
        f"meeting-{on}",
        "Joint statement with Mexico",
        f"{on}T16:00:00-04:00",
        "The United States and Mexico announced additional measures on migration after their meeting today.",
    )
    for on in ("2019-09-04", "2019-09-10")
]


@dataclass(frozen=True)
class Watched:
    """A replay of a summer with a gap, a route that fails, a near miss, an unread page, a page in the place of
    another, a release that another ministry repeats, and two candidates.

    ``ask`` runs a reading verb as a person does, against what was known at the end.
    """

    settings: Settings

    @property
    def environment(self) -> dict[str, str]:
        settings = self.settings
        return {
            "SERVANDA_DATABASE_URL": settings.database_url,
            "SERVANDA_CATALOGUE": str(settings.catalogue),
            "SERVANDA_ARCHIVE": str(settings.archive),
            "SERVANDA_OUTBOX": str(settings.outbox),
        }

    def ask(self, *arguments: str) -> str:
        done = servanda(*arguments, **self.environment)
        assert (done.returncode, done.stderr) == (0, ""), arguments
        return done.stdout


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("watched")
    with Site().running() as site:
        settings = Settings(
            database_url=f"sqlite:///{folder}/servanda.db",
            catalogue=folder / "catalogue",
            archive=folder / "archive",
            outbox=folder / "outbox",
            smtp_url=None,
            contact=None,
            now=None,
            allow_hosts=frozenset({("127.0.0.1", site.port)}),
        )
        _write_catalogue(folder / "catalogue", site)
        _play(site, settings)
        yield Watched(settings)


def _write_catalogue(folder: Path, site: Site) -> None:
    """Two sources, and a second way to count the window."""
    sources = {
        "us-state": source("us-state", listing_route(f"{site.url}/us-state/") + _canary(site)),
        "mx-sre": source("mx-sre", listing_route(f"{site.url}/mx-sre/"), party="MX"),
    }
    write_catalogue(folder, sources)
    path = folder / "declarations" / "us-mexico-2019" / "instrument.yml"
    primary = "primary: true}\n"
    second = "      - {id: anchor-8-june, anchor_on: 2019-06-08, zone: America/New_York}\n"
    path.write_text(path.read_text().replace(primary, primary + second))


def _canary(site: Site) -> str:
    """What a reader of ``us-state`` must still find."""
    return (
        "    canaries:\n"
        f'      - {{document: "{site.url}/us-state/day-10/", published_on: 2019-06-10}}\n'
    )  # fmt: skip


def _play(site: Site, settings: Settings) -> None:
    everyday = [Release(f"day-{n}", f"Day {n}", f"2019-06-{n:02}T12:00:00-04:00") for n in range(1, 21)]
    autumn = [
        Release(f"late-{n}", f"Late business {n}", f"2019-09-{n:02}T12:00:00-04:00") for n in range(1, 13)
    ]
    releases = {
        "us-state": [*everyday, *autumn, GUARD, POLAND, LOST, EXPIRED, *MEETINGS],
        "mx-sre": [*everyday, REPEATED],
    }
    for day in (10, 20):
        _run(site, settings, releases, datetime(2019, 6, day, 18, tzinfo=UTC))
    for moment in (datetime(2019, 9, 6, 4, tzinfo=UTC), datetime(2019, 9, 12, 18, tzinfo=UTC)):
        _run(site, settings, releases, moment, broken="mx-sre")


def _run(
    site: Site, settings: Settings, releases: dict[str, list[Release]], now: datetime, broken: str = ""
) -> None:
    """One round at a moment, at which the site shows what was published by then."""
    for slug, all_of_it in releases.items():
        publish(site, f"/{slug}/", [r for r in all_of_it if datetime.fromisoformat(r.at) <= now])
        site.pages.pop(f"/{slug}/{LOST.slug}/", None)
        if page := site.pages.get(f"/{slug}/{EXPIRED.slug}/"):
            page.body = IN_ITS_PLACE.encode()
        if slug == broken:
            site.pages[f"/{slug}/"].status = 404
    with wire(now=now, opening="create", settings=settings) as wiring:
        add_watcher(wiring.ledger, "ana@example.org", name="Ana", instruments=["us-mexico-2019"])
        add_watcher(wiring.ledger, "desk@example.org", kinds=["final_word"])
        for slug in releases:
            collect_source(wiring, slug)
        assess(wiring)
        notify(wiring)


@pytest.fixture(scope="session")
def accepted(watched: Watched) -> tuple[str, Watched]:
    """The status before, and the replay after a person has accepted the announcement that came late."""
    before = watched.ask("status", "--json")
    with wire(settings=watched.settings) as wiring:
        late = [row for row in review_queue.evidence_to_review(wiring.ledger) if row.candidate][-1]
        decision = review.decide_review(
            wiring.ledger, late.id, Review.ACCEPTED, by="Ana", reason="it announces the terms"
        )
        assess(wiring, decision=decision)
        notify(wiring)
    return before, watched
