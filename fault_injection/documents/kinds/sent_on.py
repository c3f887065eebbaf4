"""The page sends browsers on, or the feed holds what the page lacks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from html import escape

from fault_injection.documents.kinds.statements import (
    file_address,
    introduction,
    statement_page,
)
from fault_injection.documents.pages import HTML, paragraphs_html
from fault_injection.documents.served import Kind, Row, Served, Sight, own_row


def _sends_on(sight: Sight) -> Served:
    return sight.bare(
        "…", "<p></p>", f'<meta http-equiv="refresh" content="0; url={file_address(sight, ".html")}">'
    )


def _sends_on_by_script(sight: Sight) -> Served:
    return sight.bare(
        sight.release.title, f"<script>location.replace({json.dumps(file_address(sight, '.html'))})</script>"
    )


def _frameset(sight: Sight) -> Served:
    page = (
        f"<html><head><title>{escape(sight.release.title)}</title></head><frameset cols='20%,80%'><frame "
        f"src='/menu.html'>"
        f"<frame src='{file_address(sight, '.html')}'></frameset></html>"
    )
    return Served(page.encode(), HTML)


def _redirected(where: Callable[[Sight], str]) -> Callable[[Sight], Served]:
    def answer(sight: Sight) -> Served:
        return Served(b"", HTML, 302, (("Location", where(sight)),))

    return answer


def _to_another_release(sight: Sight) -> str:
    return sight.of(sight.siblings[0]).path


def _stub(sight: Sight) -> Served:
    return sight.page(paragraphs=[introduction(sight)])


def _row_with_content(sight: Sight) -> Row | None:
    row = own_row(sight)
    return row and replace(row, content=paragraphs_html(sight.release.whole))


SENT_ON = (
    Kind("sent_on", "The page sends browsers on.", _sends_on, statement_page),
    Kind("sent_on_by_script", "A script sends browsers on.", _sends_on_by_script, statement_page),
    Kind("frameset", "The page is a set of frames.", _frameset, statement_page),
    Kind(
        "redirected_home",
        "The address leads to the home page.",
        _redirected(lambda _: "/"),
        lambda _: {"/": Served(b"<html><title>Home</title><body><h1>Home</h1></body></html>", HTML)},
    ),
    Kind(
        "redirected_to_another",
        "The address leads to the newest other release.",
        _redirected(_to_another_release),
    ),
    Kind(
        "feed_holds_text",
        "The feed holds the text, the page is a stub.",
        _stub,
        row=_row_with_content,
        by_feed=True,
    ),
    Kind(
        "feed_holds_text_page_barred",
        "The feed holds the text, the page wants a subscription.",
        lambda sight: sight.page(
            paragraphs=[
                sight.text(
                    "This text is for subscribers. Subscribe to go on reading, or sign in where you have an "
                    "account.",
                    "Este texto es para suscriptores. Suscríbase para seguir leyendo, o entre si ya tiene "
                    "una cuenta.",
                )
            ]
        ),
        row=_row_with_content,
        by_feed=True,
    ),
)
