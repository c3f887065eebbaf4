"""A press desk that edits, withdraws and restores its releases, and a monitor that looks at moments."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from support.catalogues import listing_route, source
from support.listing_pages import Release, publish
from support.monitors import Monitor

from servanda.jobs.assess import assess
from servanda.jobs.collect import SourceOutcome, collect_source
from servanda.models.alerts import alerts as alert_rows
from servanda.models.alerts.alerts import NewAlert

SOURCE = "us-state"
FIRST_AT = datetime(2019, 6, 10, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

DEPLOYED = (
    "The Secretary welcomed that Mexico deployed 6,000 members of its National Guard to its southern border.\n\n"
    "The two sides will meet again in the autumn, as the programme for the coming months has it."
)
GUARD = Release("guard", "Secretary speaks with Mexico", "2019-06-20T10:00:00-04:00", DEPLOYED)
GUARD_AT = datetime(2019, 6, 20, 14, 10, tzinfo=UTC)
"""Ten minutes after it was published."""


def everyday(days: range, month: int = 6) -> list[Release]:
    return [
        Release(f"day-{month}-{n}", f"Daily business {n}", f"2019-{month:02}-{n:02}T12:00:00-04:00")
        for n in days
    ]


class Desk:
    """``releases`` are what the listing shows; ``look`` runs the real jobs at a moment.

    While it ``is_still``, the site stays as a test left it.
    """

    def __init__(
        self, monitor: Monitor, *, reread: str | None = None, duration: str = "P90D", lag: str = "PT12H"
    ) -> None:
        self.monitor = monitor
        self.site = monitor.site
        self.releases: dict[str, Release] = {r.slug: r for r in everyday(range(1, 10))}
        self.gone: dict[str, int] = {}
        self.is_still = False
        route = listing_route(f"{self.site.url}/{SOURCE}/")
        if reread is not None:
            route += f"    reread: {reread}\n"
        monitor.catalogue({SOURCE: source(SOURCE, route, lag=lag)}, duration=duration)

    def put(self, *releases: Release) -> None:
        self.releases |= {release.slug: release for release in releases}

    def edit(self, slug: str, **changes: str) -> None:
        self.releases[slug] = replace(self.releases[slug], **changes)

    def path(self, slug: str) -> str:
        return f"/{SOURCE}/{slug}/"

    def show(self) -> None:
        publish(self.site, f"/{SOURCE}/", list(self.releases.values()))
        for slug, status in self.gone.items():
            self.site.pages[self.path(slug)].status = status

    def look(self, now: datetime, *, judge: bool = True) -> SourceOutcome:
        if not self.is_still:
            self.show()
        self.site.requests.clear()
        with self.monitor.at(now) as wiring:
            outcome = collect_source(wiring, SOURCE)
            if judge:
                assess(wiring)
        return outcome

    def asked(self, slug: str) -> list[int]:
        """The statuses that the last look at the desk's site got for a release."""
        return [status for path, status in self.site.requests if path == self.path(slug)]

    def begin(self) -> None:
        """The baseline, and ten days later a release that is evidence."""
        self.look(FIRST_AT)
        self.put(GUARD)
        self.look(GUARD_AT)

    def alerts(self, *kinds: str) -> list[NewAlert]:
        with self.monitor.at() as wiring, wiring.store.reading() as db:
            told = [stored.alert for stored in alert_rows.alerts(db)]
        return [alert for alert in told if alert.kind in kinds] if kinds else told

    def rows(self, query: str, **named: Any) -> list[Any]:
        from sqlalchemy import text

        with self.monitor.at() as wiring, wiring.store.reading() as db:
            return list(db.execute(text(query), named))

    def document(self, slug: str) -> int:
        named = {"url": f"{self.site.url}{self.path(slug)}"}
        return int(self.rows("SELECT DISTINCT document FROM listing WHERE url = :url", **named)[0][0])

    def states(self, slug: str) -> list[str]:
        """What each look at a release saw, in order: ``seen A``, ``seen B``, ``gone``."""
        rows = self.rows(
            "SELECT state, version FROM observation WHERE document = :d ORDER BY at, id",
            d=self.document(slug),
        )
        names: dict[int, str] = {}
        for row in rows:
            if row.version is not None:
                names.setdefault(row.version, chr(ord("A") + len(names)))
        return [row.state if row.version is None else f"seen {names[row.version]}" for row in rows]
