"""The process in which documents are read, one after the other, until its asker is gone.

Parsers are C code and thousands of lines of heuristics, fed with whatever the web sends. Here a document can
crash, hang or take all memory, and only this process ends. ``scrapers.isolation.reader_process`` starts it:

    python -P -m servanda.scrapers.isolation.worker SOCKET MEMORY SECONDS MODULE

SOCKET is an inherited file descriptor, MEMORY the most bytes of address space, SECONDS the most for one
document, MODULE the one whose ``read_document`` reads them.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import os
import pickle
import resource
import select
import signal
import socket
import sys
import traceback
from collections.abc import Callable

from servanda.compliance.prefilter import Prefilter
from servanda.scrapers.exchange import ScrapeError
from servanda.scrapers.isolation.worker_protocol import (
    ARTICLE,
    BROKEN,
    DOCUMENT,
    OUT_OF_MEMORY,
    READY,
    REFUSED,
    SCAN,
    BadAnswer,
    WorkerRequest,
    article_as_json,
    receive,
    send,
)
from servanda.scrapers.route_reading import Article

LONGEST_REQUEST = 1 << 32
"""Bytes; bodies are bounded where they are fetched."""

GRACE = 2
"""Seconds past its asker's patience after which a hanging process ends by itself: nobody else will end it."""

IDLE_LOOK = 5.0
"""Seconds between looks at whether the asker is still there; one that ends closes the socket, mostly."""

_Read = Callable[..., Article]


def main(arguments: list[str]) -> None:
    descriptor, memory, seconds, module = arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the asker's affair, and ends it and so this
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # however our asker was started, this ends us
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, int(memory))
    read: _Read = importlib.import_module(module).read_document
    sock = socket.socket(fileno=int(descriptor))
    send(sock, READY)
    _fall_silent()
    with contextlib.suppress(EOFError, ConnectionError):
        serve(sock, read, float(seconds) + GRACE)


def serve(sock: socket.socket, read: _Read, seconds: float) -> None:
    """Answer until the asker is gone."""
    scan: Prefilter | None = None
    asker = os.getppid()
    while True:
        while not select.select([sock], [], [], IDLE_LOOK)[0]:
            if os.getppid() != asker:
                return
        tag, content = receive(sock, LONGEST_REQUEST)
        if tag == SCAN:
            scan = pickle.loads(content)  # noqa: S301 - our own asker's
        elif tag == DOCUMENT:
            signal.setitimer(signal.ITIMER_REAL, seconds)
            send(sock, *_answer(read, pickle.loads(content), scan))  # noqa: S301
            signal.setitimer(signal.ITIMER_REAL, 0)
        else:
            raise BadAnswer(f"a message tagged {tag!r}")


def _answer(read: _Read, request: WorkerRequest, scan: Prefilter | None) -> tuple[bytes, bytes]:
    try:
        article = read(
            request.exchange,
            request.terms,
            request.item_title,
            scan if request.scanned else None,
            request.max_chars,
        )
        return ARTICLE, article_as_json(article)
    except ScrapeError as error:
        return REFUSED, json.dumps([error.family, error.kind, error.reason]).encode()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)  # what is left may not even suffice for an orderly end
    except Exception:
        return BROKEN, json.dumps([traceback.format_exc()[-20_000:]]).encode()


def _limit(what: int, most: int) -> None:
    """Set a limit; where the system knows none of that kind, or has a lower one, that one stays."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


def _fall_silent() -> None:
    """From now on nothing is said but over the socket: libraries log what documents make them log."""
    logging.disable(logging.CRITICAL)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


if __name__ == "__main__":
    main(sys.argv[1:])
