"""Wait for something that happens elsewhere, by asking; never by sleeping and hoping."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import pytest

Found = TypeVar("Found")


def wait_for(find: Callable[[], Found | None], what: str, seconds: float = 60.0) -> Found:
    """Ask until there is an answer; the test fails when there is none in time."""
    end = time.monotonic() + seconds
    while True:
        if found := find():
            return found
        if time.monotonic() > end:
            pytest.fail(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.05)
