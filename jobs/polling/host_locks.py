"""One at a time asks a publisher's host, over all processes of this machine: pauses hold within one process.

The locks are files that are held while a source is read; whoever is killed lets go of them.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from servanda.instruments.routes import Source
from servanda.network.clock import Clock

WAITED_SECONDS = 5.0
"""Most readings take less; whoever waited so long does better to come back."""

LOOK_EVERY_SECONDS = 0.1


class HostBusy(Exception):
    """Another process reads a source on the same host; the message names the host."""


def hosts_of(source: Source, routes: Iterable[str] | None = None) -> list[str]:
    """The hosts that reading a source asks, in an order in which nobody waits for another in a circle."""
    chosen = source.routes if routes is None else [source.route(route) for route in routes]
    return sorted({urlsplit(route.url).netloc.lower() for route in chosen})


@contextmanager
def hold_hosts(
    folder: Path, hosts: Iterable[str], clock: Clock, seconds: float = WAITED_SECONDS
) -> Iterator[None]:
    """Hold these hosts for as long as the context lasts; HostBusy where another process holds one for longer
    than ``seconds``."""
    until = clock.monotonic() + seconds
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        for host in hosts:
            name = sha256(host.encode()).hexdigest()[:32]
            file = os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
            held.callback(os.close, file)
            while not _is_locked(file):
                if clock.monotonic() >= until:
                    raise HostBusy(f"{host} is being read by another run")
                clock.sleep(LOOK_EVERY_SECONDS)
        yield


def _is_locked(file: int) -> bool:
    """Whether the file could be locked at once."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
