"""Whether a version of a document is shown to be what was listed, whole and legible: else it is doubtful.

A doubt is a duty of every window that the document falls into, until the document is read again without it or
a person has looked. (``domain.md``, "From the listing to the words": retrieved, legible.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from servanda.compliance.prose import ProseFacts, what_hides_words
from servanda.compliance.publication import PublicationTime
from servanda.compliance.repeated_text import TextLine
from servanda.compliance.retrieval import TitleShown, canonical_disagrees

CHECKER = "3"
"""Names how documents are read and checked. Versions that were read otherwise are read again, from their kept
bytes, and matched again."""

LEAST_CONTENT = 12
"""Words beside the title. With fewer there is no statement; a frame, picture or script may hold it."""

SHORT = 40
"""Words. A page with no more than these that leads to a file or shows a picture may hold nothing itself."""

SPEAKS_FOR_ITSELF = 80
"""Words. A shorter text that has no word in common with its title may be another's, under that title."""

OF_THE_SITE = 2
"""Words said of sites that a notice has, and hardly a release. A page without its date needs but one."""

DAYS_OFF = timedelta(days=1)
"""Publishers show a document's day in another zone than they list it by."""

SHORT_BESIDE_PHOTOGRAPH = 34
"""The same beside a picture that looks like a photograph."""

BESIDE_VIDEO = 120
"""Words. A page with fewer beside a video may leave the statement to it."""

STUB = 60
"""Words. A document with fewer may be completed later: it is read once more after its window's end."""

STUB_SHARE = 0.75
"""Of the usual length, below which a short document is a stub."""

DATES_APART = timedelta(days=3)
"""Publishers set a document's own date and its listing's apart by zones, embargoes and migrations."""


@dataclass(frozen=True, slots=True)
class SourceHabits:
    """How a source's newest documents are, of those that raised no doubt.

    ``words``: their median length, None while too few are known. ``speaks_of_title``, ``shows_date``: whether
    nearly all of them hold a word of their title in the text, and show the listed date on the page.
    """

    words: float | None = None
    speaks_of_title: bool = False
    shows_date: bool = False


NO_HABITS = SourceHabits()


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What reading a document showed beside its text.

    ``title_shown``: where the listed title stands. ``speaks_of_title``: whether the text holds a word of
    it; ``site_words``: how many words it has that are said of sites. ``days``: those that a page names
    anywhere, None for what has no page around its text.
    ``prose``: of the content, the title left out; ``core_words``: of the page's ``main`` alone, where it
    has one.
    ``canonical``: the address that the page states as its own. ``lines``: those by which its text is known.
    ``pictures``, ``videos``: in the main part. ``cut``: how the text ends where it goes on
    elsewhere, None for an end. ``missing``: parts that could not be read, each in words.
    ``outside``: how a passage of the page begins that a rule might match and that is not in the text.
    ``concerns``:
    whether it may speak of the subject of a window. ``parts``: addresses at which the rest of it may stand.
    """

    title_shown: TitleShown
    prose: ProseFacts
    speaks_of_title: bool = True
    site_words: int = 0
    days: tuple[date, ...] | None = None
    core_words: int | None = None
    canonical: str | None = None
    lines: tuple[TextLine, ...] = ()
    pictures: int = 0
    photographs: int = 0
    videos: int = 0
    cut: str | None = None
    missing: tuple[str, ...] = ()
    outside: str | None = None
    concerns: bool = False
    parts: tuple[str, ...] = ()

    def shows_date(self, listed: PublicationTime) -> bool | None:
        """Whether a page names the day of its listing; None where nothing would."""
        if self.days is None:
            return None
        first, last = (at.date() for at in (listed.interval.from_at, listed.interval.until_at))
        return any(first - DAYS_OFF <= day <= last + DAYS_OFF for day in self.days)

    def may_be_notice(self, listed: PublicationTime, habits: SourceHabits) -> str | None:
        """Why a short text under the right title may stand there for the document, None for no reason: it has
        no word of the title, and that is against its source's habits, or it speaks of the site."""
        if self.speaks_of_title or not LEAST_CONTENT <= self.prose.words < SPEAKS_FOR_ITSELF:
            return None
        shows = self.shows_date(listed)
        if self.site_words >= (1 if shows is False else OF_THE_SITE):
            return "its text speaks of the site, and holds no word of the listed title"
        if habits.speaks_of_title:
            return "its text holds no word of the listed title, as those of its source do"
        if habits.shows_date and shows is False:
            return "neither the listed date nor a word of the listed title stands on its page"
        return None

    @property
    def own_words(self) -> int:
        """How much the page says itself, however much stands around it."""
        return self.prose.words if self.core_words is None else min(self.core_words, self.prose.words)

    def may_grow(self, habits: SourceHabits) -> bool:
        """Whether it is to be read once more after a window's end: it speaks of a window's subject, or is a
        stub, short and shorter than is usual."""
        is_short = habits.words is None or self.prose.words < habits.words * STUB_SHARE
        return self.concerns or (self.prose.words < STUB and is_short)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a version is doubtful: ``kind`` names the reason, ``why`` says it. Of the kinds ``other_language``,
    ``video`` and ``pictures`` nothing is wrong with the reading: words cannot judge them."""

    kind: str
    why: str


def find_doubts(
    facts: DocumentFacts,
    *,
    addresses: Sequence[str],
    listed: PublicationTime,
    stated: PublicationTime | None,
    habits: SourceHabits = NO_HABITS,
) -> tuple[Doubt, ...]:
    """The doubts that a version raises by itself.

    ``addresses``: what was asked for and what answered; ``listed`` and ``stated``: when it was published, by
    its listing and by the page; ``habits``: how its source's documents are.
    """
    notice = facts.may_be_notice(listed, habits)
    return (*_about_page(facts, addresses, listed, stated, notice), *_about_text(facts))


def _about_page(
    facts: DocumentFacts,
    addresses: Sequence[str],
    listed: PublicationTime,
    stated: PublicationTime | None,
    notice: str | None,
) -> Iterator[Doubt]:
    if facts.title_shown == "nowhere":
        yield Doubt("other_page", "nothing on its page shows the listed title")
    elif notice is not None:
        yield Doubt("other_page", notice)
    if facts.title_shown != "heading" and canonical_disagrees(facts.canonical, *addresses):
        yield Doubt("other_address", f"its page calls itself {facts.canonical}")
    if stated is not None and _lie_apart(listed, stated):
        yield Doubt("other_date", f"its page is dated {stated}, the listing {listed}")


def _about_text(facts: DocumentFacts) -> Iterator[Doubt]:
    prose = facts.prose
    for part in facts.missing:
        yield Doubt("not_whole", part)
    if facts.outside is not None:
        yield Doubt("not_whole", f"outside its text its page says {facts.outside!r}")
    if facts.cut is not None:
        yield Doubt("cut", f"its text ends with {facts.cut!r}")
    hidden = what_hides_words(prose)
    if hidden is not None:
        yield Doubt("illegible", hidden)
    if prose.language is not None:
        yield Doubt("other_language", "it is in a language that no rule can read")
    words = facts.own_words
    short = SHORT if facts.pictures > facts.photographs else SHORT_BESIDE_PHOTOGRAPH
    if facts.videos and words < BESIDE_VIDEO:
        yield Doubt("video", "it is a video")
    elif facts.pictures > 1 and words < short:
        yield Doubt("pictures", "it is a gallery of pictures")
    elif facts.pictures and words < short:
        yield Doubt("not_whole", f"it shows a picture beside only {words} words")
    elif words < LEAST_CONTENT:
        yield Doubt("no_text", f"it holds only {words} words beside its title")


def _lie_apart(one: PublicationTime, other: PublicationTime) -> bool:
    return (
        one.interval.until_at + DATES_APART < other.interval.from_at
        or other.interval.until_at + DATES_APART < one.interval.from_at
    )
