"""Somebody who looks at the desk, and what a page holds: its words, its links, its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import html5lib
import requests
from bs4 import BeautifulSoup, Tag

from servanda.jobs.bootstrap.wiring import Wiring

WINDOW = "us-mexico-2019/further-actions-90d"
SUMMER = "2019-06-07T04:00:00Z"


def plain(part: Tag) -> str:
    """The words of a part as one line, as a reader would take them."""
    return re.sub(r" ([.,;:)])", r"\1", " ".join(part.get_text(" ").split()))


@dataclass
class DeskPage:
    """A page, which is valid HTML."""

    status: int
    headers: Any
    html: str
    soup: BeautifulSoup = field(init=False)

    def __post_init__(self) -> None:
        html5lib.HTMLParser(strict=True).parse(self.html)
        self.soup = BeautifulSoup(self.html, "lxml")

    @property
    def words(self) -> str:
        """The main part of the page as one line."""
        main = self.soup.find("main")
        assert isinstance(main, Tag)
        return plain(main)

    @property
    def title(self) -> str:
        heading = self.soup.find("h1")
        assert isinstance(heading, Tag)
        return plain(heading)

    def section(self, name: str) -> str:
        """The words of the part whose heading has this id."""
        part = self.soup.select_one(f'[aria-labelledby="{name}"]')
        assert part is not None, name
        return plain(part)

    def links(self) -> list[str]:
        return [str(a["href"]) for a in self.soup.find_all("a", href=True)]

    def rows(self, heading: str) -> list[list[str]]:
        """The cells of the table below the heading with this id."""
        region = self.soup.select_one(f'[role="group"][aria-labelledby="{heading}"]')
        assert region is not None, heading
        return [
            [plain(cell) for cell in row.find_all(["td", "th"])]
            for body in region.find_all("tbody")
            for row in body.find_all("tr")
        ]


@dataclass
class Reader:
    """Asks for pages as a browser on this machine does."""

    wiring: Wiring
    server: str
    session: requests.Session = field(default_factory=requests.Session)

    def ask(self, path: str, method: str = "GET", **headers: str) -> requests.Response:
        return self.session.request(
            method, f"{self.server}/{path}", headers=headers, timeout=30, allow_redirects=False
        )

    def page(self, path: str = "", **headers: str) -> DeskPage:
        answer = self.ask(path, **headers)
        return DeskPage(answer.status_code, answer.headers, answer.text)


def internal(page: DeskPage) -> Iterator[str]:
    """The paths of the desk to which a page links, without what is asked of them."""
    for address in page.links():
        if address.startswith("/"):
            yield address.partition("#")[0].lstrip("/")
