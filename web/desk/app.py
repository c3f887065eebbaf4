"""The desk as an app: which page answers at which address. It answers GET and HEAD, and changes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, FastAPI, Path, Query
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servanda.alerts.text.translation import LANGUAGES
from servanda.jobs.bootstrap.usage import UsageError
from servanda.jobs.bootstrap.wiring import Wiring
from servanda.jobs.captures.show import load_capture
from servanda.jobs.views.export_formats import serialise_rows
from servanda.jobs.views.export_rows import KEYS, read_export_rows
from servanda.jobs.views.window_dossier import window_dossier
from servanda.web.desk.addresses import from_stamp, names_taken, stamp, window_path
from servanda.web.desk.compare_page import compare_html
from servanda.web.desk.document_pages import (
    capture_html,
    document_html,
    documents_html,
    evidence_html,
    read_key,
    search_html,
)
from servanda.web.desk.instrument_page import instrument_html
from servanda.web.desk.mail_pages import alert_html, alerts_html, watcher_html, watchers_html
from servanda.web.desk.overview import overview_page, read_question
from servanda.web.desk.rendering import render
from servanda.web.desk.request import RequestFrame, frame_of
from servanda.web.desk.source_pages import source_html, sources_html
from servanda.web.desk.window_page import window_html
from servanda.web.pages import ICON, ICON_FILE, STYLE, STYLE_FILE
from servanda.web.request_context import RequestWiring, current_wiring

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
"""What a browser may do with a page of the desk: load its style sheet. It runs nothing."""

GET = ["GET", "HEAD"]
GREATEST = 2**62
"""Numbers of rows lie below."""

router = APIRouter()
Asked = Annotated[str | None, Query(max_length=200)]
Number = Annotated[int, Path(ge=1, le=GREATEST)]
PossibleNumber = Annotated[int | None, Query(ge=1, le=GREATEST)]


@router.api_route("/", methods=GET)
def overview(
    wiring: RequestWiring,
    frame: RequestFrame,
    instrument: Asked = None,
    party: Asked = None,
    verdict: Asked = None,
    open_after: Asked = None,
    ended_after: Asked = None,
) -> Response:
    try:
        question = read_question(instrument, party, verdict, open_after, ended_after)
    except ValueError as error:
        raise HTTPException(400) from error
    return HTMLResponse(overview_page(wiring, frame, question))


@router.api_route(f"/{STYLE_FILE}", methods=GET)
def style() -> Response:
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(STYLE, media_type="text/css; charset=utf-8", headers=headers)


@router.api_route(f"/{ICON_FILE}", methods=GET)
def icon() -> Response:
    return Response(ICON, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})


@router.api_route("/sources", methods=GET)
def sources(wiring: RequestWiring, frame: RequestFrame) -> Response:
    return HTMLResponse(sources_html(wiring, frame))


@router.api_route("/sources/{source}", methods=GET)
def source(source: str, wiring: RequestWiring, frame: RequestFrame) -> Response:
    return HTMLResponse(source_html(wiring, frame, source))


@router.api_route("/documents", methods=GET)
def documents(
    wiring: RequestWiring, frame: RequestFrame, source: Asked = None, after: Asked = None
) -> Response:
    try:
        key = read_key(after) if after else None
    except ValueError as error:
        raise HTTPException(400) from error
    return HTMLResponse(documents_html(wiring, frame, source or None, key))


@router.api_route("/documents/{document}", methods=GET)
def document(document: Number, wiring: RequestWiring, frame: RequestFrame) -> Response:
    return HTMLResponse(document_html(wiring, frame, document))


@router.api_route("/evidence/{evidence}", methods=GET)
def evidence(evidence: Number, wiring: RequestWiring, frame: RequestFrame) -> Response:
    return HTMLResponse(evidence_html(wiring, frame, evidence))


@router.api_route("/captures/{name}", methods=GET)
def capture(name: str, wiring: RequestWiring, frame: RequestFrame) -> Response:
    return HTMLResponse(capture_html(wiring, frame, name))


@router.api_route("/captures/{name}/bytes", methods=GET)
def capture_bytes(name: str, wiring: RequestWiring) -> Response:
    """The body of an answer as a download. Its own type is not repeated: no browser may show it as ours."""
    shown = load_capture(wiring.ledger, wiring.archive, name)
    headers = {
        "Content-Disposition": f'attachment; filename="capture-{shown.capture.id}.bin"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(shown.stored.body, media_type="application/octet-stream", headers=headers)


@router.api_route("/search", methods=GET)
def search(
    wiring: RequestWiring, frame: RequestFrame, q: Asked = None, before: PossibleNumber = None
) -> Response:
    return HTMLResponse(search_html(wiring, frame, q or "", before))


@router.api_route("/alerts", methods=GET)
def alerts(
    wiring: RequestWiring, frame: RequestFrame, kind: Asked = None, before: PossibleNumber = None
) -> Response:
    return HTMLResponse(alerts_html(wiring, frame, kind or None, before))


@router.api_route("/alerts/{alert}", methods=GET)
def alert(alert: Number, wiring: RequestWiring, frame: RequestFrame) -> Response:
    return HTMLResponse(alert_html(wiring, frame, alert))


@router.api_route("/watchers", methods=GET)
def watchers(wiring: RequestWiring, frame: RequestFrame) -> Response:
    return HTMLResponse(watchers_html(wiring, frame))


@router.api_route("/watchers/{watcher}", methods=GET)
def watcher(watcher: Number, wiring: RequestWiring, frame: RequestFrame) -> Response:
    return HTMLResponse(watcher_html(wiring, frame, watcher))


@router.api_route("/tables/{subject}.{form}", methods=GET)
def table(subject: str, form: Literal["csv", "json"], wiring: RequestWiring) -> Response:
    """A whole table, as ``servanda export`` writes it."""
    if subject not in KEYS:
        raise HTTPException(404)
    rows = read_export_rows(wiring.ledger, wiring.catalogue, subject, wiring.now)
    return StreamingResponse(
        serialise_rows(rows, KEYS[subject], form),
        media_type="text/csv; charset=utf-8" if form == "csv" else "application/json",
        headers={"Content-Disposition": f'attachment; filename="{subject}.{form}"'},
    )


@router.api_route("/{instrument}", methods=GET)
def instrument(instrument: str, wiring: RequestWiring, frame: RequestFrame, party: Asked = None) -> Response:
    return HTMLResponse(instrument_html(wiring, frame, instrument, party or None))


@router.api_route("/{instrument}/{window}", methods=GET)
def window(instrument: str, window: str, wiring: RequestWiring, frame: RequestFrame) -> Response:
    _require(wiring, instrument, window)
    return HTMLResponse(window_html(wiring, frame, window))


@router.api_route("/{instrument}/{window}/answer.json", methods=GET)
def window_answer(instrument: str, window: str, wiring: RequestWiring) -> Response:
    _require(wiring, instrument, window)
    return _answer(wiring, window, None)


@router.api_route("/{instrument}/{window}/as-of", methods=GET)
def choose_moment(
    instrument: str,
    window: str,
    wiring: RequestWiring,
    frame: RequestFrame,
    day: date,
    time: Annotated[str, Query(max_length=8, pattern=r"^(\d\d:\d\d(:\d\d)?)?$")] = "",
) -> Response:
    """To the permanent address of what was known at a moment that a form names."""
    at = _end_of(day, time, _require(wiring, instrument, window), wiring.now)
    return RedirectResponse(frame.addresses.page(window_path(instrument, window, at)), 303)


@router.api_route("/{instrument}/{window}/as-of/{moment}", methods=GET)
def window_as_of(
    instrument: str, window: str, moment: str, wiring: RequestWiring, frame: RequestFrame
) -> Response:
    _require(wiring, instrument, window)
    return HTMLResponse(window_html(wiring, frame, window, _moment(moment, wiring.now)))


@router.api_route("/{instrument}/{window}/as-of/{moment}/answer.json", methods=GET)
def window_answer_as_of(instrument: str, window: str, moment: str, wiring: RequestWiring) -> Response:
    _require(wiring, instrument, window)
    return _answer(wiring, window, _moment(moment, wiring.now))


@router.api_route("/{instrument}/{window}/compare", methods=GET)
def choose_days(
    instrument: str, window: str, wiring: RequestWiring, frame: RequestFrame, first: date, second: date
) -> Response:
    """To the comparison of the ends of two days."""
    zone = _require(wiring, instrument, window)
    earlier, later = (_end_of(day, "", zone, wiring.now) for day in sorted((first, second)))
    path = f"{window_path(instrument, window, earlier).replace('/as-of/', '/compare/')}/{stamp(later)}"
    return RedirectResponse(frame.addresses.page(path), 303)


@router.api_route("/{instrument}/{window}/compare/{first}/{second}", methods=GET)
def compare(
    instrument: str, window: str, first: str, second: str, wiring: RequestWiring, frame: RequestFrame
) -> Response:
    """Two moments side by side; the second may be ``now``."""
    _require(wiring, instrument, window)
    now = wiring.now
    later = now if second == "now" else _moment(second, now)
    return HTMLResponse(compare_html(wiring, frame, window, _moment(first, now), later))


def create_desk(wiring: Wiring) -> ASGIApp:
    """The desk over an open wiring; UsageError where an instrument has the name of one of its own pages."""
    taken = names_taken(wiring.catalogue.instrument_ids)
    if taken:
        raise UsageError(f"the pages of {', '.join(taken)} would lie where others lie; valid: another name")
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.wiring = wiring
    app.include_router(router)
    for kind in (HTTPException, RequestValidationError, UsageError, LookupError, Exception):
        app.add_exception_handler(kind, _refuse)
    return _InLanguage(app)


NOT_FOUND = (UsageError, LookupError)
"""What is raised for what is asked by name and is not there; a KeyError or IndexError is a fault of ours."""


async def _refuse(request: Request, error: Exception) -> Response:
    """A page that says that there is none, or what cannot be shown."""
    if isinstance(error, HTTPException):
        status = error.status_code
    elif isinstance(error, RequestValidationError):
        status = 404 if any(problem["loc"][0] == "path" for problem in error.errors()) else 400
    else:
        status = (
            404 if isinstance(error, NOT_FOUND) and not isinstance(error, (KeyError, IndexError)) else 500
        )
    detail = str(error) if isinstance(error, UsageError) else None
    frame = frame_of(request, current_wiring(request))
    answer = HTMLResponse(render("refused", frame, status=status, detail=detail), status)
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


class _InLanguage:
    """Takes the language from the beginning of an address, where it names one, and adds the policy."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        root = scope.get("root_path", "").rstrip("/")
        path = scope["path"].removeprefix(root)
        spoken = next((one for one in LANGUAGES if path == f"/{one}" or path.startswith(f"/{one}/")), None)
        rest = path.removeprefix(f"/{spoken}") if spoken else path
        inner = {
            **scope,
            "path": f"{root}{rest or '/'}",
            "servanda.language": spoken,
            "servanda.path": rest.strip("/"),
        }
        await self._app(inner, receive, _with_policy(send))


def _with_policy(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).setdefault("Content-Security-Policy", POLICY)
        await send(message)

    return sending


# --- what an address says -------------------------------------------------------------------------------


def _require(wiring: Wiring, instrument: str, window: str) -> str:
    """The zone of a window; no such page where the catalogue has no such window of this instrument."""
    try:
        owner, found = wiring.catalogue.window(window)
    except LookupError as error:
        raise HTTPException(404) from error
    if owner.id != instrument:
        raise HTTPException(404)
    return found.zone


def _moment(text: str, now: datetime) -> datetime:
    """An instant in an address, which must have come; no such page for what is none."""
    try:
        at = from_stamp(text)
    except ValueError as error:
        raise HTTPException(404) from error
    if at > now:
        raise HTTPException(404)
    return at


def _end_of(day: date, at: str, zone: str, now: datetime) -> datetime:
    """The moment that a form names: a time of a day in a zone, or the day's end; never later than now."""
    there = ZoneInfo(zone)
    if at:
        moment = datetime.combine(day, time.fromisoformat(at), there)
    else:
        moment = datetime.combine(day + timedelta(days=1), time.min, there)
    return min(moment.astimezone(UTC), now)


def _answer(wiring: Wiring, window: str, as_of: datetime | None) -> Response:
    """What ``servanda window --json`` prints, to the byte."""
    text = window_dossier(wiring.ledger, wiring.catalogue, window, as_of).answer_text
    return Response(text, media_type="application/json", headers={"Content-Disposition": "attachment"})
