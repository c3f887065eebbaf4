"""Kinds that absence is still claimed under, each with the reason. They stay on the bench as they are.

The short form of the bench leaves them out; the long one counts them.
"""

from __future__ import annotations

NOT_SURVIVED: dict[str, str] = {
    "long_edited_last": "A long release on other things is not read once more after its window's end.",
}
