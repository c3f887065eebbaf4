"""What lies between the records that somebody names is told apart: requests, orphans, rubble."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support.archived import exchange

from servanda.models.archive.check import PIECE, UnreferencedRecords, find_unreferenced
from servanda.models.archive.folder import Archive
from servanda.models.archive.location import RecordLocation


@pytest.fixture
def stored(tmp_path: Path) -> tuple[Path, list[RecordLocation]]:
    """A file with three pages, a failure, and a page much longer than what is read at once."""
    archive = Archive(tmp_path)
    places = [archive.store(exchange(b"%d" % n)) for n in range(3)]
    places.append(archive.store(exchange(b"", status=None, failure="dns: no such host")))
    places.append(archive.store(exchange(os.urandom(3 * PIECE))))
    return tmp_path / places[0].file, places


def named(places: list[RecordLocation]) -> list[tuple[int, int]]:
    return [(place.offset, place.length) for place in places]


def test_where_everything_is_named_nothing_is_left(stored: tuple[Path, list[RecordLocation]]) -> None:
    path, places = stored
    assert find_unreferenced(path, named(places)) == UnreferencedRecords()


@pytest.mark.parametrize("missing", [(0,), (3,), (4,), (0, 1), (0, 2, 4), (0, 1, 2, 3, 4)])
def test_what_is_not_named_is_an_orphan(
    stored: tuple[Path, list[RecordLocation]], missing: tuple[int, ...]
) -> None:
    path, places = stored
    known = [place for n, place in enumerate(places) if n not in missing]
    assert find_unreferenced(path, named(known)) == UnreferencedRecords(orphans=len(missing))


@pytest.mark.parametrize("kept", [1, 20, 5000])
def test_half_a_record_at_the_end_is_unreadable(stored: tuple[Path, list[RecordLocation]], kept: int) -> None:
    path, places = stored
    path.write_bytes(path.read_bytes()[: places[-1].offset + kept])
    assert find_unreferenced(path, named(places[:-1])) == UnreferencedRecords(unreadable=kept)


def test_a_damaged_request_is_unreadable(stored: tuple[Path, list[RecordLocation]]) -> None:
    path, places = stored
    first, second = places[:2]
    data = bytearray(path.read_bytes())
    data[first.offset + first.length + 40] ^= 0xFF
    path.write_bytes(data)
    gap = second.offset - first.offset - first.length
    assert find_unreferenced(path, named(places)) == UnreferencedRecords(unreadable=gap)


def test_rubble_between_records_does_not_hide_what_follows_a_named_one(
    stored: tuple[Path, list[RecordLocation]],
) -> None:
    path, places = stored
    path.write_bytes(path.read_bytes() + b"no record at all")
    assert find_unreferenced(path, named([*places[:2], *places[3:]])) == UnreferencedRecords(
        orphans=1, unreadable=16
    )


def test_a_place_past_the_end_is_no_rubble(stored: tuple[Path, list[RecordLocation]]) -> None:
    path, places = stored
    assert find_unreferenced(path, [*named(places), (path.stat().st_size + 100, 50)]) == UnreferencedRecords()
