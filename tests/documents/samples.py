"""Papers for the tests: invented, but of the size and roughness of real ones."""

from __future__ import annotations

import datetime as dt

from inventory.core.errors import Name
from inventory.documents.data.counting import CountLinePaper, CountSheetPaper
from inventory.documents.data.dispatch import (
    DispatchOrderPaper,
    OrderLinePaper,
    PickLinePaper,
    PickListPaper,
    ReceiptLinePaper,
    ReceiptPaper,
)
from inventory.documents.data.values import Contact, LedgerHead, Override, Party, VerbalOrder
from inventory.documents.sign import PaperKey

KEY = PaperKey(bytes(range(32)))
NOW = dt.datetime(2026, 6, 28, 13, 5, tzinfo=dt.UTC)
RARE = "綦镕、㙍𬭁、䶮喆堃"

GOODS = [
    ("WZ-ZP-0012", "救灾帐篷", "12㎡ 单（蓝色，GB/T 35190）", "顶", "Relief tent", "tent", 26_000, 1),
    ("WZ-ZP-0036", "指挥帐篷", "36㎡ 网架式", "顶", "Command tent", "tent", 142_000, 1),
    ("WZ-BX-0001", "棉被", "2m×1.5m 3kg", "床", "Quilt", "quilt", 3_200, 10),
    ("WZ-DC-0003", "折叠床", "190×70cm", "张", "Folding bed", "bed", 7_500, 4),
    ("ZB-SB-0300", "移动式排水泵车配套潜水泵", "300m³/h 扬程15m", "台", "Submersible pump", "pump", 185_000, 1),
    ("ZB-FD-0050", "柴油发电机组", "50kW 静音型（含油箱、电缆50m）", "台", "Diesel generator", "set", 980_000, 1),
    ("ZB-FD-0005", "汽油发电机", "5kW", "台", "Petrol generator", "set", 88_000, 1),
    ("ZB-ZM-0002", "全方位移动照明灯塔", "4×500W 升降4.5m", "套", "Light tower", "set", 76_000, 1),
    ("WZ-JS-0001", "救生衣", "成人 150N", "件", "Life jacket", "piece", 900, 20),
    ("ZB-CT-0004", "冲锋舟", "4.2m 含40马力舷外机", "艘", "Assault boat", "boat", 265_000, 1),
    ("WZ-BD-0001", "编织袋", "95×55cm 覆膜", "条", "Woven bag", "bag", 110, 500),
    ("WZ-TG-0001", "土工布", "300g/㎡ 6m幅宽", "㎡", "Geotextile", "m²", 320, 600),
    ("ZB-WX-0001", "天通卫星电话", "手持（含充电宝、备用电池）", "部", "Satellite phone", "piece", 1_200, 1),
    ("WZ-SP-0001", "自热米饭", "380g", "份", "Self-heating rice", "portion", 420, 24),
]


def name(zh: str, en: str | None = None) -> Name:
    """Return a name in both languages."""
    return Name(zh, en)


def order_lines(count: int) -> tuple[OrderLinePaper, ...]:
    """Return so many lines of an order."""
    lines = []
    for number in range(count):
        code, zh, specification, unit, en, unit_en, grams, pack = GOODS[number % len(GOODS)]
        quantity = (number * 37) % 190 + 2
        lines.append(
            OrderLinePaper(
                code=code,
                name=Name(zh, en),
                unit=Name(unit, unit_en),
                quantity=quantity,
                specification=Name(specification),
                lot=f"2026{number % 9 + 1:02d}-{number % 97 + 1:02d}",
                expires_on=dt.date(2027, number % 12 + 1, 28) if code == "WZ-SP-0001" else None,
                packages=-(-quantity // pack),
                weight_grams=quantity * grams,
                bin=f"{'ABCD'[number % 4]}-{number % 12 + 1:02d}-{number % 4 + 1}",
                remarks="" if number % 5 else "优先装车",
            )
        )
    return tuple(lines)


def order(count: int = 20, **changes: object) -> DispatchOrderPaper:
    """Return a dispatch order of so many lines."""
    values: dict[str, object] = {
        "number": "DB-WS-2026-000008",
        "revision": 1,
        "issuer": Name("万盛经开区应急管理局", "Wansheng Emergency Management Bureau"),
        "incident": Name("“6·28”暴雨洪涝", "28 June flood"),
        "sender": Party(
            Name("区应急物资储备中心库", "District Central Depot"),
            Name("万东镇建设路12号 2号月台", "12 Jianshe Road, Wandong, dock 2"),
            Contact("张喆", "139-0000-0002"),
        ),
        "receiver": Party(
            Name("黑山镇人民政府", "Heishan Town Government"),
            Name("黑山镇鱼子村安置点（鱼子村小学操场）", "Yuzi village shelter, Heishan"),
            Contact(RARE, "138-0000-0001"),
        ),
        "lines": order_lines(count),
        "issued_at": NOW,
        "approver": "罗大川",
        "approver_post": Name("区防汛抗旱指挥部指挥长", "District flood commander"),
        "approved_at": NOW - dt.timedelta(minutes=12),
        "document_number": "万盛经开应急调〔2026〕8号",
        "incident_number": "SJ-2026-0004",
        "level": Name("防汛Ⅲ级应急响应", "Flood response level III"),
        "urgency": Name("特急", "Most urgent"),
        "situation": Name(
            "2026年6月28日8时至20时，我区南部出现大暴雨，黑山镇鱼子村等3个村（社区）发生内涝，部分道路塌方、"
            "通信中断，转移避险群众412人。",
            "Heavy rain fell in the south of the district on 28 June 2026; 412 people were moved from three "
            "villages of Heishan, roads and networks are cut in places.",
        ),
        "depart_at": NOW + dt.timedelta(minutes=25),
        "arrive_at": NOW + dt.timedelta(minutes=110),
        "deadline_at": NOW + dt.timedelta(minutes=145),
        "route": Name(
            "中心库—万黑路—黑山镇政府—鱼子村（主线S104省道K32处塌方，绕行）", "Wan-Hei road; S104 closed at K32"
        ),
        "mode": Name("厢式货车", "Box truck"),
        "vehicle": "渝BD2735",
        "driver": Contact("周𬭎", "137-0000-0003"),
        "escort": Contact("令狐堃", "136-0000-0004"),
        "contact": Contact("罗大川", "023-48270000"),
        "copies_to": (
            Name("区防汛抗旱指挥部"),
            Name("区减灾办"),
            Name("区交通局"),
            Name("区公安分局"),
            Name("黑山镇、关坝镇人民政府"),
        ),
        "request_number": "SQ-WS-2026-000011",
        "plan_number": "FA-WS-2026-000005",
        "ledger": LedgerHead("WS", 18_244, "3f" * 32),
    }
    return DispatchOrderPaper(**(values | changes))  # type: ignore[arg-type]


def verbal_order(count: int = 6) -> DispatchOrderPaper:
    """Return an order first given by word of mouth, with a rule set aside, of the demo district."""
    verbal = VerbalOrder("罗大川", NOW - dt.timedelta(hours=3), "值班员 王旻", NOW + dt.timedelta(hours=45))
    override = Override("罗大川", NOW - dt.timedelta(hours=3), "安全库存已动用：鱼子村安置点缺帐篷，上级物资次日方到")
    return order(count, verbal=verbal, override=override, demo=True)


def pick_list(count: int = 24) -> PickListPaper:
    """Return a pick list."""
    lines = tuple(
        PickLinePaper(line.name, line.unit, line.quantity, line.bin, line.specification, line.lot, line.expires_on)
        for line in order_lines(count)
    )
    return PickListPaper(
        "JH-WS-2026-000031", 1, "DB-WS-2026-000008", Name("区应急物资储备中心库", "District Central Depot"),
        Name("黑山镇人民政府", "Heishan Town Government"), lines, NOW, NOW + dt.timedelta(minutes=20), "2号",
        "渝BD2735",
    )  # fmt: skip


def receipt(count: int = 12, **changes: object) -> ReceiptPaper:
    """Return a hand-over receipt to be filled in by hand."""
    lines = tuple(
        ReceiptLinePaper(
            line.name, line.unit, line.quantity, line.specification, line.lot, line.expires_on,
            line.packages, line.weight_grams,
        )
        for line in order_lines(count)
    )  # fmt: skip
    base = order(1)
    values: dict[str, object] = {
        "number": "QS-WS-2026-000008",
        "revision": 1,
        "order_number": base.number,
        "sender": base.sender,
        "receiver": base.receiver,
        "lines": lines,
        "issued_at": NOW,
        "vehicle": base.vehicle,
        "driver": base.driver,
        "escort": base.escort,
        "shipped_at": NOW + dt.timedelta(minutes=25),
        "incident": base.incident,
    }
    return ReceiptPaper(**(values | changes))  # type: ignore[arg-type]


def count_sheet(count: int = 40, **changes: object) -> CountSheetPaper:
    """Return a blind count sheet."""
    lines = tuple(
        CountLinePaper(
            f"0315{number:04d}", line.name, line.unit, line.bin, line.specification, line.lot, line.expires_on
        )
        for number, line in enumerate(order_lines(count), 1)
    )
    values: dict[str, object] = {
        "number": "PD-WS-2026-000315",
        "revision": 1,
        "stockpile": Name("区应急物资储备中心库", "District Central Depot"),
        "lines": lines,
        "issued_at": NOW,
    }
    return CountSheetPaper(**(values | changes))  # type: ignore[arg-type]
