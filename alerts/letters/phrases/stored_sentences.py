"""Sentences that were stored in English when something was judged, said in the reader's language.

What fills a sentence (a document's title, a route, an instant) is read out of it. One that is none of these
was stored by another version of the program: it is told as it was stored.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache

from servanda.alerts.letters.phrases.derivations import derivation
from servanda.alerts.payloads.parts import WindowBrief
from servanda.alerts.text.msgid import msgid
from servanda.alerts.text.sanitising import REASON_LIMIT, one_line
from servanda.alerts.text.translation import Words

SENTENCES = (
    # duties
    msgid("{route} no longer finds {canary}, looked for {moment}"),
    msgid("document {number} listed but not read: {title}"),
    msgid("document {number} listed, and gone before it could be read: {title}"),
    msgid("document {number} quarantined ({kind}): {title}"),
    msgid("document {number} listed anew with another title or time, and not read since: {title}"),
    msgid("document {number} is doubtful ({doubts}): {title}"),
    msgid(
        "document {number} may have been completed since it was last read, and is read once more after the "
        "window's end: {title}"
    ),
    msgid("evidence {number} waits for review: {title}"),
    msgid("{number} document on the shortlist has not been reviewed"),
    msgid("{number} documents on the shortlist have not been reviewed"),
    msgid("late listings are awaited until {moment}"),
    # what makes evidence count
    msgid("evidence counts by a person's review"),
    msgid("evidence counts by automatic acceptance from a score of {score}"),
    # the announcement checklist
    msgid("published by {code}"),
    msgid("a party's government is quoted"),
    msgid("no government that is party issued it or is quoted"),
    msgid("{title} is not named"),
    msgid("every party is named"),
    msgid("one passage says all three"),
    msgid("a sentence says what the parties did together"),
    msgid("no single passage says all three"),
    msgid("nothing speaks of {missing}"),
    msgid("inside the window ({derivation})"),
    msgid("after the window ({derivation})"),
    msgid("before the window ({derivation})"),
)
"""In the words of ``compliance.verdicts`` and ``compliance.matching``, which a test compares with these."""

DOUBTS = (
    msgid("nothing on its page shows the listed title"),
    msgid("its text speaks of the site, and holds no word of the listed title"),
    msgid("its text holds no word of the listed title, as those of its source do"),
    msgid("neither the listed date nor a word of the listed title stands on its page"),
    msgid("its page calls itself {address}"),
    msgid("its page is dated {date}, the listing {other}"),
    msgid("its text ends with {tail}"),
    msgid("it is in a language that no rule can read"),
    msgid("what was kept of it cannot be read"),
    msgid("it is a video"),
    msgid("it is a gallery of pictures"),
    msgid("it shows a picture beside only {number} words"),
    msgid("it holds only {number} words beside its title"),
    msgid("it frames {address}, which was not read"),
    msgid("it goes on at {address}, which was not read"),
    msgid("it holds {number} attached files, which were not read"),
    msgid("it holds a form with text in its fields, which was not read"),
    msgid("it holds notes beside its text, which were not read"),
    msgid("beside {number} words it leads to {address}, which was not read"),
    msgid("all but {number} words of its text stand under other titles as well"),
    msgid("outside its text its page says {text}"),
    msgid("a part of its page is empty until a script fills it"),
    msgid("it is a form that only the program shows which made it"),
    msgid("{number} of its {count} words hold characters that were lost or are unreadable"),
    msgid("{share} of its words are single letters: its letters stand apart"),
    msgid(
        "only {share} of its {count} words are such as any sentence needs: it is no legible English or "
        "Spanish"
    ),
    msgid("it has {number} pages, and counts {count}"),
    msgid("page {number} of {count} is a picture with {words} words of text: it may be a scan"),
    msgid("page {number} of {count} is a picture, and its text is what a machine read in it"),
    msgid("page {number} of {count} shows a picture and only {words} words"),
    msgid("page {number} of {count} is drawn, with only {words} words of text"),
    msgid("page {number} of {count} is set in a font that does not name its characters"),
    msgid("page {number} of {count} cannot be searched: {doubts}"),
)
"""In the words of ``compliance.document_doubts`` and of the readers of pages and PDFs."""

MISSING = {
    "the subject": msgid("the subject"),
    "completed, adopted or announced": msgid("completed, adopted or announced"),
    "something new": msgid("something new"),
}

_SHAPES = {
    "route": r"[\w.-]+",
    "number": r"\d+",
    "kind": r"\w+",
    "count": r"\d+",
    "words": r"\d+",
    "share": r"\d+%",
    "address": r"\S+",
    "code": r"\w{2,3}",
    "score": r"[\d.]+",
    "moment": r"\d{4}-\S+",
}
"""What may fill a placeholder; any text, where none is named here."""


def translate_stored(text: str, words: Words, window: WindowBrief | None = None) -> str:
    """The sentence in the reader's language, its instants in the window's zone (UTC where there is none)."""
    line = one_line(text, REASON_LIMIT)
    for sentence, pattern in _patterns(SENTENCES):
        match = pattern.fullmatch(line)
        if match is not None:
            return words.say(sentence, **_retold(match.groupdict(), words, window))
    return line


def _retold(values: dict[str, str], words: Words, window: WindowBrief | None) -> dict[str, str]:
    """What fills a sentence: instants, derivations and words of ours in the reader's language."""
    if "moment" in values:
        values["moment"] = _moment(values["moment"], words, window.zone if window else "UTC")
    if "derivation" in values and window is not None:
        values["derivation"] = derivation(window, words)
    if "doubts" in values:
        told = (_translate_doubt(one, words) for one in values["doubts"].split("; "))
        values["doubts"] = "; ".join(told)
    if "missing" in values:
        for name, phrase in MISSING.items():
            values["missing"] = values["missing"].replace(name, words.say(phrase))
    return values


def _translate_doubt(text: str, words: Words) -> str:
    for sentence, pattern in _patterns(DOUBTS):
        match = pattern.fullmatch(text)
        if match is not None:
            return words.say(sentence, **_retold(match.groupdict(), words, None))
    return text


def _moment(text: str, words: Words, zone: str) -> str:
    """A stored instant in words; what is none, and an instant without a zone, as it was stored."""
    try:
        at = datetime.fromisoformat(text)
        return words.moment(at, zone) if at.tzinfo is not None else text
    except (ValueError, OverflowError):
        return text


@cache
def _patterns(sentences: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((sentence, re.compile(_pattern(sentence))) for sentence in sentences)


def _pattern(sentence: str) -> str:
    """``evidence {number} waits`` as ``evidence (?P<number>\\d+) waits``."""
    literal, *rest = re.split(r"\{(\w+)\}", sentence)
    pattern = re.escape(literal)
    for name, following in zip(rest[::2], rest[1::2], strict=True):
        pattern += f"(?P<{name}>{_SHAPES.get(name, '.+')})" + re.escape(following)
    return pattern
