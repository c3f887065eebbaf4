"""Mails that are ready to be sent, kept in one file, and their sender."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

SENDER = "servanda@monitor.example.org"


def keep_mails(place: Path, found: Iterator[tuple[str, bytes]]) -> None:
    with place.open("wb") as file:
        for recipient, content in found:
            file.write(f"{recipient} {len(content)}\n".encode() + content)


def mails(place: Path) -> Iterator[tuple[str, bytes]]:
    """The recipients and bytes that ``keep_mails`` left, one after the other."""
    with place.open("rb") as file:
        while line := file.readline():
            recipient, length = line.decode().split()
            yield recipient, file.read(int(length))
