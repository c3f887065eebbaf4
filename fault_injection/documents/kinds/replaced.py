"""A document is there, and then not; or not yet, and then there."""

from __future__ import annotations

from collections.abc import Callable

from fault_injection.documents.kinds.in_time import early, is_after
from fault_injection.documents.pages import HTML
from fault_injection.documents.served import Kind, Served, Sight


def _replaced(by: Callable[[Sight], Served], days: float = 12) -> Callable[[Sight], Served]:
    return lambda sight: by(sight) if is_after(sight, days) else sight.clean


def _only_later(first: Callable[[Sight], Served], days: float = 12) -> Callable[[Sight], Served]:
    return lambda sight: sight.clean if is_after(sight, days) else first(sight)


def _error_page(sight: Sight) -> Served:
    main = sight.text(
        "<h1>We are sorry</h1><p>What you asked for cannot be shown at this time. Please try again in a few "
        "minutes, or "
        "go back to the page that you came from.</p>",
        "<h1>Lo sentimos</h1><p>Lo que usted solicitó no puede mostrarse en este momento. Intente de nuevo "
        "en unos "
        "minutos o regrese a la página de la que venía.</p>",
    )
    return sight.bare("Error", main)


def _emptied(sight: Sight) -> Served:
    return sight.page(body="<p></p>")


def _withdrawn_text(sight: Sight) -> Served:
    return sight.page(
        paragraphs=[
            sight.text(
                "This release was withdrawn by the office.",
                "Este comunicado fue retirado por la dependencia.",
            )
        ]
    )


def _status(status: int) -> Callable[[Sight], Served]:
    return lambda _: Served(
        b"<html><head><title>Error</title></head><body><h1>Error</h1></body></html>", HTML, status
    )


def _alternating(sight: Sight) -> Served:
    """Good on one day, an error on the next."""
    return sight.clean if sight.now.toordinal() % 2 else _error_page(sight)


def _of_another(sight: Sight) -> Served:
    return sight.of(sight.siblings[0]).clean


REPLACED = (
    Kind(
        "good_then_error",
        "The good page is followed by an error page.",
        _replaced(_error_page),
        reshape=early,
    ),
    Kind(
        "good_then_empty",
        "The good page is followed by an empty article.",
        _replaced(_emptied),
        reshape=early,
    ),
    Kind(
        "good_then_withdrawn",
        "The good page is followed by the word that it was withdrawn.",
        _replaced(_withdrawn_text),
        reshape=early,
    ),
    Kind(
        "good_then_another",
        "The good page is followed by another release.",
        _replaced(_of_another),
        reshape=early,
    ),
    Kind(
        "good_then_gone", "The good page is followed by status 404.", _replaced(_status(404)), reshape=early
    ),
    Kind(
        "error_at_first",
        "An error page comes for days, and then the good one.",
        _only_later(_error_page),
        reshape=early,
    ),
    Kind(
        "not_there_at_first",
        "Status 404 comes for days, and then the good page.",
        _only_later(_status(404)),
        reshape=early,
    ),
    Kind("never_there", "It is listed, and its address answers 404 for ever.", _status(404)),
    Kind("host_error", "Its address answers 500 for ever.", _status(500)),
    Kind("alternating", "Good page and error take turns.", _alternating),
)
