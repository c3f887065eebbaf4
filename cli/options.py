"""Options that many verbs share. They may stand before or after the verb."""

from __future__ import annotations

import functools
import json
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from servanda.jobs.bootstrap.usage import UsageError, aware

if TYPE_CHECKING:
    from servanda.instruments.catalogue import Catalogue
    from servanda.jobs.bootstrap.wiring import Opening, Wiring

Command = TypeVar("Command", bound=Callable[..., Any])
Found = TypeVar("Found")

LONGEST_NAME = 200
_NOT_OF_A_LINE = frozenset({"Cc", "Zl", "Zp"})


class InstantType(click.ParamType[datetime]):
    """An ISO 8601 instant with an offset."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        from dateutil.parser import isoparse

        try:
            return aware(isoparse(str(value)))
        except ValueError as error:
            valid = "" if "; valid: " in str(error) else "; valid: 2019-09-06T04:00:00Z"
            self.fail(f"{value!r}: {error}{valid}", param, ctx)


class NameType(click.ParamType[str]):
    """A person's name: one line, as long as the ledger keeps one."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        if len(text) > LONGEST_NAME:
            self.fail(f"it has {len(text)} characters; valid: up to {LONGEST_NAME}", param, ctx)
        if any(unicodedata.category(character) in _NOT_OF_A_LINE for character in text):
            self.fail(f"{text!r}: it is not one line of text; valid: Ana Ruiz", param, ctx)
        return text


class WaitType(click.ParamType[int]):
    """A duration such as PT4H, in whole minutes."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from servanda.jobs.watchers.validation import minutes

        try:
            return value if isinstance(value, int) else minutes(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


INSTANT = InstantType()
NAME = NameType()
DAY = click.DateTime(["%Y-%m-%d"])

_NOW = click.option(
    "--now", type=INSTANT, help="The replay's present; only on a replay database, never back."
)
_CATALOGUE = click.option(
    "--catalogue",
    type=click.Path(path_type=Path, file_okay=False),
    help="Another catalogue folder; default: SERVANDA_CATALOGUE, else the built-in one.",
)


def shared_options(command: Command) -> Command:
    """``--now`` and ``--catalogue``, kept in the context wherever they stand."""

    @functools.wraps(command)
    def keeping(*args: Any, now: datetime | None, catalogue: Path | None, **options: Any) -> Any:
        kept = click.get_current_context().find_root().ensure_object(dict)
        kept.update({k: v for k, v in {"now": now, "catalogue": catalogue}.items() if v is not None})
        return command(*args, **options)

    return _NOW(_CATALOGUE(keeping))  # type: ignore[return-value]


def json_option(command: Command) -> Command:
    """``--json``: the answer as JSON; shapes in docs/json.md."""
    return click.option("--json", "as_json", is_flag=True, help="Answer as JSON (see docs/json.md).")(command)


def as_of_option(command: Command) -> Command:
    """``--as-of``: by what was known at an instant."""
    return click.option("--as-of", type=INSTANT, help="Answer by what was known at this instant.")(command)


def wired(
    *, opening: Opening = "existing", check: Callable[[Catalogue], object] | None = None
) -> AbstractContextManager[Wiring]:
    """The wiring that the options ask for."""
    from servanda.jobs.bootstrap.wiring import wire

    kept = click.get_current_context().find_root().ensure_object(dict)
    return wire(now=kept.get("now"), catalogue=kept.get("catalogue"), opening=opening, check=check)


def chosen_catalogue() -> Path | None:
    kept: Path | None = click.get_current_context().find_root().ensure_object(dict).get("catalogue")
    return kept


def answer_json(data: Any) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


def moment(wiring: Wiring, as_of: datetime | None) -> datetime:
    """``as_of``, or now; UsageError for what is still to come, of which nothing is known."""
    now = wiring.now
    if as_of is not None and as_of > now:
        raise UsageError(f"--as-of {as_of.isoformat()} is still to come; valid: up to {now.isoformat()}")
    return as_of or now


def named(look_up: Callable[[str], Found], slug: str) -> Found:
    """Something of the catalogue by its id; UsageError names the ids that exist."""
    try:
        return look_up(slug)
    except LookupError as error:
        raise UsageError(str(error.args[0])) from error


def chosen_sources(catalogue: Catalogue, sources: Sequence[str]) -> list[str]:
    """The sources named, or all; UsageError for one that the catalogue does not have."""
    return [named(catalogue.source, s).id for s in sources] or [s.id for s in catalogue.sources]
