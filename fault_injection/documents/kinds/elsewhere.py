"""The statement is not in the page's text: it is beside it, behind it, or made in the browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape
from random import Random

from fault_injection.documents.pages import HTML, paragraphs_html
from fault_injection.documents.pdfs import release_pdf
from fault_injection.documents.releases import STOCKS, Release
from fault_injection.documents.served import Kind, Row, Served, Sight, own_row


def _intro(sight: Sight) -> str:
    return sight.text(
        "The two governments issued a joint statement today, at the end of the talks that were held in Washington.",
        "Los dos gobiernos emitieron hoy un comunicado conjunto, al término de las conversaciones en Washington.",
    )


def _at(sight: Sight, ending: str) -> str:
    return f"/files/{sight.release.slug}{ending}"


def _statement_page(sight: Sight) -> Mapping[str, Served]:
    return {_at(sight, ".html"): sight.clean}


def _statement_pdf(sight: Sight) -> Mapping[str, Served]:
    pdf = release_pdf(sight.release.title, sight.release.whole)
    return {_at(sight, ".pdf"): Served(pdf, "application/pdf")}


def _beside(form: str) -> Callable[[Sight], Served]:
    """A short introduction and something else; ``{page}``, ``{pdf}`` and ``{picture}`` are addresses."""

    def answer(sight: Sight) -> Served:
        filled = form.format(
            page=_at(sight, ".html"),
            pdf=_at(sight, ".pdf"),
            picture=_at(sight, ".jpg"),
            here=sight.text("here", "aquí"),
            full=sight.text("Read the full statement", "Leer el comunicado completo"),
            annex=sight.text("Annex", "Anexo"),
            words=escape(json.dumps(sight.release.whole)),
        )
        return sight.page(body=f"<p>{_intro(sight)}</p>\n{filled}")

    return answer


def _long(sight: Sight) -> str:
    """Some 200 words that do not say it."""
    stock = STOCKS[sight.language]
    return paragraphs_html(stock.paragraphs(Random(f"{sight.release.slug}:long"), 200))


def _beside_long(form: str) -> Callable[[Sight], Served]:
    def answer(sight: Sight) -> Served:
        label = sight.text("Joint statement (PDF)", "Comunicado conjunto (PDF)")
        plain = sight.text("Download", "Descargar")
        filled = form.format(page=_at(sight, ".html"), pdf=_at(sight, ".pdf"), label=label, plain=plain)
        return sight.page(body=f"<p>{_intro(sight)}</p>\n{_long(sight)}\n{filled}")

    return answer


def _by_script(sight: Sight) -> Served:
    said = json.dumps("".join(f"<p>{text}</p>" for text in sight.release.whole))
    return sight.page(
        body='<div id="body"></div>', head=f"<script>addEventListener('load',()=>{{body.innerHTML={said}}})</script>"
    )


def _by_script_beside_intro(sight: Sight) -> Served:
    """The first words are there for search engines; the rest comes with a script."""
    return sight.page(
        body=f'<p>{_intro(sight)}</p><div data-src="/api/notes/{sight.release.slug}"></div>',
        head='<script src="/app.js" defer></script>',
    )


def _cut(mark_english: str, mark_spanish: str) -> Callable[[Sight], Served]:
    """The text ends before it says it, with a mark."""

    def answer(sight: Sight) -> Served:
        before = [*STOCKS[sight.language].paragraphs(Random(sight.release.slug), 70), _intro(sight)]
        words = before[-1].split()
        before[-1] = " ".join(words[:-3])
        body = paragraphs_html(before)
        return sight.page(body=body[: -len("</p>")] + sight.text(mark_english, mark_spanish) + "</p>")

    return answer


def _boilerplate(sight: Sight) -> Served:
    notice = sight.text(
        "This is an archived page of the government of before. It is kept for reference and may be out of date; links "
        "to other sites may not work. For what applies today, please see the pages of the present government, which are "
        "renewed every day by the office of communication.",
        "Este es el portal único del gobierno. La información que aquí se muestra es de carácter público y puede usarse de "
        "acuerdo con los términos de libre uso; para cualquier aclaración diríjase a la unidad de transparencia, que "
        "atiende de lunes a viernes en horario de oficina.",
    )
    return sight.page(body=f'<div class="alert"><p>{notice}</p></div>\n{paragraphs_html(sight.release.whole)}')


def _base_href(sight: Sight) -> Served:
    """The file's address is relative to a base."""
    return sight.page(
        body=f'<p>{_intro(sight)}</p><p><a href="{sight.release.slug}.pdf">PDF</a></p>',
        head=f'<base href="{sight.root}/files/">\n',
    )


def _hidden_in(form: str) -> Callable[[Sight], Served]:
    """All of the text within other elements than usual."""

    def answer(sight: Sight) -> Served:
        return sight.page(body=form.format(text=paragraphs_html(sight.release.whole)))

    return answer


def _saying_in(form: str) -> Callable[[Sight], Served]:
    """The paragraph that announces within another element than the rest."""

    def answer(sight: Sight) -> Served:
        rest = paragraphs_html(sight.release.paragraphs) or f"<p>{_intro(sight)}</p>"
        return sight.page(body=rest + form.format(text=paragraphs_html([sight.announced.saying])))

    return answer


def _second_page(sight: Sight) -> Served:
    """The text goes on, on a second page."""
    first = STOCKS[sight.language].paragraphs(Random(sight.release.slug), 180)
    following = sight.text("Next page", "Página siguiente")
    link = f'<p class="page-links">1 <a href="{sight.path}?page=2">2</a> <a href="{sight.path}?page=2">{following}</a></p>'
    return sight.page(body=paragraphs_html(first) + link)


def _sends_on(sight: Sight) -> Served:
    return sight.bare("…", "<p></p>", f'<meta http-equiv="refresh" content="0; url={_at(sight, ".html")}">')


def _sends_on_by_script(sight: Sight) -> Served:
    return sight.bare(sight.release.title, f"<script>location.replace({json.dumps(_at(sight, '.html'))})</script>")


def _frameset(sight: Sight) -> Served:
    page = (
        f"<html><head><title>{escape(sight.release.title)}</title></head><frameset cols='20%,80%'><frame src='/menu.html'>"
        f"<frame src='{_at(sight, '.html')}'></frameset></html>"
    )
    return Served(page.encode(), HTML)


def _redirected(where: Callable[[Sight], str]) -> Callable[[Sight], Served]:
    def answer(sight: Sight) -> Served:
        return Served(b"", HTML, 302, (("Location", where(sight)),))

    return answer


def _to_another_release(sight: Sight) -> str:
    return sight.of(sight.siblings[0]).path


def _stub(sight: Sight) -> Served:
    return sight.page(paragraphs=[_intro(sight)])


def _row_with_content(sight: Sight) -> Row | None:
    row = own_row(sight)
    return row and replace(row, content=paragraphs_html(sight.release.whole))


def _without_others(release: Release, rng: Random) -> Release:  # noqa: ARG001 - what a kind may look at
    """The announcement is all that the release says."""
    return replace(release, paragraphs=())


ELSEWHERE = (
    Kind("link", "The statement stands behind a link.", _beside('<p><a href="{page}">{here}</a></p>'), _statement_page),
    Kind("full_statement_link", "A link says that it leads to all of it.", _beside_long('<p><a href="{page}">{label}</a></p>'), _statement_page),
    Kind("pdf_link", "The statement is a file that is linked.", _beside('<p><a href="{pdf}">PDF</a></p>'), _statement_pdf),
    Kind("attachment", "The statement is attached to a short introduction.", _beside('<ul class="attachments"><li><a href="{pdf}">{annex}</a></li></ul>'), _statement_pdf),
    Kind("titled_attachment_to_long", "Beside two hundred words a file is named as the statement.", _beside_long('<p><a href="{pdf}">{label}</a></p>'), _statement_pdf),
    Kind("attachment_to_long", "Beside two hundred words a file is to be downloaded.", _beside_long('<p><a href="{pdf}">{plain}</a></p>'), _statement_pdf),
    Kind("iframe", "The statement is framed.", _beside('<iframe src="{page}" width="700" height="900"></iframe>'), _statement_page),
    Kind("pdf_iframe", "The statement is a file that is framed.", _beside('<iframe src="{pdf}" width="700" height="900"></iframe>'), _statement_pdf),
    Kind("pdf_iframe_in_long", "A file is framed under two hundred words.", _beside_long('<iframe src="{pdf}" width="700" height="900"></iframe>'), _statement_pdf),
    Kind("pdf_object", "The statement is an embedded object.", _beside('<object data="{pdf}" type="application/pdf" width="700" height="900"></object>'), _statement_pdf),
    Kind("pdf_viewer", "A viewer frames the file by its own address.", _beside('<iframe src="/pdfjs/web/viewer.html?file={pdf}"></iframe>'), _statement_pdf),
    Kind("picture", "The statement is a picture.", _beside('<p><img src="{picture}" width="900" height="1200" alt=""></p>')),
    Kind("two_pictures", "The statement is two pictures.", _beside('<p><img src="{picture}" width="900" height="1200"><img src="{picture}?2" width="900" height="1200"></p>')),
    Kind("background_picture", "The statement is the background of an element.", _beside('<div style="background-image:url({picture});width:900px;height:1200px"></div>')),
    Kind("embedded_svg", "The statement is a drawing.", _beside('<svg viewBox="0 0 900 1200"><path d="M10 10h80v12z"/></svg>')),
    Kind("video", "The statement is a video.", _beside('<iframe src="https://www.youtube.com/embed/abc"></iframe>')),
    Kind("by_script", "A script writes the statement.", _by_script),
    Kind("by_script_beside_intro", "A script fetches the statement under a first sentence.", _by_script_beside_intro),
    Kind("in_data", "The statement is data that a component reads.", _beside('<press-note content="{words}"></press-note>')),
    Kind("read_more", "The text ends with “read more”.", _cut(' <a href="#">Read more</a>', ' <a href="#">Leer más</a>')),
    Kind("read_more_plain", "The text ends with the words “read more”, without a link.", _cut(" Read more", " Leer más")),
    Kind("read_more_dots", "The text ends with dots and “read more”.", _cut('... <a href="#">Continue reading</a>', '... <a href="#">Seguir leyendo</a>')),
    Kind("ellipsis", "The text ends with an ellipsis.", _cut("…", "…")),
    Kind("ellipsis_in_brackets", "The text ends with an ellipsis in brackets.", _cut(" [&hellip;]", " [&hellip;]")),
    Kind("cut_without_mark", "The text ends within a sentence.", _cut("", "")),
    Kind("second_page", "The text goes on, on a second page.", _second_page),
    Kind("boilerplate_before", "A long notice of the site stands before the text.", _boilerplate),
    Kind("boilerplate_before_short", "A long notice stands before a text of one paragraph.", _boilerplate, reshape=_without_others),
    Kind("base_href", "The file's address is relative to a base.", _base_href, _statement_pdf),
    Kind("in_details", "The text is folded up.", _hidden_in("<details><summary>+</summary>{text}</details>")),
    Kind("in_form", "The text stands in a form.", _hidden_in('<form id="aspnetForm" method="post">{text}</form>')),
    Kind("in_aside", "The announcing paragraph stands in a box aside.", _saying_in('<aside class="highlight">{text}</aside>')),
    Kind("in_header", "The announcing paragraph stands in the article's head.", _saying_in("<header>{text}</header>")),
    Kind("in_footer", "The announcing paragraph stands in the article's foot.", _saying_in("<footer>{text}</footer>")),
    Kind("in_nav", "The announcing paragraph stands in a menu that was never closed.", _saying_in("<nav>{text}</nav>")),
    Kind("in_noscript", "The announcing paragraph is for browsers without scripts.", _saying_in("<noscript>{text}</noscript>")),
    Kind("in_template", "The announcing paragraph is in a template for a script.", _saying_in("<template>{text}</template>")),
    Kind("in_textarea", "The announcing paragraph is in a field of text.", _saying_in('<textarea readonly>{text}</textarea>')),
    Kind("in_button", "The announcing paragraph is on a button.", _saying_in("<button>{text}</button>")),
    Kind("in_second_article", "The announcing paragraph is an article of its own.", _saying_in("</article></div><article>{text}</article><div>")),
    Kind("in_table", "The text is a table.", _hidden_in("<table><tr><td>{text}</td></tr></table>")),
    Kind("in_pre", "The text is set as it was typed.", _hidden_in("<pre>{text}</pre>")),
    Kind("sent_on", "The page sends browsers on.", _sends_on, _statement_page),
    Kind("sent_on_by_script", "A script sends browsers on.", _sends_on_by_script, _statement_page),
    Kind("frameset", "The page is a set of frames.", _frameset, _statement_page),
    Kind("redirected_home", "The address leads to the home page.", _redirected(lambda _: "/"), lambda _: {"/": Served(b"<html><title>Home</title><body><h1>Home</h1></body></html>", HTML)}),
    Kind("redirected_to_another", "The address leads to the newest other release.", _redirected(_to_another_release)),
    Kind("feed_holds_text", "The feed holds the text, the page is a stub.", _stub, row=_row_with_content, by_feed=True),
    Kind("feed_holds_text_page_barred", "The feed holds the text, the page wants a subscription.",
         lambda sight: sight.page(paragraphs=[sight.text("This text is for subscribers. Subscribe to go on reading, or sign in where you have an account.", "Este texto es para suscriptores. Suscríbase para seguir leyendo, o entre si ya tiene una cuenta.")]), row=_row_with_content, by_feed=True),
)
