"""The statement is cut off, or stands in an element where none is looked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from fault_injection.documents.kinds.statements import (
    introduction,
)
from fault_injection.documents.pages import paragraphs_html
from fault_injection.documents.releases import STOCKS, Release
from fault_injection.documents.served import Kind, Served, Sight


def _cut(mark_english: str, mark_spanish: str) -> Callable[[Sight], Served]:
    """The text ends before it says it, with a mark."""

    def answer(sight: Sight) -> Served:
        before = [*STOCKS[sight.language].paragraphs(Random(sight.release.slug), 70), introduction(sight)]
        words = before[-1].split()
        before[-1] = " ".join(words[:-3])
        body = paragraphs_html(before)
        return sight.page(body=body[: -len("</p>")] + sight.text(mark_english, mark_spanish) + "</p>")

    return answer


def _boilerplate(sight: Sight) -> Served:
    notice = sight.text(
        "This is an archived page of the government of before. It is kept for reference and may be out of "
        "date; links "
        "to other sites may not work. For what applies today, please see the pages of the present "
        "government, which are "
        "renewed every day by the office of communication.",
        "Este es el portal único del gobierno. La información que aquí se muestra es de carácter público y "
        "puede usarse de "
        "acuerdo con los términos de libre uso; para cualquier aclaración diríjase a la unidad de "
        "transparencia, que "
        "atiende de lunes a viernes en horario de oficina.",
    )
    return sight.page(
        body=f'<div class="alert"><p>{notice}</p></div>\n{paragraphs_html(sight.release.whole)}'
    )


def _hidden_in(form: str) -> Callable[[Sight], Served]:
    """All of the text within other elements than usual."""

    def answer(sight: Sight) -> Served:
        return sight.page(body=form.format(text=paragraphs_html(sight.release.whole)))

    return answer


def _saying_in(form: str) -> Callable[[Sight], Served]:
    """The paragraph that announces within another element than the rest."""

    def answer(sight: Sight) -> Served:
        rest = paragraphs_html(sight.release.paragraphs) or f"<p>{introduction(sight)}</p>"
        return sight.page(body=rest + form.format(text=paragraphs_html([sight.announced.saying])))

    return answer


def _second_page(sight: Sight) -> Served:
    """The text goes on, on a second page."""
    first = STOCKS[sight.language].paragraphs(Random(sight.release.slug), 180)
    following = sight.text("Next page", "Página siguiente")
    page = f"{sight.path}?page=2"
    link = f'<p class="page-links">1 <a href="{page}">2</a> <a href="{page}">{following}</a></p>'
    return sight.page(body=paragraphs_html(first) + link)


def _without_others(release: Release, rng: Random) -> Release:  # noqa: ARG001 - what a kind may look at
    """The announcement is all that the release says."""
    return replace(release, paragraphs=())


HIDDEN = (
    Kind(
        "read_more",
        "The text ends with “read more”.",
        _cut(' <a href="#">Read more</a>', ' <a href="#">Leer más</a>'),
    ),
    Kind(
        "read_more_plain",
        "The text ends with the words “read more”, without a link.",
        _cut(" Read more", " Leer más"),
    ),
    Kind(
        "read_more_dots",
        "The text ends with dots and “read more”.",
        _cut('... <a href="#">Continue reading</a>', '... <a href="#">Seguir leyendo</a>'),
    ),
    Kind("ellipsis", "The text ends with an ellipsis.", _cut("…", "…")),
    Kind(
        "ellipsis_in_brackets",
        "The text ends with an ellipsis in brackets.",
        _cut(" [&hellip;]", " [&hellip;]"),
    ),
    Kind("cut_without_mark", "The text ends within a sentence.", _cut("", "")),
    Kind("second_page", "The text goes on, on a second page.", _second_page),
    Kind("boilerplate_before", "A long notice of the site stands before the text.", _boilerplate),
    Kind(
        "boilerplate_before_short",
        "A long notice stands before a text of one paragraph.",
        _boilerplate,
        reshape=_without_others,
    ),
    Kind("in_details", "The text is folded up.", _hidden_in("<details><summary>+</summary>{text}</details>")),
    Kind(
        "in_form",
        "The text stands in a form.",
        _hidden_in('<form id="aspnetForm" method="post">{text}</form>'),
    ),
    Kind(
        "in_aside",
        "The announcing paragraph stands in a box aside.",
        _saying_in('<aside class="highlight">{text}</aside>'),
    ),
    Kind(
        "in_header",
        "The announcing paragraph stands in the article's head.",
        _saying_in("<header>{text}</header>"),
    ),
    Kind(
        "in_footer",
        "The announcing paragraph stands in the article's foot.",
        _saying_in("<footer>{text}</footer>"),
    ),
    Kind(
        "in_nav",
        "The announcing paragraph stands in a menu that was never closed.",
        _saying_in("<nav>{text}</nav>"),
    ),
    Kind(
        "in_noscript",
        "The announcing paragraph is for browsers without scripts.",
        _saying_in("<noscript>{text}</noscript>"),
    ),
    Kind(
        "in_template",
        "The announcing paragraph is in a template for a script.",
        _saying_in("<template>{text}</template>"),
    ),
    Kind(
        "in_textarea",
        "The announcing paragraph is in a field of text.",
        _saying_in("<textarea readonly>{text}</textarea>"),
    ),
    Kind("in_button", "The announcing paragraph is on a button.", _saying_in("<button>{text}</button>")),
    Kind(
        "in_second_article",
        "The announcing paragraph is an article of its own.",
        _saying_in("</article></div><article>{text}</article><div>"),
    ),
    Kind("in_table", "The text is a table.", _hidden_in("<table><tr><td>{text}</td></tr></table>")),
    Kind("in_pre", "The text is set as it was typed.", _hidden_in("<pre>{text}</pre>")),
)
