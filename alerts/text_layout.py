"""The parts of a letter as lines of plain text, for a terminal."""

from __future__ import annotations

import textwrap

from alerts.letter import Block, Commands, Entries, Entry, Facts, Link, Paragraph, Quotation

WIDTH = 76
QUOTE = "> "
BULLET = "- "
COMMAND = "    "


def block_text(block: Block) -> str:
    """A block as lines of at most WIDTH characters; addresses and commands stay on one line."""
    return "\n".join(_lines(block))


def _lines(block: Block) -> list[str]:
    match block:
        case Paragraph(text):
            return wrapped(text)
        case Quotation():
            return _quotation(block, "  ")
        case Facts(rows):
            width = max(len(label) for label, _ in rows) + 2
            return [line for label, value in rows for line in _fact(label, value, width)]
        case Link():
            return [block.address]
        case Commands(lines):
            return [COMMAND + line for line in lines]
        case Entries(entries):
            return [line for entry in entries for line in _entry(entry)]


def wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """``text`` in lines, the first behind ``first``, the others behind ``rest``."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    ) or [first.rstrip()]


def _fact(label: str, value: str, width: int) -> list[str]:
    return wrapped(value, f"{label + ':':<{width}}", " " * width)


def _quotation(quotation: Quotation, indent: str) -> list[str]:
    return wrapped(quotation.text, indent + QUOTE, indent + QUOTE)


def _entry(entry: Entry) -> list[str]:
    indent = " " * len(BULLET)
    found = wrapped(entry.text, BULLET, indent)
    for line in entry.lines:
        found += wrapped(line, indent, indent + "  ")
    if entry.quotation is not None:
        found += _quotation(entry.quotation, indent)
    if entry.link is not None:
        found.append(indent + entry.link.address)
    return found
