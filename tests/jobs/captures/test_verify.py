"""The whole archive is held against the database: what is damaged is named, what is left over is counted."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.archived import exchange
from support.catalogues import listing_route, source
from support.command_line import servanda
from support.listing_pages import Release, publish
from support.monitors import Monitor

from servanda.jobs.captures.verify import verify
from servanda.jobs.collect import collect_source
from servanda.models.captures.captures import Capture, captures_by_place

NOW = datetime(2019, 6, 20, 18, tzinfo=UTC)


@pytest.fixture
def read(any_monitor: Monitor) -> Monitor:
    """Two days of one source: a listing that is sent whole each time, and ten documents, one of them missing."""
    site = any_monitor.site
    any_monitor.catalogue({"us-state": source("us-state", listing_route(f"{site.url}/us-state/", pages=1))})
    publish(
        site,
        "/us-state/",
        [Release(f"d{n}", f"Day {n}", f"2019-06-{n}T12:00:00-04:00") for n in range(10, 20)],
    )
    site.pages["/us-state/"].conditional = False
    del site.pages["/us-state/d15/"]
    for days in range(2):
        with any_monitor.at(NOW + timedelta(days=days)) as wiring:
            collect_source(wiring, "us-state")
    return any_monitor


def captures(wiring: Any) -> list[Capture]:
    with wiring.store.reading() as db:
        return list(captures_by_place(db))


def damage(read: Any, kept: Capture) -> None:
    path: Path = read.folder / "archive" / kept.place.file
    data = bytearray(path.read_bytes())
    data[kept.place.offset + kept.place.length // 2] ^= 0xFF
    path.write_bytes(data)


def test_a_sound_archive_has_nothing_to_tell(read: Monitor) -> None:
    with read.at() as wiring:
        found, kept = verify(wiring.ledger, wiring.archive), captures(wiring)
    assert (found.captures, found.files) == (len(kept), 2)
    assert found.revisits == sum(one.revisit_of is not None for one in kept) > 0
    assert (found.orphans, found.unreadable, found.damaged_captures, found.damaged) == (0, 0, 0, [])


def test_a_damaged_original_takes_its_revisits_along(read: Monitor) -> None:
    with read.at() as wiring:
        revisit = next(one for one in captures(wiring) if one.revisit_of is not None)
        original = next(one for one in captures(wiring) if one.id == revisit.revisit_of)
        damage(read, original)
        found = verify(wiring.ledger, wiring.archive)
    assert {one.id for one in found.damaged} == {original.id, revisit.id}
    assert found.damaged_captures == 2
    reason = next(one.reason for one in found.damaged if one.id == revisit.id)
    assert f"{revisit.place.file} at {revisit.place.offset}: a revisit of {original.place.file}" in reason


def test_a_missing_file_is_told_capture_by_capture(read: Monitor) -> None:
    with read.at() as wiring:
        last = captures(wiring)[-1].place.file
        (read.folder / "archive" / last).unlink()
        found = verify(wiring.ledger, wiring.archive)
        lost = {one.id for one in captures(wiring) if one.place.file == last}
    assert {one.id for one in found.damaged} == lost
    assert all("No such file" in one.reason for one in found.damaged)


def test_what_was_stored_and_never_recorded_is_counted(read: Monitor) -> None:
    with read.at() as wiring:
        wiring.archive.store(exchange(at=NOW))  # by a run that was killed then
        wiring.archive.store(exchange(b"", status=None, failure="dns: no such host", at=NOW))
        (last,) = {one.place.file for one in captures(wiring) if one.at > NOW + timedelta(hours=1)}
        with (read.folder / "archive" / last).open("ab") as file:
            file.write(b"\x1f\x8b half of a record")
        found = verify(wiring.ledger, wiring.archive)
    assert (found.orphans, found.unreadable, found.files) == (2, 19, 3)
    assert found.damaged_captures == 0, "they are nobody's proof"


def test_a_day_can_be_asked_for(read: Monitor) -> None:
    with read.at() as wiring:
        kept = captures(wiring)
        later = [one for one in kept if one.at >= datetime(2019, 6, 21, tzinfo=UTC)]
        damage(read, kept[0])
        wiring.archive.store(exchange(at=NOW))
        found = verify(wiring.ledger, wiring.archive, since=date(2019, 6, 21))
    assert 0 < len(later) < len(kept)
    assert (found.captures, found.files, found.orphans) == (len(later), 1, 0)


@pytest.mark.slow
def test_on_the_command_line(read: Monitor) -> None:
    done = servanda("capture", "verify")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "damaged     0" in done.stdout
    with read.at() as wiring:
        harmed = captures(wiring)[0]
    damage(read, harmed)
    done = servanda("capture", "verify")
    assert (done.returncode, f"capture {harmed.id} of us-state/listing: " in done.stdout) == (1, True)
    done = servanda("capture", "verify", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert answer["damaged_captures"] == len(answer["damaged"])
    assert harmed.id in {one["id"] for one in answer["damaged"]}
    assert servanda("capture", "verify", "--since", "2019-06-22", "--json").returncode == 0
