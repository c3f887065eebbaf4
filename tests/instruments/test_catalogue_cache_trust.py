"""Nothing that is kept of a catalogue is believed unless it is whole, ours, and what this code found of it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.documented import FEED, CatalogueFolder
from support.kept_catalogues import kept_file, reseal, said, yaml_read_by

from servanda.instruments import catalogue_cache, code_version
from servanda.instruments.catalogue import load_catalogue
from servanda.instruments.catalogue_cache import KEPT, CatalogueCache
from servanda.instruments.code_version import CODE_VERSION, read_code_version
from servanda.instruments.problems import CatalogueError

# --- what is not believed ------------------------------------------------------------------------------


def _flip(raw: bytes, at: float) -> bytes:
    place = int(len(raw) * at)
    return raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]


SPOILED: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda raw: b"",
    "one byte": lambda raw: raw[:1],
    "cut off in the seal": lambda raw: raw[:40],
    "cut off after the seal": lambda raw: raw[: raw.index(b"\n") + 1],
    "cut off in the middle": lambda raw: raw[: len(raw) // 2],
    "cut off at the last byte": lambda raw: raw[:-1],
    "one byte more": lambda raw: raw + b"\n",
    "another bit in the seal": lambda raw: _flip(raw, 0.0),
    "another bit in the middle": lambda raw: _flip(raw, 0.5),
    "another bit at the end": lambda raw: _flip(raw, 0.999),
    "no line at all": lambda raw: raw.replace(b"\n", b" "),
    "not UTF-8": lambda raw: b"\xff\xfe" * 400,
    "another kind of JSON": lambda raw: b"[[" * 100_000,
    "pickle": lambda raw: b"\x80\x04cos\nsystem\n(S'touch /tmp/no'\ntR.",
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_what_is_not_whole_is_read_anew_in_silence(
    spoil: Callable[[bytes], bytes],
    folder: CatalogueFolder,
    cache: Path,
    capfd: pytest.CaptureFixture[str],
    recwarn: pytest.WarningsRecorder,
) -> None:
    plain = said(load_catalogue(folder.path, cache))
    path = kept_file(cache)
    whole = path.read_bytes()
    path.write_bytes(spoil(whole))
    assert said(load_catalogue(folder.path, cache)) == plain
    assert path.read_bytes() == whole, "and kept anew"
    assert (capfd.readouterr(), list(recwarn)) == (("", ""), [])


FORGED: dict[str, Callable[[bytes, bytes], bytes]] = {
    "an index that is none": lambda index, content: b"null\n" + content,
    "an index of other types": lambda index, content: index.replace(b'"start":', b'"start":"x",') + b"\n",
    "an index nested without end": lambda index, content: b'{"a":' * 100_000 + b"\n" + content,
    "spans beyond the end": lambda index, content: index + b"\n" + content[:100],
    "content that is no JSON": lambda index, content: index + b"\n" + b"!" * len(content),
    "content of another shape": lambda index, content: index + b"\n" + content.replace(b'"id"', b'"di"'),
    "a time zone that is none": lambda index, content: (
        index.replace(b'"zones":[', b'"zones":["Nowhere/Land",') + b"\n" + content
    ),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED)
def test_what_is_whole_and_makes_no_sense_is_read_anew(
    forge: Callable[[bytes, bytes], bytes], folder: CatalogueFolder, cache: Path
) -> None:
    plain = said(load_catalogue(folder.path, cache))
    path = kept_file(cache)
    _, index, content = path.read_bytes().split(b"\n", 2)
    reseal(path, forge(index, content))
    loaded = load_catalogue(folder.path, cache)
    assert (loaded.digest, loaded.instruments, loaded.sources) == (plain[0], plain[3], plain[4])


def test_parts_that_make_no_sense_are_read_anew_when_another_file_changes(
    folder: CatalogueFolder, cache: Path
) -> None:
    load_catalogue(folder.path, cache)
    path = kept_file(cache)
    _, index, content = path.read_bytes().split(b"\n", 2)
    reseal(path, index + b"\n" + content.replace(b'"id"', b'"di"'))
    folder.change(FEED, "lag: PT1H", "lag: PT2H")
    assert said(load_catalogue(folder.path, cache)) == said(load_catalogue(folder.path))


def test_a_forged_part_whose_file_has_changed_since_is_an_error(folder: CatalogueFolder, cache: Path) -> None:
    load_catalogue(folder.path, cache)
    path = kept_file(cache)
    _, index, content = path.read_bytes().split(b"\n", 2)
    reseal(path, index + b"\n" + b"!" * len(content))
    loaded = load_catalogue(folder.path, cache)
    folder.change(FEED, "lag: PT1H", "lag: PT2H")
    with pytest.raises(CatalogueError, match="has changed while it was in use"):
        loaded.instrument("bermejo-2031")


def _of_another(path: Path) -> None:
    os.chown(path, 12345, -1)


def _for_a_group(path: Path) -> None:
    path.chmod(0o660)


def _for_everybody(path: Path) -> None:
    path.chmod(0o602)


def _a_link(path: Path) -> None:
    path.rename(path.with_suffix(".moved"))
    path.symlink_to(path.with_suffix(".moved"))


def _a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("change", [_of_another, _for_a_group, _for_everybody, _a_link, _a_folder, _a_pipe])
def test_a_file_that_others_could_have_written_is_not_read(
    change: Callable[[Path], None], folder: CatalogueFolder, cache: Path
) -> None:
    plain = said(load_catalogue(folder.path, cache))
    if change is _of_another and os.geteuid() != 0:
        pytest.skip("only root gives files away")
    change(kept_file(cache))
    assert yaml_read_by(lambda: load_catalogue(folder.path, cache)) == 6
    assert said(load_catalogue(folder.path, cache)) == plain


def test_what_is_kept_of_one_catalogue_is_not_taken_for_another(
    folder: CatalogueFolder, cache: Path, tmp_path: Path
) -> None:
    """A file under another's name, or one of other code, is no file."""
    plain = load_catalogue(folder.path, cache)
    other = CatalogueFolder.documented(tmp_path / "other")
    other.change(FEED, "lag: PT1H", "lag: PT2H")
    ours = kept_file(cache)
    theirs = ours.with_name(ours.name.replace(plain.digest, load_catalogue(other.path).digest))
    shutil.copy2(ours, theirs)
    assert load_catalogue(other.path, cache).content == load_catalogue(other.path).content != plain.content


# --- which code ----------------------------------------------------------------------------------------


def test_what_other_code_found_is_not_read(folder: CatalogueFolder, cache: Path) -> None:
    loaded = load_catalogue(folder.path, cache)
    assert CODE_VERSION is not None
    assert CatalogueCache(cache, CODE_VERSION).load(loaded.digest) is not None
    assert CatalogueCache(cache, "0" * 64).load(loaded.digest) is None
    file = load_catalogue(folder.path)
    assert CatalogueCache(cache, "0" * 64).parts({file.digest}) == {}


@pytest.mark.parametrize(
    "file",
    ["instruments/yaml.py", "instruments/routes.py", "compliance/vocabulary.py", "compliance/windows.py"],
)
def test_each_byte_of_what_reads_and_checks_makes_other_code(file: str, tmp_path: Path) -> None:
    for package in code_version.PACKAGES:
        shutil.copytree(
            code_version.ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("*.yml")
        )
    assert read_code_version(tmp_path) == CODE_VERSION
    with (tmp_path / file).open("a", encoding="utf-8") as source:
        source.write("\n")
    assert read_code_version(tmp_path) not in (CODE_VERSION, None)


def test_code_that_was_replaced_since_it_was_loaded_keeps_nothing(
    folder: CatalogueFolder, cache: Path
) -> None:
    loaded = load_catalogue(folder.path, cache)
    assert CODE_VERSION is not None
    found = CatalogueCache(cache, CODE_VERSION).load(loaded.digest)
    assert found is not None
    CatalogueCache(cache, "0" * 64).keep(loaded.digest, found)
    assert len(list(cache.iterdir())) == 1


# --- the folder ------------------------------------------------------------------------------------------


def test_only_we_can_read_what_is_kept(folder: CatalogueFolder, cache: Path) -> None:
    load_catalogue(folder.path, cache)
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700
    assert stat.S_IMODE(kept_file(cache).stat().st_mode) == 0o600


def test_the_folder_may_be_deleted_at_any_moment(folder: CatalogueFolder, cache: Path) -> None:
    load_catalogue(folder.path, cache)
    loaded = load_catalogue(folder.path, cache)
    shutil.rmtree(cache)
    assert said(loaded) == said(load_catalogue(folder.path, cache))
    assert kept_file(cache).is_file()


@pytest.mark.parametrize("place", ["/dev/null/cache", "/proc/cache", "{folder}/file/cache"])
def test_a_folder_that_cannot_be_made_is_done_without(
    place: str, folder: CatalogueFolder, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    nowhere = Path(place.format(folder=tmp_path))
    folder_of_yaml = CatalogueFolder.documented(tmp_path / "catalogue")
    for _ in range(2):
        assert load_catalogue(folder_of_yaml.path, nowhere).content
    assert not nowhere.exists()


def test_only_the_newest_are_kept_and_what_is_not_ours_stays(folder: CatalogueFolder, cache: Path) -> None:
    cache.mkdir(parents=True)
    (cache / "notes.txt").write_text("mine")
    (cache / "catalogue-of-mine.json").write_text("mine")
    for hours in range(1, KEPT + 3):
        (folder.path / FEED).write_text(
            (folder.path / FEED).read_text(encoding="utf-8") + f"# {hours}\n", encoding="utf-8"
        )
        load_catalogue(folder.path, cache)
    ours = [path for path in cache.iterdir() if catalogue_cache._NAME.fullmatch(path.name)]
    assert len(ours) == KEPT
    assert yaml_read_by(lambda: load_catalogue(folder.path, cache)) == 0, "the newest is among them"
    assert len(list(cache.iterdir())) == KEPT + 2


LOAD = (
    "import sys; from pathlib import Path; from servanda.instruments.catalogue import load_catalogue;"
    "print(load_catalogue(Path(sys.argv[1]), Path(sys.argv[2])).digest)"
)


def test_several_that_keep_at_once_leave_one_whole_file(folder: CatalogueFolder, cache: Path) -> None:
    command = [sys.executable, "-c", LOAD, str(folder.path), str(cache)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    told = {process.communicate(timeout=60)[0].strip() for process in running}
    assert told == {load_catalogue(folder.path).digest}
    assert kept_file(cache).is_file()
    assert yaml_read_by(lambda: load_catalogue(folder.path, cache)) == 0


def test_a_start_with_a_kept_catalogue_imports_no_reader_of_yaml(
    folder: CatalogueFolder, cache: Path
) -> None:
    code = f"{LOAD}; print([m for m in ('ruamel.yaml', 'soupsieve', 'bs4') if m in sys.modules])"
    command = [sys.executable, "-c", code, str(folder.path), str(cache)]
    outputs = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert [output.splitlines()[1] for output in outputs] == ["['ruamel.yaml', 'soupsieve', 'bs4']", "[]"]
