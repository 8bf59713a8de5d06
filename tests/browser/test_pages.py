"""Every page in both languages and themes: nothing from outside, no error, its own language, readable, not too wide."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from inventory.core.words import speaker
from inventory.models import Count, Incident, Request, Shipment
from tests.browser import audit, books
from tests.browser.hands import DEEP_LINK, Desk
from tests.support.browser import RESULTS, Watch
from tests.support.server import Server

LOOKS = {"zh_CN": ("zh-CN", "light"), "en": ("en-US", "dark")}
"""Language -> locale of the browser and theme: each page is seen in both languages and in both themes."""
PHONE = {"width": 390, "height": 844}
ON_PHONES = ("board", "count", "one_count", "receive", "one_shipment", "verify", "sign_in")


@dataclass(frozen=True)
class View:
    """A page as somebody opens it; `then` is the button that opens its dialog."""

    login: str
    path: str
    then: str = ""
    wait: str = ""


@dataclass
class Seen:
    """What was wrong with one view."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    pale: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    wide: int = 0
    text: str = ""


VIEWS = {
    "sign_in": View("", "/"),
    "board": View("duty", "/"),
    "incident": View("duty", "/incident"),
    "new_report": View("duty", "/incident?new=1"),
    "one_incident": View("commander", "/incident?incident={incident}"),
    "needs": View("duty", "/incident?incident={incident}&request=new"),
    "plan": View("commander", "/plan"),
    "one_request": View("commander", "/plan?request={request}"),
    "orders": View("keeper", "/orders"),
    "one_order": View("clerk", "/orders?order={order}"),
    "verify": View("secadmin", "/verify"),
    "stock": View("clerk", "/stock"),
    "lot": View("auditor", "/lot"),
    "one_lot": View("auditor", "/lot?lot={lot}"),
    "count": View("clerk", "/count"),
    "count_drawer": View("clerk", "/count", then="Open a count"),
    "one_count": View("clerk", "/count?count={count}"),
    "count_review": View("keeper", "/count?count={count}&view=review"),
    "receive": View("receiver", "/receive"),
    "one_shipment": View("receiver", "/receive?shipment={shipment}"),
    "import": View("clerk", "/import"),
    "people": View("secadmin", "/people"),
    "own_account": View("requester", "/people"),
    "check": View("auditor", "/check"),
    "not_yours": View("requester", "/check"),
    "no_page": View("requester", "/xyz"),
}
Tour = dict[tuple[str, str], Seen]


@pytest.fixture(scope="module")
def addresses(demo_server: Server) -> dict[str, str]:
    """The documents of the demo district that the views open."""
    lot = next(row["lot"] for row in books.rows(demo_server, "balances") if row["place_kind"] == "transit")
    return {
        "incident": str(books.ids(demo_server, Incident)[-1]),
        "request": str(books.ids(demo_server, Request)[-1]),
        "order": next(row["number"] for row in books.rows(demo_server, "orders") if row["state"] == "shipped"),
        "shipment": str(books.ids(demo_server, Shipment, Shipment.state == "in_transit")[0]),
        "count": str(books.ids(demo_server, Count)[0]),
        "lot": lot,
    }


@pytest.fixture(scope="module")
def tour(browser: Browser, demo_server: Server, addresses: dict[str, str]) -> Tour:
    """Open every view in both languages, one browser each, and note what is wrong with it."""
    data = books.words_of_data(demo_server)
    found: Tour = {}
    for language, (locale, theme) in LOOKS.items():
        for desk, name in _visits(browser, demo_server, locale=locale, color_scheme=theme):
            found[name, language] = _look(desk, name, language, addresses, data)
        if language == "zh_CN":
            _compute_plans(browser, demo_server, addresses["request"])
    return found


@pytest.fixture(scope="module")
def phone(browser: Browser, demo_server: Server, addresses: dict[str, str]) -> dict[str, int]:
    """Open the pages of the phone and note by how many pixels each is too wide."""
    found = {}
    for desk, name in _visits(browser, demo_server, locale="zh-CN", viewport=PHONE, has_touch=True, is_mobile=True):
        if name in ON_PHONES:
            _open(desk, VIEWS[name], "zh_CN", addresses)
            found[name] = desk.scrolls_sideways()
            if found[name]:
                _keep(desk.page, f"phone-{name}")
    return found


def _visits(browser: Browser, server: Server, *, locale: str, **options: object) -> Iterator[tuple[Desk, str]]:
    options.setdefault("viewport", {"width": 1440, "height": 1000})
    context = browser.new_context(locale=locale, timezone_id="Asia/Shanghai", **options)  # type: ignore[arg-type]
    desk = Desk(context.new_page(), server)
    for name in VIEWS:
        yield desk, name
    context.close()


def _open(desk: Desk, view: View, language: str, addresses: dict[str, str]) -> None:
    path = view.path.format(**addresses)
    if view.login:
        desk.sit(view.login, path)
    else:
        desk.open(path)
    if view.then:
        desk.press(speaker(language)(view.then))
        desk.dialog.locator(".t, p, label").first.wait_for()
        desk.idle()


def _look(desk: Desk, name: str, language: str, addresses: dict[str, str], data: frozenset[str]) -> Seen:
    watch = Watch()
    watch.allow(DEEP_LINK)
    page = desk.page
    requests: Callable[..., None] = watch._note_request
    console: Callable[..., None] = watch._note_console
    page.on("request", requests)
    page.on("console", console)
    page.on("pageerror", lambda error: watch.errors.append(str(error)))
    _open(desk, VIEWS[name], language, addresses)
    page.remove_listener("request", requests)
    page.remove_listener("console", console)
    shown = audit.texts(page)
    seen = Seen(
        outside=watch.outside,
        errors=watch.complaints(),
        pale=audit.pale_or_small(shown),
        foreign=audit.foreign(shown, language, data),
        wide=desk.scrolls_sideways(),
        text=json.dumps([one.text for one in shown], ensure_ascii=False),
    )
    if seen.outside or seen.errors or seen.pale or seen.foreign or seen.wide:
        _keep(page, f"{name}-{language}")
    return seen


def _keep(page: Page, name: str) -> None:
    RESULTS.mkdir(exist_ok=True)
    page.screenshot(path=RESULTS / f"page-{name}.png", full_page=True)


def _compute_plans(browser: Browser, server: Server, request: str) -> None:
    """Have plans computed, so that the page of the request is seen in full (the first time it has none)."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    desk = Desk(context.new_page(), server)
    desk.sit("commander", f"/plan?request={request}").press("生成方案").sees("独立校核通过")
    context.close()


LANGUAGES = pytest.mark.parametrize("language", list(LOOKS))
EVERY = pytest.mark.parametrize("view", list(VIEWS))


@LANGUAGES
@EVERY
def test_a_page_stays_inside_and_free_of_errors(tour: Tour, view: str, language: str) -> None:
    """Nothing is asked from outside this machine, and neither the console nor a script complains."""
    seen = tour[view, language]
    assert (seen.outside, seen.errors) == ([], [])


@LANGUAGES
@EVERY
def test_a_page_speaks_its_language(tour: Tour, view: str, language: str) -> None:
    """No English word is left in Chinese but names; no Chinese of the program in English."""
    assert json.dumps(tour[view, language].foreign, ensure_ascii=False) == "[]"


@LANGUAGES
@EVERY
def test_a_page_can_be_read(tour: Tour, view: str, language: str) -> None:
    """All text has the contrast of WCAG AA and is not too small; nothing scrolls sideways."""
    seen = tour[view, language]
    assert (seen.pale, seen.wide) == ([], 0)


@pytest.mark.parametrize("view", ON_PHONES)
def test_a_phone_shows_the_whole_width(phone: dict[str, int], view: str) -> None:
    """What people use in the field needs no sideways scrolling on a phone."""
    assert phone[view] == 0


def test_the_audit_sees_what_is_wrong(page_of: Callable[..., Page]) -> None:
    """Pale, small and foreign text is found; idle text and text of data is not."""
    page = page_of("zh-CN")
    page.set_content(
        "<p style='color:#999'>淡</p><p style='font-size:10px'>小</p><p>Untranslated words here</p>"
        "<button disabled style='color:#999'>停</button><p>DEMO-2024-0001 Red Cross</p><p>正常</p>"
    )
    found = audit.texts(page)
    assert [told[0] for told in audit.pale_or_small(found)] == ["小", "淡"]
    assert audit.foreign(found, "zh_CN", frozenset({"Red Cross"})) == ["Untranslated words here"]
    page.set_content("<p>批准此方案</p><p>Approve this plan</p><p>黑山镇</p>")
    assert audit.foreign(audit.texts(page), "en", frozenset({"黑山镇"})) == ["批准此方案"]
