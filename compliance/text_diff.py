"""What an edit changed in a text: its paragraphs, and whether a quoted passage still stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

LONGEST_SHOWN = 300
"""Characters shown of a changed paragraph, around the change."""

MOST_SHOWN = 10
"""Changed paragraphs shown; of more their number."""

ALIKE = 0.6
"""A stretch that holds this share of a passage's words, in order, is taken for what became of it."""

MOST_WORDS = 2_000
"""Words of a paragraph that are compared; comparing takes the square of the time."""

MOST_PARAGRAPHS = 400


@dataclass(frozen=True, slots=True)
class PassageChange:
    """A quoted passage before and after an edit. ``after`` None: nothing like it stands there any more."""

    before: str
    after: str | None

    @property
    def stands(self) -> bool:
        return self.after == self.before


def trace_passage(quote: str, text: str) -> PassageChange:
    """What became of a passage in a newer text: itself, the stretch most like it, or nothing."""
    wanted = quote.split()
    paragraphs = [p.split()[:MOST_WORDS] for p in text.split("\n\n")]
    if quote in text or any(" ".join(wanted) in " ".join(p) for p in paragraphs):
        return PassageChange(quote, quote)
    shared = Counter(wanted)
    likely = sorted(paragraphs, key=lambda p: -(shared & Counter(p)).total())[:5]
    share, stretch = max((_likest(wanted, p) for p in likely), default=(0.0, ""))
    return PassageChange(quote, stretch if share >= ALIKE else None)


def _likest(wanted: list[str], paragraph: list[str]) -> tuple[float, str]:
    """The share of a passage's words that a paragraph holds in order, and the stretch that holds them."""
    blocks = SequenceMatcher(None, wanted, paragraph, autojunk=False).get_matching_blocks()
    found = [block for block in blocks if block.size]
    if not found:
        return 0.0, ""
    share = sum(block.size for block in found) / len(wanted)
    first, last = found[0], found[-1]
    start = max(0, first.b - first.a)
    end = last.b + last.size + len(wanted) - last.a - last.size
    return share, " ".join(paragraph[start : min(end, start + 2 * len(wanted))])


def changed_paragraphs(before: str, after: str) -> tuple[str, ...]:
    """The paragraphs that differ, a line each: ``- what went``, ``+ what came``, both cut around the change.

    At most MOST_SHOWN lines, then one that counts the rest.
    """
    old, new = (_squeezed_all(text) for text in (before, after))
    lines: list[str] = []
    matcher = SequenceMatcher(None, old[:MOST_PARAGRAPHS], new[:MOST_PARAGRAPHS], autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            lines += _pairs(old[i:j], new[k:m])
    if old[MOST_PARAGRAPHS:] != new[MOST_PARAGRAPHS:]:
        lines.append(f"± something after the first {MOST_PARAGRAPHS} paragraphs")
    more = len(lines) - MOST_SHOWN
    return (*lines[:MOST_SHOWN], f"± and {more} more") if more > 0 else tuple(lines)


def _pairs(old: list[str], new: list[str]) -> list[str]:
    """Paragraphs that went beside those that came in their place, each cut around where they differ."""
    lines = []
    for n in range(max(len(old), len(new))):
        went = old[n] if n < len(old) else ""
        came = new[n] if n < len(new) else ""
        at = _first_difference(went, came)
        lines += [f"{sign} {_cut(text, at)}" for sign, text in (("-", went), ("+", came)) if text]
    return lines


def _first_difference(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _cut(text: str, around: int) -> str:
    """At most LONGEST_SHOWN characters of a paragraph, those around a place."""
    if len(text) <= LONGEST_SHOWN:
        return text
    start = max(0, min(around - LONGEST_SHOWN // 3, len(text) - LONGEST_SHOWN))
    end = start + LONGEST_SHOWN
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _squeezed_all(text: str) -> list[str]:
    return [squeezed for p in text.split("\n\n") if (squeezed := _squeezed(p))]


# --- word by word ---------------------------------------------------------------------------------------

ChangeKind = Literal["same", "removed", "added"]


@dataclass(frozen=True, slots=True)
class WordChange:
    """A run of words that stands in both texts, only in the older, or only in the newer one."""

    kind: ChangeKind
    text: str


MOST_COMPARED = 20_000
"""Words of each text that are compared word by word."""

_KEPT_AROUND = 12
"""Words shown before and after a change, of a longer run that both texts have."""


def word_changes(before: str, after: str) -> tuple[WordChange, ...]:
    """What an edit changed, word by word; long runs that stand in both texts are cut with an ellipsis."""
    old, new = before.split()[:MOST_COMPARED], after.split()[:MOST_COMPARED]
    found: list[WordChange] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=len(old) > MOST_WORDS).get_opcodes():
        if tag == "equal":
            is_last = j == len(old) and m == len(new)
            run = _shortened(old[i:j], first=i == 0 and k == 0, last=is_last)
            found.append(WordChange("same", run))
            continue
        if j > i:
            found.append(WordChange("removed", " ".join(old[i:j])))
        if m > k:
            found.append(WordChange("added", " ".join(new[k:m])))
    return tuple(found)


def _shortened(words: list[str], *, first: bool, last: bool) -> str:
    """A run in both texts: its ends where a change stands beside it."""
    head = [] if first else words[:_KEPT_AROUND]
    tail = [] if last else words[-_KEPT_AROUND:]
    if len(words) <= 2 * _KEPT_AROUND:
        return " ".join(words)
    return " ".join([*head, "…", *tail])
