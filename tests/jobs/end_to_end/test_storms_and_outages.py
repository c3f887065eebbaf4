"""What makes no storm, and what an outage must not keep silent: through the real jobs, from page to mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support.desk import DAY, FIRST_AT, HOUR, SOURCE, Desk
from support.listing_pages import Release
from support.mailing import Post, subjects, text_of
from support.monitors import Monitor

from servanda.jobs.assess import assess
from servanda.jobs.collect import collect_source
from servanda.jobs.delivery.silences import begin_silence
from servanda.jobs.notify import notify
from servanda.jobs.watchers.membership import add_watcher

pytestmark = pytest.mark.slow

SIXTY = [
    Release(
        f"guard-{n}",
        f"Report {n} on the border",
        f"2019-06-{n % 2 + 8:02}T{n % 12 + 8:02}:00:00-04:00",
        f"Mexico deployed {n} hundred more members of its National Guard, the Secretary reported.",
    )
    for n in range(60)
]
DUE_AT = FIRST_AT.replace(month=9, day=6, hour=4)


class Watched(Desk):
    """A desk that Ana watches."""

    def __init__(self, monitor: Monitor) -> None:
        super().__init__(monitor)
        with self.monitor.at(FIRST_AT - DAY) as wiring:
            add_watcher(wiring.ledger, "ana@example.org", operator=True)

    def round(self, now: Any) -> None:
        self.look(now)
        with self.monitor.at(now) as wiring:
            notify(wiring)

    def mailed(self) -> list[Any]:
        post = Post.__new__(Post)
        post.monitor = self.monitor
        return post.mails()

    def told(self) -> list[str]:
        """The kinds of mails but those of quiet times."""
        return [s for s in subjects(self.mailed()) if not s.startswith(("All quiet", "Nothing to tell"))]


@pytest.fixture
def watched(monitor: Monitor) -> Watched:
    return Watched(monitor)


def test_a_new_instrument_with_sixty_documents_is_one_mail(watched: Watched) -> None:
    watched.put(*SIXTY)
    watched.round(FIRST_AT)
    assert watched.rows("SELECT COUNT(*) FROM evidence") == [(60,)]
    assert watched.told() == ["Now monitoring: U.S.-Mexico Joint Declaration"]


def test_a_changed_rule_that_matches_sixty_documents_anew_is_no_mail(watched: Watched) -> None:
    watched.put(*SIXTY)
    watched.round(FIRST_AT)
    path = watched.monitor.folder / "catalogue" / "declarations" / "us-mexico-2019" / "instrument.yml"
    path.write_text(path.read_text().replace("en: [deploy*]", "en: [deploy*, dispatch*]"))
    watched.round(FIRST_AT + HOUR)
    assert watched.rows("SELECT COUNT(*) FROM evidence") == [(120,)], "all were matched anew"
    assert len(watched.told()) == 1


def test_sixty_releases_in_one_day_are_one_mail_that_names_all(watched: Watched) -> None:
    watched.round(FIRST_AT)
    day = [
        Release(r.slug, r.title, f"2019-06-11T{n % 12 + 8:02}:{n % 60:02}:00-04:00", r.text)
        for n, r in enumerate(SIXTY)
    ]
    watched.put(*day)
    watched.round(FIRST_AT + 2 * DAY)
    assert len(watched.told()) == 2
    storm = watched.mailed()[-1]
    assert subjects([storm])[0].startswith("60 alerts in one mail: ")
    said = text_of(storm)
    assert all(f"Report {n} on the border" in said for n in range(60))


@pytest.mark.parametrize("silenced", [False, True], ids=["told", "with the source silenced"])
def test_the_flag_of_a_window_with_a_blind_source_goes_out_as_unverified(
    watched: Watched, silenced: bool
) -> None:
    watched.round(FIRST_AT)
    now = DUE_AT - 4 * DAY
    if silenced:
        with watched.monitor.at(now) as wiring:
            begin_silence(
                wiring.ledger, instrument=None, subject=f"source:{SOURCE}", kinds=(), until_at=now + 30 * DAY,
                by="Ben", reason="they rebuild their site",
            )  # fmt: skip
            begin_silence(
                wiring.ledger, instrument=None, subject="window:further-actions-90d", kinds=(),
                until_at=now + 30 * DAY, by="Ben", reason="nobody is here",
            )  # fmt: skip
    while now < DUE_AT:
        watched.monitor.site.pages.clear()
        with watched.monitor.at(now) as wiring:
            collect_source(wiring, SOURCE)
            assess(wiring)
            notify(wiring)
        now += 12 * HOUR
    with watched.monitor.at(DUE_AT) as wiring:
        assess(wiring)
        notify(wiring)
    told = watched.told()
    blind = [s for s in told if s.startswith("Source blind")]
    assert len(blind) == (0 if silenced else 1)
    (flag,) = [m for m in watched.mailed() if "Window ended, no announcement accepted" in m["Subject"]]
    said = text_of(flag)
    assert "Absence is not yet provable" in said
    assert "Department of State press releases: covered to 9 June 2019" in said
    assert watched.rows("SELECT value FROM verdict ORDER BY id DESC LIMIT 1") == [("unverified",)]
    if silenced:
        later = DUE_AT + timedelta(days=30)
        with watched.monitor.at(later) as wiring:
            notify(wiring)
        ends = [text_of(m) for m in watched.mailed() if "A silence has ended" in m["Subject"]]
        assert len(ends) == 2
        assert any("Source blind: Department of State press releases" in end for end in ends)
