"""Documents that were listed, read and checked, written into a ledger without a site."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from servanda.compliance.document_doubts import DocumentFacts, Doubt
from servanda.compliance.prose import ProseFacts
from servanda.compliance.publication import PublicationTime
from servanda.compliance.repeated_text import text_lines
from servanda.models import tables
from servanda.models.documents.checks import record_check, source_habits
from servanda.models.polls import polls
from servanda.models.store import Store

NOW = datetime(2019, 9, 6, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
LISTED = PublicationTime.instant(NOW, "America/New_York")
OTHER_PAGE = Doubt("other_page", "nothing on its page shows the listed title")


def facts(words: int = 200, *lines: str, **more: Any) -> DocumentFacts:
    """Of a good document. ``lines``: of its text, by which it is known."""
    prose = ProseFacts(words=words, function_share=0.4)
    return DocumentFacts("heading", prose, **{"lines": text_lines(lines, ""), **more})


@dataclass
class CheckedDocuments:
    """Each document has a listing; ``seen`` a look at a content, with what it was found to be."""

    store: Store
    poll: int = 0
    versions: dict[tuple[int, str], int] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.store.writing() as db:
            polls.load_catalogue(db, "digest", "{}", NOW)
        self.poll = self._add(
            tables.poll, source="us-state", route="feed", started_at=NOW, finished_at=NOW, outcome="read", pages=1,
            items=1, new_documents=1, catalogue="digest",
        )  # fmt: skip

    def listed(self, title: str, at: datetime = NOW, source: str = "us-state", **more: Any) -> int:
        document = self._add(tables.document, source=source, first_seen_at=at)
        self.said(document, title, at, **more)
        return document

    def said(self, document: int, title: str, at: datetime, **more: Any) -> int:
        """A further statement of a listing on a document."""
        self.titles[document] = title
        return self._add(
            tables.listing, document=document, poll=self.poll, digest=title, title=title, known_at=at,
            url="https://a.example/", **{**_published(NOW), **more},
        )  # fmt: skip

    def seen(
        self,
        document: int,
        content: str,
        found: DocumentFacts,
        *doubts: Doubt,
        at: datetime = NOW,
        title: str | None = None,
    ) -> bool:
        """A full answer with this content, checked under that title, or the one that was listed last; whether
        the check is a new row."""
        title = self.titles[document] if title is None else title
        if (document, content) not in self.versions:
            self.versions[document, content] = self._add(
                tables.version, document=document, digest=content, title=title, language="en", known_at=at,
                **_published(NOW),
            )  # fmt: skip
        version = self.versions[document, content]
        self.looked(document, at=at, version=version)
        with self.store.writing() as db:
            habits = source_habits(db, document)
            return record_check(db, version, found, doubts, title=title, listed=LISTED, now=at, habits=habits)

    def looked(
        self,
        document: int,
        *,
        at: datetime,
        version: int | None = None,
        status: int = 200,
        state: str = "seen",
    ) -> None:
        exchange = self._add(
            tables.exchange, poll=self.poll, document=document, url="https://a.example/", status=status, sha256="a",
            archive_file="a.warc.gz", archive_offset=0, archive_length=9, at=at,
        )  # fmt: skip
        self._add(
            tables.observation, document=document, version=version, exchange=exchange, state=state, at=at
        )

    def _add(self, table: Any, **values: Any) -> int:
        with self.store.writing() as db:
            done = db.execute(insert(table).returning(table.c.id), values)
            return int(done.scalar_one())


def _published(at: datetime) -> dict[str, Any]:
    return {"precision": "instant", "zone": "America/New_York", "published_at": at}
