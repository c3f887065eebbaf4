"""Name servers and hosts that do not answer: real look-ups and real sockets on loopback."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Event

AddressInfo = tuple[int, int, int, str, tuple[str, int]]


def resolving_to(*addresses: str) -> Callable[..., list[AddressInfo]]:
    """A resolver that knows every name by these IPv4 addresses."""

    def resolve(host: str, port: int, *_: object) -> list[AddressInfo]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return resolve


@contextmanager
def hanging_resolver() -> Iterator[Callable[..., list[AddressInfo]]]:
    """A resolver that answers nothing until the test is over."""
    over = Event()

    def resolve(host: str, port: int, *_: object) -> list[AddressInfo]:
        over.wait(60)
        raise socket.gaierror(socket.EAI_AGAIN, "the test is over")

    try:
        yield resolve
    finally:
        over.set()


@contextmanager
def unanswered_port(address: str = "0.0.0.0", port: int = 0) -> Iterator[int]:
    """A port at which attempts to connect wait without an answer, for nobody accepts those that wait already."""
    with ExitStack() as opened:
        server = opened.enter_context(socket.create_server((address, port), backlog=0))
        taken = server.getsockname()[1]
        for _ in range(4):
            waiting = opened.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(("127.0.0.1" if address == "0.0.0.0" else address, taken))
        yield int(taken)
