"""What a kind of fault may look at, and what it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from fault_injection.documents.announcing import Announcement, Language
from fault_injection.documents.pages import HTML, PageParts, Structure, bare_page, paragraphs_html
from fault_injection.documents.releases import ZONES, Release, civil
from fault_injection.publishers.served import Served
from fault_injection.publishers.truth import Item


@dataclass(frozen=True, slots=True)
class Sight:
    """The site at a moment, as it stands around the release that a fault hits.

    ``rng`` gives the same draws at each request of one play. ``siblings`` are the other releases that are
    listed, newest first. ``until_at`` is the window's end.
    """

    release: Release
    siblings: Sequence[Release]
    structure: Structure
    root: str
    path: str
    now: datetime
    until_at: datetime
    rng: Random

    @property
    def language(self) -> Language:
        return self.structure.language

    @property
    def announced(self) -> Announcement:
        assert self.release.announced is not None, "faults hit announcements"
        return self.release.announced

    @property
    def clean(self) -> Served:
        """The announcement's page without any fault."""
        return self.page()

    def text(self, english: str, spanish: str) -> str:
        return english if self.language == "en" else spanish

    def of(self, release: Release) -> Sight:
        """The same site, around another of its releases."""
        return replace(self, release=release, path=self.path.replace(self.release.slug, release.slug))

    def page(
        self,
        *,
        title: str | None = None,
        paragraphs: Sequence[str] | None = None,
        body: str | None = None,
        head: str = "",
        at: datetime | None = None,
    ) -> Served:
        """The release's page in the site's structure; ``body`` is mark-up in the paragraphs' place."""
        at = at or self.release.at
        parts = PageParts(
            language=self.language,
            site=self.structure.site,
            title=self.release.title if title is None else title,
            body=paragraphs_html(self.release.whole if paragraphs is None else paragraphs)
            if body is None
            else body,
            shown=civil(at, self.language),
            stated=at.isoformat(),
            address=f"{self.root}{self.path}",
            others=[(one.title, self.path.replace(self.release.slug, one.slug)) for one in self.siblings[:3]],
            head=head,
        )
        return Served(self.structure.render(parts).encode(), HTML)

    def bare(self, title: str, main: str, head: str = "") -> Served:
        """A page that is nobody's release."""
        return Served(bare_page(self.language, title, main, head), HTML)

    def saying(self, paragraph: str) -> Served:
        """The release's page with another paragraph in the place of the one that announces."""
        return self.page(paragraphs=replace_saying(self.release, paragraph))


def replace_saying(release: Release, paragraph: str) -> tuple[str, ...]:
    assert release.announced is not None, "faults hit announcements"
    return replace(release.announced, saying=paragraph).among(release.paragraphs)


@dataclass(frozen=True, slots=True)
class Row:
    """What the listing says of the announcement's address; ``content`` is what a feed holds of it."""

    title: str
    at: datetime
    content: str | None = None


Answer = Callable[[Sight], Served]


def clean_answer(sight: Sight) -> Served:
    return sight.clean


def no_files(sight: Sight) -> Mapping[str, Served]:  # noqa: ARG001 - what a kind may look at
    return {}


def own_row(sight: Sight) -> Row | None:
    """Listed when it is published, as what it is."""
    release = sight.release
    return Row(release.title, release.at) if release.at <= sight.now else None


def same_release(release: Release, rng: Random) -> Release:  # noqa: ARG001 - what a kind may look at
    return release


@dataclass(frozen=True)
class Kind:
    """One kind of fault.

    ``answer``: what the announcement's address answers; ``files``: by path, what stands beside it; ``row``:
    how the listing shows it, None for not; ``reshape``: of what shape the announcement is; ``others``:
    whether it is the answer of other releases too. ``phrases``: what must be announced, where only some can
    be hit. ``languages``: of the sites that meet it; ``by_feed``: the site has a feed.
    """

    id: str
    sentence: str
    answer: Answer = clean_answer
    files: Callable[[Sight], Mapping[str, Served]] = no_files
    row: Callable[[Sight], Row | None] = own_row
    reshape: Callable[[Release, Random], Release] = same_release
    others: Callable[[Sight], bool] | None = None
    phrases: Mapping[Language, str] | None = None
    languages: tuple[Language, ...] = ("en", "es")
    by_feed: bool = False


def item_of(row: Row, slug: str) -> Item:
    return Item(slug, row.title, row.at, row.at)


__all__ = ["ZONES", "Answer", "Kind", "Row", "Served", "Sight"]
