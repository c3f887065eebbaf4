"""The mails that are no single alert: digests, storms, quiet days, the question to somebody who was added."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from alerts.confirmation_letter import Question, confirmation_letter, why_asked
from alerts.digest_letters import brief, digest_letter
from alerts.letter import Letter, cleaned
from alerts.model import Alert, WindowClosing
from alerts.numbers import Digest, Numbers, SourceNumbers
from alerts.reasons import Why, sentence
from alerts.render import SUBJECT_LIMIT, Footer, Mail, laid_out, written
from alerts.words import Words, words
from compliance.intervals import Interval
from compliance.watching import Language, Profile, Subscription

GOLDEN = Path(__file__).parent / "golden" / "together"
WASHINGTON = "America/New_York"
NOW = datetime(2019, 8, 26, 12, tzinfo=UTC)
GAP = Interval(datetime(2019, 8, 24, 3, tzinfo=UTC), datetime(2019, 8, 24, 15, 30, tzinfo=UTC))
Samples = Mapping[str, Alert]


def _numbers(samples: Samples, *gaps: Interval) -> Numbers:
    closing = samples["window_closing"].payload
    assert isinstance(closing, WindowClosing)
    others = [SourceNumbers(f"source-{n}", f"Source {n}", WASHINGTON, ()) for n in range(13)]
    sre = SourceNumbers("mx-sre", "Secretaría de Relaciones Exteriores, prensa", WASHINGTON, gaps)
    return Numbers(NOW - timedelta(days=7), NOW, (*others, sre), 1212, 0, 1, (closing.window,))


def _digest(
    kind: Literal["daily", "weekly", "quiet", "storm"], *names: str, gaps: tuple[Interval, ...] = ()
) -> Callable[[Samples, Words], Letter]:
    def letter(samples: Samples, said: Words) -> Letter:
        alerts = [replace(samples[name], id=n) for n, name in enumerate(names, 1)]
        numbers = None if kind == "storm" else _numbers(samples, *gaps)
        briefs = [brief(alert, written(alert, said), said) for alert in alerts]
        return digest_letter(Digest(kind, WASHINGTON, 2, numbers), briefs, said)

    return letter


def _question(**pages: str) -> Callable[[Samples, Words], Letter]:
    def letter(_: Samples, said: Words) -> Letter:
        wanted = (
            Subscription(kinds=("window_ended", "final_word"), instruments=("us-mexico-2019",)),
            Subscription("weekly", parties=("MX",), severity="notice", frequency="weekly"),
        )
        profile = Profile(heartbeat="weekly", analyst=True)
        return confirmation_letter(
            Question("ana@example.org", profile, wanted, "Ben Ortiz", "monitor@example.org", **pages), said
        )

    return letter


LETTERS: dict[str, Callable[[Samples, Words], Letter]] = {
    "daily": _digest("daily", "new_evidence", "candidate", "document_withdrawn", "source_recovered"),
    "quiet": _digest("quiet"),
    "quiet_with_a_gap": _digest("quiet", gaps=(GAP,)),
    "storm": _digest("storm", "new_evidence", "document_edited", "candidate"),
    "question": _question(
        confirm_url="https://monitor.example.org/confirm/abc", refuse_url="https://monitor.example.org/no/abc"
    ),
    "question_without_pages": _question(),
}


def mail_of(name: str, samples: Samples, language: Language) -> Mail:
    said = words(language)
    why = why_asked(said) if name.startswith("question") else sentence(Why("subscriber"), said)
    letter: Letter = cleaned(LETTERS[name](samples, said))
    return laid_out(letter, Footer(why, "monitor@example.org"), said, replay=False)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", LETTERS)
def test_each_reads_as_its_golden_file(samples: Samples, name: str, language: Language) -> None:
    mail = mail_of(name, samples, language)
    golden = (GOLDEN / f"{name}.{language}.txt").read_text(encoding="utf-8")
    assert f"Subject: {mail.subject}\n\n{mail.text}" == golden
    assert len(mail.subject) <= SUBJECT_LIMIT
    wide = ("://", "    servanda ")
    assert [one for one in mail.text.splitlines() if len(one) > 76 and not any(w in one for w in wide)] == []


def test_every_golden_file_is_used() -> None:
    named = {f"{name}.{language}" for name in LETTERS for language in ("en", "es")}
    assert {path.stem for path in GOLDEN.glob("*.txt")} == named
