"""The catalogue goes where the package goes: a wheel that lost its data would refuse to load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.wheel import ROOT, parts, unpacked_wheel

from servanda.instruments.catalogue import builtin_catalogue, load_catalogue

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
    return unpacked_wheel(tmp_path_factory.mktemp("wheel"))


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
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    ours = [name for name in tracked if name.partition("/")[0] in parts() and (ROOT / name).is_file()]
    assert [name for name in ours if not (installed / "servanda" / name).is_file()] == []
    assert {name.partition("/")[0] for name in ours} == parts()


@pytest.mark.slow
def test_the_models_of_others_stay_theirs(installed: Path, tmp_path: Path) -> None:
    """A second team's ``models`` before or behind ours on the path: each import gives what it says."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "__init__.py").write_text("OWNER = 'another team'")
    code = "import models, servanda.models.store as ours; print(models.OWNER); print(ours.__name__)"
    for path in (f"{tmp_path}:{installed}", f"{installed}:{tmp_path}"):
        assert run(code, tmp_path, Path(path)) == ["another team", "servanda.models.store"]


@pytest.mark.parametrize("part", sorted(parts() - {"dags"}))
def test_a_part_imported_by_its_bare_name_says_so(part: str, tmp_path: Path) -> None:
    """Or a class would exist twice. (Nothing imports DAG files: Airflow reads them by their paths.)"""
    code = f"try: import {part}\nexcept ImportError as error: print(error)"
    (said,) = run(code, tmp_path, ROOT)
    assert said == f"import servanda.{part}: this folder is a part of the package servanda"
