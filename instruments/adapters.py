"""pydantic's view of the catalogue's types, built when something is decoded: it takes 40 ms."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

if TYPE_CHECKING:
    from servanda.compliance.instrument import Instrument
    from servanda.instruments.routes import Source


@cache
def instrument_adapter() -> TypeAdapter[Instrument]:
    from servanda.compliance.instrument import Instrument

    return TypeAdapter(Instrument)


@cache
def source_adapter() -> TypeAdapter[Source]:
    from servanda.instruments.routes import Source

    return TypeAdapter(Source)
