"""The statement is beside the page's text, in a file, a frame, a picture, or made in the browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from random import Random

from fault_injection.documents.kinds.statements import (
    file_address,
    introduction,
    statement_page,
    statement_pdf,
)
from fault_injection.documents.pages import paragraphs_html
from fault_injection.documents.releases import STOCKS
from fault_injection.documents.served import Kind, Served, Sight


def _beside(form: str) -> Callable[[Sight], Served]:
    """A short introduction and something else; ``{page}``, ``{pdf}`` and ``{picture}`` are addresses."""

    def answer(sight: Sight) -> Served:
        filled = form.format(
            page=file_address(sight, ".html"),
            pdf=file_address(sight, ".pdf"),
            picture=file_address(sight, ".jpg"),
            here=sight.text("here", "aquí"),
            full=sight.text("Read the full statement", "Leer el comunicado completo"),
            annex=sight.text("Annex", "Anexo"),
            words=escape(json.dumps(sight.release.whole)),
        )
        return sight.page(body=f"<p>{introduction(sight)}</p>\n{filled}")

    return answer


def _words(sight: Sight, words: int) -> str:
    """So many words, about, that do not say it."""
    stock = STOCKS[sight.language]
    return paragraphs_html(stock.paragraphs(Random(f"{sight.release.slug}:long"), words))


def _beside_long(form: str, words: int = 200) -> Callable[[Sight], Served]:
    """An introduction of so many words, and something else."""

    def answer(sight: Sight) -> Served:
        filled = form.format(
            page=file_address(sight, ".html"),
            pdf=file_address(sight, ".pdf"),
            label=sight.text("Joint statement (PDF)", "Comunicado conjunto (PDF)"),
            plain=sight.text("Download", "Descargar"),
            full=sight.text("Read the full statement", "Leer el comunicado completo"),
        )
        return sight.page(body=f"<p>{introduction(sight)}</p>\n{_words(sight, words)}\n{filled}")

    return answer


def _by_script(sight: Sight) -> Served:
    said = json.dumps("".join(f"<p>{text}</p>" for text in sight.release.whole))
    return sight.page(
        body='<div id="body"></div>',
        head=f"<script>addEventListener('load',()=>{{body.innerHTML={said}}})</script>",
    )


def _by_script_beside_intro(sight: Sight) -> Served:
    """The first words are there for search engines; the rest comes with a script."""
    return sight.page(
        body=f'<p>{introduction(sight)}</p><div data-src="/api/notes/{sight.release.slug}"></div>',
        head='<script src="/app.js" defer></script>',
    )


def _base_href(sight: Sight) -> Served:
    """The file's address is relative to a base."""
    return sight.page(
        body=f'<p>{introduction(sight)}</p><p><a href="{sight.release.slug}.pdf">PDF</a></p>',
        head=f'<base href="{sight.root}/files/">\n',
    )


BESIDE = (
    Kind(
        "link",
        "The statement stands behind a link.",
        _beside('<p><a href="{page}">{here}</a></p>'),
        statement_page,
    ),
    Kind(
        "full_statement_link",
        "Beside a hundred words a link says that it leads to all of it.",
        _beside_long('<p><a href="{page}">{full}</a></p>', 80),
        statement_page,
    ),
    Kind(
        "full_statement_link_in_long",
        "Beside two hundred words a link says that it leads to all of it.",
        _beside_long('<p><a href="{page}">{full}</a></p>'),
        statement_page,
    ),
    Kind(
        "pdf_link",
        "The statement is a file that is linked.",
        _beside('<p><a href="{pdf}">PDF</a></p>'),
        statement_pdf,
    ),
    Kind(
        "attachment",
        "The statement is attached to a short introduction.",
        _beside('<ul class="attachments"><li><a href="{pdf}">{annex}</a></li></ul>'),
        statement_pdf,
    ),
    Kind(
        "titled_attachment_to_long",
        "Beside two hundred words a file is named as the statement.",
        _beside_long('<p><a href="{pdf}">{label}</a></p>'),
        statement_pdf,
    ),
    Kind(
        "attachment_to_long",
        "Beside two hundred words a file is to be downloaded.",
        _beside_long('<p><a href="{pdf}">{plain}</a></p>'),
        statement_pdf,
    ),
    Kind(
        "iframe",
        "The statement is framed.",
        _beside('<iframe src="{page}" width="700" height="900"></iframe>'),
        statement_page,
    ),
    Kind(
        "pdf_iframe",
        "The statement is a file that is framed.",
        _beside('<iframe src="{pdf}" width="700" height="900"></iframe>'),
        statement_pdf,
    ),
    Kind(
        "pdf_iframe_in_long",
        "A file is framed under two hundred words.",
        _beside_long('<iframe src="{pdf}" width="700" height="900"></iframe>'),
        statement_pdf,
    ),
    Kind(
        "pdf_object",
        "The statement is an embedded object.",
        _beside('<object data="{pdf}" type="application/pdf" width="700" height="900"></object>'),
        statement_pdf,
    ),
    Kind(
        "pdf_viewer",
        "A viewer frames the file by its own address.",
        _beside('<iframe src="/pdfjs/web/viewer.html?file={pdf}"></iframe>'),
        statement_pdf,
    ),
    Kind(
        "picture",
        "The statement is a picture.",
        _beside('<p><img src="{picture}" width="900" height="1200" alt=""></p>'),
    ),
    Kind(
        "two_pictures",
        "The statement is two pictures.",
        _beside(
            '<p><img src="{picture}" width="900" height="1200"><img src="{picture}?2" width="900" '
            'height="1200"></p>'
        ),
    ),
    Kind(
        "background_picture",
        "The statement is the background of an element.",
        _beside('<div style="background-image:url({picture});width:900px;height:1200px"></div>'),
    ),
    Kind(
        "embedded_svg",
        "The statement is a drawing.",
        _beside('<svg viewBox="0 0 900 1200"><path d="M10 10h80v12z"/></svg>'),
    ),
    Kind(
        "video",
        "The statement is a video.",
        _beside('<iframe src="https://www.youtube.com/embed/abc"></iframe>'),
    ),
    Kind("by_script", "A script writes the statement.", _by_script),
    Kind(
        "by_script_beside_intro",
        "A script fetches the statement under a first sentence.",
        _by_script_beside_intro,
    ),
    Kind(
        "in_data",
        "The statement is data that a component reads.",
        _beside('<press-note content="{words}"></press-note>'),
    ),
    Kind("base_href", "The file's address is relative to a base.", _base_href, statement_pdf),
)
