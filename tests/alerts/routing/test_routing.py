from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from servanda.alerts.letters.phrases.reason_sentences import reason_sentence
from servanda.alerts.payloads.kinds import FLAGS, AlertKind
from servanda.alerts.payloads.reasons import RecipientReason, from_json, to_json
from servanda.alerts.routing.routing import Topic, choose_recipients
from servanda.alerts.text.translation import ENGLISH
from servanda.compliance.watchers import Profile, Subscription, Watcher

MINE = ("us-mexico-2019",)
FOUND = Topic(AlertKind.NEW_EVIDENCE, MINE[0], ("further-actions",), ("MX", "US"))
ENDED = Topic(AlertKind.WINDOW_ENDED, MINE[0], ("further-actions",), ("MX", "US"))


def _watcher(id: int, *wanted: Subscription, **profile: Any) -> Watcher:
    return Watcher(id, f"w{id}@example.org", profile=Profile(**profile), subscriptions=wanted)


def _wanted(**filters: Any) -> Subscription:
    return Subscription(**filters)


@pytest.mark.parametrize(
    ("filters", "gets", "case"),
    [
        ({}, True, "everything"),
        ({"instruments": MINE}, True, "this instrument"),
        ({"instruments": ("other-2020",)}, False, "another instrument"),
        ({"instruments": ("other-2020", *MINE)}, True, "this instrument among others"),
        ({"kinds": ("candidate", "window_ended")}, True, "this kind among others"),
        ({"kinds": ("candidate",)}, False, "another kind"),
        ({"instruments": MINE, "kinds": ("window_ended",)}, True, "this kind of this instrument"),
        (
            {"instruments": ("other-2020",), "kinds": ("window_ended",)},
            False,
            "this kind of another instrument",
        ),
        ({"commitments": ("further-actions",)}, True, "this commitment"),
        ({"commitments": ("national-guard",)}, False, "another commitment"),
        ({"parties": ("MX",)}, True, "a debtor of the commitment"),
        ({"parties": ("GT",)}, False, "another party"),
        ({"severity": "urgent"}, True, "as grave as asked for"),
        ({"unacknowledged_after": 240}, True, "a flag, where nobody acknowledges it"),
    ],
)
def test_a_subscription_decides(filters: dict[str, Any], gets: bool, case: str) -> None:
    found = choose_recipients(ENDED, [_watcher(1, _wanted(**filters)), _watcher(2)])
    assert [one.watcher.id for one in found] == ([1] if gets else [])


def test_less_grave_alerts_stay_below_the_severity_asked_for() -> None:
    watcher = _watcher(1, _wanted(severity="notice"))
    assert choose_recipients(replace(ENDED, kind=AlertKind.NEW_EVIDENCE), [watcher]) == ()
    assert len(choose_recipients(replace(ENDED, kind=AlertKind.CANDIDATE), [watcher])) == 1


@pytest.mark.parametrize("kind", [kind for kind in AlertKind if kind not in FLAGS])
def test_only_flags_wait_for_an_acknowledgement(kind: AlertKind) -> None:
    assert choose_recipients(replace(ENDED, kind=kind), [_watcher(1, _wanted(unacknowledged_after=60))]) == ()


@pytest.mark.parametrize("state", ["asked", "suspended", "ended"])
def test_who_has_no_subscription_or_is_not_active_gets_nothing(state: Any) -> None:
    assert choose_recipients(ENDED, [replace(_watcher(1, _wanted()), state=state), _watcher(2)]) == ()


@pytest.mark.parametrize(
    ("topic", "subscriptions", "manner", "slug"),
    [
        (FOUND, [_wanted(slug="b", frequency="weekly"), _wanted(slug="a", frequency="daily")], "digest", "a"),
        (FOUND, [_wanted(slug="b", frequency="daily"), _wanted(slug="a")], "at_once", "a"),
        (FOUND, [_wanted(slug="a", frequency="daily"), _wanted(unacknowledged_after=9)], "digest", "a"),
        (ENDED, [_wanted(slug="b", unacknowledged_after=9), _wanted(slug="a")], "at_once", "a"),
        (ENDED, [_wanted(slug="a", unacknowledged_after=9)], "unacknowledged", "a"),
        (
            ENDED,
            [_wanted(slug="b", unacknowledged_after=60), _wanted(slug="a", unacknowledged_after=9)],
            "unacknowledged",
            "a",
        ),
    ],
)
def test_of_several_subscriptions_the_most_eager_counts(
    topic: Topic, subscriptions: list[Subscription], manner: str, slug: str
) -> None:
    (one,) = choose_recipients(topic, [_watcher(1, *subscriptions)])
    assert (one.manner, one.why.subscription.slug) == (manner, slug)


@pytest.mark.parametrize("frequency", ["daily", "weekly"])
def test_a_flag_is_told_at_once_to_who_has_digests_even_where_they_are_the_next_person(
    frequency: Any,
) -> None:
    watcher = _watcher(1, _wanted(frequency=frequency), _wanted(slug="later", unacknowledged_after=9))
    (one,) = choose_recipients(ENDED, [watcher])
    assert (one.manner, one.why.subscription.slug) == ("at_once", "all")


@pytest.mark.parametrize("kind", [AlertKind.SOURCE_BLIND, AlertKind.SOURCE_RECOVERED])
def test_blind_sources_concern_active_operators_alone(kind: AlertKind) -> None:
    everyone = [
        _watcher(1, _wanted()),
        _watcher(2, operator=True),
        replace(_watcher(3, operator=True), state="ended"),
    ]
    (one,) = choose_recipients(Topic(kind, None), everyone)
    assert (one.watcher.id, one.manner, one.why) == (2, "at_once", RecipientReason("operator"))


@pytest.mark.parametrize(
    ("filters", "why"),
    [
        ({}, "You get this because you watch all instruments (all alerts)."),
        (
            {"instruments": MINE, "kinds": ("final_word", "correction")},
            "You get this because you watch the instrument us-mexico-2019 "
            "(these alerts: final word, correction).",
        ),
    ],
)
def test_the_reason_names_the_subscription(filters: dict[str, Any], why: str) -> None:
    kept = from_json(to_json(RecipientReason("subscriber", _wanted(**filters))))
    assert reason_sentence(kept, ENGLISH) == why
