"""What of a document is the instrument's own text, printed again: that is never evidence for it."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from servanda.compliance.folding import fold
from servanda.compliance.instrument import Instrument
from servanda.compliance.parties_together import TOGETHER
from servanda.compliance.passages import Candidate, Hits, Passage, passages_of

SAME_TEXT = 0.8
"""At one of the instrument's addresses, a page of which this share stands word for word in it is its text."""

LEAST_OVERLAP = 20
"""Characters of a paragraph that can be known as one of the instrument's."""

LEAST_OUTSIDE = 8
"""Words beside the instrument's in a document that says more than it."""


def passages_beside_instrument(candidate: Candidate, instrument: Instrument) -> list[Passage] | None:
    """The passages of a document, those left out that are the instrument's; None where it is a copy.

    A copy says nothing beside it, or stands at one of its addresses with nearly all its words. Addresses are
    compared with their query.
    """
    title, *body = passages_of(candidate.text)
    known = _squeezed_instrument(instrument.text)
    said = {passage: _squeezed(candidate.text[passage.start : passage.end]) for passage in body}
    outside = [
        passage for passage in body if len(said[passage]) < LEAST_OVERLAP or said[passage] not in known
    ]
    if len(outside) == len(body):
        return [title, *body]
    total, beside = (sum(len(said[passage]) for passage in them) for them in (body, outside))
    is_there = _address(candidate.url) in map(_address, instrument.urls)
    if is_there and total - beside >= SAME_TEXT * total:
        return None
    words = sum(said[passage].count(" ") + 1 for passage in outside)
    return [title, *outside] if words >= LEAST_OUTSIDE else None


def hits_beside_instrument(candidate: Candidate, instrument: Instrument) -> Hits | None:
    """Where concepts occur in a document beside the instrument's own text; None where it is a copy."""
    own = passages_beside_instrument(candidate, instrument)
    if own is None:
        return None
    return Hits(candidate.text, {c.id: c for c in (*instrument.concepts, TOGETHER)}, own)


def _squeezed(text: str) -> str:
    return re.sub(r"\W+", " ", fold(text)).strip()


@lru_cache(maxsize=64)
def _squeezed_instrument(text: str) -> str:
    """The same, kept: every document is compared with it."""
    return _squeezed(text)


def _address(url: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return host, parts.path.removesuffix("index.html").rstrip("/"), tuple(sorted(parse_qsl(parts.query)))
