"""What plays showed, as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fault_injection.documents.drive import Played
from fault_injection.documents.kinds import ROOMS

LEAST_PROVEN = 0.95
"""Of the healthy plays, the share that must end in ``none_found`` with no person involved."""


def is_lost(played: Played) -> bool:
    """Whether absence was claimed at any time of a window in which there was an announcement."""
    return played.scene.announced is not None and played.claims_absence


def is_named(played: Played) -> bool:
    """Whether the announcement itself is what keeps its window open: as a candidate, or as a document that is
    unread or doubtful."""
    announced = played.scene.announced
    assert announced is not None, "asked of plays with an announcement"
    return played.found or any(why.startswith(announced.title) for why in played.reasons)


def is_hidden(played: Played) -> bool:
    """Whether only something else keeps a window open: but for it, absence would have been claimed."""
    return played.scene.announced is not None and not is_lost(played) and not is_named(played)


def is_sound(faulted: Sequence[Played], healthy: Sequence[Played]) -> bool:
    return not any(map(is_lost, faulted)) and proven_share(healthy) >= LEAST_PROVEN


def proven_share(healthy: Sequence[Played]) -> float:
    return sum(one.verdict == "none_found" for one in healthy) / len(healthy) if healthy else 1.0


def report(faulted: Sequence[Played], healthy: Sequence[Played]) -> str:
    """The table of kinds, and what was lost, hidden or doubted for nothing."""
    return "\n".join((*_rooms(faulted), *_lost(faulted), *_healthy(healthy)))


def _rooms(faulted: Sequence[Played]) -> Iterable[str]:
    by_kind: dict[str, list[Played]] = {}
    for one in faulted:
        if one.scene.kind is not None:
            by_kind.setdefault(one.scene.kind.id, []).append(one)
    yield f"{'kind':<34}{'plays':>6}{'found':>7}{'named':>7}{'hidden':>8}{'lost':>6}"
    for room, kinds in ROOMS.items():
        played = [(kind.id, by_kind[kind.id]) for kind in kinds if kind.id in by_kind]
        if played:
            yield room
            yield from (_line(name, plays) for name, plays in played)
    yield _line("all", list(faulted))


def _line(name: str, plays: Sequence[Played]) -> str:
    lost, hidden = sum(map(is_lost, plays)), sum(map(is_hidden, plays))
    found = sum(one.found and not is_lost(one) for one in plays)
    named = len(plays) - lost - hidden - found
    return f"  {name:<32}{len(plays):>6}{found:>7}{named:>7}{hidden:>8}{lost:>6}"


def _lost(faulted: Sequence[Played]) -> Iterable[str]:
    for title, belongs in (
        ("False none_found", is_lost),
        ("Not noticed, while its window stayed open for another reason", is_hidden),
    ):
        them = [one for one in faulted if belongs(one)]
        yield ""
        yield f"{title}: {len(them)}"
        for one in them:
            scene = one.scene
            assert scene.kind is not None and scene.announced is not None, "it was faulted"
            words = sum(len(text.split()) for text in scene.announced.whole)
            name = f"seed {scene.seed}, {scene.kind.id} ({scene.structure.id}, {words} words)"
            yield f"  {name}: {scene.kind.sentence}"


def _healthy(healthy: Sequence[Played]) -> Iterable[str]:
    if not healthy:
        return
    proven = sum(one.verdict == "none_found" for one in healthy)
    yield ""
    yield f"Healthy plays: {proven} of {len(healthy)} ended in none_found"
    documents = sum(len(one.scene.releases) for one in healthy)
    doubted = sum(len(one.doubted) for one in healthy)
    yield f"Documents doubted in them: {doubted} of {documents}"
    looked_at = sum(one.shortlisted for one in healthy)
    yield f"Documents on their shortlists, for a person to look at: {looked_at}"
    for one in healthy:
        name = f"seed {one.scene.seed} ({one.scene.structure.id})"
        for document in one.doubted:
            yield f"  {name}, {document.title!r}: {'; '.join(document.why)}"
        if one.verdict != "none_found":
            yield f"  {name} ended as {one.verdict}: {', '.join(one.duties)}"
