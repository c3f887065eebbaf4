"""The parts of a letter as lines of plain text, for a terminal."""

from __future__ import annotations

import textwrap

from servanda.alerts.letters.letter import Block, Commands, Entries, Entry, Facts, Link, Paragraph, Quotation
from servanda.alerts.text.translation import Words

WIDTH = 76
QUOTE = "> "
BULLET = "- "
COMMAND = "    "


def block_text(block: Block, words: Words) -> str:
    """A block as lines of at most WIDTH characters; addresses and commands stay on one line."""
    return "\n".join(_lines(block, words))


def language_note(quotation: Quotation, words: Words) -> str:
    """In which language a passage stands, where that is not the reader's; empty where it is."""
    if quotation.language.partition("-")[0].lower() in (words.language, "und"):
        return ""
    return words.say("(in {language})", language=words.language_name(quotation.language))


def more_note(entries: Entries, words: Words) -> str:
    """How many entries of a list are not shown; empty where all are."""
    if not entries.more:
        return ""
    return words.count(
        "and {n} more, which the command line shows",
        "and {n} more, which the command line shows",
        entries.more,
    )


def _lines(block: Block, words: Words) -> list[str]:
    match block:
        case Paragraph(text):
            return wrapped(text)
        case Quotation():
            return _quotation(block, "  ", words)
        case Facts(rows):
            width = max(len(label) for label, _ in rows) + 2
            return [line for label, value in rows for line in _fact(label, value, width)]
        case Link():
            return [block.address]
        case Commands(lines):
            return [COMMAND + line for line in lines]
        case Entries(entries):
            more = more_note(block, words)
            shown = [line for entry in entries for line in _entry(entry, words)]
            return shown + wrapped(more, BULLET, " " * len(BULLET)) if more else shown


def wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """``text`` in lines, the first behind ``first``, the others behind ``rest``."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False
    ) or [first.rstrip()]


def _fact(label: str, value: str, width: int) -> list[str]:
    """A label and its value side by side; below it, where that would break a word such as a digest."""
    if max(map(len, value.split()), default=0) > WIDTH - width:
        return [f"{label}:", *wrapped(value, COMMAND, COMMAND)]
    return wrapped(value, f"{label + ':':<{width}}", " " * width)


def _quotation(quotation: Quotation, indent: str, words: Words) -> list[str]:
    note = language_note(quotation, words)
    return wrapped(quotation.text, indent + QUOTE, indent + QUOTE) + ([f"{indent}{note}"] if note else [])


def _entry(entry: Entry, words: Words) -> list[str]:
    indent = " " * len(BULLET)
    lines = wrapped(entry.text, BULLET, indent)
    for line in entry.lines:
        lines += wrapped(line, indent, indent + "  ")
    if entry.quotation is not None:
        lines += _quotation(entry.quotation, indent, words)
    if entry.link is not None:
        lines.append(indent + entry.link.address)
    return lines
