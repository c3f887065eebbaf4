"""Damage to the archive is noticed, and does not spread to what stood there before."""

from __future__ import annotations

import contextlib
import gzip
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.archived import BODY, complaints, exchange
from warcio.archiveiterator import ArchiveIterator

from servanda.models.archive.folder import Archive, ArchiveError
from servanda.models.archive.location import RecordLocation


def test_a_crash_in_the_middle_of_a_write_leaves_the_rest_readable(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first, second, last = (archive.store(exchange(b"%d" % n)) for n in range(3))
    path = tmp_path / last.file
    whole = path.read_bytes()
    for kept in (last.offset, last.offset + 1, last.offset + last.length // 2, last.offset + last.length - 1):
        path.write_bytes(whole[:kept])
        assert archive.load(first).body == b"0"
        assert archive.load(second).body == b"1"
        with pytest.raises(ArchiveError, match=rf"{last.file} at {last.offset}: the file ends after"):
            archive.load(last)
        seen = []
        with path.open("rb") as file, contextlib.suppress(Exception):
            for record in ArchiveIterator(file):
                seen.append((record.rec_type, record.content_stream().read()))
        assert [content for kind, content in seen if kind == "response"][:2] == [b"0", b"1"]


def test_every_damaged_byte_is_noticed(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    place = archive.store(exchange())
    path = tmp_path / place.file
    whole = path.read_bytes()
    harmless = {place.offset + n for n in range(3, 10)}  # gzip's own flags, time and system
    for at in range(place.offset, place.offset + place.length):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
        if at in harmless:
            assert archive.load(place).body == BODY
        else:
            with pytest.raises(ArchiveError, match=rf"{place.file} at {place.offset}"):
                archive.load(place)


@pytest.mark.parametrize("before, after", [(b"Declar", b"Deklar"), (b"text/html", b"text/htmx")])
def test_what_was_changed_and_packed_again_is_noticed(tmp_path: Path, before: bytes, after: bytes) -> None:
    archive = Archive(tmp_path)
    place = archive.store(exchange())
    path = tmp_path / place.file
    record = gzip.decompress(path.read_bytes()[place.offset : place.offset + place.length])
    forged = gzip.compress(record.replace(before, after))
    path.write_bytes(forged)
    with pytest.raises(ArchiveError, match="Digest is stated as sha256:"):
        archive.load(RecordLocation(place.file, 0, len(forged)))


def test_the_digest_that_was_kept_elsewhere_is_compared(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    place = archive.store(exchange())
    with pytest.raises(ArchiveError, match="the body's SHA-256 is"):
        archive.load(place, sha256="0" * 64)


@pytest.mark.parametrize(
    "change, said",
    [
        ({"file": "missing.warc.gz"}, "No such file"),
        ({"file": "../secret"}, "no file name of the archive"),
        ({"file": "/etc/passwd"}, "no file name of the archive"),
        ({"offset": 10**9}, "the file ends after 0 of"),
        ({"length": 10**9}, "the file ends after"),
        ({"length": 30}, "ended before"),
        ({"length": 0}, "no response and no failure"),
        ({"offset": 7}, "gzipped"),
        ({"offset": 0}, ""),
    ],
)
def test_a_wrong_place_is_said(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    archive = Archive(tmp_path)
    place = replace(archive.store(exchange()), **change)
    with pytest.raises(ArchiveError) as raised:
        archive.load(place)
    assert said in str(raised.value)
    assert str(raised.value).startswith(f"{place.file} at {place.offset}: ")


def test_the_description_of_a_file_is_no_exchange(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    place = archive.store(exchange())
    with pytest.raises(ArchiveError, match="no response and no failure"):
        archive.load(RecordLocation(place.file, 0, place.offset))


def test_a_write_that_fails_leaves_no_half_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path)
    first = archive.store(exchange(b"0"))
    path = tmp_path / first.file
    size = path.stat().st_size

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            archive.store(exchange(b"1"))
    assert path.stat().st_size == size
    second = archive.store(exchange(b"2"))
    assert (archive.load(first).body, archive.load(second).body) == (b"0", b"2")
    assert complaints(path) == (0, "")
