"""Pages that shift while they are read: what several sweeps over one listing show together. Pure.

An insertion moves an item from page k to page k + 1, where it is met twice. A deletion moves one from page
k + 1 to page k, and one that was asked for in that order is met on neither. So the pages are read again from
the end at which the last sweep stopped. If two sweeps agree, then there was an instant between them at which
the listing stood as the older one saw it, all of it: nothing fell between its pages. If they do not, another
sweep follows. What only a change and its exact reversal between the same requests hides stays hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

MOST_READS = 6
"""A listing that changes more often than that while it is read is tried again later."""


def reads_agree(older: Sequence[Sequence[str]], newer: Sequence[Sequence[str]], *, from_second: bool) -> bool:
    """Whether a later sweep shows that an older one missed nothing. Both are keys of items, page by page.

    ``newer`` holds the pages that it read anew: all but the last, or (``from_second``) all but the first. It
    agrees if they are just the same. So does a sweep ``from_second`` that is one unbroken run of the older
    one, moved down, with nothing new in it but at its top, and that reaches the older one's last page: then
    the listing has only grown. Upwards that proves nothing, since what moved down was left out of sight. Nor
    does anything agree in which an item is met twice: something moved.
    """
    whole, again = _joined(older), _joined(newer)
    if _repeats(whole) or _repeats(again):
        return False
    if is_same_read(older, newer, from_second=from_second):
        return True
    if not from_second:
        return False
    known = set(whole)
    new = next((n for n, key in enumerate(again) if key in known), len(again))
    run = again[new:]
    if not run:
        return False
    start = whole.index(run[0])
    end = start + len(run)
    return (
        start <= (0 if new else len(older[0])) and whole[start:end] == run and end > len(_joined(older[:-1]))
    )


def is_same_read(
    older: Sequence[Sequence[str]], newer: Sequence[Sequence[str]], *, from_second: bool
) -> bool:
    """Whether the pages that a later sweep read anew are just those of an older one.

    Where all of three sweeps are, an item that they meet twice stands twice in the listing.
    """
    return list(newer) == list(older[1:] if from_second else older[:-1])


def merge_reads(base: Iterable[str], sweeps: Iterable[Sequence[Sequence[str]]]) -> list[str]:
    """``base``, each once, and what other sweeps met besides, each after its upper neighbour there."""
    order = list(dict.fromkeys(base))
    known = set(order)
    for sweep in sweeps:
        above: str | None = None
        for key in _joined(sweep):
            if key not in known:
                order.insert(order.index(above) + 1 if above is not None else 0, key)
                known.add(key)
            above = key
    return order


def _joined(pages: Iterable[Sequence[str]]) -> list[str]:
    return [key for page in pages for key in page]


def _repeats(keys: Sequence[str]) -> bool:
    return len(set(keys)) < len(keys)
