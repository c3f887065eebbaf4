from __future__ import annotations

from dataclasses import replace

import pytest

from alerts.model import Alert
from alerts.routing import OPERATOR_WHY, Subscription, Watcher, routed, validate_address

ANA = Watcher(1, "ana@example.org", "Ana", operator=False, active=True)
BEN = Watcher(2, "ben@example.org", "Ben", operator=False, active=True)
OLGA = Watcher(3, "olga@example.org", "Olga", operator=True, active=True)
EVERYONE = (ANA, BEN, OLGA)
MINE = ("us-mexico-2019",)


@pytest.mark.parametrize(
    ("subscription", "gets", "sentence"),
    [
        (Subscription(1), True, "everything"),
        (Subscription(1, MINE), True, "this instrument"),
        (Subscription(1, ("other-2020",)), False, "another instrument"),
        (Subscription(1, ("other-2020", *MINE)), True, "this instrument among others"),
        (Subscription(1, (), ("candidate", "window_ended")), True, "this kind among others"),
        (Subscription(1, (), ("candidate",)), False, "another kind"),
        (Subscription(1, MINE, ("window_ended",)), True, "this kind of this instrument"),
        (Subscription(1, ("other-2020",), ("window_ended",)), False, "this kind of another instrument"),
    ],
)
def test_a_subscription_decides(
    samples: dict[str, Alert], subscription: Subscription, gets: bool, sentence: str
) -> None:
    found = routed(samples["window_ended"], EVERYONE, [subscription])
    assert [one.watcher for one in found] == ([ANA] if gets else [])


def test_who_has_no_subscription_or_left_gets_nothing(samples: dict[str, Alert]) -> None:
    gone = replace(ANA, active=False)
    found = routed(samples["correction"], (gone, BEN), [Subscription(1), Subscription(1, MINE)])
    assert found == ()


def test_two_matching_subscriptions_make_one_mail(samples: dict[str, Alert]) -> None:
    found = routed(samples["correction"], EVERYONE, [Subscription(2, MINE), Subscription(2)])
    assert [one.watcher for one in found] == [BEN]
    assert found[0].why == "You get this because you watch the instrument us-mexico-2019 (all alerts)."


@pytest.mark.parametrize(
    ("subscription", "why"),
    [
        (Subscription(1), "You get this because you watch all instruments (all alerts)."),
        (
            Subscription(1, MINE, ("final_word", "correction")),
            "You get this because you watch the instrument us-mexico-2019 "
            "(these alerts: final word, correction).",
        ),
    ],
)
def test_the_reason_names_the_subscription(
    samples: dict[str, Alert], subscription: Subscription, why: str
) -> None:
    assert routed(samples["correction"], EVERYONE, [subscription])[0].why == why


@pytest.mark.parametrize("name", ["source_blind", "source_recovered"])
def test_blind_sources_concern_active_operators_alone(samples: dict[str, Alert], name: str) -> None:
    asleep = replace(OLGA, id=4, active=False)
    everything = [Subscription(w.id) for w in EVERYONE]
    found = routed(samples[name], (*EVERYONE, asleep), everything)
    assert [(one.watcher, one.why) for one in found] == [(OLGA, OPERATOR_WHY)]


def test_an_operator_is_told_of_blind_sources_whatever_the_subscription(samples: dict[str, Alert]) -> None:
    narrow = [Subscription(3, ("other-2020",), ("candidate",))]
    assert [one.watcher for one in routed(samples["source_blind"], EVERYONE, narrow)] == [OLGA]
    assert routed(samples["window_ended"], EVERYONE, narrow) == ()


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("ana@example.org", "ana@example.org"),
        (" ana@example.org\t", "ana@example.org"),
        ("Ana.Ruiz+treaty@Example.ORG", "Ana.Ruiz+treaty@example.org"),
        ("servanda@localhost", "servanda@localhost"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@ejército。example", "ana@xn--ejrcito-cya.example"),
        (f"{'a' * 64}@example.org", f"{'a' * 64}@example.org"),
    ],
)
def test_valid_addresses(given: str, address: str) -> None:
    assert validate_address(given) == address
    assert validate_address(address) == address


@pytest.mark.parametrize(
    "given",
    [
        "",
        "@",
        "ana",
        "ana@",
        "@example.org",
        "ana@@example.org",
        "ana@example.org, ben@example.org",
        "ana@example.org;ben@example.org",
        "ana@example.org ben@example.org",
        "Ana <ana@example.org>",
        "<ana@example.org>",
        "ana@example.org\n",
        "ana@example.org\r\nBcc: ben@example.org",
        "ana\r\nBcc: ben@example.org",
        "ana@example.org\x00",
        "ana@exam\u2028ple.org",
        "ana\u200b@example.org",
        "añá@example.org",
        '"ana ruiz"@example.org',
        "ana(comment)@example.org",
        ".ana@example.org",
        "ana..ruiz@example.org",
        "ana@example..org",
        "ana@example.org.",
        "ana@-example.org",
        "ana@exa_mple.org",
        "ana@[127.0.0.1]",
        "=?utf-8?q?ana?=@=?utf-8?q?x?=",
        f"{'a' * 65}@example.org",
        f"ana@{'a' * 64}.org",
        f"ana@{'a.' * 130}org",
    ],
)
def test_what_is_no_single_plain_address_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"valid is one address such as ana@example\.org"):
        validate_address(given)
