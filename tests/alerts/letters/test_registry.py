"""Each kind of alert has one record, one letter, and a payload that the letter takes."""

from __future__ import annotations

from typing import get_type_hints

import pytest

from servanda.alerts.letters.registry import LETTERS, check_complete
from servanda.alerts.payloads.kinds import FLAGS, AlertKind


def test_no_kind_is_without_a_letter_and_no_letter_without_a_kind() -> None:
    assert set(LETTERS) == set(AlertKind)
    without = {kind: letter for kind, letter in LETTERS.items() if kind is not AlertKind.CANDIDATE}
    with pytest.raises(TypeError, match="one letter; not so: candidate"):
        check_complete(without)


@pytest.mark.parametrize("kind", AlertKind)
def test_the_letter_of_a_kind_takes_the_payload_that_the_kind_carries(kind: AlertKind) -> None:
    assert get_type_hints(LETTERS[kind])["payload"] is kind.record.payload


@pytest.mark.parametrize("kind", AlertKind)
def test_a_kind_is_stored_under_the_name_of_its_record(kind: AlertKind) -> None:
    assert kind.value == kind.record.name == kind.name.lower()
    assert AlertKind(kind.record.name) is kind


def test_what_is_claimed_of_a_window_is_public_and_goes_to_subscribers() -> None:
    assert {flag.value for flag in FLAGS} == {"window_ended", "final_word", "correction"}
    assert all(flag.record.public and flag.record.audience == "subscriber" for flag in FLAGS)
