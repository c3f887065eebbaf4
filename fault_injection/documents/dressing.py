"""The mark-up of ordinary releases: what editors do with their paragraphs, and machines after them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from random import Random

from fault_injection.documents.announcing import Language

AROUND: dict[Language, str] = {"en": "/countries/", "es": "/acciones-y-programas/"}
"""Where the pages stand that releases lead to."""

Dress = Callable[[list[str], Random, Language], list[str]]


def dressed(paragraphs: Sequence[str], rng: Random, language: Language) -> str:
    """Paragraphs as mark-up, with one to three habits of editors."""
    parts = [f"<p>{escape(text, quote=False)}</p>" for text in paragraphs]
    for habit in rng.sample(HABITS, rng.choice((0, 1, 1, 2, 3))):
        parts = habit(parts, rng, language)
    return "\n".join(parts)


def _links(parts: list[str], rng: Random, language: Language) -> list[str]:
    """Some words lead to another page of the site."""
    at = rng.randrange(len(parts))
    words = parts[at].removeprefix("<p>").removesuffix("</p>").split(" ")
    if len(words) < 12:
        return parts
    n = rng.randrange(3, len(words) - 4)
    words[n : n + 3] = [f'<a href="{AROUND[language]}{rng.randint(1, 99)}">{" ".join(words[n : n + 3])}</a>']
    return [*parts[:at], f"<p>{' '.join(words)}</p>", *parts[at + 1 :]]


def _entities(parts: list[str], rng: Random, language: Language) -> list[str]:  # noqa: ARG001
    return [part.encode("ascii", "xmlcharrefreplace").decode() for part in parts]


def _styles(parts: list[str], rng: Random, language: Language) -> list[str]:  # noqa: ARG001
    """Pasted from a word processor."""
    form = (
        '<p style="text-align:justify"><span style="font-size:12px"><span lang="ES-MX">{}</span></span></p>'
    )
    return [form.format(part[3:-4]) if part.startswith("<p>") else part for part in parts]


def _breaks(parts: list[str], rng: Random, language: Language) -> list[str]:  # noqa: ARG001
    """One paragraph with breaks in it."""
    inner = [part[3:-4] for part in parts if part.startswith("<p>")]
    return [f"<p>{'<br><br>'.join(inner)}</p>"] if len(inner) == len(parts) else parts


def _headings(parts: list[str], rng: Random, language: Language) -> list[str]:
    heads = ("Background", "What comes next", "About the office")
    titulos = ("Antecedentes", "Lo que sigue", "Sobre la dependencia")
    chosen = rng.choice(heads if language == "en" else titulos)
    at = rng.randint(1, len(parts))
    return [*parts[:at], f"<h2>{chosen}</h2>", *parts[at:]] if at < len(parts) else parts


def _list(parts: list[str], rng: Random, language: Language) -> list[str]:
    names = ("Clean water", "Rural roads", "School libraries", "Port security")
    nombres = ("Agua potable", "Caminos rurales", "Bibliotecas escolares", "Seguridad portuaria")
    items = "".join(
        f"<li>{one}: {rng.randint(2, 90)}</li>" for one in (names if language == "en" else nombres)
    )
    return [*parts, f"<ul>{items}</ul>"]


def _table(parts: list[str], rng: Random, language: Language) -> list[str]:
    head = (
        "<tr><th>Month</th><th>Cases</th></tr>" if language == "en" else "<tr><th>Mes</th><th>Casos</th></tr>"
    )
    rows = "".join(f"<tr><td>{n}</td><td>{rng.randint(10, 9_000):,}</td></tr>" for n in range(1, 5))
    return [*parts, f"<table>{head}{rows}</table>"]


def _picture(parts: list[str], rng: Random, language: Language) -> list[str]:
    caption = (
        "The delegations after the meeting."
        if language == "en"
        else "Las delegaciones al término de la reunión."
    )
    image = f'<img src="/photos/{rng.randint(1, 999)}.jpg" width="800" height="533" alt="">'
    figure = f"<figure>{image}<figcaption>{caption}</figcaption></figure>"
    return [figure, *parts]


def _end_mark(parts: list[str], rng: Random, language: Language) -> list[str]:
    marks = ("###", "# # #", "-30-") if language == "en" else ("---ooo---", "**", "- 0 -")
    return [*parts, f'<p style="text-align:center">{rng.choice(marks)}</p>']


def _dateline(parts: list[str], rng: Random, language: Language) -> list[str]:
    place = rng.choice(
        ("WASHINGTON", "EL PASO, Texas") if language == "en" else ("Ciudad de México", "Tapachula, Chis.")
    )
    return [parts[0].replace("<p>", f"<p><strong>{place}</strong> — ", 1), *parts[1:]]


def _contact(parts: list[str], rng: Random, language: Language) -> list[str]:
    line = (
        "Press contact: press@office.example, (202) 555-0{}"
        if language == "en"
        else "Contacto: prensa@oficina.example, 55 5555 0{}"
    )
    return [*parts, f"<p>{line.format(rng.randint(100, 999))}</p>"]


def _spaces(parts: list[str], rng: Random, language: Language) -> list[str]:  # noqa: ARG001
    """Spaces that do not break, and paragraphs of nothing else."""
    return [one for part in parts for one in (part.replace(". ", ".&nbsp; "), "<p>&nbsp;</p>")]


def _footnote(parts: list[str], rng: Random, language: Language) -> list[str]:  # noqa: ARG001
    note = "See the annual report." if language == "en" else "Véase el informe anual."
    return [parts[0].replace(".</p>", ".<sup>1</sup></p>"), *parts[1:], f"<p><sup>1</sup> {note}</p>"]


def _share(parts: list[str], rng: Random, language: Language) -> list[str]:  # noqa: ARG001
    word = "Share" if language == "en" else "Compartir"
    return [*parts, f'<div class="share"><a href="https://www.facebook.com/sharer.php">{word}</a></div>']


def _download(parts: list[str], rng: Random, language: Language) -> list[str]:
    """An annex as a file, under a text that is long enough to be the release itself."""
    words = sum(part.count(" ") for part in parts)
    label = "Download" if language == "en" else "Descargar"
    link = f'<p><a href="/files/{rng.randint(1, 999)}.pdf">{label} (PDF)</a></p>'
    return [*parts, link] if words > 200 else parts


HABITS: tuple[Dress, ...] = (
    _links, _entities, _styles, _breaks, _headings, _list, _table, _picture, _end_mark, _dateline, _contact,
    _spaces, _footnote, _share, _download,
)  # fmt: skip
