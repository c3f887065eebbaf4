"""What the replayed summer leaves in the archive: sound, readable by others, and handed on whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.archived import complaints
from warcio.archiveiterator import ArchiveIterator

from servanda.demo.replay import Replay, ReplayStep
from servanda.jobs.captures.export import export_captures
from servanda.jobs.captures.verify import verify

pytestmark = pytest.mark.slow


def test_every_file_passes_the_format_s_own_checker(replay: Replay, steps: tuple[ReplayStep, ...]) -> None:
    files = list(replay.wiring.settings.archive.glob("*.warc.gz"))
    assert len(files) > 20, "one for each day"
    assert [path.name for path in files if complaints(path) != (0, "")] == []


def test_the_whole_of_it_agrees_with_the_database(replay: Replay, steps: tuple[ReplayStep, ...]) -> None:
    found = verify(replay.wiring.ledger, replay.wiring.archive)
    assert (found.damaged, found.orphans, found.unreadable) == ([], 0, 0)
    assert found.captures > 200
    assert found.revisits > 20, "304s at least"


def test_the_export_of_its_window_gives_back_every_body(
    replay: Replay, steps: tuple[ReplayStep, ...], tmp_path: Path
) -> None:
    target = tmp_path / "window.warc.gz"
    written = export_captures(
        replay.wiring.ledger, replay.wiring.catalogue, replay.wiring.archive, "further-actions-90d", target
    )
    assert complaints(target) == (0, "")
    seen, count = set(), 0
    with target.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type in ("response", "revisit", "metadata"):
                count += 1
                seen.add(record.rec_headers.get_header("WARC-Record-ID"))
            if record.rec_type == "revisit":
                assert record.rec_headers.get_header("WARC-Refers-To") in seen, "it came before"
    assert written == count > 100
