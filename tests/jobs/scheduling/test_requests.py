"""What comes through a form is checked whole; a complaint names the field, its value and what is valid."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from support.catalogues import feed_route, source, write_catalogue

from servanda.instruments.catalogue import Catalogue, load_catalogue
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.scheduling.requests import (
    AssessRequest,
    CollectRequest,
    assess_form,
    collect_form,
    list_choices,
    read_assess,
    read_collect,
)

NOW = datetime(2019, 9, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sources = {slug: source(slug, feed_route("http://127.0.0.1/feed")) for slug in ("us-a", "us-b")}
    return write_catalogue(tmp_path_factory.mktemp("catalogue"), sources)


@pytest.fixture(scope="module")
def catalogue(folder: Path) -> Catalogue:
    return load_catalogue(folder)


@pytest.mark.parametrize(
    "asked, complaint",
    [
        (
            {"source": ["us-a"]},
            "there is no field 'source'; valid fields: dry_run, instrument, since, sources, until",
        ),
        ({"as_of": None}, "there is no field 'as_of'"),
        ({"sources": ["us-x"]}, "sources = 'us-x' is not to be had; valid: us-a, us-b"),
        ({"sources": "us-a"}, "sources = 'us-a'"),
        (
            {"instrument": "eu-turkey"},
            "instrument = 'eu-turkey' is not in the catalogue; valid: us-mexico-2019",
        ),
        ({"since": "7 June"}, "since = '7 June'"),
        ({"since": "2019-06-31"}, "since = '2019-06-31'"),
        ({"since": 20190607}, "since = 20190607"),
        ({"since": "2019-06-08", "until": "2019-06-07"}, "since = 2019-06-08 is after until = 2019-06-07"),
        ({"dry_run": "yes"}, "dry_run = 'yes'"),
        ({"dry_run": None}, "dry_run = None"),
    ],
)
def test_collect_refuses(catalogue: Catalogue, asked: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_collect(asked, catalogue)
    assert complaint in str(refused.value)


def test_every_complaint_is_made_at_once(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError) as refused:
        read_collect({"sauce": 1, "since": "never", "dry_run": 3}, catalogue)
    assert len(str(refused.value).splitlines()) == 3


@pytest.mark.parametrize(
    "asked, complaint",
    [
        ({"since": "2019-06-07"}, "there is no field 'since'; valid fields: as_of, dry_run, instrument"),
        ({"instrument": "eu-turkey"}, "valid: us-mexico-2019"),
        ({"as_of": "2019-09-01T12:00:01Z"}, "as_of = 2019-09-01T12:00:01+00:00 is still to come"),
        ({"as_of": "2019-08-01T00:00:00"}, "as_of = '2019-08-01T00:00:00'"),
        ({"as_of": "yesterday"}, "as_of = 'yesterday'"),
    ],
)
def test_assess_refuses(catalogue: Catalogue, asked: dict[str, Any], complaint: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_assess(asked, catalogue, NOW)
    assert complaint in str(refused.value)


def test_nothing_asked_means_everything(catalogue: Catalogue) -> None:
    assert read_collect({}, catalogue) == CollectRequest()
    assert read_assess({}, catalogue, NOW) == AssessRequest()
    assert CollectRequest().chosen(catalogue) == ()


def test_what_a_form_sends_is_understood(catalogue: Catalogue) -> None:
    asked = {
        "instrument": None,
        "sources": ["us-b"],
        "since": "2019-06-07",
        "until": "2019-06-07",
        "dry_run": True,
    }
    request = read_collect(asked, catalogue)
    assert request.sources == ("us-b",)
    assert request.since == request.until == date(2019, 6, 7)
    assert request.dry_run
    assert read_assess({"as_of": "2019-09-01T08:00:00-04:00"}, catalogue, NOW).as_of == NOW


def test_an_instrument_stands_for_its_sources(catalogue: Catalogue) -> None:
    request = read_collect({"instrument": "us-mexico-2019"}, catalogue)
    assert request.chosen(catalogue) == ("us-a", "us-b")


def test_the_forms_offer_what_the_requests_take(folder: Path) -> None:
    offered = list_choices(Settings(catalogue=folder))
    assert offered.instruments == ("us-mexico-2019",)
    assert offered.sources == ("us-a", "us-b")
    for form, request in ((collect_form(offered), CollectRequest), (assess_form(offered), AssessRequest)):
        assert set(form) == set(request.model_fields)
        assert {name: field["default"] for name, field in form.items()} == json.loads(
            request().model_dump_json()
        )


def test_the_forms_offer_the_built_in_catalogue_where_no_other_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SERVANDA_CATALOGUE", raising=False)
    assert "us-mexico-2019" in list_choices(Settings()).instruments
