"""The repository checks itself."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def packages() -> set[str]:
    return {path.parent.name for path in ROOT.glob("*/__init__.py")}


def test_no_dag_file_has_the_name_of_a_package() -> None:
    """Airflow puts the dags folder on the path: such a file would shadow the package in its processors."""
    assert {path.stem for path in (ROOT / "dags").glob("*.py")}.isdisjoint(packages())


def test_every_package_is_a_part_of_the_one_that_is_installed() -> None:
    linked = {path.name for path in (ROOT / "servanda").iterdir() if path.is_symlink()}
    assert packages() == linked | {"servanda", "benchmarks", "fault_injection"}
    assert all((ROOT / "servanda" / name).resolve() == ROOT / name for name in linked)


@pytest.mark.parametrize("lock", ["core", "run", "test"])
def test_every_locked_package_is_pinned_with_hashes_and_names_no_index(lock: str) -> None:
    text = (ROOT / "lock" / f"{lock}.txt").read_text()
    entries = text.strip().replace("\\\n", "").splitlines()
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==[^ ]+ ", entry), entry
        assert "--hash=sha256:" in entry, entry
    assert "://" not in text
    assert "index" not in re.sub(r"^[a-z0-9-]+==.*$", "", text, flags=re.MULTILINE)


def test_what_runs_is_pinned_as_it_was_tested() -> None:
    pins = {
        lock: set(
            re.findall(r"^([a-z0-9.-]+==[^ \\;]+)", (ROOT / "lock" / f"{lock}.txt").read_text(), re.MULTILINE)
        )
        for lock in ("core", "run", "test")
    }
    assert pins["core"] <= pins["run"] <= pins["test"]


def test_no_test_folder_is_a_package() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py")), "tests/models would shadow models"


WORDS = re.compile(
    r"\bTODO\b|\bFIXME\b|\bXXX\b|NotImplementedError|verify=False|except Exception:\s*pass|pytest\.mark\.skip\b"
)


def test_nothing_is_left_to_do_later() -> None:
    here = Path(__file__)
    found = [
        f"{path.relative_to(ROOT)}:{n}: {line.strip()}"
        for path in tracked()
        if path.suffix in {".py", ".yml", ".toml", ".md"} and path != here
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if WORDS.search(line)
    ]
    assert found == []
