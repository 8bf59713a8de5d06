"""Around every answer: the security headers, and a clear page for an address that does not exist.

Streamlit answers every unknown address with its start page and an English message; here such an address goes to our
own page that says so.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from urllib.parse import quote

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.parts.pages import HOME, PAGES

_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_BY_OTHERS = ("_stcore", "app", "static", "media", "component", "auth", "files", "api", "healthz", "~")
"""First parts of addresses that are no page: Streamlit's own and our routes."""


def inline_script_hashes() -> str:
    """Return the CSP sources of the inline scripts in the installed Streamlit's start page; it survives upgrades."""
    page = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    digests = (base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in _INLINE.findall(page))
    return " ".join(f"'sha256-{digest}'" for digest in digests)


def policy() -> str:
    """Return the content security policy: nothing from outside, no eval; `blob:` scripts are the components' own."""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: 'wasm-unsafe-eval' {inline_script_hashes()}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
            "base-uri 'self'",
        )
    )


class SecurityHeaders:
    """Adds the headers to every HTTP answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.headers = [
            (b"content-security-policy", policy().encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"DENY"),
            (b"referrer-policy", b"same-origin"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on; put the headers on the start of an answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _value in self.headers}
                theirs = [pair for pair in message["headers"] if pair[0].lower() not in ours]
                message["headers"] = [*theirs, *self.headers]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class KnownAddresses:
    """Sends a browser that asks for a page which does not exist to the page that says so."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.pages = {page.name for page in PAGES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at addresses of pages only; everything else passes."""
        where = self._elsewhere(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if where is None:
            await self.app(scope, receive, send)
        else:
            await RedirectResponse(where, status_code=303)(scope, receive, send)

    def _elsewhere(self, scope: Scope) -> str | None:
        path = scope["path"].strip("/")
        parts = path.split("/")
        asks_for_page = "text/html" in Headers(scope=scope).get("accept", "")
        if not path or not asks_for_page or parts[0] in _BY_OTHERS or parts[1:2] in (["_stcore"], ["static"]):
            return None
        if path == HOME:
            query = scope["query_string"].decode("latin-1")
            return "/?" + query if query else "/"
        if len(parts) == 1 and path in self.pages:
            return None
        return "/?missing=" + quote(path[:200])
