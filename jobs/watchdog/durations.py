"""How often, as people type it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import click

_FORM = re.compile(r"(\d{1,5})\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class EveryType(click.ParamType[timedelta]):
    """``10m``, ``6h``, ``1d``: from a second up to ``longest``."""

    name = "duration"

    def __init__(self, longest: timedelta) -> None:
        self._longest = longest

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        match = _FORM.fullmatch(str(value))
        every = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else timedelta(0)
        if not timedelta(0) < every <= self._longest:
            self.fail(f"{value!r}; valid: such as 10m, 6h or 1d, up to {self._longest.days}d", param, ctx)
        return every
