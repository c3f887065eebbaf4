"""Keep, with each version, what shows that it is the listed document: or the doubts that it raises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from servanda.compliance.document_doubts import find_doubts
from servanda.compliance.publication import PublicationTime
from servanda.instruments.routes import Route
from servanda.models.documents import checks
from servanda.models.documents.document_reviews import is_settled
from servanda.scrapers.route_reading import Article


@dataclass(frozen=True, slots=True)
class ListedAs:
    """What a listing says of a document, on a route: what its page must bear out."""

    document: int
    route: Route
    title: str
    url: str
    published: PublicationTime


def record_document_check(
    db: Connection, version: int, article: Article, listed: ListedAs, answered: str, now: datetime
) -> bool:
    """Check a version against its listing and record what was found; whether it is doubtful.

    One that a person has settled is not: it is kept with its doubts, and read as seldom as any other.

    ``answered``: the address that answered, after redirects. Where documents date themselves, their own date
    is the listing's.
    """
    stated = None if listed.route.dated_by_document else article.published
    habits = checks.source_habits(db, listed.document)
    published, addresses = listed.published, (listed.url, answered)
    doubts = find_doubts(article.facts, addresses=addresses, listed=published, stated=stated, habits=habits)
    checks.record_check(
        db, version, article.facts, doubts, title=listed.title, listed=published, now=now, habits=habits
    )
    return bool(doubts) and not is_settled(db, listed.document, article.digest, now)
