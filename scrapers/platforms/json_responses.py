"""Answers in JSON, held to the shape that their reader knows."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BaseModel, Field, ValidationError

from servanda.scrapers.documents.markup import HTML_TYPES, media_type
from servanda.scrapers.exchange import Blocked, Exchange, Unrecognised

Shape = TypeVar("Shape", bound=BaseModel)

Filled = Annotated[str, Field(min_length=1)]


def read_json(exchange: Exchange, shape: type[Shape], *, labelled: bool = True) -> Shape:
    """A response as its type. Raises Blocked ``html_instead_of_json``, Unrecognised ``bad_json``.

    ``labelled``: the publisher says of its JSON that it is JSON; some scripts leave the type at HTML.
    """
    is_called_html = labelled and media_type(exchange) in HTML_TYPES
    if is_called_html or exchange.body.lstrip()[:1] == b"<":
        raise Blocked("html_instead_of_json", f"{exchange.final_url} answers with a web page")
    try:
        return shape.model_validate_json(exchange.body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "the whole"
        raise Unrecognised("bad_json", f"{exchange.final_url}: {where}: {first['msg']}"[:500]) from error
