"""What of a document's text is its own: lines that stand under another title as well belong to the site.

A page's frame, a notice in the place of many documents, a copy of the release before: all repeat. What a
publisher announces is said once, or under like titles. So no list of frames or notices is needed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from servanda.compliance.folding import fold
from servanda.compliance.prose import FUNCTION_WORDS, content_words, letters_only

MOST_LINES = 16
"""The longest lines of a text. In a text with more, those alone tell whether it is another's."""

LOOKED_AT = 4 * MOST_LINES
"""So many of the longest lines by their characters hold those that are the longest by their words."""

LONG = 100
"""Words of a text that is compared by its sentences, however its page divides it into paragraphs."""

_SENTENCE = re.compile(r"(?<=[.!?…”\"]) +(?=[^\W\da-z_]|[¿¡“\"])")

_LETTERS = re.compile(r"[^\W\d_]+")
_NAMES_HOST = re.compile(r"\.\w{2,}")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a text: ``digest`` is equal for lines of equal words, ``words`` how many it has."""

    digest: str
    words: int


def text_lines(passages: Iterable[str], title: str) -> tuple[TextLine, ...]:
    """The lines by which a text is known, the longest first, sixteen at most.

    Numbers and addresses do not count, nor the title's words where a line holds all of them: a page in a
    document's place repeats its title, its date and what was asked for. A line of no more is left out.
    """
    own = frozenset(letters_only(content_words(title)))
    found: dict[str, int] = {}
    passages = list(passages)
    if sum(passage.count(" ") + 1 for passage in passages) >= LONG:
        passages = [sentence for passage in passages for sentence in _SENTENCE.split(passage)]
    for passage in sorted(passages, key=len, reverse=True)[:LOOKED_AT]:
        tokens = [token for token in passage.split() if not _is_address(token)]
        words = _LETTERS.findall(fold(" ".join(tokens)))
        repeated = own if own <= set(words) else frozenset()
        telling = [word for word in words if word not in repeated and len(word) > 1]
        if not FUNCTION_WORDS.issuperset(telling):
            digest = hashlib.sha256(" ".join(telling).encode()).hexdigest()[:16]
            found[digest] = found.get(digest, 0) + len(words)
    longest = sorted(found.items(), key=lambda line: (-line[1], line[0]))
    return tuple(TextLine(digest, words) for digest, words in longest[:MOST_LINES])


def _is_address(token: str) -> bool:
    """Whether a word is an address of a page or a mailbox, as far as its signs show."""
    return "/" in token or "@" in token or _NAMES_HOST.search(token) is not None
