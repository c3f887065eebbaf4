"""What the mails about a window say for each verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from servanda.alerts.formats.mail import Footer, render
from servanda.alerts.payloads.alert import Alert
from servanda.alerts.payloads.kinds import AlertKind
from servanda.alerts.payloads.window_payloads import WindowVerdict
from servanda.alerts.text.translation import ENGLISH
from servanda.compliance.vocabulary import Condition, Phase, VerdictValue


def _verdict(samples: dict[str, Alert], kind: AlertKind, **changes: Any) -> Alert:
    base = samples["window_ended"]
    assert isinstance(base.payload, WindowVerdict)
    return replace(base, kind=kind, payload=replace(base.payload, **changes))


@pytest.mark.parametrize(
    ("kind", "changes", "subject", "sentence"),
    [
        (
            AlertKind.WINDOW_ENDED,
            {},
            "Window ended, no announcement accepted: ",
            "The window ended 5 September 2019, 23:59:59 Washington. No announcement has been accepted. Absence is "
            "not yet provable: - State Department press releases: covered to 5 September 2019, 12:30:00 Washington",
        ),
        (
            AlertKind.WINDOW_ENDED,
            {"value": VerdictValue.ANNOUNCED_PARTIAL},
            "Window ended, announced in part: ",
            "Part of what was due was published inside the window and has been accepted.",
        ),
        (
            AlertKind.FINAL_WORD,
            {"value": VerdictValue.NONE_FOUND, "final": True, "duties": ()},
            "Final word, no announcement found, coverage complete: ",
            "No announcement found in the monitored official sources between 7 June 2019, 00:00:00 Washington and "
            "5 September 2019, 23:59:59 Washington (coverage complete).",
        ),
        (
            AlertKind.FINAL_WORD,
            {"value": VerdictValue.UNVERIFIED, "final": True},
            "Final word, absence not proven: ",
            "No announcement has been accepted, and absence is not proven: 5 duties are unmet.",
        ),
        (
            AlertKind.FINAL_WORD,
            {"value": VerdictValue.ANNOUNCED, "final": True, "phase": Phase.OPEN},
            "Final word, announced inside the window: ",
            "An announcement published inside the window has been accepted.",
        ),
        (
            AlertKind.FINAL_WORD,
            {"value": VerdictValue.NOT_TRIGGERED, "final": True, "condition": Condition.NOT_MET},
            "Final word, condition not met, nothing was due: ",
            "The condition is recorded as not met, so nothing was due.",
        ),
        (
            AlertKind.CORRECTION,
            {"value": VerdictValue.ANNOUNCED_LATE, "late_by_days": 1, "previous": VerdictValue.UNVERIFIED},
            "Correction, announced 1 day after the window: ",
            "You were told: absence not proven. That no longer stands. It is now: announced 1 day after the window.",
        ),
        (
            AlertKind.CORRECTION,
            {"value": VerdictValue.ANNOUNCED_LATE, "late_by_days": 1},
            "Correction, announced 1 day after the window: ",
            "published 1 day after the window ended has been accepted. Absence inside the window is not proven.",
        ),
        (
            AlertKind.CORRECTION,
            {"previous": VerdictValue.UNVERIFIED},
            "Correction, absence not proven: ",
            "You were told, as the final word: absence not proven. It is no longer final. The window ended",
        ),
        (
            AlertKind.CORRECTION,
            {
                "value": VerdictValue.PENDING,
                "phase": Phase.OPEN,
                "previous": VerdictValue.ANNOUNCED,
                "duties": (),
            },
            "Correction, still open: ",
            "The window is open. No announcement has been accepted. This is not final: answer by 7 September 2019",
        ),
    ],
)
def test_each_verdict_has_its_words(
    samples: dict[str, Alert],
    to_ana: Footer,
    kind: AlertKind,
    changes: dict[str, Any],
    subject: str,
    sentence: str,
) -> None:
    mail = render(_verdict(samples, kind, **changes), to_ana, ENGLISH)
    assert mail.subject == f"{subject}Further actions announced within 90 days"
    assert sentence in " ".join(mail.text.split())


@pytest.mark.parametrize(
    ("condition", "sentence"),
    [
        (Condition.UNKNOWN, "is recorded neither as met nor as not met: nothing may have been due."),
        (Condition.MET, "The condition “if necessary” is recorded as met."),
        (Condition.NOT_MET, "The condition “if necessary” is recorded as not met."),
    ],
)
def test_the_condition_stands_beside_the_verdict(
    samples: dict[str, Alert], to_ana: Footer, condition: Condition, sentence: str
) -> None:
    text = " ".join(
        render(_verdict(samples, AlertKind.FINAL_WORD, condition=condition), to_ana, ENGLISH).text.split()
    )
    assert sentence in text
    assert ("nothing may have been due" in text) == (condition is Condition.UNKNOWN)
    assert ("servanda condition" in text) == (condition is Condition.UNKNOWN)


def test_every_unmet_duty_is_told(samples: dict[str, Alert], to_ana: Footer) -> None:
    flag = " ".join(render(samples["window_ended"], to_ana, ENGLISH).text.split())
    final = " ".join(
        render(_verdict(samples, AlertKind.FINAL_WORD, final=True), to_ana, ENGLISH).text.split()
    )
    for text in (flag, final):
        assert "State Department press releases: covered to 5 September 2019, 12:30:00 Washington" in text
        assert "document 40 listed but not read: Nota sobre la reunión de alto nivel" in text
    assert "candidates waiting: 28 - answer by 7 September 2019, 06:00:00 Washington (10:00:00 UTC)" in flag
    assert "evidence 28 waits for review" in final
    assert "late listings are awaited until 7 September 2019, 06:00:00 Washington" in final


def test_a_late_reminder_tells_the_days_truly_left(samples: dict[str, Alert], to_ana: Footer) -> None:
    on_time = samples["window_closing"]
    late = replace(on_time, known_at=on_time.known_at + timedelta(days=4, hours=23))
    assert render(on_time, to_ana, ENGLISH).subject.startswith("7 days left: ")
    assert render(late, to_ana, ENGLISH).subject.startswith("3 days left: ")


def test_long_lists_are_cut_with_their_number(samples: dict[str, Alert], to_ana: Footer) -> None:
    flag: Any = samples["window_ended"].payload
    many = tuple(replace(flag.candidates[0], evidence=n) for n in range(1000, 1035))
    text = render(_verdict(samples, AlertKind.FINAL_WORD, candidates=many), to_ana, ENGLISH).text
    assert "- Evidence 1019: " in text
    assert "- Evidence 1020: " not in text
    assert "- and 15 more, which the command line shows" in text
    assert "servanda review accept ID --by NAME --reason TEXT" in text
