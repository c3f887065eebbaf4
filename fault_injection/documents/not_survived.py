"""Kinds that absence is still claimed under, each with the reason. They stay on the bench as they are.

The short form of the bench leaves them out; the long one counts them.
"""

from __future__ import annotations

_PASSAGE = "A passage that holds the listed title is taken for the document's own."
_NOTICE = "A notice under the right title is legible text like any other."
_FRAME = "Words of the page's frame that stand in its main part count as content."
_BODY = "A short main part is given up for the whole body, whose titles of other releases count as content."
_ACCENTS = "What this leaves of letters with accents is not known as damage."
_LONG = "A page of 150 words is thought to hold its statement itself, whatever it leads to."
_ELEMENT = "What stands in such an element is taken for the page's frame, even within its text."
_PARTS = "Of a PDF only what its pages' programs show is read, and nothing says that there is more."
_HYPHEN = "A hyphen of the draft stays within the word."
_MARK = "A footnote's mark in brackets stays within the phrase."
_NOT_AGAIN = "A long release that speaks of no window's subject is not read again after the window's end."

NOT_SURVIVED: dict[str, str] = {
    "title_in_its_sentence": _PASSAGE,
    "search_page": _PASSAGE,
    "the_listing_with_teasers": "One heading of many that lead nowhere is taken for the page's own.",
    "previous_under_own_title": "A date or a frame that differs makes one text two.",
    "one_text_under_all_titles": "The months of the pages' dates make one text several.",
    "moved_under_own_title": _NOTICE,
    "ban_under_own_title": _NOTICE,
    "template_article": _FRAME,
    "empty_article": _BODY,
    "lorem_ipsum": "Beside a frame in Spanish the printer's Latin has just enough function words.",
    "stray_byte": "One damaged word in five hundred is borne, and this was the one that matters.",
    "stray_byte_at_edge": "A lost character at a word's edge is taken for a quotation mark.",
    "mac_roman": _ACCENTS,
    "utf8_called_latin2": _ACCENTS,
    "question_marks": _ACCENTS,
    "accents_dropped": _ACCENTS,
    "zero_width_space_only": "Invisible characters are taken out, and nothing is left between the words.",
    "footnote_in_brackets": _MARK,
    "link_mark": _MARK,
    "hyphenated": _HYPHEN,
    "unclosed_hyphen": _HYPHEN,
    "letters_apart": "Two spaced words do not reach the share of single letters that raises a doubt.",
    "reversed": "A text of fewer than 25 words is not judged by its words.",
    "line_break": "A break is read as the end of a passage, and no phrase is looked for across it.",
    "two_paragraphs": "No phrase is looked for across the end of a paragraph.",
    "pdf_without_characters": "Control characters in the place of letters are taken out, and not counted.",
    "pdf_bad_recognition": "In Spanish enough words are misread into legible ones, or stay right.",
    "pdf_two_columns": "Lines of two columns are joined as they come.",
    "pdf_phrase_over_pages": "A running head stays between the two halves of the phrase.",
    "pdf_please_wait": "The notice is legible, and the title in the file's metadata is the right one.",
    "pdf_portfolio": _PARTS,
    "pdf_form_field": _PARTS,
    "pdf_note": _PARTS,
    "link": _BODY,
    "picture": _BODY,
    "two_pictures": _BODY,
    "background_picture": "A picture in a style is not seen.",
    "embedded_svg": "A drawing in the page is not seen.",
    "full_statement_link": _LONG,
    "full_statement_link_in_long": _LONG,
    "titled_attachment_to_long": _LONG,
    "attachment_to_long": _LONG,
    "by_script": _FRAME,
    "by_script_beside_intro": _FRAME,
    "in_data": _FRAME,
    "feed_holds_text": "A sentence without a link is believed, and the text in a feed is not read.",
    "feed_holds_text_page_barred": _NOTICE,
    "read_more_dots": "Dots before the words are taken for a sentence's end.",
    "cut_without_mark": "A text that ends within a sentence is not taken for cut.",
    "second_page": "Links to the further pages of a document are not known.",
    "in_aside": _ELEMENT,
    "in_footer": _ELEMENT,
    "in_nav": _ELEMENT,
    "in_noscript": _ELEMENT,
    "in_template": _ELEMENT,
    "in_textarea": _ELEMENT,
    "in_button": _ELEMENT,
    "in_second_article": "Of two articles on a page one may be left out.",
    "long_edited_last": _NOT_AGAIN,
    "retitled_and_edited_last": _NOT_AGAIN,
}
