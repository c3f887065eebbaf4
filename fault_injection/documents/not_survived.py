"""Kinds that absence is still claimed under, each with the reason. They stay on the bench as they are.

The short form of the bench leaves them out; the long one counts them.
"""

from __future__ import annotations

_NOTICE = (
    "Where fewer than six documents of a source are known, a notice under a right title looks like a note."
)

NOT_SURVIVED: dict[str, str] = {
    "moved_under_own_title": _NOTICE,
    "ban_under_own_title": _NOTICE,
    "search_page": "A page that quotes the title and has one of its words beside it shows it in the text.",
    "pdf_two_columns": "Lines of two columns are joined as they come.",
    "long_edited_last": "A long release on other things is not read once more after its window's end.",
}
