"""The kept bytes are given back as they were received, and can be handed to others."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.catalogues import listing_route, source
from support.command_line import servanda
from support.listing_pages import Release, publish
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from jobs import captures
from jobs.collect import collect_source
from jobs.wiring import UsageError
from models.archive import ArchiveError

NOW = datetime(2019, 6, 20, 18, tzinfo=UTC)


@pytest.fixture
def read(monitor):  # type: ignore[no-untyped-def]
    """A monitor that has read one source once: robots.txt, one listing page, five documents."""
    monitor.catalogue(
        {"us-state": source("us-state", listing_route(f"{monitor.site.url}/us-state/", pages=1))}
    )
    publish(
        monitor.site,
        "/us-state/",
        [Release(f"d{n}", f"Day {n}", f"2019-06-{n}T12:00:00-04:00") for n in range(10, 20)],
    )
    with monitor.at(NOW) as wiring:
        collect_source(wiring, "us-state")
    return monitor


def test_the_bytes_of_a_page_come_back_as_they_were_sent(read) -> None:  # type: ignore[no-untyped-def]
    sent = read.site.pages["/us-state/"].body
    digest = hashlib.sha256(sent).hexdigest()
    with read.at() as wiring:
        shown = captures.show(wiring, digest[:12])
        assert shown.stored.body == sent
        assert shown.capture.sha256 == digest
        assert captures.show(wiring, str(shown.capture.id)).stored.body == sent


def test_damaged_bytes_are_refused(read) -> None:  # type: ignore[no-untyped-def]
    digest = hashlib.sha256(read.site.pages["/us-state/"].body).hexdigest()
    (file,) = (read.folder / "archive").glob("*.warc.gz")
    with read.at() as wiring:
        place = captures.show(wiring, digest).capture.place
        data = bytearray(file.read_bytes())
        data[place.offset + place.length // 2] ^= 0xFF
        file.write_bytes(data)
        with pytest.raises(ArchiveError, match=r"warc\.gz at \d+"):
            captures.show(wiring, digest)


@pytest.mark.parametrize(
    "name, message", [("99", "no capture 99"), ("abc", "8 or more digits"), ("f" * 64, "no capture")]
)
def test_what_there_is_not_is_said(read, name: str, message: str) -> None:  # type: ignore[no-untyped-def]
    with read.at() as wiring, pytest.raises(UsageError, match=message):
        captures.show(wiring, name)


def test_an_export_is_one_file_that_other_tools_read(read, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    target = tmp_path / "window.warc.gz"
    with read.at() as wiring:
        written = captures.export(wiring, "further-actions-90d", target)
        with pytest.raises(UsageError, match="exists"):
            captures.export(wiring, "further-actions-90d", target)
    with target.open("rb") as file:
        records = [
            (r.rec_type, r.rec_headers.get_header("WARC-Target-URI"), r.content_stream().read())
            for r in ArchiveIterator(file)
        ]
    bodies = {uri: body for kind, uri, body in records if kind == "response"}
    assert written == len(bodies) == len([r for r in records if r[0] == "request"]) == 7
    assert bodies[f"{read.site.url}/us-state/"] == read.site.pages["/us-state/"].body
    assert Checker(_Quiet([str(target)])).process_all() in (0, None)


class _Quiet:
    """The options of warcio's checker."""

    verbose = False

    def __init__(self, inputs: list[str]) -> None:
        self.inputs = inputs


def test_on_the_command_line(read, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    shown = servanda("capture", "show", "1")
    assert (shown.returncode, "verified" in shown.stdout) == (0, True), shown.stderr
    done = servanda("capture", "export", "further-actions-90d", "--to", str(tmp_path / "w.warc.gz"))
    assert "7 exchanges, each verified" in done.stdout, done.stderr
    assert servanda("capture", "show", "99").returncode == 2
