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
    """Lock a file under a new id, which stands for this sender in leases. Without a lock, time alone counts.

    Whoever ends in disorder leaves the file behind, and others see by it that nobody holds the lock.
    """
    sender = uuid.uuid4().hex
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = _locked(_path(folder, sender), create=True)
    except OSError as error:
        log.warning("no lock can be held in %s (%s): leases of a dead sender last their time", folder, error)
        lock = None
    try:
        yield sender
        if lock is not None:
            _path(folder, sender).unlink(missing_ok=True)
    finally:
        if lock is not None:
            os.close(lock)


@contextmanager
def dead_senders(folder: Path, senders: list[str]) -> Iterator[list[str]]:
    """Those of the senders that have ended; their locks are held, so that nobody else clears them too."""
    with contextlib.ExitStack() as closing:
        ended = []
        for sender in senders:
            with contextlib.suppress(OSError):
                closing.callback(os.close, _locked(_path(folder, sender), create=False))
                ended.append(sender)
        yield ended
        for sender in ended:
            _path(folder, sender).unlink(missing_ok=True)


def lock_files(folder: Path) -> list[str]:
    """The senders that have a file, locked or not."""
    return sorted(path.stem for path in folder.glob("*.lock"))


def _path(folder: Path, sender: str) -> Path:
    return folder / f"{sender}.lock"


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
