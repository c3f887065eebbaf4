"""A mail server on loopback that keeps a mail, lets time pass, and only then says 250.

It refuses whom it is told to refuse, and can be taken down and put up again at the same port.
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser

Answer = tuple[int, str]
OK: Answer = (250, "accepted")
READY: Answer = (220, "loopback ESMTP")


@dataclass(frozen=True, slots=True)
class Stored:
    """A mail as the server took it: from whom and to whom the commands said, and its bytes."""

    sender: str
    recipient: str
    content: bytes

    @property
    def message_id(self) -> str:
        return str(BytesHeaderParser().parsebytes(self.content)["Message-ID"])


def _accept(_recipient: str, _times: int) -> Answer:
    return OK


def _nothing(_stored: Stored) -> None:
    """Nobody is to be told."""


@dataclass
class MailServer:
    """What it does, and what it has seen.

    ``answer_to`` gives the answer to RCPT, from the address and how often it was asked before. After DATA the
    mail is stored, ``on_stored`` is called, ``wait`` seconds pass, and 250 follows. ``drop_after_data``: how
    many of the next mails are stored and the connection cut instead of an answer. With another ``greeting``
    than READY it says that, and no more.
    """

    wait: float = 0.02
    answer_to: Callable[[str, int], Answer] = _accept
    on_stored: Callable[[Stored], object] = _nothing
    drop_after_data: int = 0
    greeting: Answer = READY
    stored: list[Stored] = field(default_factory=list)
    connections: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    _server: _Server | None = None
    _port: int = 0
    _down: socket.socket | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._port}"

    def up(self) -> None:
        """Listen; at the same port as before, if it did before."""
        if self._down is not None:
            self._down.close()
            self._down = None
        self._server = _Server(("127.0.0.1", self._port), _Conversation)
        self._server.owner = self
        self._port = int(self._server.server_address[1])
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def down(self) -> None:
        """Refuse every connection, and keep the port."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
            self._down = socket.socket()
            self._down.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._down.bind(("127.0.0.1", self._port))  # bound and not listening: refused at once

    @contextmanager
    def running(self) -> Iterator[MailServer]:
        self.up()
        try:
            yield self
        finally:
            self.down()
            if self._down is not None:
                self._down.close()


class _Server(socketserver.ThreadingTCPServer):
    owner: MailServer
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


class _Conversation(socketserver.StreamRequestHandler):
    """One client, from greeting to farewell."""

    server: _Server
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.server.owner.connections += 1
        self._sender = self._recipient = ""
        with contextlib.suppress(OSError):
            self._say(*self.server.owner.greeting)
            if self.server.owner.greeting is READY:
                while (line := self.rfile.readline(4096)) and self._obey(_read(line)):
                    pass

    def _say(self, code: int, text: str) -> None:
        self.wfile.write(f"{code} {text}\r\n".encode())

    def _obey(self, line: str) -> bool:
        """Answer a command; False where the conversation is over."""
        verb = line[:4].upper()
        if verb == "RCPT":
            self._say(*self._rcpt(_address(line)))
        elif verb == "DATA":
            return self._data()
        elif verb == "QUIT":
            self._say(221, "bye")
            return False
        else:
            if verb == "MAIL":
                self._sender = _address(line)
            self._say(*OK)
        return True

    def _rcpt(self, recipient: str) -> Answer:
        owner = self.server.owner
        answer = owner.answer_to(recipient, owner.asked[recipient])
        owner.asked[recipient] += 1
        self._recipient = recipient if answer[0] == 250 else ""
        return answer

    def _data(self) -> bool:
        owner = self.server.owner
        if not self._recipient:
            self._say(503, "no recipient")
            return True
        self._say(354, "go on")
        content = self._content()
        if content is None:
            return False
        stored = Stored(self._sender, self._recipient, content)
        owner.stored.append(stored)
        owner.on_stored(stored)
        if owner.drop_after_data > 0:
            owner.drop_after_data -= 1
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        time.sleep(owner.wait)
        self._say(*OK)
        return True

    def _content(self) -> bytes | None:
        """Up to the lone dot; None where the client went before it."""
        lines: list[bytes] = []
        while line := self.rfile.readline():
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[1:] if line.startswith(b".") else line)
        return None


def _read(line: bytes) -> str:
    return line.decode("utf-8", "replace").strip()


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]
