"""Catalogues that were read and checked, kept until a byte of them or the code changes.

A sealed file for each catalogue and code: the index, one line of JSON, and the content. The folder may be
deleted at any moment; what cannot be believed, read or written counts as absent. Who can write as us could
change the catalogue itself.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from servanda.instruments.checked_catalogue import CatalogueIndex, CheckedCatalogue, CheckedPart
from servanda.instruments.code_version import read_code_version
from servanda.instruments.sealed_files import read_sealed, write_sealed

KEPT = 8
"""So many files stay, the newest; older ones are deleted when one is added."""

SEARCHED = 3
"""In so many of them, the newest, single files are looked for."""

_NAME = re.compile(r"catalogue-[0-9a-f]{16}-[0-9a-f]{64}(\..*)?")
"""With what an interrupted writer leaves behind."""


class CatalogueCache:
    """The checked catalogues in a folder, as the code of this version found them."""

    def __init__(self, folder: Path, code: str) -> None:
        self._folder = folder
        self._code = code

    def load(self, digest: str) -> CheckedCatalogue | None:
        """What was found of the files that have this digest, None where it is not kept."""
        checked = _unpacked(read_sealed(self._path(digest)))
        return checked if checked is not None and all(map(_is_known, checked.index.zones)) else None

    def parts(self, wanted: Collection[str]) -> dict[str, CheckedPart]:
        """What was found of single files, by their digests, in the last catalogues that are kept."""
        found: dict[str, CheckedPart] = {}
        for path in islice(self._files(self._code[:16]), SEARCHED):
            checked = _unpacked(read_sealed(path))
            if checked is not None and len(found) < len(wanted):
                found |= {name: part for name, part in checked.parts() if name in wanted}
        return found

    def keep(self, digest: str, checked: CheckedCatalogue) -> None:
        """Keep what was found, where that can be, and where no other code was installed meanwhile."""
        if self._code != read_code_version():
            return
        with contextlib.suppress(OSError):
            write_sealed(self._path(digest), _index().dump_json(checked.index) + b"\n" + checked.content)
            for path in list(self._files())[KEPT:]:
                path.unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return self._folder / f"catalogue-{self._code[:16]}-{digest}.json"

    def _files(self, code: str = "") -> Iterator[Path]:
        """The newest first, of some code or of any."""
        try:
            named = [path for path in self._folder.iterdir() if _NAME.fullmatch(path.name)]
            named = [path for path in named if path.name.startswith(f"catalogue-{code}")]
            yield from sorted(named, key=lambda path: path.lstat().st_mtime, reverse=True)
        except OSError:
            return


def _unpacked(body: bytes | None) -> CheckedCatalogue | None:
    if body is None:
        return None
    index, _, content = body.partition(b"\n")
    try:
        return CheckedCatalogue(_index().validate_json(index), content)
    except ValidationError:
        return None


@cache
def _index() -> TypeAdapter[CatalogueIndex]:
    return TypeAdapter(CatalogueIndex)


def _is_known(zone: str) -> bool:
    """Whether the machine still has a time zone: that the catalogue's bytes do not say."""
    try:
        ZoneInfo(zone)
    except (KeyError, OSError, ValueError):
        return False
    return True
