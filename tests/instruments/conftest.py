"""A catalogue folder that loads without a problem."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.documented import CatalogueFolder


@pytest.fixture
def folder(tmp_path: Path) -> CatalogueFolder:
    return CatalogueFolder.documented(tmp_path)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A folder for what is kept of catalogues, which is not there yet."""
    return tmp_path / "var" / "cache"
