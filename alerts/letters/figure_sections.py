"""The figures of a period, in a sentence and in sections of a digest."""

from __future__ import annotations

from collections.abc import Iterator

from servanda.alerts.letters.letter import Entry, Facts, Paragraph, Section, entries
from servanda.alerts.letters.phrases.derivations import derivation
from servanda.alerts.payloads.parts import WindowBrief
from servanda.alerts.payloads.period_figures import DigestContents, PeriodFigures
from servanda.alerts.text import sanitising as plain
from servanda.alerts.text.times import days_left, last_second
from servanda.alerts.text.translation import Words


def figures_sentence(numbers: PeriodFigures, words: Words) -> str:
    """``14 of 14 sources covered, 0 gaps, 212 documents read, 0 matches, next deadline in 11 days``."""
    return ", ".join(_parts(numbers, words))


def _parts(numbers: PeriodFigures, words: Words) -> Iterator[str]:
    yield words.count(
        "{covered} of {n} source covered", "{covered} of {n} sources covered",
        len(numbers.sources), covered=numbers.covered,
    )  # fmt: skip
    yield words.count("{n} gap", "{n} gaps", numbers.gaps)
    yield words.count("{n} document read", "{n} documents read", numbers.documents_read)
    if numbers.unread:
        yield words.count("{n} unread", "{n} unread", numbers.unread)
    if numbers.canaries_missing:
        yield words.count("{n} canary missing", "{n} canaries missing", numbers.canaries_missing)
    yield words.count("{n} match", "{n} matches", numbers.matches)
    nearest = numbers.next_deadline
    if nearest is None:
        yield words.say("no deadline ahead")
    else:
        left = days_left(numbers.until_at, nearest.due_at, nearest.zone)
        yield words.count("next deadline in {n} day", "next deadline in {n} days", left)


def figure_sections(digest: DigestContents, words: Words) -> tuple[Section, ...]:
    """The gaps by name, the open windows with their derivations, and what else was counted."""
    numbers = digest.numbers
    if numbers is None:
        return ()
    counted = (
        (words.say("Documents read"), words.number(numbers.documents_read)),
        (words.say("Documents listed and not read"), words.number(numbers.unread)),
        (words.say("Matches"), words.number(numbers.matches)),
        (words.say("Evidence waiting for review"), words.number(numbers.evidence_waiting)),
        (words.say("Mails to you in this time"), words.number(digest.mails)),
    )
    return (
        _coverage(numbers, digest.zone, words),
        _windows(numbers, words),
        Section(words.say("What was done"), (Facts(counted),)),
    )


def _coverage(numbers: PeriodFigures, zone: str, words: Words) -> Section:
    """Every source with a gap; how far the readings may lag behind is said once."""
    intro = words.count(
        "{covered} of {n} source covered. What was published last may still appear, and counts next time.",
        "{covered} of {n} sources covered. What was published last may still appear, and counts next time.",
        len(numbers.sources),
        covered=numbers.covered,
    )
    open_ones = [source for source in numbers.sources if source.gaps]
    if not open_ones:
        return Section(words.say("Sources"), (Paragraph(intro),))
    listed = (
        Entry(
            words.say("{source}: not covered", source=plain.one_line(source.title)),
            tuple(words.stretch(gap, zone) for gap in source.gaps),
        )
        for source in open_ones
    )
    return Section(words.say("Sources"), (Paragraph(intro), entries(listed, "")))


def _windows(numbers: PeriodFigures, words: Words) -> Section:
    windows = (_window(window, numbers, words) for window in numbers.windows)
    none = words.say("No window is open, and none is to open.")
    return Section(words.say("Windows"), (entries(windows, none),))


def _window(window: WindowBrief, numbers: PeriodFigures, words: Words) -> Entry:
    title = plain.one_line(window.title)
    if window.due_at <= numbers.until_at:
        settles = words.moment(window.settles_at, window.zone)
        text = words.say("{title}: ended; answer by {moment}", title=title, moment=settles)
    else:
        left = days_left(numbers.until_at, window.due_at, window.zone)
        text = words.count(
            "{title}: {n} day left, today counted", "{title}: {n} days left, today counted", left, title=title
        )
    ends = words.moment(last_second(window.due_at), window.zone)
    return Entry(text, (words.say("Ends {moment}", moment=ends), derivation(window, words)))
