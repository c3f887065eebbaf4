"""Documents read in a process of their own, so that none of them can end or stop a run.

One process reads document after document. Where a document crashes it, takes too long or too much memory, the
document is refused with a ``poison_`` kind, and the next one goes to a new process.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO

from servanda.compliance.prefilter import Prefilter
from servanda.instruments.routes import Route, Source
from servanda.scrapers.documents.extract import MAX_CHARS, NOTHING_BESIDE, BesidePage, ExtractOptions
from servanda.scrapers.exchange import Blocked, Exchange, ScrapeError, Unreachable, Unrecognised
from servanda.scrapers.isolation.worker_protocol import (
    ARTICLE,
    BROKEN,
    DOCUMENT,
    LONGEST_ANSWER,
    OUT_OF_MEMORY,
    READY,
    REFUSED,
    SCAN,
    BadAnswer,
    WorkerRequest,
    article_from_json,
    pack_json,
    receive,
    send,
    strings_from_json,
)
from servanda.scrapers.route_reading import Article

START_SECONDS = 60.0
"""A new process loads its libraries in about a second, or never."""

HANDED_ON = ("LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONTZPATH", "TMPDIR")
"""What the process may need of the environment; passwords and proxies are not among it."""


_FAMILIES = {family.family: family for family in (Unreachable, Blocked, Unrecognised)}


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """What one document may take. ``documents``: after so many a new process goes on, as a precaution."""

    memory_bytes: int = 1_500_000_000
    seconds: float = 30.0
    documents: int = 2_000


class ReaderError(RuntimeError):
    """The reader raised what it should not, or does not start: our own fault, told with its traceback."""


class ArticleReader:
    """Reads documents as ``scrapers.documents.extract.read_article`` does, in another process.

    The process is started when first needed. ``environment`` is what it may be given some of; ``module`` is
    the one whose ``read_document`` it calls. Threads take turns. ``close`` it in the end; without that the
    process ends soon after this one.
    """

    def __init__(
        self,
        *,
        monotonic: Callable[[], float],
        environment: Mapping[str, str],
        limits: ReaderLimits = ReaderLimits(),
        module: str = "servanda.scrapers.documents.extract",
    ) -> None:
        self._monotonic = monotonic
        self._environment = {name: environment[name] for name in HANDED_ON if name in environment}
        self._limits = limits
        self._module = module
        self._lock = threading.Lock()
        self._process: _Process | None = None

    def read(
        self,
        exchange: Exchange,
        *,
        route: Route,
        source: Source,
        item_title: str,
        scan: Prefilter | None,
        beside: BesidePage = NOTHING_BESIDE,
        max_chars: int = MAX_CHARS,
    ) -> Article:
        """The document in a response; without a ``scan`` its text is always drawn.

        ``beside``: what of its text stands elsewhere.

        Raises Unrecognised as ``read_article`` does, and ``poison_crash``, ``poison_hang`` or
        ``poison_memory`` where the document broke the process; ReaderBroke for what is our own fault.
        """
        sent = dataclasses.replace(exchange, wire=b"", request_headers=())
        terms = dataclasses.replace(ExtractOptions.of(source, route), beside=beside)
        request = WorkerRequest(sent, terms, item_title, scan is not None, max_chars)
        with self._lock:
            while True:
                process = self._running()
                first = process.documents == 0
                try:
                    return process.read(request, scan)
                except _Poisoned as poisoned:
                    self._end()
                    # What an old process dies of may be its age, or another's doing. A hang costs too much
                    # to be tried twice.
                    if first or poisoned.kind == "poison_hang":
                        reason = f"{exchange.final_url} broke its reader: {poisoned.reason}"
                        raise Unrecognised(poisoned.kind, reason) from poisoned
                except BaseException as error:
                    if not isinstance(error, ScrapeError | ReaderError):
                        self._end()  # whoever interrupts us leaves half a conversation
                    raise

    def close(self) -> None:
        """End the process; the next document would start another."""
        with self._lock:
            self._end()

    def _running(self) -> _Process:
        process = self._process
        if process is not None and process.owner != os.getpid():
            process, self._process = None, None  # we are a fork: it belongs to our parent
        if process is not None and (process.is_gone or process.documents >= self._limits.documents):
            self._end()
        if self._process is None:
            self._process = _Process(self._module, self._environment, self._limits, self._monotonic)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


class _Poisoned(Exception):
    """A document broke the process: how, and a sentence that says so."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason


class _Process:
    """One process, from its start to its end."""

    def __init__(
        self,
        module: str,
        environment: Mapping[str, str],
        limits: ReaderLimits,
        monotonic: Callable[[], float],
    ) -> None:
        self.owner = os.getpid()
        self.documents = 0
        self._limits = limits
        self._monotonic = monotonic
        self._scan: Prefilter | None = None
        self._until = 0.0
        self._socket, theirs = socket.socketpair()
        with theirs, tempfile.TemporaryFile() as complaints:
            try:
                self._started = _start(theirs.fileno(), module, environment, limits, complaints)
            except BaseException:
                self._socket.close()
                raise
            theirs.close()
            self._await_ready(complaints)

    @property
    def is_gone(self) -> bool:
        return self._started.poll() is not None

    def read(self, request: WorkerRequest, scan: Prefilter | None) -> Article:
        self._allow(self._limits.seconds)
        self.documents += 1
        try:
            if scan is not None and scan is not self._scan:
                self._send(SCAN, pack_json(scan))
                self._scan = scan
            self._send(DOCUMENT, pack_json(request))
            tag, content = receive(self._socket, LONGEST_ANSWER, before_each=self._wait)
            return _understood(tag, content)
        except TimeoutError:
            seconds = f"{self._limits.seconds:g}"
            raise _Poisoned(kind="poison_hang", reason=f"it was not read within {seconds} seconds") from None
        except (EOFError, ConnectionError):
            raise self._what_ended_it() from None
        except BadAnswer as error:
            raise _Poisoned(kind="poison_crash", reason=f"it answered {error}") from error

    def end(self) -> None:
        self._socket.close()
        self._started.kill()
        self._started.wait()

    def _await_ready(self, complaints: IO[bytes]) -> None:
        self._allow(START_SECONDS)
        try:
            tag, _ = receive(self._socket, LONGEST_ANSWER, before_each=self._wait)
            if tag != READY:
                raise BadAnswer(f"a message tagged {tag!r}")
        except (OSError, EOFError, BadAnswer) as error:
            self.end()
            complaints.seek(0)
            said = complaints.read(20_000).decode("utf-8", "replace")
            raise ReaderError(
                f"the process that reads documents does not start: {error!r}\n{said}"
            ) from error
        except BaseException:
            self.end()
            raise

    def _allow(self, seconds: float) -> None:
        self._until = self._monotonic() + seconds

    def _send(self, tag: bytes, content: bytes) -> None:
        self._wait()
        send(self._socket, tag, content)

    def _wait(self) -> None:
        """Let the next operation on the socket take what is left of the time."""
        left = self._until - self._monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)

    def _what_ended_it(self) -> _Poisoned:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._started.wait(1.0)  # it has closed its end: it is ending
        code = self._started.poll()
        if code == OUT_OF_MEMORY:
            most = f"{self._limits.memory_bytes} bytes"
            return _Poisoned(kind="poison_memory", reason=f"it took more than {most} of memory")
        if code is None or code >= 0:
            return _Poisoned(kind="poison_crash", reason=f"the process ended with code {code}")
        reason = f"the process was ended by {_signal_name(-code)}"
        if code == -signal.SIGALRM:
            return _Poisoned(kind="poison_hang", reason=reason)
        if code == -signal.SIGKILL:  # as the system ends who takes most memory
            return _Poisoned(kind="poison_memory", reason=reason)
        return _Poisoned(kind="poison_crash", reason=reason)


def _start(
    descriptor: int, module: str, environment: Mapping[str, str], limits: ReaderLimits, complaints: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start the process with a socket. It finds modules where we do, and gets no Ctrl-C from the terminal."""
    arguments = (str(descriptor), str(limits.memory_bytes), str(limits.seconds), module)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "servanda.scrapers.isolation.worker", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=complaints,
        env={**environment, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"},
        pass_fds=(descriptor,),
        start_new_session=True,
    )


def _understood(tag: bytes, content: bytes) -> Article:
    if tag == ARTICLE:
        return article_from_json(content)
    if tag == REFUSED:
        family, kind, reason = strings_from_json(content, 3)
        if family not in _FAMILIES:
            raise BadAnswer(f"a failure of family {family[:60]!r}")
        raise _FAMILIES[family](kind, reason)
    if tag == BROKEN:
        raise ReaderError(*strings_from_json(content, 1))
    raise BadAnswer(f"a message tagged {tag!r}")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
