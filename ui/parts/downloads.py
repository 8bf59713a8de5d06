"""Files that a browser fetches from us: papers, exports, templates, each made when it is asked for.

A screen's author adds a module `ui/parts/files_NAME.py` whose functions are marked `@offers("kind")`; it is found by
itself. The address is `/files/KIND/KEY` and needs the cookie of a signed-in person; the function is given an open unit
of work and asks for permission as every query and command does.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote, urlencode

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from inventory.core.errors import NotFound, Refusal
from inventory.core.words import LANGUAGES
from inventory.core.work import Work
from inventory.people.rules import NotPermitted
from inventory.people.sessions import Person, person_for
from inventory.speech import say
from ui.parts.nearby import served_nearby
from ui.parts.opening import store
from ui.parts.session import COOKIE
from ui.parts.words import LANGUAGE_COOKIE, language_of


@dataclass(frozen=True)
class File:
    """A file to send: its name (any script), its media type, its bytes.

    `missing` are code points ("U+2A700") that a paper shows as 〓; they go along in a header.
    """

    name: str
    media_type: str
    body: bytes
    missing: tuple[str, ...] = ()


MISSING_TOLD_MAX = 200
"""Code points in a header; the paper itself names them all."""

Maker = Callable[..., File]
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Offer:
    """How a kind of file is made: the function, whether it writes, whether it opens its units of work itself."""

    make: Maker
    writes: bool
    opens: bool = False


_offers: dict[str, Offer] = {}


def offers(kind: str, *, writes: bool = False, opens: bool = False) -> Callable[[Maker], Maker]:
    """Mark `make(work, key, *, language, **query) -> File` as the maker of a kind of file.

    With `opens` it is `make(store, actor, key, …)`: slow work (drawing a paper) then stands outside its transactions.
    """

    def remember(make: Maker) -> Maker:
        _offers[kind] = Offer(make, writes, opens)
        return make

    return remember


@cache
def all_offers() -> Mapping[str, Offer]:
    """Import every `files_*.py` beside this file, once, and return what they offer."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name.startswith("files_"):
            importlib.import_module(f"ui.parts.{module.name}")
    return _offers


def file_link(kind: str, key: str, **query: str) -> str:
    """Return the address of a file, for `st.link_button` or a link in our HTML."""
    path = f"/files/{quote(kind)}/{quote(key, safe='')}"
    return f"{path}?{urlencode(query)}" if query else path


def _language(request: Request) -> str:
    asked = language_of(request.query_params.get("lang"))
    kept = request.cookies.get(LANGUAGE_COOKIE)
    return asked or (kept if kept in LANGUAGES else None) or LANGUAGES[0]


def _made(person: Person, offer: Offer, key: str, language: str, query: dict[str, str]) -> File:
    if offer.opens:
        return offer.make(store(), person.actor(), key, language=language, **query)

    def make(work: Work) -> File:
        return offer.make(work, key, language=language, **query)

    return store().write(person.actor(), make) if offer.writes else store().read(person.actor(), make)


def _status(refusal: Refusal) -> int:
    return 403 if isinstance(refusal, NotPermitted) else 404 if isinstance(refusal, NotFound) else 409


async def send_file(request: Request) -> Response:
    """Make the file for the person of the cookie and send it; a refusal is answered in words."""
    look_up = partial(person_for, store(), request.cookies.get(COOKIE), loopback=served_nearby(request.headers))
    person = await anyio.to_thread.run_sync(look_up)
    if person is None:
        return PlainTextResponse("Sign in first.", status_code=401)
    offer = all_offers().get(request.path_params["kind"])
    if offer is None:
        return PlainTextResponse("There is no such file.", status_code=404)
    language = _language(request)
    query = {name: value for name, value in request.query_params.items() if name not in ("lang", "show")}
    key = request.path_params["key"]
    try:
        file = await anyio.to_thread.run_sync(_made, person, offer, key, language, query)
    except Refusal as refusal:
        said = say(refusal, language)
        return PlainTextResponse(f"{said.what} {said.why} {said.then}".strip(), status_code=_status(refusal))
    manner = "inline" if "show" in request.query_params and file.media_type == PDF else "attachment"
    return Response(file.body, media_type=file.media_type, headers=headers_of(file, manner))


def headers_of(file: File, manner: str) -> dict[str, str]:
    """Return what goes along with a file; `manner` is inline or attachment."""
    headers = {
        "content-disposition": f"{manner}; filename*=UTF-8''{quote(file.name, safe='')}",
        "cache-control": "private, no-store",
    }
    if file.missing:
        headers["x-missing-characters"] = " ".join(file.missing[:MISSING_TOLD_MAX])
    return headers


ROUTES = (Route("/files/{kind}/{key:path}", send_file, methods=["GET"]),)
