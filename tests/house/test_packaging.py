"""The catalogue goes where the package goes: a wheel that lost its data would refuse to load."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from servanda.instruments.catalogue import builtin_catalogue, load_catalogue

REPOSITORY = Path(__file__).parents[2]
IGNORED = shutil.ignore_patterns("__pycache__")
_BUILD = "from setuptools import build_meta; print(build_meta.build_wheel('out'))"
_LOAD = (
    "from servanda.instruments.catalogue import builtin_catalogue, load_catalogue;"
    "print(builtin_catalogue()); print(load_catalogue(builtin_catalogue()).digest)"
)


def run(code: str, cwd: Path, path: Path | None = None) -> list[str]:
    command = [sys.executable, "-c", code]
    env = {"PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"} if path else None
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which a wheel of the whole was unpacked, as an installation unpacks it."""
    source, folder = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("installed")
    for link in (REPOSITORY / "servanda").iterdir():
        if link.is_symlink():
            shutil.copytree(REPOSITORY / link.name, source / link.name, ignore=IGNORED)
    shutil.copytree(REPOSITORY / "servanda", source / "servanda", symlinks=True, ignore=IGNORED)
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPOSITORY / file, source / file)
    wheel = run(_BUILD, source)[-1]
    zipfile.ZipFile(source / "out" / wheel).extractall(folder)
    return folder


@pytest.mark.slow
def test_a_built_wheel_holds_the_whole_catalogue(installed: Path, tmp_path: Path) -> None:
    folder, digest = run(_LOAD, tmp_path, installed)
    assert Path(folder) == installed / "servanda" / "instruments"
    assert digest == load_catalogue(builtin_catalogue()).digest


@pytest.mark.slow
def test_a_built_wheel_claims_one_name(installed: Path) -> None:
    """``models``, ``web`` and the others are for whoever else uses the same Python."""
    named = {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")}
    assert named == {"servanda"}


@pytest.mark.slow
def test_a_built_wheel_holds_what_the_checkout_holds(installed: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    links = {link.name for link in (REPOSITORY / "servanda").iterdir() if link.is_symlink()}
    parts = [name for name in tracked if name.partition("/")[0] in links and (REPOSITORY / name).is_file()]
    assert [name for name in parts if not (installed / "servanda" / name).is_file()] == []
    assert {name.partition("/")[0] for name in parts} == links


@pytest.mark.slow
def test_the_models_of_others_stay_theirs(installed: Path, tmp_path: Path) -> None:
    """A second team's ``models`` before or behind ours on the path: each import gives what it says."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "__init__.py").write_text("OWNER = 'another team'")
    code = "import models, servanda.models.store as ours; print(models.OWNER); print(ours.__name__)"
    for path in (f"{tmp_path}:{installed}", f"{installed}:{tmp_path}"):
        assert run(code, tmp_path, Path(path)) == ["another team", "servanda.models.store"]


@pytest.mark.parametrize(
    "part", sorted(p.name for p in (REPOSITORY / "servanda").iterdir() if p.is_symlink())
)
def test_a_part_imported_by_its_bare_name_says_so(part: str, tmp_path: Path) -> None:
    """Or a class would exist twice, and ``isinstance`` would deny its own."""
    if part == "dags":
        return  # Airflow reads its files by their paths; nothing imports them
    code = f"try: import {part}\nexcept ImportError as error: print(error)"
    (said,) = run(code, tmp_path, REPOSITORY)
    assert said == f"import servanda.{part}: this folder is a part of the package servanda"
