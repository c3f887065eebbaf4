"""The secret behind the links in mails: given, or made once and kept in a file that only its owner reads."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

SHORTEST = 32


def kept_secret(path: Path) -> bytes:
    """The secret in ``path``, made there if there is none; of two that make one at once, both use the first.

    ValueError where others may read it, or where it is too short to be one; OSError as it comes.
    """
    if not path.exists():
        _make(path)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ValueError(f"{path} can be read by others than its owner; chmod 600 {path}")
    secret = path.read_bytes().strip()
    if len(secret) < SHORTEST:
        raise ValueError(
            f"{path} holds {len(secret)} characters, too few for a secret; valid: at least {SHORTEST}, or "
            "no such file, so that one is made (links in mails already sent end then)"
        )
    return secret


def _make(path: Path) -> None:
    """Written whole under another name first, so that nobody reads half of it."""
    from tempfile import NamedTemporaryFile

    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".tmp") as draft:  # mode 0600
        draft.write(secrets.token_urlsafe(48).encode() + b"\n")
        draft.flush()
        os.fsync(draft.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, path)
