"""Which code reads and checks catalogues: what other code found is not believed.

The code is named by the bytes of its files, not by a release, so that a checkout at work never meets what it
found before its last change.
"""

from __future__ import annotations

import hashlib
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("compliance", "instruments")
DISTRIBUTIONS = ("pydantic", "pydantic-core", "ruamel.yaml", "soupsieve", "tzdata")
"""What else decides whether a catalogue is valid, and what is read from it."""


def read_code_version(root: Path = ROOT) -> str | None:
    """A hex SHA-256 over all that reads and checks a catalogue; None where its files cannot be read."""
    digest = hashlib.sha256(f"{sys.version_info}".encode())
    for name in DISTRIBUTIONS:
        digest.update(f"\0{name} {_installed(name)}".encode())
    try:
        for path in (path for package in PACKAGES for path in sorted((root / package).glob("*.py"))):
            content = path.read_bytes()
            digest.update(f"\0{path.parent.name}/{path.name} {len(content)}\0".encode() + content)
    except OSError:
        return None
    return digest.hexdigest()


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


CODE_VERSION = read_code_version()
"""As it was when this was imported; a long-lived process may outlive an upgrade of the files."""
