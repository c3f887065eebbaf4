"""Documents are completed and edited, the last of them the day before the window's end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fault_injection.documents.kinds.in_time import early, is_after, own_words
from fault_injection.documents.served import Kind, Row, Served, Sight, own_row
from fault_injection.publishers.truth import HOUR

BEFORE_END = 20 * HOUR
"""How long before the window's end a last edit is made."""


def _is_edited(sight: Sight) -> bool:
    return sight.now >= sight.until_at - BEFORE_END


def _intro(sight: Sight) -> str:
    return sight.text(
        "The two governments met today in Washington. More is to follow in the course of the day.",
        "Los dos gobiernos se reunieron hoy en Washington. En el curso del día se dará más información.",
    )


def _related(sight: Sight) -> str:
    return sight.text(
        "The two delegations spoke about irregular migration and the southern border, and will meet again.",
        "Las dos delegaciones hablaron de la migración irregular y de la frontera sur, y se reunirán de "
        "nuevo.",
    )


Before = Callable[[Sight], tuple[str, ...]]


def _stub(sight: Sight) -> tuple[str, ...]:
    return (_intro(sight),)


def _preliminary(sight: Sight) -> tuple[str, ...]:
    """A hundred words, and nothing says that they are not all."""
    return own_words(sight, 100, "first")


def _short_of_subject(sight: Sight) -> tuple[str, ...]:
    return (*own_words(sight, 150, "first"), _related(sight))


def _completed(before: Before, days: float, *, tag: str | None = None) -> Callable[[Sight], Served]:
    """Something less, until so many days after it was published."""

    def answer(sight: Sight) -> Served:
        paragraphs = sight.release.whole if is_after(sight, days) else before(sight)
        return replace(sight.page(paragraphs=paragraphs), tag=tag)

    return answer


def _edited_last(before: Before, *, tag: str | None = None) -> Callable[[Sight], Served]:
    """Something else, until the day before the window's end; then the announcement stands under it."""

    def answer(sight: Sight) -> Served:
        added = (sight.announced.saying,) if _is_edited(sight) else ()
        return replace(sight.page(paragraphs=(*before(sight), *added)), tag=tag)

    return answer


def _long(sight: Sight) -> tuple[str, ...]:
    """Some 300 words on other things."""
    return own_words(sight, 300, "long")


def _retitled_row(sight: Sight) -> Row | None:
    row = own_row(sight)
    if row is None or not _is_edited(sight):
        return row
    return replace(row, title=sight.text(f"{row.title} (updated)", f"{row.title} (actualizado)"))


COMPLETED = (
    Kind(
        "stub_completed",
        "A sentence stands there for three weeks, and then all of it.",
        _completed(_stub, 21),
        reshape=early,
    ),
    Kind(
        "stub_completed_last",
        "A sentence stands there until the day before the window's end.",
        _edited_last(_stub),
        reshape=early,
    ),
    Kind(
        "preliminary_completed",
        "A hundred words stand there for three weeks, and then all of it.",
        _completed(_preliminary, 21),
        reshape=early,
    ),
    Kind(
        "related_edited_last",
        "A release on the subject is completed the day before the window's end.",
        _edited_last(_short_of_subject),
        reshape=early,
    ),
    Kind(
        "long_edited_last",
        "A long release on other things gets the announcement the day before the end.",
        _edited_last(_long),
        reshape=early,
    ),
    Kind(
        "retitled_and_edited_last",
        "A long release gets the announcement and a new title the day before the end.",
        _edited_last(_long),
        row=_retitled_row,
        reshape=early,
    ),
    Kind(
        "stub_unmodified",
        "A stub is completed, and its host says for ever that nothing changed.",
        _completed(_stub, 15, tag="always"),
        reshape=early,
    ),
    Kind(
        "related_unmodified",
        "A release on the subject is completed, and its host says that nothing changed.",
        _completed(_short_of_subject, 15, tag="always"),
        reshape=early,
    ),
)
