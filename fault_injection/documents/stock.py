"""What the releases are written from: sentences with places, and what can stand in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

SHORT = 45
"""Words, below which a release is a note of two sentences."""

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Stock:
    """One language. ``fillers`` are named as the places are; ``{number}`` and ``{day}`` are drawn."""

    titles: tuple[str, ...]
    sentences: tuple[str, ...]
    fillers: Mapping[str, tuple[str, ...]]
    months: tuple[str, ...]

    def title(self, rng: Random) -> str:
        return self._filled(rng, rng.choice(self.titles))

    def sentence(self, rng: Random) -> str:
        return self._filled(rng, rng.choice(self.sentences))

    def release(self, rng: Random, words: int) -> tuple[str, tuple[str, ...]]:
        """A title, and paragraphs whose first sentence speaks of the same: so do 123 of 124 recorded releases
        within their first 80 words."""
        form = rng.choice(self.titles)
        said = {name: self._filler(rng, name) for name in _PLACE.findall(form) if name in self.fillers}
        title = self._filled(rng, form, said)
        leads = [one for one in self.sentences if not said.keys().isdisjoint(_PLACE.findall(one))]
        lead = self._filled(rng, rng.choice(leads), said)
        if words < SHORT:
            return title, (f"{lead} {self.sentence(rng)}",)
        first, *others = self.paragraphs(rng, words - len(lead.split()))
        return title, (f"{lead} {first}", *others)

    def paragraphs(self, rng: Random, words: int) -> tuple[str, ...]:
        """Paragraphs of one to four sentences, of about so many words in all."""
        if 0 < words < SHORT:
            return (self._note(rng, words),)
        found: list[str] = []
        said = 0
        while said < words:
            sentences = self._some_sentences(rng, words - said)
            said += sum(len(one.split()) for one in sentences)
            found.append(" ".join(sentences))
        return tuple(found)

    def _note(self, rng: Random, words: int) -> str:
        """Two sentences, as near to so many words as one of some draws comes."""
        drawn = [f"{self.sentence(rng)} {self.sentence(rng)}" for _ in range(8)]
        return min(drawn, key=lambda text: abs(len(text.split()) - words))

    def _some_sentences(self, rng: Random, words: int) -> Sequence[str]:
        found: list[str] = []
        for _ in range(rng.randint(1, 4)):
            if sum(len(one.split()) for one in found) < words:
                found.append(self.sentence(rng))
        return found

    def _filled(self, rng: Random, form: str, said: Mapping[str, str] = MappingProxyType({})) -> str:
        """A form with its places filled: as was ``said`` before, where it was."""
        text = _PLACE.sub(lambda found: said.get(found[1]) or self._filler(rng, found[1]), form)
        return text[0].upper() + text[1:]

    def _filler(self, rng: Random, name: str) -> str:
        if name == "number":
            return str(rng.choice((rng.randint(3, 90), rng.randint(100, 4_000))))
        if name == "month":
            return rng.choice(self.months)
        return rng.choice(self.fillers[name])
