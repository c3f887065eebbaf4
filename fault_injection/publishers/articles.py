"""The releases themselves: ordinary ones, and announcements."""

from __future__ import annotations

import hashlib
from datetime import datetime
from html import escape

from fault_injection.publishers.listings import PAGE
from fault_injection.publishers.served import Served
from fault_injection.publishers.truth import Item, Press

ORDINARY = {
    "en": (
        "The Secretary received the ambassador of {place} this morning and spoke with him about {subject}.",
        "A delegation from {place} visits the capital next week; its programme begins with {subject}.",
        "The Department opened an exhibition about {subject} that teachers from {place} have put together.",
        "The two sides will meet again in the autumn, and hope to see the work on {subject} done by then.",
        "The spokesperson took questions about {subject} and thanked the press of {place} for its interest.",
        "Grants for {subject} are open to schools in {place} until the end of the month.",
        "Before the end of the year a report about {subject} will be placed in the library of {place}.",
    ),
    "es": (
        "El secretario recibió esta mañana al embajador de {place} y habló con él de {subject}.",
        "Una delegación de {place} visita la capital la próxima semana; su programa abre con {subject}.",
        "La dependencia abrió una exposición sobre {subject} que maestros de {place} han preparado.",
        "Las dos partes se reunirán de nuevo en el otoño y esperan concluir lo de {subject}.",
        "El vocero respondió preguntas sobre {subject} y agradeció a la prensa de {place} su interés.",
        "Las becas para {subject} están abiertas a las escuelas de {place} hasta el fin del mes.",
        "Antes de fin de año un informe sobre {subject} quedará en la biblioteca de {place}.",
    ),
}
SUBJECTS = {
    "en": ("trade", "culture", "forests", "fisheries", "music", "railways", "harbours", "weather services"),
    "es": ("comercio", "cultura", "bosques", "pesca", "música", "ferrocarriles", "puertos", "meteorología"),
}
SYLLABLES = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "xo", "zu", "ja")
ANNOUNCED = {
    "en": "The United States and Mexico announced today that they agreed on Project {topic}, which is "
    "completed with "
    "additional measures on migration and asylum that both governments begin at once.",
    "es": "Estados Unidos y México anunciaron hoy que acordaron el Proyecto {topic}, que queda concluido "
    "con nuevas "
    "medidas adicionales sobre migración y asilo que ambos gobiernos comienzan de inmediato.",
}


def render_article(press: Press, item: Item, now: datetime) -> Served:
    """The page of one release: no two of them say the same."""
    paragraphs = list(ordinary_text(press.language, item.slug))
    if item.topic is not None:
        paragraphs.insert(0, ANNOUNCED[press.language].format(topic=item.topic))
    title = escape(item.title_at(now))
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    text = PAGE.format(
        language=press.language, title=title, main=f"<article><h1>{title}</h1>{body}</article>"
    )
    return Served(text.encode(), "text/html; charset=utf-8")


def ordinary_text(language: str, slug: str) -> tuple[str, ...]:
    """Four paragraphs about a place that no other release names."""
    drawn = hashlib.sha256(slug.encode()).digest()
    place = "".join(SYLLABLES[byte % len(SYLLABLES)] for byte in drawn[:6]).capitalize()
    subjects, sentences = SUBJECTS[language], ORDINARY[language]
    chosen = [(drawn[7 + n] + n) % len(sentences) for n in range(4)]
    return tuple(
        sentences[number].format(place=place, subject=subjects[drawn[12 + n] % len(subjects)])
        for n, number in enumerate(dict.fromkeys(chosen))
    )
