"""The picture says what the verdict says: every stretch and every document stands where its time is."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from servanda.alerts.text.translation import ENGLISH
from servanda.demo.replay import Replay
from servanda.jobs.views.window_dossier import WindowDossier, window_dossier
from servanda.web.desk.picture import WIDTHS, Picture, Size, draw

pytestmark = pytest.mark.slow

WINDOW = "further-actions-90d"
END = datetime(2019, 9, 6, 4, tzinfo=UTC)
MIDDLE = datetime(2019, 8, 5, 12, tzinfo=UTC)


def dossier(replay: Replay, as_of: datetime | None = None) -> WindowDossier:
    return window_dossier(replay.wiring.ledger, replay.wiring.catalogue, WINDOW, as_of)


@pytest.fixture(params=["wide", "narrow"])
def size(request: pytest.FixtureRequest) -> Size:
    return request.param  # type: ignore[no-any-return]


def states(picture: Picture, source: str) -> list[str]:
    (row,) = [row for row in picture.rows if row.title.startswith(source)]
    return [stretch.state for stretch in row.stretches]


def test_a_gap_is_seen_until_it_is_closed(replay: Replay, size: Size) -> None:
    before, after = (draw(dossier(replay, at), ENGLISH, size) for at in (END, None))
    assert states(before, "Presidencia") == ["covered", "blocked", "covered", "not_read", "not_read"]
    assert states(after, "Presidencia") == ["covered"]


def test_what_is_still_to_come_is_not_told_as_unread(replay: Replay, size: Size) -> None:
    picture = draw(dossier(replay, MIDDLE), ENGLISH, size)
    assert {states(picture, row.title)[-1] for row in picture.rows if row.stretches} == {"to_come"}


def test_stretches_of_a_source_follow_each_other_and_none_is_too_short_to_be_seen(
    replay: Replay, size: Size
) -> None:
    for at in (END, MIDDLE, None):
        picture = draw(dossier(replay, at), ENGLISH, size)
        for row in picture.rows:
            assert all(stretch.width >= 3 for stretch in row.stretches)
            for one, other in pairwise(row.stretches):
                assert one.x < other.x <= one.x + one.width + 0.2


def test_everything_lies_on_the_paper(replay: Replay, size: Size) -> None:
    for at in (END, MIDDLE, None):
        picture = draw(dossier(replay, at), ENGLISH, size)
        assert picture.width == WIDTHS[size]
        places = [mark.x for row in picture.rows for mark in row.marks] + [line.x for line in picture.lines]
        places += [s.x + s.width for row in picture.rows for s in row.stretches]
        assert all(0 <= place <= picture.width for place in places)
        assert all(row.y < picture.height for row in picture.rows)


def test_every_document_stands_in_the_row_of_its_source_with_a_shape_of_its_own(replay: Replay) -> None:
    picture = draw(dossier(replay), ENGLISH, "wide")
    kinds = {row.title: [mark.kind for mark in row.marks] for row in picture.rows}
    assert kinds == {
        "State Department press releases (US)": ["near_miss", "near_miss"],
        "White House news (US)": ["candidate"],
        "Secretaría de Relaciones Exteriores, prensa (MX)": ["rejected"],
        "Presidencia de la República, prensa (MX)": [],
        "Other sources": ["near_miss"],
    }


def test_a_doubtful_document_is_marked_until_a_person_has_answered_for_it(replay: Replay) -> None:
    kinds = [m.kind for row in draw(dossier(replay, END), ENGLISH, "wide").rows for m in row.marks]
    assert "doubtful" in kinds
    assert "candidate" not in kinds, "it was published and known later"


def test_lines_name_the_end_the_settling_and_the_moment_that_was_asked_about(replay: Replay) -> None:
    picture = draw(dossier(replay, MIDDLE), ENGLISH, "wide")
    assert [line.text for line in picture.lines] == [
        "as of 5 Aug 2019",
        "window ends 5 Sept 2019",
        "settles 8 Sept 2019",
    ]
    assert [line.x for line in picture.lines] == sorted(line.x for line in picture.lines)


def test_names_on_the_axis_do_not_run_into_each_other(replay: Replay, size: Size) -> None:
    named = [tick for tick in draw(dossier(replay), ENGLISH, size).ticks if tick.text]
    assert named[0].text == "Jul 2019"
    for one, other in pairwise(named):
        assert one.x + len(one.text or "") * 8 < other.x
