"""Summer 2019, run by the real jobs: the verdict at each boundary, what heals, who was told, and the proof."""

from __future__ import annotations
