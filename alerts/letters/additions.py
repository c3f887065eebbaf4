"""What is added to a letter because of its reader, not of what it tells."""

from __future__ import annotations

from dataclasses import replace

from servanda.alerts.letters.letter import Letter, Paragraph, Section


def prepend_paragraph(letter: Letter, text: str) -> Letter:
    """The letter with one paragraph before all others."""
    first = letter.sections[0] if letter.sections and letter.sections[0].title is None else None
    blocks = (Paragraph(text), *(first.blocks if first else ()))
    rest = letter.sections[1:] if first else letter.sections
    return replace(letter, sections=(Section(None, blocks), *rest))


def append_section(letter: Letter, section: Section) -> Letter:
    """The letter with one section after all others."""
    return replace(letter, sections=(*letter.sections, section))
