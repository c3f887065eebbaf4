"""A total time for a step: what is left of it, and reads that end with it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from time import monotonic

import pytest
from support.http_publisher import FakeClock

from servanda.network.deadline import Deadline, DeadlineStream

Pair = tuple[socket.socket, socket.socket]

LEFT = [
    ("at its start a read may take as long as reads may", 0, 20, 20),
    ("a read's own bound holds while more is left", 40, 20, 20),
    ("past that, what is left of the step", 41, 20, 19),
    ("the last half second", 59.5, 20, 0.5),
    ("at its end nothing is left", 60, 20, None),
    ("nor after it", 61, 20, None),
    ("without a bound of its own a read may take the whole step", 0, None, 60),
    ("and then the rest of it", 59, None, 1),
]


@pytest.mark.parametrize("why, passed, read_seconds, left", LEFT, ids=[case[0] for case in LEFT])
def test_what_is_left_of_a_step(
    why: str, passed: float, read_seconds: float | None, left: float | None
) -> None:
    clock = FakeClock()
    bound = {} if read_seconds is None else {"read_seconds": read_seconds}
    deadline = Deadline(clock.monotonic, **bound).allow(60)
    clock.sleep(passed)
    assert deadline.is_over is (left is None), why
    if left is None:
        with pytest.raises(TimeoutError, match="the total time is over"):
            deadline.left()
    else:
        assert deadline.left() == left, why


def test_the_next_step_has_its_own_time() -> None:
    clock = FakeClock()
    deadline = Deadline(clock.monotonic)
    assert deadline.is_over, "before any step begins there is no time"
    deadline.allow(10)
    clock.sleep(10)
    assert deadline.is_over
    assert deadline.allow(3).left() == 3


def test_without_a_clock_each_read_may_last_as_long_as_the_step() -> None:
    deadline = Deadline(None).allow(5)
    assert [deadline.left(), deadline.left(), deadline.is_over] == [5, 5, False]


@pytest.fixture
def pair() -> Iterator[Pair]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_stream_gives_what_came_and_then_the_end(pair: Pair) -> None:
    ours, theirs = pair
    theirs.sendall(b"HTTP/1.1 200 OK")
    theirs.close()
    stream = DeadlineStream(ours, Deadline(monotonic).allow(10))
    assert stream.readable()
    assert (stream.read(8), stream.read(), stream.read(8)) == (b"HTTP/1.1", b" 200 OK", b"")
    stream.close()
    assert stream.closed


def test_silence_ends_with_the_step(pair: Pair) -> None:
    stream = DeadlineStream(pair[0], Deadline(monotonic).allow(0.1))
    begun = monotonic()
    with pytest.raises(TimeoutError):
        stream.read(1)
    assert 0.05 < monotonic() - begun < 3


def test_a_step_that_is_over_reads_nothing_although_it_is_there(pair: Pair) -> None:
    ours, theirs = pair
    theirs.sendall(b"too late")
    clock = FakeClock()
    stream = DeadlineStream(ours, Deadline(clock.monotonic).allow(1))
    clock.sleep(1)
    with pytest.raises(TimeoutError, match="the total time is over"):
        stream.read(8)


def test_a_drip_of_bytes_ends_with_the_step(pair: Pair) -> None:
    """Each read succeeds well within the bound of a read; together they may take as long as the step."""
    ours, theirs = pair
    over = threading.Event()

    def drip() -> None:
        while not over.wait(0.01):
            theirs.sendall(b"x")

    dripping = threading.Thread(target=drip, daemon=True)
    dripping.start()
    stream = DeadlineStream(ours, Deadline(monotonic, read_seconds=5).allow(0.2))
    pieces: list[bytes | None] = []
    begun = monotonic()
    with pytest.raises(TimeoutError):
        pieces.extend(iter(lambda: stream.read(1), b""))
    over.set()
    dripping.join()
    assert len(pieces) > 1, "it was read while it came"
    assert 0.15 < monotonic() - begun < 3
