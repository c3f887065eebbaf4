"""What may be asked of ``collect`` and ``assess``: the fields of the forms, and the check of what came.

A form's fields are plain dictionaries (a default, and JSON Schema), so that whoever shows the form can.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from servanda.instruments.catalogue import Catalogue, builtin_catalogue
from servanda.jobs.bootstrap.settings import Settings
from servanda.jobs.bootstrap.usage import UsageError

Field = dict[str, Any]

_WITH_OFFSET = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$"
"""Not every validator knows the format ``date-time``, and it does not ask for an offset everywhere."""


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    instrument: str | None = None
    dry_run: bool = False


class CollectRequest(_Request):
    """Which sources to read: those named, else those of the instrument, else all that are due or live.

    ``since`` and ``until`` are civil days in each source's zone, both inclusive.
    """

    sources: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def chosen(self, catalogue: Catalogue) -> tuple[str, ...]:
        """The sources asked for by name or through the instrument; empty where none was."""
        if self.sources or self.instrument is None:
            return self.sources
        return catalogue.instrument(self.instrument).sources


class AssessRequest(_Request):
    """Which instrument to judge (None: all), and by what was known when (None: now, and recorded)."""

    as_of: AwareDatetime | None = None


@dataclass(frozen=True, slots=True)
class FormChoices:
    """The ids that a form offers."""

    instruments: tuple[str, ...]
    sources: tuple[str, ...]


def list_choices(settings: Settings) -> FormChoices:
    """The ids of the catalogue in use, by the names of its files: quick, and whatever state they are in."""
    folder: Path = settings.catalogue or builtin_catalogue()
    return FormChoices(
        tuple(sorted(p.parent.name for p in folder.glob("declarations/*/instrument.yml"))),
        tuple(sorted(p.stem for p in folder.glob("sources/*.yml"))),
    )


def collect_form(offered: FormChoices) -> dict[str, Field]:
    """The fields of ``collect``, each with its default."""
    return {
        "instrument": _one_of(offered.instruments, "Instrument", "Read the sources of this instrument."),
        "sources": {
            "default": [],
            "type": "array",
            "items": {"type": "string", "enum": list(offered.sources)},
            "examples": list(offered.sources),
            "uniqueItems": True,
            "title": "Sources",
            "description_md": "Read these sources. Empty: **all**, or those of the instrument.",
        },
        "since": _day("Since", "From this day on, as far back as routes reach (each source's zone)."),
        "until": _day("Until", "Up to and including this day."),
        "dry_run": _switch("Read and show in the log, keep nothing."),
    }


def assess_form(offered: FormChoices) -> dict[str, Field]:
    """The fields of ``assess``, each with its default."""
    return {
        "instrument": _one_of(offered.instruments, "Instrument", "Judge only this instrument."),
        "as_of": {
            "default": None,
            "type": ["null", "string"],
            "format": "date-time",
            "pattern": _WITH_OFFSET,
            "title": "As of",
            "description_md": "Judge by what was known at this instant; **nothing is recorded**.",
        },
        "dry_run": _switch("Judge and show in the log, record nothing."),
    }


def _one_of(ids: tuple[str, ...], title: str, description: str) -> Field:
    return {
        "default": None,
        "type": ["null", "string"],
        "enum": [None, *ids],
        "values_display": {"null": "all"},
        "title": title,
        "description_md": description,
    }


def _day(title: str, description: str) -> Field:
    return {
        "default": None,
        "type": ["null", "string"],
        "format": "date",
        "title": title,
        "description_md": description,
    }


def _switch(description: str) -> Field:
    return {"default": False, "type": "boolean", "title": "Dry run", "description_md": description}


def read_collect(asked: Mapping[str, Any], catalogue: Catalogue) -> CollectRequest:
    """Check what was asked of ``collect``; UsageError names the field, its value and what is valid."""
    request = _read(CollectRequest, asked)
    _check_instrument(request.instrument, catalogue)
    known = {source.id for source in catalogue.sources}
    if request.instrument is not None:
        known &= set(catalogue.instrument(request.instrument).sources)
    for source in request.sources:
        if source not in known:
            raise UsageError(f"sources = {source!r} is not to be had; valid: {', '.join(sorted(known))}")
    if request.since and request.until and request.since > request.until:
        raise UsageError(
            f"since = {request.since} is after until = {request.until}; valid: the same day or later"
        )
    return request


def read_assess(asked: Mapping[str, Any], catalogue: Catalogue, now: datetime) -> AssessRequest:
    """Check what was asked of ``assess``; UsageError as in ``read_collect``."""
    request = _read(AssessRequest, asked)
    _check_instrument(request.instrument, catalogue)
    if request.as_of is not None and request.as_of > now:
        raise UsageError(
            f"as_of = {request.as_of.isoformat()} is still to come; valid: up to {now.isoformat()}"
        )
    return request


def _check_instrument(instrument: str | None, catalogue: Catalogue) -> None:
    known = sorted(i.id for i in catalogue.instruments)
    if instrument is not None and instrument not in known:
        raise UsageError(f"instrument = {instrument!r} is not in the catalogue; valid: {', '.join(known)}")


Request = TypeVar("Request", bound=_Request)


def _read(shape: type[Request], asked: Mapping[str, Any]) -> Request:
    try:
        return shape.model_validate_json(json.dumps(dict(asked)))
    except ValidationError as error:
        raise UsageError("\n".join(_complaint(shape, dict(e)) for e in error.errors())) from error


def _complaint(shape: type[_Request], error: dict[str, Any]) -> str:
    field = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"there is no field {field!r}; valid fields: {', '.join(sorted(shape.model_fields))}"
    return f"{field} = {error['input']!r}: {error['msg']}"
