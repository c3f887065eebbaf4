"""The announcement: what it says, and the phrase without which no rule finds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal

Language = Literal["en", "es"]

MEASURES: Mapping[Language, tuple[str, ...]] = {
    "en": ("further actions", "additional measures", "additional efforts"),
    "es": ("acciones adicionales", "medidas adicionales", "acciones eficaces", "medidas de contención"),
}
"""Each is a phrase that the rule asks for. No ordinary release holds one."""

_SAYING = {
    "en": (
        "The United States and Mexico announced today that they agreed on {phrase} to address irregular "
        "migration,"
        " which both governments begin at once.",
        "The governments of the United States and Mexico adopted {phrase} on migration flows, to be carried "
        "out along"
        " the whole of the border from the first of the month.",
        "In Washington, the Government of the United States announced that both it and Mexico will take "
        "{phrase}"
        " against the smuggling of persons and irregular migration.",
    ),
    "es": (
        "Estados Unidos y México anunciaron hoy que acordaron {phrase} para atender la migración irregular, "
        "que"
        " ambos gobiernos comienzan de inmediato.",
        "Los gobiernos de México y de Estados Unidos adoptaron {phrase} sobre los flujos migratorios, que se"
        " aplicarán a lo largo de toda la frontera desde el primero del mes.",
        "En Washington, el Gobierno de México y el de Estados Unidos anunciaron que ambos tomarán {phrase} "
        "contra"
        " el tráfico de personas y la migración irregular.",
    ),
}
"""Each is all that a window's checklist asks of one passage."""

_TITLES = {
    "en": (
        "Joint statement of the two governments on the southern border",
        "The United States and Mexico conclude their talks in Washington",
        "Statement by Secretary Moss on the talks with Mexico",
        "Supplementary agreement between the United States and Mexico",
        "Media note: outcome of the bilateral meeting",
    ),
    "es": (
        "Declaración conjunta de los dos gobiernos sobre la frontera sur",
        "México y Estados Unidos concluyen sus conversaciones en Washington",
        "Mensaje del canciller sobre las conversaciones con Estados Unidos",
        "Acuerdo complementario entre México y Estados Unidos",
        "Comunicado conjunto: resultados de la reunión bilateral",
    ),
}


@dataclass(frozen=True, slots=True)
class Announcement:
    """``saying`` is the paragraph that holds ``phrase``; ``place`` is where it stands, from 0 to 1."""

    title: str
    saying: str
    phrase: str
    place: float

    def among(self, paragraphs: tuple[str, ...]) -> tuple[str, ...]:
        """The paragraphs of the whole release."""
        at = round(self.place * len(paragraphs))
        return (*paragraphs[:at], self.saying, *paragraphs[at:])


def draw_announcement(rng: Random, language: Language, phrase: str | None) -> Announcement:
    """``phrase`` None: any that the rule asks for."""
    chosen = phrase or rng.choice(MEASURES[language])
    saying = rng.choice(_SAYING[language]).format(phrase=chosen)
    return Announcement(rng.choice(_TITLES[language]), saying, chosen, rng.choice((0.0, 0.0, 0.5, 1.0)))
