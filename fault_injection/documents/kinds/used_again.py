"""Known addresses are used again, for another release."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from fault_injection.documents.kinds.in_time import is_after, moved, own_words
from fault_injection.documents.releases import STOCKS, Release
from fault_injection.documents.served import Kind, Row, Served, Sight, own_row
from fault_injection.publishers.truth import DAY

_USED_BEFORE = 25 * DAY


def _old_title(sight: Sight) -> str:
    return STOCKS[sight.language].title(Random(f"{sight.release.slug}:old"))


def _used_row(sight: Sight) -> Row | None:
    before = sight.release.at - _USED_BEFORE
    if sight.now >= sight.release.at:
        return own_row(sight)
    return Row(_old_title(sight), before) if sight.now >= before else None


def _used_row_same_title(sight: Sight) -> Row | None:
    row = _used_row(sight)
    return row and replace(row, title=sight.release.title)


def _used_row_same_time(sight: Sight) -> Row | None:
    """It keeps the time of before; only its title is new. That time lies in the window too."""
    row = _used_row(sight)
    return row and replace(row, at=sight.release.at - _USED_BEFORE)


def _old_page(sight: Sight, title: str | None = None) -> Served:
    return sight.page(
        title=title or _old_title(sight),
        paragraphs=own_words(sight, 160, "old"),
        at=sight.release.at - _USED_BEFORE,
    )


def _used_again(
    days: float, *, same_title: bool = False, tag: str | None = None
) -> Callable[[Sight], Served]:
    """The page of before, until so many days after the listing names the announcement."""

    def answer(sight: Sight) -> Served:
        if is_after(sight, days):
            return replace(sight.clean, tag=tag)
        return replace(_old_page(sight, sight.release.title if same_title else None), tag=tag)

    return answer


def _late_enough(release: Release, rng: Random) -> Release:
    """After the time before, which is to lie in the window."""
    return moved(release, rng, 40, 85)


USED_AGAIN = (
    Kind(
        "address_used_again",
        "A known address gets a new title, a new time and a new text.",
        _used_again(0),
        row=_used_row,
        reshape=_late_enough,
    ),
    Kind(
        "address_used_again_late",
        "A known address gets a new title and time, and its text days later.",
        _used_again(11),
        row=_used_row,
        reshape=_late_enough,
    ),
    Kind(
        "address_used_again_never",
        "A known address gets a new title and time, and keeps its old text.",
        _used_again(10_000),
        row=_used_row,
        reshape=_late_enough,
    ),
    Kind(
        "address_same_title",
        "A known address gets a new time and text under the same title.",
        _used_again(0, same_title=True),
        row=_used_row_same_title,
        reshape=_late_enough,
    ),
    Kind(
        "address_same_time",
        "A known address gets a new title and text under its old time.",
        _used_again(0),
        row=_used_row_same_time,
        reshape=_late_enough,
    ),
    Kind(
        "address_used_again_unmodified",
        "A known address is used again, and its host says for ever that nothing changed.",
        _used_again(0, tag="always"),
        row=_used_row,
        reshape=_late_enough,
    ),
)
