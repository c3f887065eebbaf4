"""Write the site into a folder: what changed, and a tombstone where a page is withdrawn.

The folder's manifest names every file with what it was made of, so that the next run makes only what changed.
Each file is written whole and put in the place of the last one.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from servanda.alerts.text.translation import words
from servanda.compliance.intervals import utc_text
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.web.desk.rendering import render
from servanda.web.site.pages import SiteFile, site_files, site_frame

MANIFEST = "servanda-site.json"
VALID = "a new folder, or one that holds such a site"


@dataclass(frozen=True, slots=True)
class SiteOutcome:
    """How many files were written, how many stood as they were, and how many pages became tombstones."""

    written: int
    unchanged: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file as the manifest has it. ``withdrawn``: when its page was taken back, None while it stands."""

    key: str | None
    sha256: str
    is_page: bool
    withdrawn: str | None = None


def write_site(wiring: Wiring, folder: Path, without: Collection[str] = ()) -> SiteOutcome:
    """Bring a folder up to what is known; UsageError for a folder that holds other things."""
    before = _manifest(folder)
    files = {one.path: one for one in site_files(wiring, without)}
    after: dict[str, _Kept] = {}
    written = 0
    for path, one in files.items():
        after[path], is_new = _put(folder, one, before.get(path))
        written += is_new
    withdrawn = 0
    for path, kept in before.items():
        if path not in files:
            withdrawn += _take_back(wiring, folder, path, kept, after)
    _write(folder / MANIFEST, json.dumps(_json(after), indent=1, sort_keys=True) + "\n")
    return SiteOutcome(written, len(files) - written, withdrawn)


def _put(folder: Path, one: SiteFile, kept: _Kept | None) -> tuple[_Kept, bool]:
    """Write a file where it is another than the one that is there."""
    place = folder / one.path
    stands = kept is not None and kept.withdrawn is None and place.exists()
    if stands and kept is not None and one.key is not None and kept.key == one.key:
        return kept, False
    made = one.make()
    content = made.encode() if isinstance(made, str) else made
    digest = hashlib.sha256(content).hexdigest()
    new = _Kept(one.key, digest, one.is_page)
    if stands and kept is not None and kept.sha256 == digest:
        return new, False
    _write(place, content)
    return new, True


def _take_back(wiring: Wiring, folder: Path, path: str, kept: _Kept, after: dict[str, _Kept]) -> bool:
    """A page becomes a tombstone, for its address may have been cited; another file goes."""
    if not kept.is_page:
        (folder / path).unlink(missing_ok=True)
        return False
    if kept.withdrawn is not None:
        after[path] = kept
        return False
    at = utc_text(wiring.now)
    content = _tombstone(wiring, path, at).encode()
    _write(folder / path, content)
    after[path] = _Kept(None, hashlib.sha256(content).hexdigest(), is_page=True, withdrawn=at)
    return True


def _tombstone(wiring: Wiring, path: str, at: str) -> str:
    spanish = path.startswith("es/")
    here = path.removeprefix("es/").removesuffix("index.html").rstrip("/")
    return render("withdrawn", site_frame(wiring, words("es" if spanish else "en"), here), path=here, at=at)


def _manifest(folder: Path) -> dict[str, _Kept]:
    place = folder / MANIFEST
    if not place.exists():
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(
                f"{folder} holds other things; valid: a new folder, or one that holds such a site"
            )
        _write(place, "{}\n")  # so that a run that is ended in the middle can be taken up again
        return {}
    return {path: _Kept(**kept) for path, kept in _read(place).items()}


def _read(place: Path) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads(place.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UsageError(
            f"{place} cannot be read: {error}; valid: a folder that holds such a site"
        ) from error
    return found


def _json(files: Mapping[str, _Kept]) -> dict[str, Any]:
    return {
        path: {
            "key": kept.key,
            "sha256": kept.sha256,
            "is_page": kept.is_page,
            "withdrawn": kept.withdrawn,
        }
        for path, kept in files.items()
    }


def _write(place: Path, content: str | bytes) -> None:
    """Whole, or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=place.parent, prefix=".", suffix=".tmp", delete=False) as draft:
        draft.write(content.encode() if isinstance(content, str) else content)
    os.chmod(draft.name, 0o644)  # noqa: PTH101 — it is to be published
    Path(draft.name).replace(place)
