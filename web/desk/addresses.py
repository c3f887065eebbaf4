"""Where pages lie, in their two homes: served at this machine, and as files of a public site.

A page is named by its path, such as ``us-mexico-2019/further-actions-90d``; the empty path is the overview.
In both homes it has the same address: the files are folders with an ``index.html``.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlencode

from servanda.compliance.watchers import Language

Home = Literal["desk", "site"]

TAKEN = frozenset(
    {
        "en", "es", "static", "sources", "documents", "evidence", "captures", "search", "watchers", "alerts",
        "calendar", "events", "health", "u", "p", "c", "tables",
    }
)  # fmt: skip
"""First parts of addresses that no instrument may have for its name."""


@dataclass(frozen=True)
class Addresses:
    """The addresses that a page at ``here`` links to.

    ``root``: what stands before every path, where the app is reached below a prefix. ``spoken``: the language
    that addresses name, None where they name none. ``default``: the language of the site's first tree.
    """

    home: Home = "desk"
    root: str = ""
    spoken: Language | None = None
    here: str = ""
    query: Mapping[str, str] | None = None

    @property
    def on_desk(self) -> bool:
        return self.home == "desk"

    def page(self, path: str = "", /, **query: object) -> str:
        """The address of a page; what is asked of it is left out where it is None or empty."""
        if self.home == "site":
            return self._relative(posixpath.join(self._tree, path, "index.html"))
        asked = {name: str(value) for name, value in query.items() if value not in (None, "")}
        language = f"/{self.spoken}" if self.spoken else ""
        return f"{self.root}{language}/{path}" + (f"?{urlencode(asked)}" if asked else "")

    def file(self, path: str) -> str:
        """The address of a file that is no page, and is the same in every language."""
        return self._relative(path) if self.home == "site" else f"{self.root}/{path}"

    def in_language(self, language: Language) -> str:
        """This page in another language."""
        other = replace(self, spoken=language)
        if self.home == "desk":
            return other.page(self.here, **(self.query or {}))
        return self._relative(posixpath.join(other._tree, self.here, "index.html"))

    def again(self, **changes: object) -> str:
        """This page, asked with some things changed."""
        return self.page(self.here, **{**(self.query or {}), **changes})

    @property
    def _tree(self) -> str:
        """Where the pages of a language lie in the site: English ones at its root."""
        return "" if self.spoken in (None, "en") else self.spoken or ""

    def _relative(self, target: str) -> str:
        return posixpath.relpath(target, posixpath.join(self._tree, self.here) or ".")


def window_path(instrument: str, window: str, as_of: datetime | None = None) -> str:
    """The permanent address of a window, and of what was known of it at an instant."""
    path = f"{instrument}/{window}"
    return path if as_of is None else f"{path}/as-of/{stamp(as_of)}"


def stamp(at: datetime) -> str:
    """An instant as a part of an address: ``20190906T040000Z``, with its fraction where it has one."""
    utc = at.astimezone(UTC)
    fraction = f".{utc.microsecond:06}" if utc.microsecond else ""
    return f"{utc:%Y%m%dT%H%M%S}{fraction}Z"


def from_stamp(text: str) -> datetime:
    """The instant of such a part; ValueError where it is none."""
    form = "%Y%m%dT%H%M%S.%fZ" if "." in text else "%Y%m%dT%H%M%SZ"
    return datetime.strptime(text, form).replace(tzinfo=UTC)


def names_taken(instruments: Iterator[str] | tuple[str, ...]) -> list[str]:
    """The instruments whose pages would lie where others already lie."""
    return sorted(set(instruments) & TAKEN)
