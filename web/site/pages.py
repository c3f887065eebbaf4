"""Which pages the public site has, and what each is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from servanda.alerts.text.translation import LANGUAGES, LOCALE, Words, words
from servanda.compliance.instrument import Instrument, Window
from servanda.compliance.watchers import Language
from servanda.instruments.catalogue import Catalogue
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.views.calendar import calendar
from servanda.jobs.views.export_formats import serialise_rows
from servanda.jobs.views.export_rows import KEYS, read_export_rows
from servanda.jobs.views.window_dossier import window_dossier
from servanda.jobs.views.window_steps import WindowSteps, window_steps
from servanda.models.findings.verdicts import StoredVerdict
from servanda.web.desk.addresses import Addresses, window_path
from servanda.web.desk.instrument_page import instrument_html
from servanda.web.desk.overview import overview_page, read_question
from servanda.web.desk.rendering import TEMPLATES, Frame
from servanda.web.desk.window_page import window_html
from servanda.web.pages import ICON, ICON_FILE, STYLE, STYLE_FILE
from servanda.web.site.feed import feed_of_steps

Make = Callable[[], str | bytes]


@dataclass(frozen=True)
class SiteFile:
    """A file of the site. ``key`` names what it is made of: with the same key it has the same content, None
    where only making it can tell. ``is_page``: a reader may have kept its address."""

    path: str
    key: str | None
    make: Make
    is_page: bool = True


def site_files(wiring: Wiring, without: Collection[str]) -> Iterator[SiteFile]:
    """Every file of the site, but for those of the instruments that are left out."""
    catalogue = without_instruments(wiring.catalogue, without)
    shown = replace(wiring, catalogue=catalogue)
    yield SiteFile(STYLE_FILE, STYLE_FILE, lambda: STYLE, is_page=False)
    yield SiteFile(ICON_FILE, None, lambda: ICON, is_page=False)
    for language in LANGUAGES:
        said_in = words(language)
        yield _page(shown, said_in, "", None, lambda f: overview_page(shown, f, _EVERYTHING))
        for instrument in catalogue.instruments:
            yield from _instrument_pages(shown, said_in, instrument)
    yield from _tables_and_feeds(shown, catalogue)


_EVERYTHING = read_question(None, None, None, None, None)


def without_instruments(catalogue: Catalogue, without: Collection[str]) -> Catalogue:
    """The catalogue as the site shows it; LookupError for an instrument that there is not."""
    for instrument in without:
        catalogue.instrument(instrument)
    return catalogue.only([one for one in catalogue.instrument_ids if one not in without])


def _instrument_pages(wiring: Wiring, said_in: Words, instrument: Instrument) -> Iterator[SiteFile]:
    yield _page(wiring, said_in, instrument.id, None, lambda f: instrument_html(wiring, f, instrument.id))
    for window in instrument.windows:
        yield from _window_pages(wiring, said_in, instrument, window)


def _window_pages(
    wiring: Wiring, said_in: Words, instrument: Instrument, window: Window
) -> Iterator[SiteFile]:
    """What is known of a window now, and after each verdict that was recorded."""
    steps = window_steps(wiring.ledger, window.id)
    key = _final_key(wiring, steps)
    path = window_path(instrument.id, window.id)
    yield _page(wiring, said_in, path, key, lambda f: window_html(wiring, f, window.id))
    for step in steps.verdicts:
        yield _step_page(wiring, said_in, instrument, window, step)
    if said_in.language != "en":
        return
    yield _answer(wiring, path, window, None, key)
    for step in steps.verdicts:
        yield _answer(wiring, _step_path(instrument, window, step), window, step, _key(wiring, step.id))


def _final_key(wiring: Wiring, steps: WindowSteps) -> str | None:
    """A window whose verdict is final is made anew where a verdict, or what makes pages, is another."""
    return None if not steps.is_settled else _key(wiring, "final", steps.verdicts[-1].id)


def _step_path(instrument: Instrument, window: Window, step: StoredVerdict) -> str:
    return window_path(instrument.id, window.id, step.known_at)


def _step_page(
    wiring: Wiring, said_in: Words, instrument: Instrument, window: Window, step: StoredVerdict
) -> SiteFile:
    def make(frame: Frame) -> str:
        return window_html(wiring, frame, window.id, step.known_at)

    path = _step_path(instrument, window, step)
    return _page(wiring, said_in, path, _key(wiring, step.id, said_in.language), make)


def _answer(
    wiring: Wiring, path: str, window: Window, step: StoredVerdict | None, key: str | None
) -> SiteFile:
    """What a citation's digest is of."""

    def make() -> str:
        as_of = step.known_at if step else None
        return window_dossier(wiring.ledger, wiring.catalogue, window.id, as_of).published.answer_text

    return SiteFile(f"{path}/answer.json", key, make, is_page=False)


def _tables_and_feeds(wiring: Wiring, catalogue: Catalogue) -> Iterator[SiteFile]:
    ledger, now = wiring.ledger, wiring.now
    for form in ("csv", "json"):
        yield SiteFile(
            f"tables/windows.{form}",
            None,
            lambda form=form: "".join(  # type: ignore[misc]
                serialise_rows(read_export_rows(ledger, catalogue, "windows", now), KEYS["windows"], form)
            ),
            is_page=False,
        )
    for one in (None, *catalogue.instruments):
        name = f"calendar/{one.id}.ics" if one else "calendar.ics"
        events = f"events/{one.id}.atom" if one else "events.atom"
        yield SiteFile(name, None, _calendar(wiring, catalogue, one), is_page=False)
        yield SiteFile(events, None, _feed(wiring, [one] if one else catalogue.instruments), is_page=False)


def _calendar(wiring: Wiring, catalogue: Catalogue, one: Instrument | None) -> Make:
    return lambda: calendar(wiring.ledger, catalogue, one.id if one else None)


def _feed(wiring: Wiring, instruments: Iterable[Instrument]) -> Make:
    return lambda: feed_of_steps(wiring, tuple(instruments))


def _page(
    wiring: Wiring, said_in: Words, path: str, key: str | None, make: Callable[[Frame], str]
) -> SiteFile:
    frame = site_frame(wiring, said_in, path)
    place = f"{path}/index.html" if path else "index.html"
    tree = "" if said_in.language == "en" else f"{said_in.language}/"
    said = None if key is None else f"{key} {said_in.language}"
    return SiteFile(f"{tree}{place}", said, lambda: make(frame))


def site_frame(wiring: Wiring, said_in: Words, path: str) -> Frame:
    """What a page of the site says besides its own."""
    language: Language = said_in.language
    addresses = Addresses("site", spoken=language, here=path)
    return Frame(said_in, addresses, wiring.now, wiring.replay, (("", said_in.say("Overview")),))


def _key(wiring: Wiring, *parts: object) -> str:
    return " ".join(map(str, (*parts, wiring.catalogue.digest[:16], _made_with())))


@cache
def _made_with() -> str:
    """What makes pages beside what is known: templates, style, translations, the code of pages."""
    digest = hashlib.sha256()
    code = Path(__file__).parents[1]
    for path in sorted([*TEMPLATES.rglob("*.j2"), *code.rglob("*.py"), *LOCALE.rglob("*.po")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
