"""The catalogue goes where the package goes: a wheel that lost its data would refuse to load."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from instruments.catalogue import builtin_catalogue, load_catalogue

REPOSITORY = Path(__file__).parents[2]
_BUILD = "from setuptools import build_meta; print(build_meta.build_wheel('out'))"
_LOAD = (
    "from instruments.catalogue import builtin_catalogue, load_catalogue;"
    "print(builtin_catalogue()); print(load_catalogue(builtin_catalogue()).digest)"
)


def run(code: str, cwd: Path, path: Path | None = None) -> list[str]:
    command = [sys.executable, "-c", code]
    env = {"PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"} if path else None
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.slow
def test_a_built_wheel_holds_the_whole_catalogue(tmp_path: Path) -> None:
    source, installed = tmp_path / "source", tmp_path / "installed"
    for package in ("compliance", "instruments"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / package, source / package, ignore=ignored)
    for file in ("pyproject.toml", "README.md"):
        shutil.copy(REPOSITORY / file, source / file)

    wheel = run(_BUILD, source)[-1]
    zipfile.ZipFile(source / "out" / wheel).extractall(installed)
    folder, digest = run(_LOAD, tmp_path, installed)

    assert Path(folder) == installed / "instruments"
    assert digest == load_catalogue(builtin_catalogue()).digest
