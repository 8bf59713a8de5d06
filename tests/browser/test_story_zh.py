"""The whole story in Chinese: a list comes in, a blind count, an incident, a plan, goods on the road, the books."""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
from collections.abc import Callable

import openpyxl
import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.browser import books
from tests.browser.hands import Desk, Received

BIN, STORE, SHELTER = "Y-01", "黑山镇应急物资储备点", "黑山镇应急避难场所"
WATER, BLANKET, COT = 61_937, 48_613, 35_291
"""What the list says, so odd that no other number of the district is the same by chance."""
LIST = (
    ("T016", "箱", "ST-01", "2027-01-31", WATER),
    ("T008", "条", "ST-02", "2032-05-31", BLANKET),
    ("T012", "张", "ST-03", "2033-05-31", COT),
)
LOST, FOUND, ASKED, SHORT, BROKEN = 3, 2, 6_000, 7, 2
NAMES = {"T016": "瓶装饮用水", "T008": "毛毯", "T012": "折叠床"}

BEIJING = dt.timezone(dt.timedelta(hours=8))
NewDesk = Callable[..., Desk]


def filled(template: bytes, *, site: str = "T107", unit: str = "", quantity: object = None) -> bytes:
    """Return our own template with the list in it; `unit` and `quantity` spoil the first line."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    page = book.worksheets[0]
    at = {str(cell.value).strip("*"): cell.column for cell in page[1]}
    for row, (item, its_unit, batch, expires, many) in enumerate(LIST, 2):
        spoiled = row == 2
        told = {
            "库点编码": site,
            "货位": BIN,
            "物资编码": item,
            "批号": batch,
            "有效期至": expires,
            "数量": quantity if spoiled and quantity is not None else many,
            "单位": unit if spoiled and unit else its_unit,
            "新建货位": "是",
        }
        for head, value in told.items():
            page.cell(row, at[head], value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def the_list_comes_in(desk: Desk) -> None:
    """The clerk: a wrong file is told whole and changes nothing; the right one comes in once, sent how often ever."""
    desk.sit("clerk", "/import", heading="导入")
    template = desk.file("下载模板")
    lots = len(books.rows(desk.server, "lots"))
    desk.upload("库存-错.xlsx", filled(template, site="T999", unit="桶", quantity=-5))
    desk.sees("这个文件还不能导入。", "全部问题")
    told = desk.main.locator("table.t-tab").first.inner_text()
    for part in ("库点编码", "数量", "单位", "T999"):
        assert part in told, told
    assert len(books.rows(desk.server, "lots")) == lots
    right = filled(template)
    desk.open("/import", heading="导入").upload("库存.xlsx", right)
    desk.sees("整个文件都读懂了。").press("全部导入")
    desk.press("导入 3 行", desk.dialog).sees("已导入：库存.xlsx")
    desk.upload("再来一次.xlsx", right).sees("已经导入过，库存没有变化。")
    expect(desk.button("全部导入")).to_have_count(0)
    assert books.done(desk.server, "import_stock") == 1
    assert len(books.rows(desk.server, "lots")) == lots + len(LIST)


def a_blind_count(desk: Desk) -> str:
    """The clerk counts the new bin blind, reloads in mid-count, hands in; return the id of the count."""
    received = Received(desk.page)
    desk.sit("clerk", "/count", heading="盘点").press("开盘点单")
    desk.choose("库点", STORE).pick("盘点方式", "抽盘").choose("货位（不选为全部）", BIN)
    desk.page.keyboard.press("Escape")
    desk.press("开盘", desk.dialog).sees("盲盘", "0/3")
    count = desk.address("count")
    enter(desk, NAMES["T016"], WATER - LOST)
    desk.sees("已保存", "1/3")
    enter(desk, NAMES["T008"], BLANKET + FOUND)
    desk.sees("2/3").page.reload()
    desk.drawn("盘点")
    desk.sees("2/3", f"{BLANKET + FOUND:,}")
    paper = openpyxl.load_workbook(io.BytesIO(desk.file("待填清单")))
    cells = [str(cell) for page in paper for row in page.iter_rows(values_only=True) for cell in row]
    everything = received.all() + "\n".join(cells).encode()
    assert NAMES["T012"].encode() in everything
    assert told_in(everything, WATER - LOST)
    assert [figure for figure in (WATER, BLANKET, COT) if told_in(everything, figure)] == []
    enter(desk, NAMES["T012"], COT)
    desk.sees("每一行都有数了。", "3/3").press("提交盘点单").press("提交", desk.dialog)
    desk.sees("盘点单已提交。", "2 行须由另一人复盘。")
    assert [figure for figure in (WATER, BLANKET) if told_in(received.all(), figure)] == []
    return count


def told_in(everything: bytes, figure: int) -> bool:
    """Whether a figure stands anywhere: as text, with its thousands separated, or as a number of a binary message."""
    text = re.compile(rf"(?<![0-9A-Za-z])({figure}|{figure:,})(?![0-9A-Za-z])".encode())
    return bool(text.search(everything)) or any(struct.pack(kind, figure) in everything for kind in ("<q", "<d"))


def enter(desk: Desk, item: str, quantity: int) -> None:
    """Go to the line of an item and type what was counted: all loose, no whole packs."""
    desk.line(BIN, item).click()
    card = desk.main.locator(".t-big", has_text=item)
    card.wait_for()
    desk.idle()
    field = desk.main.get_by_role("spinbutton", name=re.compile("^(数量|散)")).first
    field.fill(str(quantity))
    field.press("Tab")


def a_second_person_recounts(desk: Desk, count: str) -> None:
    """What differs is counted again by somebody else, as blind as before."""
    received = Received(desk.page)
    desk.sit("clerk2", f"/count?count={count}", heading="盘点").sees("2 行等你复盘。")
    for item, quantity, left in (("T016", WATER - LOST, 1), ("T008", BLANKET + FOUND, 0)):
        enter(desk, NAMES[item], quantity)
        desk.press("保存复盘")
        desk.sees(f"{left} 行等你复盘。" if left else "盘点单已提交。")
    assert [figure for figure in (WATER, BLANKET, COT) if told_in(received.all(), figure)] == []


def an_incident_with_a_request(desk: Desk) -> str:
    """The duty officer reports a flood, edits the needs that the norms propose, submits; return the request's id."""
    desk.sit("duty", "/", heading="值班总览").press("接报新险情").sees("何事何地")
    desk.choose("地点（镇街或村居）", "黑山镇").pick("灾种", "洪涝").pick("响应级别", "III")
    desk.type_into("人数", "60").pick("三断（点选已中断的）", "电").pick("三断（点选已中断的）", "网")
    desk.press("开案并测算需求").sees("建议需求")
    desk.type_into(f"{NAMES['T016']} 550ml×24 箱", str(ASKED)).sees("已改 1 行")
    desk.pick("分组", "急需").type_into("救灾单帐篷 12㎡ 顶", "9999")
    desk.press("提交申请").sees("还没有方案。")
    return desk.address("request")


def a_plan_is_chosen(desk: Desk, request: str) -> str:
    """The commander computes plans, reads why, approves; return the number of the order to the town's store."""
    desk.sit("commander", f"/plan?request={request}", heading="方案比较").press("生成方案")
    desk.sees("整数最优有证", "独立校核通过", "最快到", "缺口与代价")
    assert re.search(r"救灾单帐篷 12㎡：.* 要 9,999 顶，缺", desk.text())
    assert "怎么调都缺" in desk.main.locator(".t-card.hot").first.inner_text()
    held = sum(row["held"] for row in books.rows(desk.server, "balances"))
    desk.line(NAMES["T016"]).click()
    desk.sees(f"为什么从这里调：{NAMES['T016']}")
    assert "有这种物资的库点里，这里最近" in desk.dialog.inner_text()
    desk.page.keyboard.press("Escape")
    expect(desk.dialog).to_have_count(0)
    desk.press("批准此方案").sees("别人不能再用").press("批准并开单", desk.dialog).sees("已开调拨单")
    assert sum(row["held"] for row in books.rows(desk.server, "balances")) > held, "stock is held at approval"
    desk.line(STORE).click()
    desk.sees("调拨单（PDF）")
    found = re.search(r"调-WS-\d{4}-\d{6}", desk.text())
    assert found
    return found.group()


def it_goes_out(desk: Desk, number: str) -> None:
    """The warehouse prints the order, picks, another person checks, it is shipped."""
    desk.sit("townkeeper", f"/orders?order={number}", heading="调拨单")
    paper = pypdfium2.PdfDocument(desk.file("调拨单（PDF）"))
    printed = "".join(page.get_textpage().get_text_bounded() for page in paper)
    for part in (number, STORE, SHELTER, NAMES["T016"], "调拨单"):
        assert part in re.sub(r"\s", "", printed), printed
    desk.press("拣货过账").sees("由另一人核对实物与调拨单")
    expect(desk.button("核对无误")).to_be_disabled()
    desk.sit("clerk2", f"/orders?order={number}", heading="调拨单").press("核对无误").sees("印在运单和签收单上")
    desk.sit("townkeeper", f"/orders?order={number}", heading="调拨单")
    desk.type_into("车牌", "渝B·12345").type_into("驾驶员", "李师傅").type_into("电话", "13800001234")
    desk.press("发运", desk.main).press("确认发运", desk.dialog).sees("渝B·12345", "运-WS-")


def it_arrives(desk: Desk, number: str, lot: str) -> None:
    """The receiver signs for it: some damaged, some missing; what is missing stays visibly in transit."""
    desk.sit("receiver", "/receive", heading="发运与签收")
    consignment = next(row for row in books.rows(desk.server, "shipments") if row["order"] == number)
    desk.line(consignment["number"]).click()
    desk.sees("到货情况").press("全部到齐，完好")
    water = desk.main.get_by_test_id("stVerticalBlock").filter(has_text=NAMES["T016"]).filter(has_text="ST-01").last
    expect(water.get_by_label("完好")).to_have_value(str(ASKED))
    desk.type_into("完好", str(ASKED - SHORT - BROKEN), water).type_into("损坏", str(BROKEN), water)
    desk.type_into("看到的情况", "两箱渗漏", water).sees(f"缺 {SHORT}")
    desk.press("签收", desk.main).press("签收并过账", desk.dialog)
    desk.sees(f"未到 {SHORT}，仍挂在途，等管理员处理。")
    assert books.balance(desk.server, lot, consignment["number"]) == SHORT
    desk.sit("manager", "/receive", heading="发运与签收").pick("业务", "差异").sees("未到", number)
    desk.sit("auditor", f"/lot?lot={lot}", heading=NAMES["T016"]).sees("在途", consignment["number"])


def the_count_is_posted(desk: Desk, count: str, lot: str, issued: int) -> None:
    """A third person approves and posts: the difference is that of the moment of counting, whatever left since."""
    received = Received(desk.page)
    desk.sit("keeper", f"/count?count={count}&view=review", heading="盘点对账")
    desk.sees(f"{WATER:,}", f"−{LOST}", f"+{FOUND}")
    assert told_in(received.all(), WATER), "who approves does see the book"
    desk.press("批准差异").press("批准", desk.dialog).sees("差异过账")
    desk.press("差异过账").press("过账", desk.dialog).sees("盘点已过账。")
    assert books.balance(desk.server, lot, BIN) == WATER - LOST - issued


def the_auditor_looks(desk: Desk, number: str, request: str, lot: str) -> None:
    """The auditor reads a lot's ledger at past moments, proves the books, and reads who did what, when and why."""
    desk.sit("auditor", f"/lot?lot={lot}", heading=NAMES["T016"])
    desk.sees("导入库存", "拣货", "发运", "签收", "盘点过账", "演示·仓库主任吴德明")
    oldest = min(row["occurred_at"] for row in books.rows(desk.server, "entries") if row["kind"] == "import_stock")
    before = dt.datetime.fromisoformat(oldest).astimezone(BEIJING) - dt.timedelta(days=1)
    desk.open(f"/lot?lot={lot}&at={before:%Y-%m-%dT%H:%M}", heading=NAMES["T016"]).sees("那时还没有这一批。")
    desk.press("现在").sees("一个批次各处合计恒为 0。")
    desk.open("/check", heading="账目自检").press("立即核对").sees("账目无误：0 处问题。")
    desk.open(f"/orders?order={number}", heading="调拨单")
    told = desk.text()
    for who in ("值班员王晓梅", "指挥员陈志强", "仓管韩大勇", "库管员周小兰", "接收人蒋兴文"):
        assert who in told, who
    for what in ("提交申请", "批准方案", "拣货", "复核", "发运", "签收"):
        assert what in told, what
    assert books.sound(desk.server)


@pytest.mark.timeout(400)
def test_the_story_of_a_district_in_chinese(desk: NewDesk) -> None:
    """Clerk, duty officer, commander, warehouse, receiver and auditor, each in turn, on one set of books."""
    one = desk()
    the_list_comes_in(one)
    count = a_blind_count(one)
    a_second_person_recounts(one, count)
    request = an_incident_with_a_request(one)
    number = a_plan_is_chosen(one, request)
    movements = books.rows(one.server, "balances")
    lot = next(row["lot"] for row in movements if row["place"] == BIN and row["item_code"] == "T016")
    it_goes_out(one, number)
    it_arrives(one, number, lot)
    the_count_is_posted(one, count, lot, ASKED)
    the_auditor_looks(one, number, request, lot)
