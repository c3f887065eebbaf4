"""A day of monitoring, with all that happens on one: every file that it leaves passes the format's own checker."""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.catalogues import feed_route, listing_route, source
from support.listing_pages import Release, publish
from support.press import PressOffice
from warcio.archiveiterator import ArchiveIterator

from servanda.jobs.captures.verify import verify
from servanda.jobs.collect import collect_source

pytestmark = pytest.mark.slow

DAY = datetime(2019, 6, 20, tzinfo=UTC)
CHALLENGE = (
    "<html><title>Just a moment...</title><body>Checking your browser. cf-browser-verification</body></html>"
)


class Publishers:
    """A press office with a feed, a ministry that packs its pages and sends them whole, and one out of reach."""

    def __init__(self, monitor: Any) -> None:
        self.site, self.monitor = monitor.site, monitor
        self.office = PressOffice(self.site)
        monitor.catalogue(
            {
                "us-state": source("us-state", feed_route(self.office.url)),
                "mx-sre": source(
                    "mx-sre", listing_route(f"{self.site.url}/mx-sre/", cadence="PT1H"), party="MX"
                ),
                "us-dhs": source("us-dhs", listing_route("http://10.1.2.3/news/")),
            }
        )
        for n in range(3):
            self.office.publish(f"day-{n}", f"Business of day {n}", DAY - timedelta(hours=3 - n))
        days = [Release(f"d{n}", f"Day {n}", f"2019-06-{n:02}T12:00:00-04:00") for n in range(8, 20)]
        publish(self.site, "/mx-sre/", days)
        for path in [path for path in self.site.pages if path.startswith("/mx-sre/")]:
            page = self.site.pages[path]
            page.body, page.conditional = gzip.compress(page.body, 0, mtime=0), False
            page.headers["Content-Encoding"] = "gzip"

    def read(self, hour: int) -> None:
        for slug in ("us-state", "mx-sre", "us-dhs"):
            with self.monitor.at(DAY + timedelta(hours=hour)) as wiring:
                collect_source(wiring, slug)


@pytest.fixture
def archive(monitor) -> Path:  # type: ignore[no-untyped-def]
    """Eight readings: the first; unchanged; news; an outage; a challenge page; half a page; back again, twice."""
    publishers = Publishers(monitor)
    site, office = publishers.site, publishers.office
    publishers.read(0)
    publishers.read(3)
    office.publish("news", "News of the morning", DAY + timedelta(hours=5))
    publishers.read(6)
    site.down = True
    publishers.read(9)
    site.down = False
    feed, listing = site.pages["/feed"], site.pages["/mx-sre/"]
    site.put("/feed", CHALLENGE)
    site.put("/mx-sre/", listing.body[:200], headers={"Content-Encoding": "gzip"})
    publishers.read(12)
    site.pages |= {"/feed": feed, "/mx-sre/": listing}
    publishers.read(15)
    publishers.read(26)
    folder: Path = monitor.folder / "archive"
    return folder


def check(path: Path) -> subprocess.CompletedProcess[str]:
    """``warcio check``, as anybody types it."""
    command = [sys.executable, "-m", "warcio.cli", "check", str(path)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def kinds(folder: Path) -> Counter[str]:
    """How often each type of record stands in the archive; a revisit by its profile."""
    found: Counter[str] = Counter()
    for path in folder.iterdir():
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                profile = record.rec_headers.get_header("WARC-Profile")
                found[profile.rpartition("/")[2] if profile else record.rec_type] += 1
    return found


def test_every_file_of_a_day_passes_the_format_s_own_checker(archive: Path, monitor: Any) -> None:
    files = sorted(archive.iterdir())
    assert len(files) >= 2, "one for each day and process at least"
    for path in files:
        done = check(path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), path.name
    found = kinds(archive)
    assert found["identical-payload-digest"] == 5, "the ministry sends its listing whole each time"
    assert found["server-not-modified"] >= 3, "the press office says that nothing changed"
    assert found["metadata"] >= 1, "no connection is made to a private address"
    assert found["response"] > 20
    answered = ("response", "identical-payload-digest", "server-not-modified")
    assert found["request"] == sum(found[kind] for kind in answered)
    with monitor.at() as wiring:
        verified = verify(wiring.ledger, wiring.archive)
    assert (verified.damaged, verified.orphans, verified.unreadable) == ([], 0, 0)
    assert verified.captures == found["request"] + found["metadata"]
