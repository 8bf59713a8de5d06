"""Ways in and out in a browser: wrong passwords, the cookie, two tabs, pages of other roles, deep links, dark theme."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from inventory.models import Count
from inventory.people.passwords import DEMO_PASSWORD
from tests.browser import books
from tests.browser.hands import COOKIE, Desk
from tests.support.server import Server

NewDesk = Callable[..., Desk]


def enter(desk: Desk, login: str, password: str) -> None:
    """Fill the form of the sign-in page and send it."""
    form = desk.main.locator("form").filter(has=desk.page.locator("input[name=password]"))
    form.get_by_label("用户名").fill(login)
    form.get_by_label("密码").fill(password)
    form.get_by_role("button", name="登录").click()


def test_wrong_passwords_are_counted_and_then_slowed_down(desk: NewDesk) -> None:
    """The page says how many tries are left, then how long to wait; another person is not held up."""
    at = desk().open("/")
    enter(at, "comms", "wrong-1")
    at.sees("没有登录。", "还可连续尝试 4 次")
    for number in range(2, 6):
        at.page.context.request.post(f"{at.server.url}/auth/login", form={"login": "comms", "password": f"no{number}"})
    enter(at, "comms", DEMO_PASSWORD)
    at.sees("口令输错次数过多。")
    assert re.search(r"请等待 \d+ 秒", at.text())
    enter(at, "duty", DEMO_PASSWORD)
    at.sees("演示·值班员王晓梅")


def test_the_cookie_is_closed_to_scripts_and_other_sites(desk: NewDesk) -> None:
    """The session cookie is HttpOnly and SameSite=Lax; no script of the page can read it."""
    at = desk().open("/")
    enter(at, "clerk", DEMO_PASSWORD)
    at.sees("演示·库管员李建国")
    cookie = next(one for one in at.page.context.cookies() if one.get("name") == COOKIE)
    assert (cookie.get("httpOnly"), cookie.get("sameSite"), cookie.get("path")) == (True, "Lax", "/")
    assert COOKIE not in at.page.evaluate("document.cookie")


def test_signing_out_in_one_tab_ends_the_other_at_its_next_click(desk: NewDesk) -> None:
    """Two tabs share a session; after the sign-out in the second, the first can do nothing more."""
    first = desk().sit("duty", "/", heading="值班总览", afresh=True)
    second = Desk(first.page.context.new_page(), first.server).open("/", heading="值班总览")
    second.press("退出登录").sees("用户名")
    first.press("接报新险情").sees("用户名")
    expect(first.main.get_by_text("何事何地")).to_have_count(0)


def test_a_dialog_left_open_writes_nothing_after_sign_out(desk: NewDesk, demo_server: Server) -> None:
    """A dialog reruns without the door; its button still asks whether the session holds."""
    first = desk().sit("clerk", "/count", heading="盘点", afresh=True).press("开盘点单")
    first.choose("库点", "区防汛抗旱物资库")
    opened = books.done(demo_server, "open_count")
    second = Desk(first.page.context.new_page(), first.server).open("/", heading="值班总览")
    second.press("退出登录").sees("用户名")
    first.press("开盘", first.dialog).sees("你已在别处退出登录。")
    assert books.done(demo_server, "open_count") == opened


def test_a_page_of_another_role_is_refused_by_its_address(desk: NewDesk) -> None:
    """Hiding a link is no protection: the address itself says whose page it is; files ask too."""
    at = desk().sit("requester", "/check")
    at.sees("“账目自检”不对你开放。", "审计员")
    expect(at.page.get_by_role("button", name="立即核对")).to_have_count(0)
    at.open("/import").sees("“导入”不对你开放。")
    refused = at.page.context.request.get(f"{at.server.url}/files/export/entries")
    assert refused.status == 403


def test_a_deep_link_survives_the_sign_in(desk: NewDesk, demo_server: Server) -> None:
    """Who opens an address without being signed in gets there after the password."""
    count = books.ids(demo_server, Count)[0]
    at = desk().open(f"/count?count={count}&view=review")
    enter(at, "keeper", DEMO_PASSWORD)
    at.sees("盘点对账")
    assert at.page.url.endswith(f"/count?count={count}&view=review")


def test_the_dark_theme_is_dark_and_dialogs_too(desk: NewDesk) -> None:
    """A browser that asks for dark gets dark, also where Streamlit draws outside the page."""
    at = desk(color_scheme="dark").sit("clerk", "/count", heading="盘点").press("开盘点单")
    at.dialog.wait_for()
    for place in (at.page.locator(".stApp"), at.dialog):
        painted = place.evaluate("node => getComputedStyle(node).backgroundColor")
        assert max(int(part) for part in re.findall(r"\d+", painted)[:3]) < 64, painted
    assert at.page.evaluate("document.documentElement.style.colorScheme") == "dark"


def test_language_follows_the_browser_and_can_be_switched(desk: NewDesk) -> None:
    """The switch decides over the browser, and the choice is kept for the next sign-in."""
    at = desk("en-US").open("/").sees("User name")
    at.page.get_by_role("radio", name="中文").click()
    at.sees("用户名")
    enter(at, "duty", DEMO_PASSWORD)
    at.sees("值班总览")
    expect(at.page.locator("html")).to_have_attribute("lang", "zh-CN")
