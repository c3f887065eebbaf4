"""The document changes with time: addresses are used again, texts completed, edited, replaced, kept from us."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from fault_injection.documents.pages import HTML
from fault_injection.documents.releases import STOCKS, ZONES, Release
from fault_injection.documents.served import Kind, Row, Served, Sight, own_row
from fault_injection.publishers.truth import DAY, HOUR, day_start

BEFORE_END = 20 * HOUR
"""How long before the window's end a last edit is made."""


def _is_after(sight: Sight, days: float) -> bool:
    """Whether it was published so many days ago."""
    return sight.now >= sight.release.at + days * DAY


def _is_edited(sight: Sight) -> bool:
    return sight.now >= sight.until_at - BEFORE_END


def _own_stock(sight: Sight, words: int, salt: str) -> tuple[str, ...]:
    return STOCKS[sight.language].paragraphs(Random(f"{sight.release.slug}:{salt}"), words)


def _intro(sight: Sight) -> str:
    return sight.text(
        "The two governments met today in Washington. More is to follow in the course of the day.",
        "Los dos gobiernos se reunieron hoy en Washington. En el curso del día se dará más información.",
    )


def _related(sight: Sight) -> str:
    return sight.text(
        "The two delegations spoke about irregular migration and the southern border, and will meet again.",
        "Las dos delegaciones hablaron de la migración irregular y de la frontera sur, y se reunirán de nuevo.",
    )


# --- addresses that are used again ----------------------------------------------------------------------

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
        paragraphs=_own_stock(sight, 160, "old"),
        at=sight.release.at - _USED_BEFORE,
    )


def _used_again(days: float, *, same_title: bool = False, tag: str | None = None) -> Callable[[Sight], Served]:
    """The page of before, until so many days after the listing names the announcement."""

    def answer(sight: Sight) -> Served:
        if _is_after(sight, days):
            return replace(sight.clean, tag=tag)
        return replace(_old_page(sight, sight.release.title if same_title else None), tag=tag)

    return answer


def _late_enough(release: Release, rng: Random) -> Release:
    """After the time before, which is to lie in the window."""
    return _moved(release, rng, 40, 85)


# --- completed, edited ----------------------------------------------------------------------------------


def _moved(release: Release, rng: Random, first: float, last: float) -> Release:
    zone = ZONES["en"]
    at = day_start(0, zone) + rng.uniform(first, last) * DAY
    return replace(release, at=at.replace(second=0, microsecond=0))


def _early(release: Release, rng: Random) -> Release:
    return _moved(release, rng, 5, 60)


def _with_long_text(release: Release, rng: Random) -> Release:
    language = "es" if "ó" in release.title or "é" in release.title or " y " in release.title else "en"
    return replace(_early(release, rng), paragraphs=STOCKS[language].paragraphs(rng, 320))


Before = Callable[[Sight], tuple[str, ...]]


def _stub(sight: Sight) -> tuple[str, ...]:
    return (_intro(sight),)


def _preliminary(sight: Sight) -> tuple[str, ...]:
    """A hundred words, and nothing says that they are not all."""
    return _own_stock(sight, 100, "first")


def _short_of_subject(sight: Sight) -> tuple[str, ...]:
    return (*_own_stock(sight, 150, "first"), _related(sight))


def _completed(before: Before, days: float, *, tag: str | None = None) -> Callable[[Sight], Served]:
    """Something less, until so many days after it was published."""

    def answer(sight: Sight) -> Served:
        paragraphs = sight.release.whole if _is_after(sight, days) else before(sight)
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
    return _own_stock(sight, 300, "long")


def _retitled_row(sight: Sight) -> Row | None:
    row = own_row(sight)
    if row is None or not _is_edited(sight):
        return row
    return replace(row, title=sight.text(f"{row.title} (updated)", f"{row.title} (actualizado)"))


# --- there, and then not ----------------------------------------------------------------------------------


def _replaced(by: Callable[[Sight], Served], days: float = 12) -> Callable[[Sight], Served]:
    return lambda sight: by(sight) if _is_after(sight, days) else sight.clean


def _only_later(first: Callable[[Sight], Served], days: float = 12) -> Callable[[Sight], Served]:
    return lambda sight: sight.clean if _is_after(sight, days) else first(sight)


def _error_page(sight: Sight) -> Served:
    main = sight.text(
        "<h1>We are sorry</h1><p>What you asked for cannot be shown at this time. Please try again in a few minutes, or "
        "go back to the page that you came from.</p>",
        "<h1>Lo sentimos</h1><p>Lo que usted solicitó no puede mostrarse en este momento. Intente de nuevo en unos "
        "minutos o regrese a la página de la que venía.</p>",
    )
    return sight.bare("Error", main)


def _emptied(sight: Sight) -> Served:
    return sight.page(body="<p></p>")


def _withdrawn_text(sight: Sight) -> Served:
    return sight.page(paragraphs=[sight.text("This release was withdrawn by the office.", "Este comunicado fue retirado por la dependencia.")])


def _status(status: int) -> Callable[[Sight], Served]:
    return lambda _: Served(b"<html><head><title>Error</title></head><body><h1>Error</h1></body></html>", HTML, status)


def _alternating(sight: Sight) -> Served:
    """Good on one day, an error on the next."""
    return sight.clean if sight.now.toordinal() % 2 else _error_page(sight)


def _of_another(sight: Sight) -> Served:
    return sight.of(sight.siblings[0]).clean


HISTORIES = (
    Kind("address_used_again", "A known address gets a new title, a new time and a new text.", _used_again(0), row=_used_row, reshape=_late_enough),
    Kind("address_used_again_late", "A known address gets a new title and time, and its text days later.", _used_again(11), row=_used_row, reshape=_late_enough),
    Kind("address_used_again_never", "A known address gets a new title and time, and keeps its old text.", _used_again(10_000), row=_used_row, reshape=_late_enough),
    Kind("address_same_title", "A known address gets a new time and text under the same title.", _used_again(0, same_title=True), row=_used_row_same_title, reshape=_late_enough),
    Kind("address_same_time", "A known address gets a new title and text under its old time.", _used_again(0), row=_used_row_same_time, reshape=_late_enough),
    Kind("address_used_again_unmodified", "A known address is used again, and its host says for ever that nothing changed.", _used_again(0, tag="always"), row=_used_row, reshape=_late_enough),
    Kind("stub_completed", "A sentence stands there for three weeks, and then all of it.", _completed(_stub, 21), reshape=_early),
    Kind("stub_completed_last", "A sentence stands there until the day before the window's end.", _edited_last(_stub), reshape=_early),
    Kind("preliminary_completed", "A hundred words stand there for three weeks, and then all of it.", _completed(_preliminary, 21), reshape=_early),
    Kind("related_edited_last", "A release on the subject is completed the day before the window's end.", _edited_last(_short_of_subject), reshape=_early),
    Kind("long_edited_last", "A long release on other things gets the announcement the day before the end.", _edited_last(_long), reshape=_early),
    Kind("retitled_and_edited_last", "A long release gets the announcement and a new title the day before the end.", _edited_last(_long), row=_retitled_row, reshape=_early),
    Kind("stub_unmodified", "A stub is completed, and its host says for ever that nothing changed.", _completed(_stub, 15, tag="always"), reshape=_early),
    Kind("related_unmodified", "A release on the subject is completed, and its host says that nothing changed.", _completed(_short_of_subject, 15, tag="always"), reshape=_early),
    Kind("good_then_error", "The good page is followed by an error page.", _replaced(_error_page), reshape=_early),
    Kind("good_then_empty", "The good page is followed by an empty article.", _replaced(_emptied), reshape=_early),
    Kind("good_then_withdrawn", "The good page is followed by the word that it was withdrawn.", _replaced(_withdrawn_text), reshape=_early),
    Kind("good_then_another", "The good page is followed by another release.", _replaced(_of_another), reshape=_early),
    Kind("good_then_gone", "The good page is followed by status 404.", _replaced(_status(404)), reshape=_early),
    Kind("error_at_first", "An error page comes for days, and then the good one.", _only_later(_error_page), reshape=_early),
    Kind("not_there_at_first", "Status 404 comes for days, and then the good page.", _only_later(_status(404)), reshape=_early),
    Kind("never_there", "It is listed, and its address answers 404 for ever.", _status(404)),
    Kind("host_error", "Its address answers 500 for ever.", _status(500)),
    Kind("alternating", "Good page and error take turns.", _alternating),
)

