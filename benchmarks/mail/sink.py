"""A mail server that takes everything and keeps nothing: ``python -m benchmarks.mail.sink`` prints its port.

As fast as Python goes: one connection at a time, whole buffers, no parsing beyond the commands. With a number
of milliseconds it waits so long before each 250, as a server does that puts the mail on its disk first.
"""

from __future__ import annotations

import socket
import sys
import time

END = b"\r\n.\r\n"
ANSWERS = {b"EHLO": b"250-loopback\r\n250-PIPELINING\r\n250 SIZE 52428800\r\n", b"DATA": b"354 go on\r\n"}
OK = b"250 2.0.0 ok\r\n"
FAREWELL = b"221 bye\r\n"


def serve(listener: socket.socket, wait: float) -> None:
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(b"220 loopback ESMTP\r\n")
            _converse(connection, wait)


def _converse(connection: socket.socket, wait: float) -> None:
    """Until the client goes."""
    waiting, in_content = b"", False
    while piece := connection.recv(1 << 18):
        waiting += piece
        answers = []
        while True:
            if in_content:
                _, found, rest = waiting.partition(END)
                if not found:
                    break
                waiting, in_content = rest, False
                if wait:
                    time.sleep(wait)
                answers.append(OK)
                continue
            line, found, rest = waiting.partition(b"\r\n")
            if not found:
                break
            waiting, verb = rest, line[:4].upper()
            in_content = verb == b"DATA"
            answers.append(FAREWELL if verb == b"QUIT" else ANSWERS.get(verb, OK))
        if answers:
            connection.sendall(b"".join(answers))


def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        sys.stdout.close()
        serve(listener, float(sys.argv[1]) / 1000)


if __name__ == "__main__":
    main()
