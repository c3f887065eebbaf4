"""A small catalogue as files: one instrument with a window, and sources on a loopback site."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TypedDict

TEXT = (
    "Both parties also agree that they will take further actions. Therefore, the United States and Mexico "
    "will continue their discussions on the terms of additional understandings to address irregular migrant "
    "flows and asylum issues, to be completed and announced within 90 days, if necessary.\n\n"
    "Mexico will deploy its National Guard throughout Mexico.\n"
)
FURTHER = TEXT.split("\n\n", maxsplit=1)[0]
GUARD = "Mexico will deploy its National Guard throughout Mexico."

INSTRUMENT = """\
id: us-mexico-2019
title: U.S.-Mexico Joint Declaration
published_on: {published_on}
zone: {zone}
urls: [https://www.state.gov/us-mexico-joint-declaration/]
text_sha256: {sha256}
parties:
  - id: US
    names: {{en: [United States, U.S.], es: [Estados Unidos]}}
  - id: MX
    names: {{en: [Mexico, Mexican], es: [México]}}
commitments:
  - id: further-actions
    section: Further Actions
    quote: "{further}"
    start: {further_start}
    end: {further_end}
    debtors: [US, MX]
    creditors: [US, MX]
    modality: agree
    action: take further actions
    kind: conditional
    condition: if necessary
  - id: national-guard
    section: Surge
    quote: "{guard}"
    start: {guard_start}
    end: {guard_end}
    debtors: [MX]
    creditors: [US]
    modality: will deploy
    action: deploy the National Guard
    kind: one_off
windows:
  - id: further-actions-90d
    commitment: further-actions
    title: Further actions, to be completed and announced within 90 days
    anchor: {{event: publication, on: {published_on}}}
    duration: {duration}
    zone: {zone}
    day_count: calendar
    count_anchor_day: false
    condition: if necessary
    review: required
    sources: [{required}]
    readings:
      - {{id: published-washington, anchor_on: {published_on}, zone: {zone}, primary: true}}
    checklist: {{subject: [migration], completed: [completed], new: [new], quoted: [quoted]}}
concepts:
  - {{id: joint-act, en: [joint declaration, joint statement], es: [declaración conjunta]}}
  - {{id: migration, en: [migra*, asylum], es: [migra*, asilo]}}
  - {{id: completed, en: [agreed, announced, concluded], es: [acordaron, anunciaron]}}
  - {{id: new, en: [additional, new], es: [adicional*, nuev*]}}
  - {{id: quoted, en: [Secretary of State], es: [canciller]}}
  - {{id: national-guard, en: [National Guard], es: [Guardia Nacional]}}
  - {{id: deployment, en: [deploy*], es: [desplieg*, despleg*]}}
rules:
  - {{id: further, commitment: further-actions, window: further-actions-90d, all: [joint-act]}}
  - {{id: guard, commitment: national-guard, all: [national-guard, deployment]}}
sources: [{sources}]
"""


class CatalogueOptions(TypedDict, total=False):
    """What a test may say of the instrument and its window."""

    published_on: str
    duration: str
    zone: str
    required: tuple[str, ...] | None


def write_catalogue(
    folder: Path,
    sources: dict[str, str],
    *,
    published_on: str = "2019-06-07",
    duration: str = "P90D",
    zone: str = "America/New_York",
    required: tuple[str, ...] | None = None,
) -> Path:
    """Write the instrument and the given sources (YAML by id); the window requires all, or ``required``."""
    declaration = folder / "declarations" / "us-mexico-2019"
    declaration.mkdir(parents=True)
    (folder / "sources").mkdir()
    (declaration / "text.txt").write_text(TEXT, encoding="utf-8")
    (declaration / "instrument.yml").write_text(
        INSTRUMENT.format(
            published_on=published_on,
            zone=zone,
            duration=duration,
            sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
            further=FURTHER,
            further_start=TEXT.index(FURTHER),
            further_end=TEXT.index(FURTHER) + len(FURTHER),
            guard=GUARD,
            guard_start=TEXT.index(GUARD),
            guard_end=TEXT.index(GUARD) + len(GUARD),
            required=", ".join(required or tuple(sources)),
            sources=", ".join(sources),
        ),
        encoding="utf-8",
    )
    for slug, text in sources.items():
        (folder / "sources" / f"{slug}.yml").write_text(text, encoding="utf-8")
    return folder


SOURCE = """\
id: {id}
title: {title}
publisher: {title}
party: {party}
language: {language}
zone: {zone}
lag: {lag}
longest_silence: {silence}
routes:
{routes}
"""

FEED = """\
  - id: feed
    url: {url}
    reader: recorded
    cadence: {cadence}
    pause: PT0S
    minimum_items: {minimum}
    empty: fault
    read: {{platform: feed}}
"""

LISTING = """\
  - id: listing
    url: {url}
    reader: recorded
    cadence: {cadence}
    pause: PT0S
    depth: {depth}
    max_pages: {pages}
    minimum_items: {minimum}
    empty: fault
    read:
      platform: listing
      row: {row}
      title: {title}
      link: {link}
      date: {{selector: "{date}", attribute: datetime, formats: ["{format}"]}}
      next: {next}
"""

FEDERAL_REGISTER = """\
  - id: api
    url: {url}
    reader: recorded
    cadence: P1D
    pause: PT0S
    depth: true
    max_pages: 50
    minimum_items: 0
    empty: news
    read: {{platform: federal_register, agencies: [homeland-security-department], per_page: {per_page}}}
"""


def feed_route(url: str, *, cadence: str = "PT30M", minimum: int = 1) -> str:
    return FEED.format(url=url, cadence=cadence, minimum=minimum)


def listing_route(
    url: str,
    *,
    cadence: str = "P1D",
    pages: int = 30,
    minimum: int = 1,
    row: str = "li.wp-block-post",
    title: str = "h2.wp-block-post-title a",
    link: str = "h2.wp-block-post-title a",
    date: str = ".wp-block-post-date time",
    format: str = "iso",
    next: str = "a.wp-block-query-pagination-next",
) -> str:
    return LISTING.format(
        url=url, cadence=cadence, pages=pages, minimum=minimum, depth=str(pages > 1).lower(), row=f'"{row}"', title=f'"{title}"',
        link=f'"{link}"', date=date, format=format, next=f'"{next}"',
    )  # fmt: skip


def federal_register_route(url: str, *, per_page: int = 20) -> str:
    return FEDERAL_REGISTER.format(url=url, per_page=per_page)


def source(
    slug: str,
    *routes: str,
    title: str = "Department of State press releases",
    party: str = "US",
    language: str = "en",
    zone: str = "America/New_York",
    lag: str = "PT1H",
    silence: str = "P5D",
) -> str:
    """The YAML of one source."""
    return SOURCE.format(
        id=slug, title=title, party=party, language=language, zone=zone, lag=lag, silence=silence,
        routes="".join(routes).rstrip("\n"),
    )  # fmt: skip
