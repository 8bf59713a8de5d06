"""The browser fixtures themselves: a real Chromium, and a watch that notices what must not happen."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.support.browser import Watch

_PAGE = """<!doctype html><meta charset="utf-8"><title>t</title><link rel="icon" href="data:,"><p id="p"></p>
<script>document.getElementById("p").textContent = navigator.language + " " + new Date(0).getHours()</script>"""


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = _PAGE.encode()
        self.send_response(200 if self.path == "/" else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A small local site."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_address[1]}/"
        serving.shutdown()


def test_pages_speak_their_language_in_beijing_time(site: str, zh_page: Page, en_page: Page) -> None:
    """Each page has its own language, both stand in the time zone of the district, and nobody complains."""
    texts = []
    for page in (zh_page, en_page):
        page.goto(site)
        texts.append(page.locator("#p").text_content())
    assert texts == ["zh-CN 8", "en-US 8"]


def test_the_watch_notices_outside_requests_and_errors(site: str, zh_page: Page, watch: Watch) -> None:
    """A request to another host, a console error and a thrown error are all complaints."""
    zh_page.route("http://elsewhere.invalid/*", lambda route: route.abort())
    zh_page.goto(site)
    assert watch.complaints() == []
    with zh_page.expect_event("pageerror"), zh_page.expect_event("requestfailed"):
        zh_page.evaluate(
            "new Image().src = 'http://elsewhere.invalid/x.png'; console.error('wrong');"
            "setTimeout(() => { throw new Error('thrown') })"
        )
    told = "\n".join(watch.complaints())
    for part in ("request to outside: http://elsewhere.invalid/x.png", "console error: wrong", "thrown"):
        assert part in told
    watch.outside.clear()
    watch.allow("wrong|thrown|elsewhere")
