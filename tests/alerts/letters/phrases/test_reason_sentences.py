from __future__ import annotations

from typing import Any

import pytest

from servanda.alerts.letters.phrases.reason_sentences import reason_sentence
from servanda.alerts.payloads.reasons import RecipientReason, from_json, to_json
from servanda.alerts.text.translation import ENGLISH, words
from servanda.compliance.watchers import Subscription

SPANISH = words("es")


@pytest.mark.parametrize(
    ("filters", "english", "spanish"),
    [
        (
            {},
            "You get this because you watch all instruments (all alerts).",
            "Recibe este correo porque sigue todos los instrumentos (todos los avisos).",
        ),
        (
            {"instruments": ("us-mexico-2019",), "kinds": ("window_ended", "final_word")},
            "You get this because you watch the instrument us-mexico-2019 "
            "(these alerts: window ended, final word).",
            "Recibe este correo porque sigue el instrumento us-mexico-2019 "
            "(estos avisos: plazo vencido, respuesta definitiva).",
        ),
        (
            {"parties": ("MX",), "commitments": ("national-guard",), "severity": "urgent"},
            "You get this because you watch all instruments "
            "(all alerts; of the commitment national-guard; of what MX owes; what is urgent).",
            "Recibe este correo porque sigue todos los instrumentos "
            "(todos los avisos; del compromiso national-guard; de lo que debe MX; lo que es urgente).",
        ),
    ],
)
def test_a_reader_is_told_by_which_wish(filters: dict[str, Any], english: str, spanish: str) -> None:
    why = RecipientReason("subscriber", Subscription(**filters))
    assert reason_sentence(why, ENGLISH) == english
    assert reason_sentence(why, SPANISH) == spanish


@pytest.mark.parametrize(
    ("why", "spanish"),
    [
        (RecipientReason("operator"), "Recibe este correo porque opera este monitor: "),
        (RecipientReason("analyst"), "Recibe este correo porque revisa lo que encuentra este monitor."),
    ],
)
def test_a_role_is_a_reason(why: RecipientReason, spanish: str) -> None:
    assert reason_sentence(why, SPANISH).startswith(spanish)
    assert from_json(to_json(why)) == why


def test_a_reason_is_stored_and_read_back_with_every_filter() -> None:
    why = RecipientReason(
        "subscriber",
        Subscription(
            "a", ("i",), ("c",), ("MX",), ("candidate",), "notice", "daily", unacknowledged_after=30
        ),
    )
    assert from_json(to_json(why)) == why
