"""Who is sending: each sender holds a lock on a file of its own for as long as it lives.

The system lets go of the lock when a process ends, however it ends. So a lease whose holder's file can be
locked is free at once; one whose holder is stopped, or is on another machine, when its time is over.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

log = logging.getLogger(__name__)


@contextmanager
def hold_sender_lock(folder: Path) -> Iterator[str]:
    """Take a seat; its id stands for this sender in leases. Where no file can be locked, time alone counts.

    Whoever leaves it in disorder leaves the file behind, and others see by it that the seat is empty.
    """
    taken = uuid.uuid4().hex
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = _locked(_path(folder, taken), create=True)
    except OSError as error:
        log.warning("no lock can be held in %s (%s): leases of a dead sender last their time", folder, error)
        held = None
    try:
        yield taken
        if held is not None:
            _path(folder, taken).unlink(missing_ok=True)
    finally:
        if held is not None:
            os.close(held)


@contextmanager
def dead_senders(folder: Path, seats: list[str]) -> Iterator[list[str]]:
    """Those of the seats whose senders have ended; held meanwhile, so that nobody else clears them too."""
    with contextlib.ExitStack() as closing:
        ended = []
        for one in seats:
            with contextlib.suppress(OSError):
                closing.callback(os.close, _locked(_path(folder, one), create=False))
                ended.append(one)
        yield ended
        for one in ended:
            _path(folder, one).unlink(missing_ok=True)


def lock_files(folder: Path) -> list[str]:
    """The seats that have a file, taken or not."""
    return sorted(path.stem for path in folder.glob("*.lock"))


def _path(folder: Path, taken: str) -> Path:
    return folder / f"{taken}.lock"


def _locked(path: Path, *, create: bool) -> int:
    """The open, locked file; OSError where there is none or somebody else holds it."""
    file = os.open(path, os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if create else 0), 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not path.exists() or os.fstat(file).st_ino != path.stat().st_ino:
            raise FileNotFoundError(f"{path} was removed meanwhile")
    except OSError:
        os.close(file)
        raise
    return file
