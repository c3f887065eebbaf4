"""Kinds that absence is still claimed under, each with the reason. They stay on the bench as they are.

The short form of the bench leaves them out; the long one counts them.
"""

from __future__ import annotations

_NOTICE = "A notice under the right title is legible text like any other."
_FRAME = "Words of the page's frame that stand in its main part count as content."
_BODY = "A short main part is given up for the whole body, whose titles of other releases count as content."
_ACCENTS = "What this leaves of letters with accents is not known as damage."
_ELEMENT = "What stands in such an element is taken for the page's frame, even within its text."

NOT_SURVIVED: dict[str, str] = {
    "the_listing_with_teasers": "One heading of many that lead nowhere is taken for the page's own.",
    "previous_under_own_title": "A date or a frame that differs makes one text two.",
    "moved_under_own_title": _NOTICE,
    "good_then_withdrawn": _NOTICE,
    "template_article": _FRAME,
    "empty_article": _BODY,
    "lorem_ipsum": "Words of the page's frame bring the share of function words up.",
    "accents_dropped": _ACCENTS,
    "reversed": "A text of fewer than 25 words is not judged by its words.",
    "two_paragraphs": "No phrase is looked for across the end of a paragraph.",
    "pdf_bad_recognition": "In Spanish enough words are misread into legible ones, or stay right.",
    "pdf_two_columns": "Lines of two columns are joined as they come.",
    "pdf_phrase_over_pages": "A running head stays between the two halves of the phrase.",
    "pdf_please_wait": "The notice is legible, and the title in the file's metadata is the right one.",
    "picture": _BODY,
    "video": _BODY,
    "by_script": _FRAME,
    "by_script_beside_intro": _FRAME,
    "in_data": _FRAME,
    "cut_without_mark": "A text that ends within a sentence is not taken for cut.",
    "in_footer": _ELEMENT,
    "in_nav": _ELEMENT,
    "in_noscript": _ELEMENT,
    "in_template": _ELEMENT,
    "in_textarea": _ELEMENT,
    "in_second_article": "Of several articles on a page, one is taken for the document.",
    "long_edited_last": "A long release on other things is not read once more after its window's end.",
}
