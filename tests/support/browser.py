"""Browser fixtures: pages in Chinese and English that must stay inside this machine and free of console errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.support import chromium, server

RESULTS = server.ROOT / "test-results"
"""Screenshots of failed browser tests; ignored by git."""
_INSIDE = ("127.0.0.1", "localhost")
_SCHEMES_WITHOUT_HOST = ("data", "blob", "about")
_CELL_TRIES = 5
_CELL_MILLISECONDS = 1500

_reports = pytest.StashKey[dict[str, pytest.TestReport]]()


@dataclass
class Watch:
    """What the pages of one test asked for and complained about; checked when the test ends.

    `allow(pattern)` names a complaint that the test provokes on purpose (a killed server, a refused upload).
    """

    pages: list[Page] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def add(self, page: Page) -> Page:
        """Listen to a page from its first request on."""
        self.pages.append(page)
        page.on("request", self._note_request)
        page.on("websocket", lambda socket: self._note_url(socket.url))
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        return page

    def allow(self, pattern: str) -> None:
        """Expect console errors that match the regular expression."""
        self.allowed.append(pattern)

    def complaints(self) -> list[str]:
        """Return what must not have happened."""
        told = [text for text in self.errors if not any(re.search(pattern, text) for pattern in self.allowed)]
        return [f"request to outside: {url}" for url in self.outside] + told

    def _note_request(self, request: Request) -> None:
        self._note_url(request.url)

    def _note_url(self, url: str) -> None:
        self.requests.append(url)
        parts = urlsplit(url)
        if parts.scheme not in _SCHEMES_WITHOUT_HOST and parts.hostname not in _INSIDE:
            self.outside.append(url)

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            where = message.location.get("url", "") if message.location else ""
            self.errors.append(f"console error: {message.text} ({where})")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, closed with the module: while it is open, other tests of the process cannot run their own loop."""
    try:
        path = chromium.ensure()
    except chromium.NoChromium as error:
        pytest.fail(str(error), pytrace=False)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def server_at() -> Iterator[Callable[..., server.Server]]:
    """Return a function that serves a data folder: `server_at(home, DATABASE_URL=…)`; stopped with the module."""
    started: list[server.Server] = []

    def start(home: Path, *, port: int | None = None, folder: Path = server.ROOT, **environment: str) -> server.Server:
        started.append(server.start(home, port=port, folder=folder, **environment))
        return started[-1]

    yield start
    for running in started:
        running.stop()


@pytest.fixture(scope="module")
def demo_server(server_at: Callable[..., server.Server], tmp_path_factory: pytest.TempPathFactory) -> server.Server:
    """A running server on this module's own copy of the demo district."""
    return server_at(server.demo_home(tmp_path_factory.mktemp("demo") / "home"))


@pytest.fixture
def watch() -> Watch:
    """The log of requests and console errors of this test's pages."""
    return Watch()


@pytest.fixture
def page_of(browser: Browser, watch: Watch, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page with cookies of its own: `page_of("en-US", viewport={…})`."""
    contexts = []

    def open_page(locale: str = "zh-CN", **options: Any) -> Page:
        context = browser.new_context(locale=locale, timezone_id="Asia/Shanghai", **options)
        contexts.append(context)
        return watch.add(context.new_page())

    yield open_page
    report = request.node.stash.get(_reports, {}).get("call")
    if report is not None and report.failed:
        _keep_screenshots(watch, request.node.name)
    for context in contexts:
        context.close()
    assert watch.complaints() == []


@pytest.fixture
def zh_page(page_of: Callable[..., Page]) -> Page:
    """A page of somebody whose browser speaks Chinese."""
    return page_of("zh-CN")


@pytest.fixture
def en_page(page_of: Callable[..., Page]) -> Page:
    """A page of somebody whose browser speaks English."""
    return page_of("en-US")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    """Keep the reports of a test where its fixtures find them."""
    report = yield
    item.stash.setdefault(_reports, {})[report.when] = report
    return report


def edit_cell(page: Page, header: str, row: int, text: str, *, editor: int = 0, commit: str = "Enter") -> None:
    """Type into one cell of a data editor with the keyboard.

    The grid is drawn on a canvas, so there is no field to fill; it keeps an accessibility table inside the canvas.
    Keys sent before the cell is selected are lost or hit another one, hence the look at `aria-selected`.

    Parameters
    ----------
    header, row
        Heading of the column as shown; row from 0, within the drawn part.
    editor
        Which grid of the page, from 0.
    commit
        "Enter", "Tab", or "" to leave the cell open.
    """
    grid = page.locator('[data-testid="stDataFrame"]').nth(editor)
    canvas = grid.locator("canvas").first
    canvas.wait_for()
    canvas.locator("th").first.wait_for(state="attached")
    headings: list[str] = canvas.locator("th").all_text_contents()
    column = headings.index(header)
    target = canvas.locator(f'[data-testid="glide-cell-{column}-{row}"][aria-selected="true"]')
    for _ in range(_CELL_TRIES):
        canvas.click(position={"x": 20, "y": 52}, force=True)  # A scroller lies over the canvas, hence force.
        for key in ("Control+Home", *["ArrowRight"] * column, *["ArrowDown"] * row):
            page.keyboard.press(key)
        try:
            target.wait_for(state="attached", timeout=_CELL_MILLISECONDS)
            break
        except PlaywrightTimeout:
            page.keyboard.press("Escape")
    else:
        raise AssertionError(f"the cell {header!r}, row {row}, could not be selected")
    page.keyboard.press("Enter")
    box = page.locator("#portal input:enabled, #portal textarea:enabled").first
    box.wait_for()
    box.fill(text)
    if commit:
        page.keyboard.press(commit)


def _keep_screenshots(watch: Watch, name: str) -> None:
    RESULTS.mkdir(exist_ok=True)
    for number, page in enumerate(watch.pages):
        if not page.is_closed():
            page.screenshot(path=RESULTS / f"{re.sub(r'[^A-Za-z0-9_]+', '-', name)}-{number}.png", full_page=True)
