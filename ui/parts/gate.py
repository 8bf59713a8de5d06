"""Ways in and out beside the screens: sign-in, sign-out, the health of the server.

Sign-in is a plain form posted here; the cookie is HttpOnly and SameSite=Lax, and Secure where `INVENTORY_SECURE_COOKIE`
is set. A POST from another site is refused. After sign-in the browser goes on to an address of our own, never to
another site.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from inventory.core.errors import Refusal
from inventory.core.settings import Settings
from inventory.core.work import SYSTEM
from inventory.people.passwords import DEMO_PASSWORD
from inventory.people.queries import here
from inventory.people.signing_in import sign_in, sign_out
from ui.parts.nearby import served_nearby
from ui.parts.opening import is_founded, store
from ui.parts.session import COOKIE

BODY_BYTES_MAX = 8_192
FIELD_LETTERS_MAX = 1_000
COOKIE_SECONDS = 24 * 3600
"""How long a browser keeps the cookie; the login session in the database ends earlier when it is idle."""


def same_site(request: Request) -> bool:
    """Return whether a POST comes from a page of our own, or from a program (which sends no cookie by itself)."""
    fetched = request.headers.get("sec-fetch-site")
    if fetched is not None:
        return fetched in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return True
    return origin != "null" and urlsplit(origin).netloc == request.headers.get("host")


def own_path(address: str) -> str:
    """Return `address` when it is a path of our own, else "/"."""
    wanted = address.strip()
    plain = wanted.isprintable() and "\\" not in wanted and wanted.startswith("/") and not wanted.startswith("//")
    parts = urlsplit(wanted) if plain else None
    return wanted if parts is not None and not parts.scheme and not parts.netloc else "/"


async def _fields(request: Request) -> dict[str, str] | None:
    """Read a small form; None when it is too large to be ours."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_BYTES_MAX:
            return None
    pairs = parse_qsl(body.decode("utf-8", errors="replace"), keep_blank_values=True, max_num_fields=20)
    return {key: value[:FIELD_LETTERS_MAX] for key, value in pairs}


def _on_to(address: str) -> RedirectResponse:
    return RedirectResponse(address, status_code=303, headers={"cache-control": "no-store"})


def _why(refusal: Refusal) -> dict[str, Any]:
    """Return code and whole-number facts of a refusal, for the address of the sign-in page."""
    numbers = {name: value for name, value in refusal.facts.items() if type(value) is int}
    return {"refused": refusal.code, **numbers}


async def post_sign_in(request: Request) -> Response:
    """Check name and password; go on with a cookie, or back to the form with the reason."""
    if not same_site(request):
        return PlainTextResponse("This form was sent by another site.", status_code=403)
    try:
        fields = await _fields(request)
    except ValueError:
        fields = None
    if fields is None:
        return PlainTextResponse("This is not the sign-in form.", status_code=413)
    onward = own_path(fields.get("next", "/"))
    address = request.client.host if request.client else ""
    login, password = fields.get("login", ""), fields.get("password", "")
    if "demo" in fields:  # One press on the sign-in page of a demo district; `sign_in` refuses it anywhere else.
        login, password = fields["demo"], DEMO_PASSWORD
    try:
        # The hash of the password takes its time; it must not hold up the other users.
        signed = await anyio.to_thread.run_sync(
            partial(
                sign_in,
                store(),
                login=login,
                password=password,
                address=address,
                loopback=served_nearby(request.headers),
            )
        )
    except Refusal as refusal:
        return _on_to("/?" + urlencode({**_why(refusal), "next": onward}))
    await anyio.to_thread.run_sync(_end, request.cookies.get(COOKIE), address)
    answer = _on_to(onward)
    answer.set_cookie(
        COOKIE,
        signed.token,
        max_age=COOKIE_SECONDS,
        path="/",
        httponly=True,
        samesite="lax",
        secure=Settings().secure_cookie,
    )
    return answer


def _end(token: str | None, address: str) -> None:
    if token:
        sign_out(store(), token, address=address)


async def post_sign_out(request: Request) -> Response:
    """End the login session in the database and forget the cookie."""
    if not same_site(request):
        return PlainTextResponse("This form was sent by another site.", status_code=403)
    address = request.client.host if request.client else ""
    await anyio.to_thread.run_sync(_end, request.cookies.get(COOKIE), address)
    answer = _on_to("/")
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=Settings().secure_cookie)
    return answer


def _alive() -> str | None:
    return store().read(SYSTEM, here).code if is_founded() else None


async def health(request: Request) -> Response:
    """Say whether the server and its database answer; for monitoring, without signing in."""
    try:
        node = await anyio.to_thread.run_sync(_alive)
    except Refusal as refusal:
        return JSONResponse({"status": "unavailable", "code": refusal.code}, status_code=503)
    if node is None:
        return JSONResponse({"status": "empty"}, status_code=503)
    return JSONResponse({"status": "ok", "node": node})


ROUTES = (
    Route("/auth/login", post_sign_in, methods=["POST"]),
    Route("/auth/logout", post_sign_out, methods=["POST"]),
    Route("/healthz", health, methods=["GET"]),
)
