"""The web app behind a real server on loopback, and what a browser would make of its pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import requests
import uvicorn
from sqlalchemy import select
from starlette.types import ASGIApp
from support.waiting import wait_for

from servanda.compliance.watchers import Watcher
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.delivery.signed_links import SignedLinks, links_for
from servanda.models.delivery.watchers import watcher_by_address
from servanda.models.tables import metadata

BASE = "https://watch.example.org/servanda"
"""Where the pages are reached from outside; a proxy hands its requests on to the server on loopback."""


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """The address of a server that runs the app."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_for(lambda: server.started, "the server", seconds=20)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@dataclass
class Visitor:
    """Asks for pages as somebody outside does; ``url`` may be a link from a mail, or a path."""

    wiring: Wiring
    server: str
    session: requests.Session = field(default_factory=requests.Session)

    def ask(self, method: str, url: str, **more: Any) -> requests.Response:
        path = url.removeprefix(BASE)
        return self.session.request(method, self.server + path, timeout=20, allow_redirects=False, **more)

    def get(self, url: str, **more: Any) -> requests.Response:
        return self.ask("GET", url, **more)

    def post(self, url: str, data: Any = None, **more: Any) -> requests.Response:
        return self.ask("POST", url, data=data, **more)

    def watcher(self, address: str) -> Watcher:
        with self.wiring.store.reading() as db:
            found = watcher_by_address(db, address)
        assert found is not None
        return found

    def links(self, address: str) -> SignedLinks:
        links = links_for(self.wiring.letterhead.pages, self.watcher(address), self.wiring.now)
        assert links is not None
        return links

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that the database holds."""
        with self.wiring.store.reading() as db:
            return {
                name: [tuple(row) for row in db.execute(select(table))]
                for name, table in metadata.tables.items()
            }


class Page(HTMLParser):
    """A page taken apart: its tags with their attributes, what its selects choose, and its words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.chosen: dict[str, str] = {}
        self.offered: dict[str, list[str]] = {}
        self.text = ""
        self._select = ""
        self._option: tuple[str | None, bool] | None = None
        self._hidden = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self._hidden += tag in ("style", "head")
        if tag == "select":
            self._select = attributes["name"] or ""
            self.offered[self._select] = []
        if tag == "option":
            self._option = (attributes.get("value"), "selected" in attributes)

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "head")

    def handle_data(self, data: str) -> None:
        if self._option is not None:
            value, selected = self._option
            self._option = None
            self.offered[self._select].append(value if value is not None else data.strip())
            if selected:
                self.chosen[self._select] = self.offered[self._select][-1]
        elif not self._hidden:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def words(self) -> str:
        return " ".join(self.text.split())
