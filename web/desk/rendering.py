"""Pages of the desk as HTML: what every template may use, in one language, for one home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from servanda.alerts.formats.mail import REPLAY
from servanda.alerts.text.sanitising import language_tag, link, one_line
from servanda.alerts.text.translation import LANGUAGES, Words
from servanda.compliance.intervals import utc_text
from servanda.compliance.publication import PublicationTime
from servanda.web.desk.addresses import Addresses, window_path
from servanda.web.desk.plain_text import visible
from servanda.web.pages import STYLE_FILE

LANGUAGE_NAMES = {"en": "English", "es": "Español"}


@dataclass(frozen=True)
class Frame:
    """What every page says besides its own: in what language, from which home, by which clock.

    ``now`` is the monitor's present. ``areas``: what its navigation names, as (path, label).
    """

    words: Words
    addresses: Addresses
    now: datetime
    replay: bool
    areas: tuple[tuple[str, str], ...] = ()


TEMPLATES = Path(__file__).parents[1] / "templates"

SITE_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
"""What a browser may do with a page of the public site, which nobody sends headers with."""


def render(template: str, frame: Frame, **values: Any) -> str:
    """A page. ``values`` are what its template names."""
    said_in, addresses = frame.words, frame.addresses
    return (
        _templates()
        .get_template(f"desk/{template}.html.j2")
        .render(
            say=said_in.say,
            count=said_in.count,
            spoken=said_in,
            language=said_in.language,
            languages=[(code, LANGUAGE_NAMES[code], addresses.in_language(code)) for code in LANGUAGES],
            page=addresses.page,
            file=addresses.file,
            again=addresses.again,
            here=addresses.here,
            on_desk=addresses.on_desk,
            style=addresses.file(STYLE_FILE),
            window_path=window_path,
            moment=moment_of(said_in),
            when=stored_moment_of(said_in),
            publication=publication_of(said_in),
            one_line=one_line,
            visible=visible,
            safe_link=link,
            tag=language_tag,
            utc=utc_text,
            browser_policy=SITE_POLICY,
            banner=REPLAY if frame.replay else None,
            now=frame.now,
            areas=frame.areas,
            **values,
        )
    )


def moment_of(words: Words) -> Callable[[datetime, str], Markup]:
    """How templates say an instant: in a zone, with UTC beside, and for machines."""

    def moment(at: datetime, zone: str = "UTC") -> Markup:
        return _time(utc_text(at), words.moment(at, zone))

    return moment


def stored_moment_of(words: Words) -> Callable[[str, str], Markup]:
    """How templates say an instant that an answer gives as text."""
    said = moment_of(words)

    def when(text: str, zone: str = "UTC") -> Markup:
        return said(datetime.fromisoformat(text), zone)

    return when


def publication_of(words: Words) -> Callable[[PublicationTime], Markup]:
    """How templates say when something was published: as exactly as its publisher did."""

    def publication(published: PublicationTime) -> Markup:
        machine = utc_text(published.at) if published.at else str(published)
        return _time(machine, words.publication(published))

    return publication


def _time(machine: str, said: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(machine, said)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("servanda.web"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
