"""The official sites of the built-in catalogue in the shape of 2026, on loopback: a host of its own for each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from shutil import copytree
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from support.site import Page, Site
from support.wordpress import Release, WordPress

from servanda.instruments.catalogue import builtin_catalogue

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
HOUR = timedelta(hours=1)
WASHINGTON, MEXICO = ZoneInfo("America/New_York"), ZoneInfo("America/Mexico_City")
JSON, RSS, JS = "application/json; charset=UTF-8", "application/rss+xml; charset=UTF-8", "text/javascript"
BANNER = (
    "<div class='usa-banner'>An official website of the United States government. Here is how you know.</div>"
)
TEXT = (
    "The Secretary received the ambassador on this day of the year and spoke with him about {title}. They will meet "
    "again in the autumn, and hope to see the work on {title} done by then, the spokesperson said afterwards."
)

ROWS = {
    "www.state.gov": '<li class="collection-result"><a class="collection-result__link" href="{href}">{title}</a>'
    '<div class="collection-result-meta"><span>{words}</span></div></li>',
    "www.whitehouse.gov": '<li class="wp-block-post"><h2 class="wp-block-post-title"><a href="{href}">{title}</a></h2>'
    '<div class="wp-block-post-date"><time datetime="{iso}">{words}</time></div></li>',
    "www.dhs.gov": '<div class="news-updates views-row"><h3 class="news-updates-title"><a href="{href}">{title}</a></h3>'
    '<div class="news-updates-date-type"><time datetime="{iso}">{words}</time></div></div>',
    "www.uscis.gov": '<div class="views-row"><div class="views-field-title"><a href="{href}">{title}</a></div>'
    '<div class="views-field-field-display-date"><time datetime="{zulu}">{words}</time></div></div>',
    "www.cbp.gov": '<li class="usa-collection__item"><h3 class="usa-collection__heading"><a href="{href}">{title}</a>'
    '</h3><time datetime="{iso}">{words}</time></li>',
    "www.justice.gov": '<article class="news-content-listing"><h2><a href="{href}">{title}</a></h2>'
    '<span class="node-date"><time datetime="{noon}">{words}</time></span></article>',
}  # fmt: skip
NEXT = {
    "www.state.gov": '<a class="next page-numbers" href="{next}">Next</a>',
    "www.whitehouse.gov": '<a class="wp-block-query-pagination-next" href="{next}">Next</a>',
    "www.uscis.gov": '<a class="link" rel="next" href="{next}">Next</a>',
}
USWDS_NEXT = '<a class="usa-pagination__next-page" aria-label="Next page" href="{next}">Next</a>'
HOSTS = (
    *ROWS,
    "www.federalregister.gov",
    "www.gob.mx",
    "dof.gob.mx",
    "diariooficial.gob.mx",
    "sidof.segob.gob.mx",
)


@dataclass
class OfficialSites:
    """``sites`` by host. ``bad``: what a host answers to everything but robots.txt, instead."""

    sites: dict[str, Site] = field(default_factory=dict)
    bad: dict[str, Page] = field(default_factory=dict)
    empty: set[str] = field(default_factory=set)

    @contextmanager
    def running(self) -> Iterator[OfficialSites]:
        with ExitStack() as closing:
            for host in HOSTS:
                site = closing.enter_context(Site().running())
                site.fallback = lambda path, host=host: self.bad.get(host) or self.answer(host, path)  # type: ignore[misc]
                site.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow:\n", "text/plain")
                self.sites[host] = site
            yield self

    def catalogue(self, folder: Path) -> Path:
        """The built-in catalogue, at these hosts, without pauses and without archives and canaries of the past."""
        made = Path(
            copytree(
                builtin_catalogue(), folder, ignore=lambda d, names: [n for n in names if n.endswith(".py")]
            )
        )
        for path in (made / "sources").glob("*.yml"):
            text = path.read_text(encoding="utf-8")
            for host, site in self.sites.items():
                text = re.sub(rf"https?://{re.escape(host)}/", f"{site.url}/", text)
            text = re.sub(r"pause: PT\dS", "pause: PT0S", text)
            text = re.sub(
                r"\n    (# [^\n]*\n    )*canaries:(\n      [^\n]*)+\n    canary_every: \S+", "", text
            )
            path.write_text(text, encoding="utf-8")
        return made

    def answer(self, host: str, path: str) -> Page | None:
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if re.search(r"release-number-\d+|docFuente/\d+", parts.path):
            return _article(parts.path)
        if parts.path.startswith("/wp-json"):
            return self._rest(host, path)
        if parts.path.endswith(("/feed/", "/59144")):
            return self._feed(host, int(query.get("paged", "1")))
        if host == "www.federalregister.gov":
            return self._register(query)
        if host == "www.justice.gov" and parts.path.endswith(".json"):
            return self._news(int(query["page"]))
        if host in ("dof.gob.mx", "diariooficial.gob.mx"):
            return self._diario(host, query)
        if host == "www.gob.mx":
            return self._prensa(parts.path.split("/")[1], int(query.get("page", "1")))
        if parts.path.endswith("/ag-bia-decisions"):
            return _article("/eoir/release-number-1")
        return self._listing(host, parts.path, int(query.get("page", "0")))

    def _times(self, host: str) -> list[datetime]:
        return [] if host in self.empty else [NOW - (3 + 7 * n) * HOUR for n in range(90)]

    def _listing(self, host: str, path: str, page: int) -> Page:
        base = re.sub(r"/page/(\d+)/$", "/", path)
        number = int(re.search(r"/page/(\d+)/$", path)[1]) - 1 if base != path else page  # type: ignore[index]
        times = self._times(host)
        rows = [self._row(host, n, at) for n, at in enumerate(times, 1)][number * 10 : number * 10 + 10]
        if host in ("www.state.gov", "www.whitehouse.gov"):
            following = f"{base}page/{number + 2}/"
        else:
            following = f"{path}?page={number + 1}"
        link = NEXT.get(host, USWDS_NEXT).format(next=following) if number * 10 + 10 < len(times) else ""
        return _page(f"{BANNER}<main><div class='view'>{''.join(rows)}</div>{link}</main>")

    def _row(self, host: str, n: int, at: datetime) -> str:
        there = at.astimezone(WASHINGTON)
        return ROWS[host].format(
            href=f"/news/release-number-{n}/", title=f"Release number {n}", words=f"{there:%B} {there.day}, {there:%Y}",
            iso=there.isoformat(), zulu=f"{at:%Y-%m-%dT%H:%M:%SZ}", noon=f"{there:%Y-%m-%d}T12:00:00Z",
        )  # fmt: skip

    def _rest(self, host: str, path: str) -> Page:
        kind = "press_release" if "state_press_release" in path else "briefing"
        press = WordPress([Release(n, at, f"Release number {n}", f"<p>{TEXT.format(title=f'case {n}')}</p>")
                           for n, at in enumerate(self._times(host), 1)])  # fmt: skip
        status, headers, body = press.answer(
            path.replace("state_press_release", "press_release").replace("state_briefing", "press_release")
        )
        here = body.decode().replace(
            "https://www.department.example/releases/", f"{self.sites[host].url}/{kind}/"
        )
        return Page(here.encode(), JSON, status, headers, conditional=False)

    def _feed(self, host: str, page: int) -> Page | None:
        size = 10 if host == "www.state.gov" else 30
        shown = list(enumerate(self._times(host), 1))[(page - 1) * size : page * size]
        if not shown:
            return None
        rows = "".join(
            f"<item><title>Release number {n}</title><link>{self.sites[host].url}/news/release-number-{n}/</link>"
            f"<guid isPermaLink='false'>{self.sites[host].url}/?p={n}</guid>"
            f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
            for n, at in shown
        )
        return Page(f"<rss version='2.0'><channel><title>News</title>{rows}</channel></rss>".encode(), RSS)

    def _register(self, query: dict[str, str]) -> Page:
        first = query.get("conditions[publication_date][gte]", "2000-01-01")
        last = query.get("conditions[publication_date][lte]", "2100-01-01")
        days = [
            (n, f"{at.astimezone(WASHINGTON):%Y-%m-%d}")
            for n, at in enumerate(self._times("www.federalregister.gov"), 1)
        ]
        hits = [(n, on) for n, on in days if first <= on <= last]
        found = [
            {"title": f"Release number {n}", "document_number": f"2026-{10000 + n}", "publication_date": on,
             "html_url": f"{self.sites['www.federalregister.gov'].url}/documents/release-number-{n}/", "type": "Rule", "abstract": None}
            for n, on in hits
        ]  # fmt: skip
        answer = {"count": len(found), "results": found} if found else {"description": "", "count": 0}
        return Page(json.dumps(answer).encode(), JSON, conditional=False)

    def _news(self, page: int) -> Page:
        releases = []
        for n, at in enumerate(self._times("www.justice.gov"), 1):
            there = at.astimezone(WASHINGTON)
            noon = datetime(there.year, there.month, there.day, 12, tzinfo=UTC)
            office = "Executive Office for Immigration Review" if n % 7 == 1 else "USAO - Maryland"
            releases.append(
                {"uuid": f"uuid-{n}", "title": f"Release number {n}", "url": f"{self.sites['www.justice.gov'].url}/opa/pr/release-number-{n}",
                 "date": str(int(noon.timestamp())), "component": [{"uuid": "c", "name": office}], "teaser": "", "body": ""}
            )  # fmt: skip
        counts = {"count": str(len(releases)), "pagesize": "50", "page": page}
        answer = {"metadata": {"resultset": counts}, "results": releases[page * 50 : page * 50 + 50]}
        return Page(json.dumps(answer).encode(), JSON, conditional=False)

    def _diario(self, host: str, query: dict[str, str]) -> Page:
        on = datetime(int(query["year"]), int(query["month"]), int(query["day"]), tzinfo=MEXICO)
        numbers = [5_000_000 + int(f"{on:%j}") * 10 + n for n in range(4)]
        quiet = host in self.empty or on.weekday() == 6
        if host == "diariooficial.gob.mx":
            notes = [{"id": str(n), "date": f"{on:%d/%m/%Y}", "titulo": f"Acuerdo número {n}",
                      "url": f"{self.sites['sidof.segob.gob.mx'].url}/notas/docFuente/{n}"} for n in numbers]  # fmt: skip
            section = {"contentsection": {"name": "PODER EJECUTIVO", "content": {"content": notes}}}
            months = [
                "enero",
                "febrero",
                "marzo",
                "abril",
                "mayo",
                "junio",
                "julio",
                "agosto",
                "septiembre",
                "octubre",
                "noviembre",
                "diciembre",
            ]
            days = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]
            fecha = f"{days[on.weekday()]} {on.day} de {months[on.month - 1]} {on.year}"
            edition = (
                {"id": None} if quiet else {"id": f"{on:%d%m%Y}-MAT", "fecha": fecha, "secciones": [section]}
            )
            return Page(json.dumps({"ejemplares": [edition]}).encode(), JSON, conditional=False)
        if quiet or query["edicion"] == "EXT":
            return _page("<table><tr><td>&nbsp; No hay datos para la fecha seleccionada</td></tr></table>")
        evening = query["edicion"] == "VES"
        other, name = ("MAT", "Vespertina") if evening else ("VES", "Matutina")
        rows = "".join(
            f"<tr><td><a class='enlaces' href='/nota_detalle.php?codigo={n}&fecha={on:%d/%m/%Y}'>Acuerdo número {n}</a></td></tr>"
            for n in (numbers[3:] if evening else numbers[:3])
        )
        return _page(
            f"<table><tr><td><a href='index.php?edicion={other}'>Edición</a></td></tr><tr><td><span>Fecha: {on:%d/%m/%Y} - "
            f"Edición {name}</span></td></tr>{rows}</table>"
        )

    def _prensa(self, agency: str, page: int) -> Page:
        shown = list(enumerate(self._times("www.gob.mx"), 1))[(page - 1) * 9 : page * 9]
        calls = []
        for n, at in shown:
            stated = at.astimezone(MEXICO).strftime("%Y-%m-%d %H:%M:%S")
            row = (
                f'<article><time datetime="{stated}">hoy</time><h2>Release number {n}</h2><a class="small-link" '
                f'href="/{agency}/prensa/release-number-{n}?idiom=es">Continuar leyendo</a></article>'
            )
            escaped = row.replace('"', '\\"').replace("</", "<\\/")
            calls.append(f"$('#prensa').append('{escaped}');")
        return Page("\n".join(calls).encode(), JS, conditional=False)


def _article(path: str) -> Page:
    number = re.findall(r"\d+", path)[-1]
    title = f"Acuerdo número {number}" if "docFuente" in path else f"Release number {number}"
    text = TEXT.format(title=f"case {number} at {path.split('/')[1]}")
    return _page(
        f"{BANNER}<main><article><h1>{escape(title)}</h1><div id='fulltext_content_area' "
        f"class='entry-content article-body field--name-body'><div id='nota'><p>{escape(title)}.</p><p>{text}</p></div></div>"
        "</article></main>"
    )


def _page(body: str) -> Page:
    return Page(f"<!DOCTYPE html><html><head><title>Site</title></head><body>{body}</body></html>".encode())
