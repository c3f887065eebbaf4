"""Made-up releases on pages in the structure of today's official sites; one in a hundred is about Mexico.

Size and make-up follow recorded pages of WordPress sites: about 120 kB, half of it inline styles, then
pictures as SVG, scripts, a menu of a hundred entries, and some five hundred elements in all. The menu names
subjects (migration, border security) that are not the document's.
"""

from __future__ import annotations

import random
from functools import cache
from html import escape

from benchmarks.words import WORDS

ABOUT = (
    "<p>The Government of Mexico reported that it has deployed its National Guard throughout the country, "
    "with priority to its southern border; the Secretary welcomed the deployment as a step on migration.</p>",
    "<p>El Gobierno de México informó que la <strong>Guardia&nbsp;Nacional</strong> mantiene su despliegue "
    "en la frontera sur, con 6&#160;mil elementos.</p>",
    '<ul><li>The <a href="/mpp/">Migrant Protection Protocols</a> were expanded to Laredo and Brownsville.'
    "</li><li>Two more ports of entry follow.</li></ul>",
    "<blockquote><p>Officers of both countries broke up a network of human smugg&shy;lers; nine people "
    "were arrested in <em>Mexico</em> and four in Arizona.</p></blockquote>",
    "<p>Those returned to Mexico under the Migrant Protection Protocols were admitted for <b>humanitarian "
    "reasons</b>, and offered jobs and schooling.</p>",
    "<p>Mexico and the United States announced further measures on <i>irregular</i> migr&#97;tion.</p>",
    "<table><tr><td>Plan de Desarrollo Integral</td><td>El Salvador, Guatemala y Honduras, con M&eacute;xico"
    "</td></tr></table>",
)
"""Passages that match a rule of the built-in instrument, in the forms in which pages hold them."""

NEAR = (
    "<p>The National Guard of the state helped after the storm.</p>",
    "<p>The ministers discussed development in Honduras.</p>",
    "<p>A court sentenced the members of a ring that smuggled tobacco.</p>",
)
"""Passages that share words with the rules, and match none."""


def is_about(feed: int, item: int) -> bool:
    """One document in a hundred: whether it is about a commitment."""
    return (feed * 10 + item) % 100 == 37


def official_page(title: str, paragraphs: list[str], published: str) -> bytes:
    """A whole page around a document."""
    head = (
        f"<!DOCTYPE html><html lang='en-US'><head><meta charset='UTF-8'><title>{title} – Department</title>"
        f"<meta name='description' content='{title}'><meta property='og:title' content='{title}'>"
        f"<meta property='article:published_time' content='{published}'>{_head()}</head>"
    )
    main = (
        f"<main id='main' class='wp-block-group is-layout-flow'><article class='post type-post hentry'>"
        f"<header class='entry-header'><h1 class='wp-block-post-title'>{title}</h1>"
        f"<div class='wp-block-post-date'><time datetime='{published}'>{published[:10]}</time></div></header>"
        f"<div class='entry-content wp-block-post-content is-layout-constrained'>{''.join(paragraphs)}</div>"
        f"</article></main>"
    )
    return f"{head}<body class='post-template single'>{_above()}{main}{_below()}</body></html>".encode()


def official_body(feed: int, item: int) -> list[str]:
    """Three to twelve paragraphs of 150 to 700 characters, with the mark-up that editors leave in them."""
    chance = random.Random(f"official {feed} {item}")
    paragraphs = [_paragraph(chance) for _ in range(chance.randint(3, 12))]
    number = feed * 10 + item
    if is_about(feed, item):
        paragraphs.insert(1, ABOUT[number // 100 % len(ABOUT)])
    elif number % 20 == 11:
        paragraphs.insert(1, NEAR[number // 20 % len(NEAR)])
    return paragraphs


def _paragraph(chance: random.Random) -> str:
    sentences = [
        f"{' '.join(chance.choices(WORDS, k=chance.randint(12, 26))).capitalize()}."
        for _ in range(chance.randint(1, 5))
    ]
    if chance.random() < 0.3:
        sentences[0] = f"<strong>{sentences[0]}</strong>"
    if chance.random() < 0.2:
        sentences[-1] = f"<a href='/release/{chance.randint(1, 999)}/'>{sentences[-1]}</a>"
    return f"<p>{' '.join(sentences)}</p>\n"


# --- furniture: the same on every page -----------------------------------------------------------------

MENU = (
    "Briefings & Statements", "Presidential Actions", "Fact Sheets", "Remarks", "Migration",
    "Border Security", "Human Trafficking", "Arms Control", "Climate", "Cyber Issues",
    "Refugees and Humanitarian Assistance",
    "Western Hemisphere", "Countries & Areas", "Travel Advisories", "Visas", "Careers", "Offices & Bureaus",
)  # fmt: skip


@cache
def _head() -> str:
    chance = random.Random("styles")
    styles = (
        f"<style id='wp-block-{name}-inline-css'>{_rules(chance, name, 30)}</style>" for name in _blocks(20)
    )
    scripts = (f"<script id='{name}-js-extra'>{_script(chance, name, 9)}</script>" for name in _blocks(10))
    links = (f"<link rel='preload' href='/fonts/{name}.woff2' as='font' crossorigin>" for name in _blocks(12))
    return "".join((*links, *styles, *scripts))


@cache
def _above() -> str:
    chance = random.Random("menu")
    entries = "".join(_entry(chance, n) for n in range(90))
    return (
        f"<header class='wp-block-template-part'><div class='wp-block-group alignfull'><a href='/' "
        f"class='logo'>{_picture(chance, 40)}<span class='screen-reader-text'>Home</span></a><nav "
        f"class='wp-block-navigation' aria-label='Menu'><ul class='wp-block-navigation__container'>"
        f"{entries}</ul></nav>"
        f"<form role='search' class='wp-block-search'><label>Search</label><input type='search' name='s'>"
        f"<button aria-label='Search'>{_picture(chance, 8)}</button></form></div></header>"
    )


@cache
def _below() -> str:
    chance = random.Random("footer")
    related = "".join(
        f"<li class='wp-block-post'><div><h2 class='wp-block-post-title'><a href='/r/{n}/'>"
        f"{' '.join(chance.choices(WORDS, k=7)).capitalize()}</a></h2><time>June {n + 1}, 2019</time></div>"
        "</li>"
        for n in range(4)
    )
    links = "".join(_entry(chance, n) for n in range(30))
    icons = "".join(f"<a href='/social/{n}'>{_picture(chance, 12)}</a>" for n in range(8))
    return (
        f"<aside class='related'><h2>Related</h2><ul class='wp-block-post-template'>{related}</ul></aside>"
        f"<footer class='wp-block-template-part'><ul>{links}</ul><div class='social'>{icons}</div>"
        f"<p>Department of the made-up state</p></footer>"
        f"{''.join(f'<script>{_script(chance, name, 8)}</script>' for name in _blocks(10))}"
    )


def _entry(chance: random.Random, n: int) -> str:
    label = MENU[n % len(MENU)] if n < 2 * len(MENU) else " ".join(chance.choices(WORDS, k=2)).capitalize()
    name = "wp-block-navigation-item"
    return (
        f"<li class='{name} has-child menu-item-{n}'><a class='{name}__content' href='/topic/{n}/'>"
        f"<span class='{name}__label'>{escape(label)}</span></a></li>"
    )


def _rules(chance: random.Random, name: str, count: int) -> str:
    return "".join(
        f".wp-block-{name}.{_class(chance)}>.{_class(chance)}{{margin:{chance.randint(0, 99)}px;"
        f"color:var(--wp--preset--color--{_class(chance)});flex-basis:{chance.randint(1, 99)}%}}"
        for _ in range(count)
    )


def _script(chance: random.Random, name: str, count: int) -> str:
    pairs = ",".join(f'"{_class(chance)}":{{"id":{chance.randint(0, 99999)}}}' for _ in range(count))
    return f"var {name.replace('-', '_')}_data={{{pairs}}};"


def _picture(chance: random.Random, strokes: int) -> str:
    path = "".join(
        f"C{chance.uniform(0, 99):.3f} {chance.uniform(0, 99):.3f} {chance.uniform(0, 99):.3f} "
        f"{chance.uniform(0, 99):.3f} {chance.uniform(0, 99):.3f} {chance.uniform(0, 99):.3f}"
        for _ in range(strokes)
    )
    return f"<svg viewBox='0 0 100 100' aria-hidden='true'><path d='M0 0{path}z'/></svg>"


def _blocks(count: int) -> list[str]:
    names = random.Random("blocks")
    return [f"{names.choice(WORDS)}-{n}" for n in range(count)]


def _class(chance: random.Random) -> str:
    return f"{chance.choice(WORDS)}-{chance.choice(WORDS)}"
