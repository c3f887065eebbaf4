from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from servanda.alerts.payloads.alert import Alert, from_json, to_json
from servanda.alerts.payloads.kinds import AlertKind


def test_there_is_a_sample_of_every_kind(samples: dict[str, Alert]) -> None:
    assert {alert.kind for alert in samples.values()} == set(AlertKind)


def test_a_payload_comes_back_from_storage_as_it_was(sample: Alert) -> None:
    stored = json.loads(json.dumps(to_json(sample.payload)))
    assert from_json(sample.kind.value, stored) == sample.payload


def test_stored_data_is_plain_json_with_instants_in_utc(samples: dict[str, Alert]) -> None:
    stored = to_json(samples["window_ended"].payload)
    assert stored["window"]["due_at"] == "2019-09-06T04:00:00Z"
    assert stored["coverage"][0]["gaps"] == [
        {"from_at": "2019-09-05T16:30:00Z", "until_at": "2019-09-06T04:00:00Z"}
    ]
    assert stored["candidates"][0]["published"]["on"] == "2019-09-05"


def _with(stored: dict[str, Any], path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """A copy of stored data with one value changed or added."""
    copy: dict[str, Any] = json.loads(json.dumps(stored))
    place: Any = copy
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return copy


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("extra",), 1, "an unknown key"),
        (("duties", 0, "extra"), 1, "an unknown key in a nested noun"),
        (("candidates", 0, "evidence"), "28", "a number as text"),
        (("window", "due_at"), "2019-09-06T04:00:00", "an instant without an offset"),
        (("value",), "violated", "a verdict that does not exist"),
        (("coverage", 0, "gaps", 0, "until_at"), "2019-09-05T16:30:00Z", "an empty interval"),
    ],
)
def test_what_does_not_fit_is_refused(
    samples: dict[str, Alert], path: tuple[str | int, ...], value: object, sentence: str
) -> None:
    stored = to_json(samples["window_ended"].payload)
    assert from_json("window_ended", stored) is not None
    with pytest.raises(ValidationError):
        from_json("window_ended", _with(stored, path, value))


def test_a_kind_carries_its_own_payload_only(samples: dict[str, Alert]) -> None:
    with pytest.raises(TypeError, match="window_ended carries a WindowVerdict, got a SourceHealth"):
        replace(samples["window_ended"], payload=samples["source_blind"].payload)


def test_payloads_of_another_kind_are_not_read(samples: dict[str, Alert]) -> None:
    with pytest.raises(ValidationError):
        from_json("source_blind", to_json(samples["window_ended"].payload))
