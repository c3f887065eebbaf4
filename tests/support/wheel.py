"""A wheel of the project as it stands in the work tree, unpacked as an installation unpacks it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_IGNORED = shutil.ignore_patterns("__pycache__")
_BUILD = "from setuptools import build_meta; print(build_meta.build_wheel('out'))"


def parts() -> set[str]:
    """The top-level folders that make up the package."""
    return {link.name for link in (ROOT / "servanda").iterdir() if link.is_symlink()}


def unpacked_wheel(folder: Path) -> Path:
    """The folder into which the wheel was unpacked, below ``folder``."""
    source, installed = folder / "source", folder / "installed"
    for part in parts():
        shutil.copytree(ROOT / part, source / part, ignore=_IGNORED)
    shutil.copytree(ROOT / "servanda", source / "servanda", symlinks=True, ignore=_IGNORED)
    for file in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, source / file)
    command = [sys.executable, "-c", _BUILD]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    zipfile.ZipFile(source / "out" / done.stdout.splitlines()[-1]).extractall(installed)
    return installed
