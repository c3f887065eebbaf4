"""Serve the app from this process until it is told to stop."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import closing

import uvicorn

from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.web.app import create_app

AT_ONCE = 64
"""Requests that are answered at the same time; more are told to come back (503)."""

LONGEST_HEAD = 16 * 1024


def serve(wiring: Wiring, host: str, port: int, *, ready: Callable[[str], None]) -> None:
    """Answer at ``host:port`` until Ctrl-C or SIGTERM; ``ready`` is told the address once it is taken.

    Access is not logged: an address holds the token that makes it valid.
    """
    app = create_app(wiring)
    with closing(_taken(host, port)) as listening:
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=AT_ONCE,
            h11_max_incomplete_event_size=LONGEST_HEAD,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=5,
        )
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            ready(_address(host, listening.getsockname()[1]))
            uvicorn.Server(config).run(sockets=[listening])
        finally:
            signal.signal(signal.SIGTERM, before)


def _taken(host: str, port: int) -> socket.socket:
    """A socket that listens; UsageError in words where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        said = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise UsageError(
            f"--host {host} --port {port}: {said}; valid: an address of this machine and a port that is free"
        ) from error


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
