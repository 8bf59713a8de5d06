"""The server dies and comes back, a page grows stale, it is started elsewhere: nothing saved is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect

from inventory.models import Request
from tests.browser import books
from tests.browser.hands import Desk
from tests.support import server as served
from tests.support.browser import Watch
from tests.support.server import Server

NewDesk = Callable[..., Desk]
STORE = "区防汛抗旱物资库"


def counted(desk: Desk, at: int, quantity: int) -> None:
    """Go to a line of the count by its place in the list and type what was counted."""
    desk.main.locator(".t-line.k[data-act]").nth(at).click()
    expect(desk.main.locator(".t-line.k[data-act]").nth(at)).to_have_attribute("aria-current", "true")
    desk.idle()
    field = desk.main.get_by_role("spinbutton", name=re.compile("^(数量|散)")).first
    field.fill(str(quantity))
    field.press("Tab")


def test_a_killed_server_loses_no_saved_number(
    desk: NewDesk, server_at: Callable[..., Server], tmp_path: Path, watch: Watch
) -> None:
    """Half of a count is entered when the server is killed; after the restart a reload goes on where it was."""
    watch.allow(
        "ERR_CONNECTION_REFUSED|server is not responding|WebSocket|Client Error|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET"
    )
    first = server_at(served.demo_home(tmp_path / "home"))
    at = desk(server=first).sit("clerk", "/count", heading="盘点").press("开盘点单")
    at.choose("库点", STORE).press("开盘", at.dialog).sees("盲盘")
    for line, quantity in ((0, 4_711), (1, 815)):
        counted(at, line, quantity)
        at.sees(f"{quantity:,}", f"{line + 1}/")
    first.kill()
    at.sees("连接已断开")
    again = server_at(first.home, port=urlsplit(first.url).port)
    at.page.reload()
    at.drawn("盘点")
    at.sees("4,711", "815", "2/")
    counted(at, 2, 99)
    at.sees("3/")
    assert books.sound(again)


def test_a_stale_plan_is_refused_where_the_hand_is(desk: NewDesk, demo_server: Server) -> None:
    """Somebody approves while this page stands open: the button answers with the reason, nothing is done twice."""
    number = next(row["number"] for row in books.rows(demo_server, "requests") if row["request_state"] == "submitted")
    request = books.ids(demo_server, Request, Request.number == number)[0]
    books.run(demo_server, "propose", number, "--as", "duty")
    at = desk().sit("commander", f"/plan?request={request}", heading="方案比较").press("批准此方案")
    at.sees("别人不能再用")
    books.run(demo_server, "approve", number, "--alternative", "fastest", "--as", "commander")
    approved, orders = books.done(demo_server, "approve_plan"), len(books.rows(demo_server, "orders"))
    at.press("批准并开单", at.dialog)
    expect(at.dialog.get_by_role("alert").first).to_be_visible()
    assert (books.done(demo_server, "approve_plan"), len(books.rows(demo_server, "orders"))) == (approved, orders)
    at.page.reload()
    at.drawn("方案比较")
    at.sees("已开调拨单")
    expect(at.button("批准此方案")).to_have_count(0)


def test_the_settings_hold_from_another_folder(desk: NewDesk, server_at: Callable[..., Server], tmp_path: Path) -> None:
    """Served from elsewhere the pages ask nothing from outside, hide the developer's menu and limit uploads."""
    away = tmp_path / "elsewhere"
    away.mkdir()
    at = desk(server=server_at(served.demo_home(tmp_path / "home"), folder=away))
    at.sit("clerk", "/import", heading="导入").sees("单个文件不超过 10 MB")
    at.open("/", heading="值班总览")
    expect(at.page.get_by_test_id("stMainMenu")).to_have_count(0)
    expect(at.page.get_by_test_id("stAppDeployButton")).to_have_count(0)
    font = at.main.locator(".t").first.evaluate("node => getComputedStyle(node).fontFamily")
    assert "Noto Sans SC" in font, "the theme of the project's settings"
