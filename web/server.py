"""Serve the app from this process until it is told to stop."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack, closing

import uvicorn

from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.web.app import create_app
from servanda.web.desk.door import Door, needs_own_port

AT_ONCE = 64
"""Requests that are answered at the same time; more are told to come back (503)."""

LONGEST_HEAD = 16 * 1024


LOOPBACK = "127.0.0.1"
EVERY_ADDRESS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 — to know them, not to bind to them


def serve(wiring: Wiring, host: str, port: int, desk_port: int, *, ready: Callable[[str, str], None]) -> None:
    """Answer at ``host:port`` until Ctrl-C or SIGTERM. ``ready`` is told that address, and that of the desk,
    once they are taken.

    Where mails link to another host, a proxy stands before ``port``: then the desk, which knows no log-in,
    answers at ``desk_port`` alone. Access is not logged: an address holds the token that makes it valid.
    """
    with ExitStack() as taken:
        shared = taken.enter_context(closing(_taken(host, port)))
        own = None
        if needs_own_port(wiring.settings.public_url):
            own = taken.enter_context(closing(_taken(LOOPBACK, desk_port, option="--desk-port")))
        desk_at = own or shared
        app = create_app(wiring, Door(own.getsockname()[1] if own else None))
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
            desk_host = LOOPBACK if own or host in EVERY_ADDRESS else host
            ready(_address(host, shared.getsockname()[1]), _address(desk_host, desk_at.getsockname()[1]))
            uvicorn.Server(config).run(sockets=[shared, *([own] if own else [])])
        finally:
            signal.signal(signal.SIGTERM, before)


def _taken(host: str, port: int, option: str = "--port") -> socket.socket:
    """A socket that listens; UsageError in words where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        said = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        valid = "an address of this machine and a port that is free"
        raise UsageError(f"--host {host} {option} {port}: {said}; valid: {valid}") from error


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
