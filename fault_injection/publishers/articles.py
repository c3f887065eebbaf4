"""The releases themselves: ordinary ones, and announcements."""

from __future__ import annotations

from datetime import datetime
from html import escape

from fault_injection.publishers.listings import PAGE
from fault_injection.publishers.served import Served
from fault_injection.publishers.truth import Item, Press

ORDINARY = {
    "en": (
        "The Secretary received the ambassador this morning and spoke about trade, education and culture "
        "in a "
        "friendly conversation of about one hour in the reception rooms of the Department.",
        "The two sides will meet again in the autumn, and a delegation of teachers is expected to visit "
        "the capital "
        "before the end of the year. The reference of this release is {slug}.",
    ),
    "es": (
        "El secretario recibió esta mañana al embajador y habló con él de comercio, educación y cultura "
        "en una "
        "conversación amistosa de cerca de una hora en los salones de la dependencia.",
        "Las dos partes se reunirán de nuevo en el otoño, y una delegación de maestros visitará la "
        "capital antes de "
        "fin de año. La referencia de este comunicado es {slug}.",
    ),
}
ANNOUNCED = {
    "en": "The United States and Mexico announced today that they agreed on Project {topic}, which is "
    "completed with "
    "additional measures on migration and asylum that both governments begin at once.",
    "es": "Estados Unidos y México anunciaron hoy que acordaron el Proyecto {topic}, que queda concluido "
    "con nuevas "
    "medidas adicionales sobre migración y asilo que ambos gobiernos comienzan de inmediato.",
}


def render_article(press: Press, item: Item, now: datetime) -> Served:
    """The page of one release."""
    paragraphs = [text.format(slug=item.slug) for text in ORDINARY[press.language]]
    if item.topic is not None:
        paragraphs.insert(0, ANNOUNCED[press.language].format(topic=item.topic))
    title = escape(item.title_at(now))
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    text = PAGE.format(
        language=press.language, title=title, main=f"<article><h1>{title}</h1>{body}</article>"
    )
    return Served(text.encode(), "text/html; charset=utf-8")
