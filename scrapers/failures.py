"""The names of what goes wrong on the wire."""

from __future__ import annotations

import errno
import http.client
import re
import socket
import ssl
import unicodedata
from collections.abc import Iterator

import requests
import urllib3.exceptions as wire
from ssrfguard import SSRFGuardError

from servanda.scrapers.exchange import Blocked, ScrapeError, Unreachable

WIRE_ERRORS = (
    requests.RequestException,
    wire.HTTPError,
    SSRFGuardError,
    http.client.HTTPException,
    OSError,
    UnicodeError,
)
"""Everything that sending a request and reading its response may raise."""

NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})

LONGEST_DETAIL = 300

_TABLE: tuple[tuple[tuple[type[BaseException], ...], type[ScrapeError], str, str], ...] = (
    ((SSRFGuardError,), Blocked, "forbidden_address", "refused to connect"),
    (
        (
            requests.exceptions.InvalidURL,
            requests.exceptions.MissingSchema,
            requests.exceptions.InvalidSchema,
            wire.LocationValueError,
            http.client.InvalidURL,
            UnicodeError,
        ),
        Blocked,
        "bad_url",
        "the address cannot be read",
    ),
    ((wire.NameResolutionError, socket.gaierror), Unreachable, "dns", "the host's name did not resolve"),
    ((wire.NewConnectionError,), Unreachable, "refused", "no connection could be made"),
    ((TimeoutError, wire.TimeoutError, requests.Timeout), Unreachable, "timeout", "no answer in time"),
    ((ssl.SSLError, wire.SSLError, requests.exceptions.SSLError), Unreachable, "tls", "TLS failed"),
    ((http.client.IncompleteRead,), Unreachable, "truncated", "the response stopped before its end"),
)
"""First match wins, over an error and all its causes: libraries wrap one in another."""


def name_failure(error: BaseException, *, too_slow: bool) -> ScrapeError:
    """The failure behind an error of the libraries; ``too_slow``: the total time was over when it came."""
    chain = tuple(_causes(error))
    if any(isinstance(cause, OSError) and cause.errno in NO_WAY for cause in chain):
        return Unreachable("no_route_to_host", "this machine has no way to the host: no network, or no route")
    for classes, family, kind, sentence in _TABLE:
        found = next((cause for cause in chain if isinstance(cause, classes)), None)
        if found is not None and kind == "timeout" and too_slow:
            return Unreachable("too_slow", "the response took longer than the time allowed in all")
        if found is not None:
            return family(kind, f"{sentence}: {sanitise_detail(_without_objects(str(found)))}")
    return Unreachable(
        "disconnected", f"the connection broke: {sanitise_detail(_without_objects(str(error)))}"
    )


def _without_objects(text: str) -> str:
    """A library's message without the Python objects it is about, which tell a reader nothing."""
    return re.sub(r"<?[\w.]*Connection(Pool)?\([^()]*\)(: | at 0x[0-9a-f]+>:? ?)?", "", text) or text


def sanitise_detail(text: str, longest: int = LONGEST_DETAIL) -> str:
    """Foreign text as one bounded line without control characters, fit for a log or a table."""
    kept = "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text[: longest * 4])
    return " ".join(kept.split())[:longest]


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was made of: ``reason``, arguments, cause and context, each once."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [getattr(one, "reason", None), *one.args, one.__cause__, one.__context__]
