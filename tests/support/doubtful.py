"""A press desk whose window ends after two weeks, and pages that stand in its releases' places."""

from __future__ import annotations

from datetime import UTC, datetime

from support.desk import FIRST_AT, Desk, everyday
from support.listing_pages import Release
from support.monitors import Monitor

from servanda.compliance.vocabulary import DocumentAnswer
from servanda.jobs.assess import assess
from servanda.jobs.decisions.document_review import review_document
from servanda.jobs.decisions.shortlist_review import dismiss_documents
from servanda.jobs.views import status as views
from servanda.jobs.views.doubtful_documents import doubtful_documents
from servanda.jobs.views.json_values import Json
from servanda.jobs.views.shortlist import shortlist


def june(day: int, hour: int = 12) -> datetime:
    return datetime(2019, 6, day, hour, tzinfo=UTC)


WINDOW = "further-actions-90d"
READINGS = (FIRST_AT, june(14), june(18), june(21))
DUE_AT = june(22, 4)
ENDED_AT = june(22, 18)
"""The first reading after the window's end, in which everything of it was listed."""

EXPIRED = (
    "<html><head><title>Session expired</title></head><body><main><h1>Session expired</h1><p>Your session has "
    "expired because of inactivity. Please go back to the home page and sign in again to go on with your search "
    "of the publications of this site.</p></main></body></html>"
)

LONG = (
    "The Secretary received the envoy this morning and spoke about trade, education and culture in a "
    "friendly conversation that went on for about one hour in the reception rooms of the Department. The two "
    "sides will meet again in the autumn, and a delegation of teachers is expected to visit the capital before "
    "the end of the year, as the programme for the coming months has it.\n\n"
    "The envoy thanked the Secretary for the invitation and handed over a letter of his government, which "
    "will be answered in the course of the next week."
)
"""Of 87 words, none of which a rule looks for."""

TALKS = Release("talks", "Envoy of Lithuania Presents His Credentials", "2019-06-13T10:00:00-04:00", LONG)


class ShortDesk(Desk):
    """``instead``: what the site answers in the place of a release, by slug; ``statuses``: with which status.
    ``read`` looks at moments, with a release for each day before them."""

    def __init__(self, monitor: Monitor, *, reread: str | None = None) -> None:
        super().__init__(monitor, reread=reread, duration="P14D")
        self.instead: dict[str, str] = {}
        self.statuses: dict[str, int] = {}

    def show(self) -> None:
        super().show()
        for slug, markup in self.instead.items():
            self.site.put(self.path(slug), markup)
        for slug, status in self.statuses.items():
            self.site.pages[self.path(slug)].status = status

    def read(self, *moments: datetime) -> None:
        for now in moments:
            days = [one for one in everyday(range(1, 30)) if datetime.fromisoformat(one.at) <= now]
            self.put(*(one for one in days if one.slug not in self.releases))
            self.look(now)

    def until_ended(self) -> None:
        self.read(*READINGS, ENDED_AT)

    def window(self) -> Json:
        with self.monitor.at() as wiring:
            found: Json = views.status(wiring.ledger, wiring.catalogue, wiring.now)["windows"][0]
        return found

    def verdict(self) -> str:
        return str(self.window()["verdict"])

    def duties(self) -> list[tuple[str, str]]:
        """Kind and detail of each unmet duty of the window."""
        return [(duty["kind"], duty["detail"]) for duty in self.window()["duties"]]

    def shortlist(self) -> dict[str, Json]:
        """What stands on the window's shortlist, by title."""
        with self.monitor.at() as wiring:
            rows = shortlist(wiring.ledger, wiring.catalogue, WINDOW, wiring.now)
        return {row["title"]: row for row in rows}

    def dismiss(self, now: datetime, *slugs: str, undo: bool = False) -> None:
        """A person's answer on documents of the shortlist; without names, on all of them."""
        chosen = [self.document(slug) for slug in slugs]
        with self.monitor.at(now) as wiring:
            rows = shortlist(wiring.ledger, wiring.catalogue, WINDOW, wiring.now)
            documents = chosen or [row["document"] for row in rows]
            dismiss_documents(
                wiring.ledger, wiring.catalogue, WINDOW, documents, by="Ana", reason="read it", undo=undo
            )
            assess(wiring)

    def doubtful(self) -> dict[str, str]:
        """Why documents wait for an answer, by their titles."""
        with self.monitor.at() as wiring:
            return {row["title"]: row["why"] for row in doubtful_documents(wiring.ledger)}

    def answer(self, slug: str, answer: DocumentAnswer, now: datetime, reason: str = "looked at it") -> str:
        """A person's answer on a release; the digest of the content that it holds for."""
        with self.monitor.at(now) as wiring:
            told = review_document(wiring.ledger, self.document(slug), answer, by="Ana", reason=reason)
            assess(wiring)
        return told
