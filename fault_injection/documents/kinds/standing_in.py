"""A page that stands in the document's place, with status 200: how such kinds are made."""

from __future__ import annotations

from fault_injection.documents.served import Kind, Served, Sight

Said = tuple[str, str]
"""A page's title, and its body's mark-up. ``{title}``, ``{address}`` and ``{number}`` may stand there."""


def stands_in(
    name: str, sentence: str, english: Said, spanish: Said | None = None, *, head: str = ""
) -> Kind:
    """A bare page in English or Spanish; the English one everywhere where there is no other."""

    def answer(sight: Sight) -> Served:
        title, main = english if spanish is None or sight.language == "en" else spanish
        places = {
            "title": sight.release.title,
            "address": sight.path,
            "number": sight.rng.randint(10**7, 10**9),
        }
        return sight.bare(title.format(**places), main.format(**places), head)

    return Kind(name, sentence, answer)
