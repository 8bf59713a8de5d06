"""What people do at a screen, in their own words: sit down, press, type, choose, read."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Locator, Page, Route, WebSocket, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.support.server import Server

COOKIE = "inventory_session"
PATIENCE = 20_000
"""Milliseconds that a text may take on a busy machine."""
DEEP_LINK = r"404 .*_stcore/"
"""Streamlit asks `PAGE/_stcore/…` first when a page is opened by its address; the answer 404 is harmless."""
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
BUSY = '[data-testid="stApp"][data-test-script-state="running"]'

expect.set_options(timeout=PATIENCE)


@dataclass
class Desk:
    """A browser page of one server, at which people sit in turn."""

    page: Page
    server: Server

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)

    def sit(self, login: str, path: str = "/", *, heading: str = "", afresh: bool = False) -> Desk:
        """Sit down as a demo account and open a page.

        Everybody signs in once at a server, and sits down again with the same session; a test that ends the session
        asks for one of its own (`afresh`).
        """
        if afresh:
            session_of.cache_clear()
        cookie: Any = {"name": COOKIE, "value": session_of(self.server.url, login), "url": self.server.url}
        self.page.context.add_cookies([cookie | {"httpOnly": True, "sameSite": "Lax"}])
        if afresh:
            session_of.cache_clear()
        return self.open(path, heading=heading)

    def open(self, path: str, *, heading: str = "") -> Desk:
        """Open an address of the server and wait until its page is drawn."""
        self.page.goto(self.server.url + path)
        self.drawn(heading)
        return self

    def drawn(self, heading: str = "") -> None:
        """Wait until the page has its heading and the script has ended."""
        main = self.page.get_by_test_id("stMain")
        where = main.get_by_role("heading", name=heading) if heading else main.locator(".t")
        where.first.wait_for(state="visible" if heading else "attached")
        # The component that translates Streamlit's own words hands the colour scheme on when it has done so.
        self.page.locator('html[style*="color-scheme"]').wait_for(state="attached")
        self.idle()

    def idle(self) -> None:
        """Wait until the script of the page has ended."""
        self.page.locator(IDLE).wait_for(state="attached")

    @property
    def main(self) -> Locator:
        """The page without its sidebar."""
        return self.page.get_by_test_id("stMain")

    @property
    def dialog(self) -> Locator:
        """The open dialog or drawer."""
        return self.page.get_by_role("dialog")

    def button(self, name: str, inside: Locator | None = None) -> Locator:
        """Return the button whose name begins with these words (keys and details may follow)."""
        return (inside or self.page).get_by_role("button", name=re.compile(rf"^\s*{re.escape(name)}(\s|$|:|：)")).first

    def press(self, name: str, inside: Locator | None = None) -> Desk:
        """Press a button when it can be pressed."""
        found = self.button(name, inside)
        expect(found).to_be_enabled()
        found.click()
        return self

    def line(self, *words: str) -> Locator:
        """Return the pressable line or card that holds all these words."""
        found = self.main.get_by_role("button")
        for word in words:
            found = found.filter(has_text=word)
        return found.first

    def sees(self, *texts: str) -> Desk:
        """Wait for each text."""
        for text in texts:
            expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()
        return self

    def type_into(self, label: str, text: str, inside: Locator | None = None) -> Desk:
        """Fill a field by its label and leave it, as a person tabs on."""
        field = (inside or self.page).get_by_label(label, exact=True).first
        expect(field).to_be_enabled()
        field.fill(text)
        field.press("Tab")
        self.idle()
        return self

    def choose(self, label: str, *options: str) -> Desk:
        """Choose options in a list by typing their beginning."""
        box = self.page.get_by_role("combobox", name=label)
        for option in options:
            expect(box).to_be_enabled()
            box.click()
            box.fill(option)
            self.page.get_by_role("option", name=option).first.click()
            self.idle()
        return self

    def pick(self, group: str, option: str) -> Desk:
        """Press one option of a group of pills or segments."""
        words = re.compile(rf"^\s*{re.escape(option)}(\s|$)")
        of = self.page.get_by_role("radiogroup", name=group).or_(self.page.get_by_role("toolbar", name=group)).first
        of.get_by_role("radio", name=words).or_(of.get_by_role("button", name=words)).first.click()
        self.idle()
        return self

    def upload(self, name: str, body: bytes) -> Desk:
        """Give a file to the upload field."""
        kinds = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv"}
        file: Any = {"name": name, "mimeType": kinds[name.rsplit(".", 1)[1]], "buffer": body}
        self.main.locator('input[type="file"]').first.set_input_files(file)
        return self

    def file(self, link: str) -> bytes:
        """Return the file behind a link of the page, fetched with the cookie of who sits here."""
        address = self.main.get_by_role("link", name=link).first.get_attribute("href")
        answer = self.page.context.request.get(f"{self.server.url}{address}")
        assert answer.ok, answer.text()
        return answer.body()

    def text(self) -> str:
        """Return what can be read on the page."""
        return self.main.inner_text()

    def address(self, name: str) -> str:
        """Return a value of the query in the address bar, once it stands there."""
        self.page.wait_for_url(re.compile(rf"[?&]{name}="))
        found = re.search(rf"[?&]{name}=([^&]*)", self.page.url)
        assert found
        return found.group(1)

    def scrolls_sideways(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        wide = "Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]"
        return int(self.page.evaluate(f"() => {wide}.map(e => e.scrollWidth - e.clientWidth))"))


def came_up(locator: Locator, milliseconds: int = 2_000) -> bool:
    """Return whether something comes up within a time."""
    try:
        locator.first.wait_for(timeout=milliseconds)
    except PlaywrightTimeout:
        return False
    return True


@cache
def session_of(url: str, login: str) -> str:
    """Sign a demo account in by the route that its button on the sign-in page uses; return the token of its cookie."""
    to = urlsplit(url)
    connection = http.client.HTTPConnection(str(to.hostname), to.port, timeout=60)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/auth/login", urlencode({"demo": login}), kind)
    answer = connection.getresponse()
    told = answer.getheader("Set-Cookie", "")
    connection.close()
    assert answer.status == 303, answer.status
    assert told.startswith(f"{COOKIE}="), answer.getheader("Location")
    return told.split(";")[0].partition("=")[2]


class Received:
    """Everything that a page receives from now on: frames of the websocket and bodies of answers.

    Bodies are kept on their way, because a browser forgets them when it leaves the page. What Streamlit brings along
    (scripts, fonts) holds no data and is left out.
    """

    def __init__(self, page: Page) -> None:
        self._parts: list[bytes] = []
        page.on("websocket", self._socket)
        page.route(re.compile(r"^https?://[^/]+/(?!static/)"), self._answer)

    def _socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda body: self._parts.append(body.encode() if isinstance(body, str) else body))

    def _answer(self, route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        self._parts.append(answer.body())
        if route.request.resource_type == "document":
            route.continue_()  # Chromium lets a document that came from here open no websocket to this machine.
        else:
            route.fulfill(response=answer)

    def all(self) -> bytes:
        """Return all bytes that have come."""
        return b"\n".join(self._parts)
