"""The kinds of faults behind the listing: enough of them, named apart, and each really changes the answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from fault_injection.documents.kinds import KINDS, ROOMS
from fault_injection.documents.releases import window_end
from fault_injection.documents.scene import Scene, draw_scene
from fault_injection.documents.served import Kind
from fault_injection.documents.site import Site

LEAST_KINDS = 60
SEED = 4


def test_there_are_many_and_each_is_known_by_its_name() -> None:
    named = [kind.id for kinds in ROOMS.values() for kind in kinds]
    assert len(named) == len(set(named)) >= LEAST_KINDS
    assert all(kind.sentence.endswith(".") for kind in KINDS.values())


def moments(scene: Scene) -> list[datetime]:
    """Every day from three weeks before the announcement to some days after the window's end."""
    assert scene.announced is not None
    first, last = scene.announced.at - timedelta(days=21), window_end(scene.language) + timedelta(days=4)
    days = int((last - first) / timedelta(days=1))
    return [first + timedelta(days=day) for day in range(days)] + [last]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_each_kind_changes_the_answer(kind: Kind) -> None:
    scene = draw_scene(SEED, kind, brief=True)
    assert scene.announced is not None
    site = Site(scene, window_end(scene.language), root="http://press.example")
    for site.now in moments(scene):
        site.answer(scene.path_of(scene.announced))
        if site.met:
            return
    pytest.fail(f"{kind.id} changes nothing that a reading asks for")


def test_what_is_announced_stands_in_the_clean_page_alone() -> None:
    """No ordinary release holds a phrase that the rule asks for: else a play would show nothing."""
    for seed in range(6):
        scene = draw_scene(seed, KINDS["pdf_scan"])
        assert scene.announced is not None and scene.announced.announced is not None
        site = Site(scene, window_end(scene.language))
        phrase = scene.announced.announced.phrase
        assert phrase in site.sight(scene.announced).clean.body.decode()
        assert not [one.slug for one in scene.releases if phrase in " ".join(one.paragraphs)]


def test_releases_are_many_and_no_text_is_used_twice() -> None:
    for seed in range(6):
        releases = draw_scene(seed, None).releases
        in_window = [one for one in releases if one.at < window_end("en")]
        assert len(in_window) >= 40
        assert len(releases) <= 150
        assert len({one.paragraphs for one in releases}) == len(releases)


def test_the_same_seed_draws_the_same_play() -> None:
    assert draw_scene(3, KINDS["login"]) == draw_scene(3, KINDS["login"])
    assert draw_scene(3, KINDS["login"]) != draw_scene(4, KINDS["login"])
