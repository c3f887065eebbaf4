"""Files that this program keeps for itself, and believes where they are whole, its own, and the ones meant.

A file is its seal, one line of JSON, and the body: the seal states the file's name and the body's SHA-256.
Only the owner may read it. One that others could have written, that is no plain file, or whose seal does not
fit counts as absent.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
from pathlib import Path

_LONGEST_SEAL = 500


def read_sealed(path: Path) -> bytes | None:
    """The body of a file that was written here, under this name; None for whatever else lies there."""
    raw = _read_ours(path)
    end = 0 if raw is None else raw.find(b"\n", 0, _LONGEST_SEAL) + 1
    if raw is None or not end:
        return None
    body = raw[end:]
    return body if raw[:end] == _seal(path.name, body) else None


def write_sealed(path: Path, body: bytes) -> None:
    """Put a file there, whole or not at all; OSError as it comes. Of two written at once, one stays."""
    from tempfile import NamedTemporaryFile

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.", delete=False) as draft:  # mode 0600
        drafted = Path(draft.name)
        try:
            draft.write(_seal(path.name, body))
            draft.write(body)
            draft.close()
            drafted.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                drafted.unlink()
            raise


def _seal(name: str, body: bytes) -> bytes:
    return json.dumps({"name": name, "sha256": hashlib.sha256(body).hexdigest()}).encode() + b"\n"


def _read_ours(path: Path) -> bytes | None:
    """The bytes of a plain file that nobody but us can have written."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(opened, "rb") as file:
            found = os.fstat(opened)
            others = stat.S_IWGRP | stat.S_IWOTH
            ours = stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & others
            return file.read() if ours else None
    except (OSError, MemoryError):
        return None
