"""The real job over recorded feeds, at the moments of their capture.

What is expected is read off the recordings by other means than the reader's: the XML parser of the standard
library, and the coverage rule written out by hand. The host in the recordings is replaced by the local site's.
"""

from __future__ import annotations

import html
import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from support.catalogues import feed_route, source
from support.monitors import Monitor
from support.site import article

from servanda.compliance.intervals import utc_text
from servanda.jobs.collect import SourceOutcome, collect_source
from servanda.jobs.views import status as views
from servanda.jobs.views.coverage import coverage

pytestmark = pytest.mark.slow

SECOND, LAG, SILENCE = timedelta(seconds=1), timedelta(hours=1), timedelta(days=5)


@dataclass(frozen=True)
class Listed:
    guid: str
    title: str
    link: str
    at: datetime


@dataclass(frozen=True)
class Capture:
    at: datetime
    body: bytes
    items: tuple[Listed, ...]


def plain(text: str) -> str:
    """A title as a reader sees it: entities resolved, white space single, nothing invisible."""
    return " ".join(re.sub("[\u200b\u2060\u00ad\ufeff]", "", html.unescape(text)).split())


def captures(folder: Path, host: str, local: str) -> list[Capture]:
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    found = []
    for entry in sorted(manifest["files"], key=lambda entry: entry["captured_at"]):
        body = (folder / entry["file"]).read_bytes().replace(host.encode(), local.encode())
        items = tuple(
            Listed(
                item.findtext("guid", ""),
                plain(item.findtext("title", "")),
                item.findtext("link", ""),
                parsedate_to_datetime(item.findtext("pubDate", "")),
            )
            for item in ElementTree.fromstring(body).iter("item")
        )
        found.append(Capture(datetime.fromisoformat(entry["captured_at"]), body, items))
    return found


def expected_gaps(found: list[Capture]) -> list[tuple[datetime, datetime]]:
    """The holes between what the captures cover, by the rule: after the oldest item, to the reading less the lag."""
    covered: list[tuple[datetime, datetime]] = []
    newest: datetime | None = None
    for capture in found:
        times = [item.at for item in capture.items]
        if newest is not None and max(times) < newest:
            continue
        newest = max(times)
        covered.append((min(times) + SECOND, min(capture.at - LAG, newest + SILENCE)))
    gaps, reached = [], covered[0][1]
    for start, end in sorted(c for c in covered if c[0] < c[1]):
        if start > reached:
            gaps.append((reached, start))
        reached = max(reached, end)
    return gaps


RECORDINGS = pytest.mark.parametrize(
    "recording, host, path",
    [
        ("state_gov_press_releases_rss", "https://www.state.gov", "/rss-feed/press-releases/feed/"),
        ("whitehouse_briefing_room_rss", "https://www.whitehouse.gov", "/briefing-room/feed/"),
    ],
)


@RECORDINGS
def test_every_item_is_held_once_and_every_gap_is_known(
    monitor: Monitor, real: Path, recording: str, host: str, path: str
) -> None:
    site = monitor.site
    site.fallback = article
    monitor.catalogue({"us-feed": source("us-feed", feed_route(site.url + path, minimum=10))})
    found = captures(real / recording, host, site.url)
    assert all(len(capture.items) == 10 for capture in found)
    outcomes: list[SourceOutcome] = []
    for capture in found:
        site.put(path, capture.body, "application/rss+xml; charset=UTF-8")
        with monitor.at(capture.at) as wiring:
            outcomes.append(collect_source(wiring, "us-feed"))
    with monitor.at() as wiring:
        documents = views.document_list(wiring.ledger, wiring.catalogue, wiring.now)
        tiled = coverage(wiring.ledger, wiring.catalogue, wiring.now)[0]

    last_said = {item.guid: item for capture in found for item in capture.items}
    held = sorted((d["title"], d["url"], datetime.fromisoformat(d["published"])) for d in documents)
    assert held == sorted((item.title, item.link, item.at) for item in last_said.values())
    assert all(d["versions"] == 1 for d in documents), "every article was read, once"
    assert not any(outcome.failed for outcome in outcomes), [o.failures for o in outcomes]
    first, last = found[0], found[-1]
    inner = [
        (gap["from"], gap["until"])
        for gap in tiled["gaps"]
        if gap["from"] > utc_text(min(i.at for i in first.items)) and gap["until"] < utc_text(last.at - LAG)
    ]
    assert inner == [(utc_text(a), utc_text(b)) for a, b in expected_gaps(found)]
    print(f"\n{recording}: {len(found)} captures, {len(documents)} documents, {len(inner)} inner gaps")


@dataclass(frozen=True)
class Step:
    """One moment of the replay: which capture the site serves, and whether that copy is an old one."""

    at: datetime
    served: Capture
    is_old_copy: bool = False

    @property
    def newest(self) -> datetime:
        return max(item.at for item in self.served.items)

    def proves(self, instant: datetime) -> bool:
        """The rule for one instant: after the oldest item, before the reading less the lag, within the silence."""
        oldest = min(item.at for item in self.served.items)
        return oldest < instant < min(self.at - LAG, self.newest + SILENCE)


def with_old_copies(found: list[Capture]) -> list[Step]:
    """Every capture at its time; after each third one an older copy is served, and 14 minutes later the right one.

    So it happened on 2022-03-16, with a copy three days old. A copy counts as old if its newest item is.
    """
    steps: list[Step] = []
    for n, capture in enumerate(found):
        steps.append(Step(capture.at, capture))
        older = [c for c in found[:n] if max(i.at for i in c.items) < steps[-1].newest]
        following = found[n + 1].at if n + 1 < len(found) else capture.at + timedelta(hours=1)
        if n % 3 == 2 and older and following - capture.at > timedelta(minutes=16):
            steps.append(Step(capture.at + timedelta(minutes=1), older[-1], is_old_copy=True))
            steps.append(Step(capture.at + timedelta(minutes=15), capture))
    return steps


def probes(steps: list[Step]) -> list[datetime]:
    """Every instant at which an answer could change, with its neighbours: items, and ends of what readings prove."""
    items = [item.at for step in steps for item in step.served.items]
    ends = [end for step in steps for end in (step.at - LAG, step.newest + SILENCE)]
    around = (timedelta(0), SECOND, -SECOND, timedelta(minutes=7))
    return sorted({instant + by for instant in (*items, *ends) for by in around})


def contains(intervals: list[dict[str, str]], instant: datetime) -> bool:
    return any(
        datetime.fromisoformat(i["from"]) <= instant < datetime.fromisoformat(i["until"]) for i in intervals
    )


@RECORDINGS
def test_each_step_covers_what_its_items_prove(
    monitor: Monitor, real: Path, recording: str, host: str, path: str
) -> None:
    """Instant by instant, before and after each reading; an old copy is refused and moves nothing."""
    site = monitor.site
    site.fallback = article
    monitor.catalogue({"us-feed": source("us-feed", feed_route(site.url + path, minimum=10))})
    steps = with_old_copies(captures(real / recording, host, site.url))
    instants = probes(steps)
    ever_listed = {item for step in steps for item in step.served.items}
    read: list[Step] = []
    refused = 0
    for step in steps:
        site.put(path, step.served.body, "application/rss+xml; charset=UTF-8")
        with monitor.at(step.at) as wiring:
            before = coverage(wiring.ledger, wiring.catalogue, step.at)[0]
            outcome = collect_source(wiring, "us-feed")
            after = coverage(wiring.ledger, wiring.catalogue, step.at)[0]
            held = {
                document["url"] for document in views.document_list(wiring.ledger, wiring.catalogue, step.at)
            }

        def said(view: dict[str, list[dict[str, str]]], readings: list[Step], at: datetime = step.at) -> None:
            for instant in (i for i in instants if i < at):
                expected = any(reading.proves(instant) for reading in readings)
                assert contains(view["covered"], instant) is expected, f"{instant} at {at}"
                assert contains(view["gaps"], instant) is not expected, f"{instant} at {at}"

        said(before, read)
        if step.is_old_copy:
            refused += 1
            assert [failure.partition(": ")[2][:19] for failure in outcome.failures] == [
                "unreachable: stale:"
            ]
            assert after["covered"] == before["covered"], "an old copy covers nothing"
        else:
            assert not outcome.failed
            read.append(step)
        said(after, read)
        missing = [i for i in ever_listed if contains(after["covered"], i.at) and i.link not in held]
        assert not missing, "what is covered has been seen"
    assert refused >= 2
    assert len(read) > refused


def test_an_unchanged_feed_costs_one_conditional_request(monitor: Monitor, real: Path) -> None:
    site, path = monitor.site, "/rss-feed/press-releases/feed/"
    site.fallback = article
    monitor.catalogue({"us-feed": source("us-feed", feed_route(site.url + path, minimum=10))})
    capture = captures(real / "state_gov_press_releases_rss", "https://www.state.gov", site.url)[0]
    site.put(path, capture.body, "application/rss+xml")
    with monitor.at(capture.at) as wiring:
        collect_source(wiring, "us-feed")
    site.requests.clear()
    with monitor.at(capture.at + timedelta(minutes=30)) as wiring:
        outcome = collect_source(wiring, "us-feed")
    assert outcome.polls[0].outcome == "unchanged"
    assert site.requests == [(path, 304)], "not even robots.txt is asked for again"


def test_a_copy_from_the_past_moves_nothing(monitor: Monitor, real: Path) -> None:
    site, path = monitor.site, "/rss-feed/press-releases/feed/"
    site.fallback = article
    monitor.catalogue({"us-feed": source("us-feed", feed_route(site.url + path, minimum=10))})
    older, newer = captures(real / "state_gov_press_releases_rss", "https://www.state.gov", site.url)[:2]
    with monitor.at(newer.at) as wiring:
        site.put(path, newer.body, "application/rss+xml")
        collect_source(wiring, "us-feed")
        before = coverage(wiring.ledger, wiring.catalogue, newer.at + timedelta(days=1))
    with monitor.at(newer.at + timedelta(minutes=30)) as wiring:
        site.put(path, older.body, "application/rss+xml")
        outcome = collect_source(wiring, "us-feed")
        after = coverage(wiring.ledger, wiring.catalogue, newer.at + timedelta(days=1))
    assert outcome.failed
    assert "stale" in outcome.failures[0]
    assert before[0]["covered"] == after[0]["covered"]
