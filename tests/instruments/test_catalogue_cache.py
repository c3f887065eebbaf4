"""What was read and checked is kept: nobody can tell, except by how long it takes."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import pytest
from support.documented import FEED, INSTRUMENT, LISTING, REGISTER, TEXT, CatalogueFolder
from support.kept_catalogues import kept_file, reseal, said, yaml_read_by

from servanda.instruments.catalogue import builtin_catalogue, load_catalogue
from servanda.instruments.problems import CatalogueError
from servanda.instruments.rule_digests import rules_digest, scan_digest

# --- with and without it -----------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["documented", "built-in"])
def test_a_kept_catalogue_says_the_same(which: str, folder: CatalogueFolder, cache: Path) -> None:
    path = folder.path if which == "documented" else builtin_catalogue()
    plain = load_catalogue(path)
    assert said(load_catalogue(path, cache)) == said(plain), "the first time"
    assert said(load_catalogue(path, cache)) == said(plain), "and from what was kept"


def test_what_is_kept_is_not_read_again(folder: CatalogueFolder, cache: Path) -> None:
    assert yaml_read_by(lambda: load_catalogue(folder.path, cache)) == 6
    assert yaml_read_by(lambda: said(load_catalogue(folder.path, cache))) == 0


def test_of_files_that_changed_those_alone_are_read(folder: CatalogueFolder, cache: Path) -> None:
    load_catalogue(folder.path, cache)
    for file, first in ((FEED, "id: bo-presidencia\n"), (INSTRUMENT, "id: bermejo-2031\n")):
        folder.change(file, first, f"# one line more\n{first}")
        assert yaml_read_by(lambda: load_catalogue(folder.path, cache)) == 1
        assert said(load_catalogue(folder.path, cache)) == said(load_catalogue(folder.path))


def test_a_text_of_its_own_belongs_to_an_instrument(folder: CatalogueFolder, cache: Path) -> None:
    """The same YAML beside another text is another instrument."""
    load_catalogue(folder.path, cache)
    text = (folder.path / TEXT).read_text(encoding="utf-8")
    folder.write(TEXT, text + "One more line.\n")
    with pytest.raises(CatalogueError, match=r"is not the SHA-256 of text\.txt"):
        load_catalogue(folder.path, cache)


def test_warnings_stand_on_their_lines_when_another_file_changed(
    folder: CatalogueFolder, cache: Path
) -> None:
    folder.change(LISTING, "    depth: true", "    depth: false")
    first = load_catalogue(folder.path, cache).warnings
    assert first != ()
    folder.change(FEED, "lag: PT1H", "lag: PT2H")
    assert yaml_read_by(lambda: load_catalogue(folder.path, cache)) == 1
    assert load_catalogue(folder.path, cache).warnings == first == load_catalogue(folder.path).warnings
    folder.change(INSTRUMENT, "id: bermejo-2031\n", "# moved down\nid: bermejo-2031\n")
    moved = load_catalogue(folder.path, cache).warnings
    assert moved == load_catalogue(folder.path).warnings != first


def test_an_error_is_reported_as_if_nothing_were_kept(folder: CatalogueFolder, cache: Path) -> None:
    load_catalogue(folder.path, cache)
    folder.change(INSTRUMENT, "    duration: P6M", "    duration: six months")
    folder.change(REGISTER, "party: null", "party: PY")
    (folder.path / FEED).unlink()
    with pytest.raises(CatalogueError) as plain:
        load_catalogue(folder.path)
    before = kept_file(cache).read_bytes()
    for _ in range(2):
        with pytest.raises(CatalogueError) as raised:
            load_catalogue(folder.path, cache)
        assert str(raised.value) == str(plain.value)
        assert [astuple(p) for p in raised.value.problems] == [astuple(p) for p in plain.value.problems]
    assert kept_file(cache).read_bytes() == before, "a catalogue with errors is not kept"


@pytest.mark.parametrize(
    "file", ["sources/late.yaml", "declarations/bermejo-2031/notes.md", "stray.yml", "declarations/README"]
)
def test_a_file_that_does_not_belong_is_seen_though_no_byte_that_is_read_changed(
    file: str, folder: CatalogueFolder, cache: Path
) -> None:
    load_catalogue(folder.path, cache)
    folder.write(file, "anything\n")
    with pytest.raises(CatalogueError, match="does not belong here"):
        load_catalogue(folder.path, cache)


def test_an_empty_folder_is_an_error_before_and_after(tmp_path: Path, cache: Path) -> None:
    for _ in range(2):
        with pytest.raises(CatalogueError, match="the catalogue has no instrument"):
            load_catalogue(tmp_path, cache)


# --- one by one --------------------------------------------------------------------------------------


def test_an_instrument_is_decoded_when_it_is_asked_for(folder: CatalogueFolder, cache: Path) -> None:
    """What is asked of the ids alone finds nothing wrong with parts that are none."""
    load_catalogue(folder.path, cache)
    path = kept_file(cache)
    _, index, content = path.read_bytes().split(b"\n", 2)
    reseal(path, index + b"\n" + b"x" * len(content))
    loaded = load_catalogue(folder.path, cache)
    assert loaded.window_ids == ("water-plan-6m",)
    assert loaded.required_sources == {"bo-presidencia"} | set(loaded.window("water-plan-6m")[1].sources)
    with pytest.raises(LookupError, match=r"no window 'nothing'; known: water-plan-6m"):
        loaded.window("nothing")


def test_the_index_says_what_the_instruments_say(folder: CatalogueFolder, cache: Path) -> None:
    load_catalogue(folder.path, cache)
    loaded = load_catalogue(folder.path, cache)
    digests = {i.id: rules_digest(i) for i in load_catalogue(folder.path).instruments}
    assert loaded.rules_digests == digests
    assert loaded.window_ids == tuple(w.id for i in loaded.instruments for w in i.windows)
    assert loaded.required_sources == {s for i in loaded.instruments for w in i.windows for s in w.sources}
    assert scan_digest(digests.values()) not in digests.values()


def test_what_is_asked_for_twice_is_the_same(folder: CatalogueFolder, cache: Path) -> None:
    load_catalogue(folder.path, cache)
    loaded = load_catalogue(folder.path, cache)
    assert loaded.window("water-plan-6m")[0] is loaded.instrument("bermejo-2031") is loaded.instruments[0]
    assert loaded.source("bo-presidencia") is loaded.source("bo-presidencia")
