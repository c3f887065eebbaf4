"""The shortlist of a window: what a person must have looked at before absence is final.

Careful reviews tell two nets apart. The narrow one, of rules and their checklist, raises alerts; the wide one
decides what must be looked at. (``domain.md``, "Reviewed"; the steps are those of PRISMA 2020.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeGuard

from servanda.compliance.publication import PublicationTime, StatedTime

ReasonKind = Literal[
    "candidate",
    "near_miss",
    "predates",
    "subject",
    "party",
    "together",
    "other_language",
    "video",
    "pictures",
]


def is_by_eye(doubt: str) -> TypeGuard[ReasonKind]:
    """Whether a kind of doubt tells of no fault: words cannot judge such a document, people can."""
    return doubt in ("other_language", "video", "pictures")


@dataclass(frozen=True, slots=True)
class ShortlistReason:
    """Why a document stands on a shortlist.

    ``what``: the rule, concept or party that was found, or the reason in words; ``text``: the passage that
    holds it, "" where there is none.
    """

    kind: ReasonKind
    what: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ShortlistedDocument:
    """A document on the shortlist of one window.

    ``version``: the newest of its contents that stands there. ``published``: when it was, by the statement
    that counts; ``stated``: every time that was ever stated of it. ``reviewed_by``: who looked at that
    content, None for nobody yet; ``reason``: what was said of it.
    """

    document: int
    version: int
    source: str
    title: str
    published: PublicationTime
    why: tuple[ShortlistReason, ...]
    reviewed_by: str | None = None
    reason: str | None = None
    stated: tuple[StatedTime, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(one.kind for one in self.why)


@dataclass(frozen=True, slots=True)
class Flow:
    """How many documents of a window's required sources came through each step (PRISMA 2020).

    ``identified``: listed with a time inside the window; ``retrieved``: read; ``doubtful``: of these;
    ``screened``: matched by the rules; ``shortlisted``: to be looked at by a person; ``reviewed``: looked at;
    ``accepted``: taken for what was due. ``reviewers``: names, each with how many, the busiest first.
    """

    identified: int
    retrieved: int
    doubtful: int
    screened: int
    shortlisted: int
    reviewed: int
    accepted: int
    reviewers: tuple[tuple[str, int], ...] = ()

    @property
    def waiting(self) -> int:
        """How many on the shortlist nobody has looked at."""
        return self.shortlisted - self.reviewed


def count_reviewers(shortlist: Iterable[ShortlistedDocument]) -> tuple[tuple[str, int], ...]:
    """Who looked at how many."""
    names = Counter(one.reviewed_by for one in shortlist if one.reviewed_by is not None)
    return tuple(sorted(names.items(), key=lambda entry: (-entry[1], entry[0])))
