"""What goes alone, what goes together, and what waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from servanda.alerts.payloads.kinds import FLAGS, AlertKind
from servanda.alerts.routing.bundling import FIRST, STORM, STORM_PERIOD, BundlePlan, DueAlert, plan_bundles

NOW = datetime(2019, 9, 6, 4, tzinfo=UTC)
HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)


def news(*alerts: int) -> list[DueAlert]:
    return [DueAlert(alert, AlertKind.NEW_EVIDENCE, False) for alert in alerts]


def digest(*alerts: int) -> list[DueAlert]:
    return [DueAlert(alert, AlertKind.NEW_EVIDENCE, True) for alert in alerts]


def flag(alert: int, *, in_digest: bool = False) -> DueAlert:
    return DueAlert(alert, AlertKind.WINDOW_ENDED, in_digest)


def candidates(*alerts: int) -> list[DueAlert]:
    return [DueAlert(alert, AlertKind.CANDIDATE, False) for alert in alerts]


TEN, ELEVEN = tuple(range(1, 11)), tuple(range(1, 12))
CASES = [
    ("nothing is due", [], 0, None, BundlePlan()),
    ("ten at once are ten mails", news(*TEN), 0, None, BundlePlan(alone=TEN)),
    ("eleven are one", news(*ELEVEN), 0, None, BundlePlan(storm=ELEVEN)),
    ("what was written within the hour counts", news(1, 2), 9, None, BundlePlan(storm=(1, 2))),
    ("up to ten", news(1, 2), 8, None, BundlePlan(alone=(1, 2))),
    ("the flag goes alone and first", [*news(*ELEVEN), flag(12)], 0, None, BundlePlan(alone=(12,), storm=ELEVEN)),
    ("before the other single ones", [*news(1), flag(2)], 0, None, BundlePlan(alone=(2, 1))),
    ("flags do not count", [*news(*TEN), flag(11), flag(12)], 0, None, BundlePlan(alone=(11, 12, *TEN))),
    ("a flag is in no digest", [flag(1, in_digest=True), *digest(2)], 0, None, BundlePlan(alone=(1,), digest=(2,))),
    ("a digest is no storm", digest(*ELEVEN), 10, NOW, BundlePlan(digest=ELEVEN)),
    ("a storm after a storm waits", news(*ELEVEN), 0, NOW - HOUR + MOMENT, BundlePlan(waiting=ELEVEN)),
    ("for an hour", news(*ELEVEN), 0, NOW - HOUR, BundlePlan(storm=ELEVEN)),
    ("few after a storm go singly", news(1, 2), 0, NOW - MOMENT, BundlePlan(alone=(1, 2))),
    ("candidates wait behind no bulletins", [*news(*ELEVEN), *candidates(12, 13)], 9, NOW, BundlePlan(alone=(12, 13), waiting=ELEVEN)),
    ("and come before the word on a window", [flag(1), *candidates(2, 3), *news(4)], 0, None, BundlePlan(alone=(2, 3, 1, 4))),
    ("too many candidates are one mail, at once", [*candidates(*ELEVEN), flag(12)], 0, NOW, BundlePlan(alone=(12,), storm=ELEVEN)),
    ("while others wait, a flag does not", [*news(*ELEVEN), flag(12)], 0, NOW, BundlePlan(alone=(12,), waiting=ELEVEN)),
]  # fmt: skip


@pytest.mark.parametrize("why, due, singles, last_storm_at, expected", CASES, ids=[case[0] for case in CASES])
def test_what_becomes_of_what_is_due(
    why: str, due: list[DueAlert], singles: int, last_storm_at: datetime | None, expected: BundlePlan
) -> None:
    assert plan_bundles(due, singles=singles, last_storm_at=last_storm_at, now=NOW) == expected, why


def test_the_numbers_that_the_documents_state() -> None:
    assert (STORM, STORM_PERIOD) == (10, HOUR)


@pytest.mark.parametrize("kind", sorted(AlertKind))
def test_every_flag_goes_alone_in_the_worst_storm(kind: AlertKind) -> None:
    due = [*news(*range(100)), DueAlert(100, kind, False)]
    planned = plan_bundles(due, singles=50, last_storm_at=NOW, now=NOW)
    assert (planned.alone == (100,)) is (kind in FLAGS | FIRST)
    assert sorted((*planned.alone, *planned.waiting)) == list(range(101)), "none is lost, none comes twice"
