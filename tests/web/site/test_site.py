"""The public site: what it holds, what it leaves out, and how it grows."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import html5lib
import pytest
from bs4 import BeautifulSoup
from support.browser import OVERFLOW, looking, running_chromium

from servanda.compliance.vocabulary import Review
from servanda.demo.replay import Replay
from servanda.jobs.assess import assess
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import Wiring, wire
from servanda.jobs.decisions.review import decide_review
from servanda.web.site.writing import MANIFEST, write_site

pytestmark = pytest.mark.slow

WINDOW = "us-mexico-2019/further-actions-90d"


@pytest.fixture(scope="module")
def site(replay: Replay, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "public"
    outcome = write_site(replay.wiring, folder)
    assert (outcome.unchanged, outcome.withdrawn) == (0, 0)
    return folder


def pages(site: Path) -> Iterator[Path]:
    yield from sorted(site.rglob("*.html"))


def soup(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "lxml")


def test_every_page_is_valid_and_every_link_leads_to_a_file(site: Path) -> None:
    seen = 0
    for page in pages(site):
        html5lib.HTMLParser(strict=True).parse(page.read_text(encoding="utf-8"))
        for tag in soup(page).find_all(["a", "link"], href=True):
            address = urlsplit(str(tag["href"]))
            if address.scheme or not address.path:
                continue
            seen += 1
            assert (page.parent / unquote(address.path)).is_file(), f"{page}: {address.path}"
    assert seen > 500


def test_a_window_lies_at_its_permanent_address_as_of_included(site: Path) -> None:
    assert (site / WINDOW / "index.html").is_file()
    before = site / WINDOW / "as-of" / "20190906T040000Z" / "index.html"
    assert "absence not proven" in before.read_text(encoding="utf-8")
    assert "ausencia no probada" in (site / "es" / before.relative_to(site)).read_text(encoding="utf-8")
    assert "coverage complete" in (site / WINDOW / "index.html").read_text(encoding="utf-8")


def test_a_citation_names_the_digest_of_a_file_beside_it(site: Path) -> None:
    for folder in (site / WINDOW, site / WINDOW / "as-of" / "20190906T040000Z"):
        digest = hashlib.sha256((folder / "answer.json").read_bytes()).hexdigest()
        assert digest in (folder / "index.html").read_text(encoding="utf-8")


WAITING = "The Vice President's Meeting With the Foreign Secretary of Mexico"
REJECTED = "Presenta la cancillería al Senado el acuerdo complementario con Estados Unidos"
NEAR_MISS = "U.S.-Poland Joint Declaration on 5G"
UNREAD = "Guardia Nacional"
PEOPLE = ("An analyst", "analyst@example.org", "operator@example.org", "made on 7 June, with the declaration")


def test_what_is_not_for_everybody_is_in_no_file(site: Path) -> None:
    for path in site.rglob("*"):
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        plain = (
            " ".join(BeautifulSoup(text, "lxml").get_text(" ").split()) if path.suffix == ".html" else text
        )
        for hidden in (WAITING, REJECTED, NEAR_MISS, *PEOPLE):
            assert hidden not in plain, f"{path}: {hidden}"
        links = r"evidence/\d|documents/\d|captures/\d|watchers/|alerts/\d"
        assert path.suffix == ".css" or not re.search(links, text), path


def test_duties_about_documents_are_counted_and_not_named(site: Path) -> None:
    folder = site / WINDOW / "as-of" / "20190906T040000Z"
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    kinds = {duty["kind"]: duty["detail"] for duty in answer["duties"]}
    assert kinds["doubtful"] is None and kinds["coverage"].startswith("not covered")
    assert answer["candidates"] == 0
    assert "doubtful : 1 document" in " ".join(soup(folder / "index.html").get_text(" ").split())


def test_pages_need_nothing_from_elsewhere_and_run_nothing(site: Path) -> None:
    for page in pages(site):
        found = soup(page)
        assert found.find_all(["script", "style", "iframe", "img", "form", "base"]) == []
        policy = found.select_one('meta[http-equiv="Content-Security-Policy"]')
        assert policy is not None and "default-src 'none'" in str(policy["content"])


def test_the_feed_tells_the_changes_of_verdicts(site: Path) -> None:
    feed = ET.fromstring((site / "events.atom").read_bytes())
    atom = "{http://www.w3.org/2005/Atom}"
    titles = [entry.findtext(f"{atom}title") for entry in feed.findall(f"{atom}entry")]
    assert titles == [
        "Further actions announced within 90 days: no announcement found, coverage complete",
        "Further actions announced within 90 days: absence not proven",
        "Further actions announced within 90 days: absence not proven",
        "Further actions announced within 90 days: still open",
    ]
    ids = [entry.findtext(f"{atom}id") for entry in feed.findall(f"{atom}entry")]
    assert len(set(ids)) == len(ids)


def test_a_second_run_writes_nothing_anew(replay: Replay, site: Path) -> None:
    stamps = {path: path.stat().st_mtime_ns for path in site.rglob("*.html")}
    outcome = write_site(replay.wiring, site)
    assert outcome.written == 0
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*.html")} == stamps


def test_an_instrument_that_is_left_out_leaves_tombstones(replay: Replay, tmp_path: Path) -> None:
    write_site(replay.wiring, tmp_path)
    outcome = write_site(replay.wiring, tmp_path, ["us-mexico-2019"])
    assert outcome.withdrawn == 2 * (1 + 1 + 16)
    for tree in ("", "es/"):
        page = (tmp_path / f"{tree}{WINDOW}" / "index.html").read_text(encoding="utf-8")
        assert ("This page was withdrawn" in page) or ("Esta página se retiró" in page)
        assert "Further actions" not in page
    assert not (tmp_path / WINDOW / "answer.json").exists()
    assert "Further actions" not in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert write_site(replay.wiring, tmp_path, ["us-mexico-2019"]).withdrawn == 0
    again = write_site(replay.wiring, tmp_path)
    assert again.withdrawn == 0
    assert "Further actions" in (tmp_path / WINDOW / "index.html").read_text(encoding="utf-8")


def test_a_folder_that_holds_other_things_is_left_alone(replay: Replay, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="holds other things"):
        write_site(replay.wiring, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_manifest_that_is_broken_is_one_plain_message(replay: Replay, tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text("{")
    with pytest.raises(UsageError, match="cannot be read"):
        write_site(replay.wiring, tmp_path)


def test_accepted_evidence_is_a_quotation_and_a_link(replay: Replay, tmp_path: Path) -> None:
    """On a copy of the replay, where a person accepts the candidate."""
    kept = replay.wiring.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(kept)) as held, closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        held.backup(copy)
    settings = replay.wiring.settings.model_copy(
        update={"database_url": f"sqlite:///{tmp_path}/copy.db", "now": None}
    )
    with wire(settings=settings) as wiring:
        _accept(wiring)
        write_site(wiring, tmp_path / "site")
    page = soup(tmp_path / "site" / WINDOW / "index.html")
    section = page.select_one('[aria-labelledby="documents"]')
    assert section is not None
    assert WAITING in section.get_text(" ")
    assert section.select_one("blockquote") is not None
    assert "official page" in section.get_text(" ")
    assert "Ben" not in page.get_text(" ")


def _accept(wiring: Wiring) -> None:
    decision = decide_review(wiring.ledger, 14, Review.ACCEPTED, by="Ben", reason="announces the measures")
    assess(wiring, decision=decision)


@pytest.mark.browser
def test_the_site_is_opened_from_disk(site: Path) -> None:
    with running_chromium() as browser, looking(browser, "narrow", scripts=False) as seen:
        page = seen.page
        page.goto((site / "index.html").as_uri())
        page.get_by_role("link", name="Further actions announced within 90 days", exact=True).click()
        assert page.url.endswith(f"{WINDOW}/index.html")
        assert (
            page.evaluate("getComputedStyle(document.querySelector('header.top')).backgroundColor")
            != "rgba(0, 0, 0, 0)"
        )
        assert page.locator("svg.picture.narrow").is_visible()
        page.locator("ol.steps a").nth(3).click()
        assert "absence not proven" in page.inner_text("p.answer")
        page.get_by_role("link", name="Español").click()
        assert "ausencia no probada" in page.inner_text("p.answer")
        assert page.evaluate(OVERFLOW) == 0
        assert {url for url in seen.asked if not url.startswith("file:")} == set()
