"""Kinds that absence is still claimed under, each with the reason. They stay on the bench."""

from __future__ import annotations

NOT_SURVIVED: dict[str, str] = {}
