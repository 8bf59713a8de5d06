"""Sent twice, done once: double clicks, reloads in mid-submit, two tabs, going back; fields keep what was typed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from playwright.sync_api import expect

from inventory.models import Incident, Request, Shipment
from tests.browser import books
from tests.browser.hands import PATIENCE, Desk
from tests.support.server import Server

NewDesk = Callable[..., Desk]
TYPED, PAUSE_MILLISECONDS_MAX = 20, 100


def another_tab(desk: Desk) -> Desk:
    """Return another tab of the same browser."""
    return Desk(desk.page.context.new_page(), desk.server)


def twice(desk: Desk, name: str) -> None:
    """Double-click a button of the open dialog."""
    found = desk.button(name, desk.dialog)
    expect(found).to_be_enabled()
    found.dblclick()


def list_of(desk: Desk, batch: str) -> bytes:
    """Return a stock list of one line."""
    return (
        f"库点编码,货位,物资编码,批号,有效期至,数量,单位,新建货位\nD01,A01,T008,{batch},2032-05-31,11,条,否\n"
    ).encode()


def test_an_import_pressed_twice_in_two_tabs_comes_in_once(desk: NewDesk, demo_server: Server) -> None:
    """A double click, the same file in a second tab, and the file again after going back: one entry."""
    body = list_of(desk, "ONCE-01")
    first = desk().sit("clerk", "/import", heading="导入")
    second = another_tab(first).open("/import", heading="导入")
    for tab in (first, second):
        tab.upload("一次.csv", body).sees("整个文件都读懂了。").press("全部导入")
    twice(first, "导入 1 行")
    first.sees("已导入：一次.csv")
    second.press("导入 1 行", second.dialog).sees("已导入：一次.csv")
    first.open("/stock", heading="库存").page.go_back()
    first.drawn("导入")
    first.upload("一次.csv", body).sees("已经导入过，库存没有变化。")
    assert books.done(demo_server, "import_stock") == 1


def test_an_import_reloaded_in_mid_submit_comes_in_once(desk: NewDesk, demo_server: Server) -> None:
    """The page is reloaded the moment the button is pressed; whoever sends the file again changes nothing more."""
    before = books.done(demo_server, "import_stock")
    at = desk().sit("clerk", "/import", heading="导入")
    for turn in range(3):
        body = list_of(at, f"RELOAD-{turn}")
        at.upload("刷新.csv", body).sees("整个文件都读懂了。").press("全部导入").press("导入 1 行", at.dialog)
        at.page.reload()
        at.drawn("导入")
        at.upload("刷新.csv", body)
        done, fresh = at.page.get_by_text("已经导入过"), at.button("全部导入")
        done.or_(fresh).first.wait_for()
        if fresh.count():
            at.press("全部导入").press("导入 1 行", at.dialog).sees("已导入：刷新.csv")
        at.open("/import", heading="导入")
    assert books.done(demo_server, "import_stock") == before + 3


def test_a_plan_approved_twice_in_two_tabs_is_approved_once(desk: NewDesk, demo_server: Server) -> None:
    """A double click on the button of the dialog, and the dialog of a second tab: one approval, one set of orders."""
    number = next(row["number"] for row in books.rows(demo_server, "requests") if row["request_state"] == "submitted")
    request = books.ids(demo_server, Request, Request.number == number)[0]
    books.run(demo_server, "propose", number, "--as", "duty")
    before, orders = books.done(demo_server, "approve_plan"), len(books.rows(demo_server, "orders"))
    first = desk().sit("commander", f"/plan?request={request}", heading="方案比较")
    second = another_tab(first).open(f"/plan?request={request}", heading="方案比较")
    for tab in (first, second):
        tab.press("批准此方案").sees("别人不能再用")
    twice(first, "批准并开单")
    first.sees("已开调拨单")
    issued = len(books.rows(demo_server, "orders"))
    second.press("批准并开单", second.dialog)
    expect(second.dialog.get_by_role("alert").first).to_be_visible()
    first.page.go_back()
    first.page.go_forward()
    first.sees("已开调拨单")
    assert books.done(demo_server, "approve_plan") == before + 1
    assert orders < issued == len(books.rows(demo_server, "orders"))


def test_goods_signed_for_twice_in_two_tabs_arrive_once(desk: NewDesk, demo_server: Server) -> None:
    """A double click, a second tab with the same form, a press after going back: one receipt."""
    shipment = books.ids(demo_server, Shipment, Shipment.state == "in_transit")[0]
    before = books.done(demo_server, "receive_shipment")
    address = f"/receive?shipment={shipment}"
    first = desk().sit("manager", address, heading="签收")
    second = another_tab(first).open(address, heading="签收")
    for tab in (first, second):
        tab.press("全部到齐，完好").press("签收", tab.main)
        tab.dialog.wait_for()
    twice(first, "签收并过账")
    first.sees("已签收")
    second.press("签收并过账", second.dialog)
    expect(second.dialog.get_by_role("alert").first).to_be_visible()
    first.open("/", heading="值班总览").page.go_back()
    first.sees("这车货已全部交代清楚。")
    assert books.done(demo_server, "receive_shipment") == before + 1


def test_an_incident_opened_by_a_double_click_is_one(desk: NewDesk, demo_server: Server) -> None:
    """No state protects this form: its id does. The late click leads nobody back to an empty form either."""
    before, at = books.done(demo_server, "open_incident"), desk()
    for people in ("12", "13", "14", "15"):
        at.sit("duty", "/incident?new=1", heading="接报新险情")
        at.type_into("人数", people).button("开案并测算需求").dblclick()
        at.page.keyboard.press("Control+Enter")
        at.sees("建议需求", f"{people} 人")
    assert books.done(demo_server, "open_incident") == before + 4


def test_a_count_keeps_what_was_typed_when_the_next_press_follows_at_once(desk: NewDesk, demo_server: Server) -> None:
    """Fields are saved when the hand leaves them: typed, pressed on within 0 to 100 ms, twenty times, none lost."""
    at = desk().sit("clerk", "/count", heading="盘点").press("开盘点单")
    at.choose("库点", "区防汛抗旱物资库").press("开盘", at.dialog).sees("盲盘")
    rows = at.main.locator(".t-line.k[data-act]")
    expect(rows.nth(TYPED)).to_be_visible()
    pauses = random.Random(1)
    for turn in range(TYPED):
        expect(rows.nth(turn)).to_have_attribute("aria-current", "true")
        field = at.main.get_by_role("spinbutton", name=re.compile("^(数量|散)")).first
        expect(field).to_have_value("")
        field.focus()
        at.page.keyboard.type(str(7_000 + turn))
        at.page.wait_for_timeout(pauses.uniform(0, PAUSE_MILLISECONDS_MAX))
        at.button("下一行").click()
    expect(rows.nth(TYPED)).to_have_attribute("aria-current", "true")
    for turn in range(TYPED):
        expect(rows.nth(turn)).to_contain_text(f"{7_000 + turn:,}", timeout=PATIENCE)
    at.page.reload()
    at.drawn("盘点")
    at.sees(f"{TYPED}/")


def test_a_need_typed_just_before_another_press_is_kept(desk: NewDesk, demo_server: Server) -> None:
    """A number is typed and another group pressed at once, which takes the field away: the number stays; six times."""
    incident = books.ids(demo_server, Incident)[-1]
    at = desk().sit("duty", f"/incident?incident={incident}&request=new", heading="需求")
    water = at.main.get_by_label("瓶装饮用水 550ml×24 箱", exact=True)
    for quantity in range(700, 706):
        water.fill(str(quantity))
        at.pick("分组", "急需")
        expect(water).to_have_count(0)
        at.pick("分组", "救命")
        expect(water).to_have_value(str(quantity))


def test_a_draft_is_there_again_after_a_reload(desk: NewDesk, demo_server: Server) -> None:
    """What was typed is kept by itself: another browser of the same person has it, and it can be begun anew."""
    incident = books.ids(demo_server, Incident)[-1]
    address = f"/incident?incident={incident}&request=new"
    at = desk().sit("commander", address, heading="需求")
    water = at.main.get_by_label("瓶装饮用水 550ml×24 箱", exact=True)
    proposed = water.input_value()
    at.type_into("瓶装饮用水 550ml×24 箱", "888").sees("已保存")
    again = desk().sit("commander", address, heading="需求").sees("填写的内容已恢复")
    kept = again.main.get_by_label("瓶装饮用水 550ml×24 箱", exact=True)
    expect(kept).to_have_value("888")
    again.press("重新开始")
    expect(kept).to_have_value(proposed)
    at.page.reload()
    at.drawn("需求")
    expect(water).to_have_value(proposed)


def test_other_days_change_what_nobody_has_edited(desk: NewDesk, demo_server: Server) -> None:
    """Days to supply: the norms' figures follow in the fields too, what was edited stays."""
    incident = books.ids(demo_server, Incident)[-1]
    at = desk().sit("duty", f"/incident?incident={incident}&request=new", heading="需求")
    water, noodles = (at.main.get_by_label(label) for label in ("瓶装饮用水 550ml×24 箱", "压缩干粮 箱"))
    at.type_into("瓶装饮用水 550ml×24 箱", "777").sees("已改 1")
    before = int(noodles.first.input_value())
    at.type_into("保障天数", "9")
    expect(noodles.first).not_to_have_value(str(before))
    expect(water.first).to_have_value("777")
    assert at.main.get_by_text("已改", exact=True).count() == 1
