"""The papers of requests and incidents: every field of the forms, the sum that closes the loop, many pages."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest

from inventory.core.errors import Name
from inventory.documents.data.incidents import (
    CARD_KINDS,
    CloseOutLinePaper,
    CloseOutPaper,
    IncidentRecordPaper,
    RecordLinePaper,
    ResourceCardPaper,
)
from inventory.documents.data.requests import RequirementPaper
from inventory.documents.data.values import BadPaperValue, Paper
from inventory.documents.drawing.engine import Printed
from inventory.documents.forms.resource_cards import COLOURS
from inventory.documents.press import printed
from inventory.documents.sampling import sample
from tests.documents import reading, samples

KINDS = (
    "resource_request", "demand_report", "requirement_sheet", "resource_cards", "incident_record", "close_out",
)  # fmt: skip


def done(paper: Paper, language: str = "zh_CN") -> Printed:
    """Return a printed paper."""
    return printed(paper, key=samples.KEY, language=language)


def test_a_resource_request_has_all_twenty_fields() -> None:
    """Each number of ICS 213RR stands on the paper in both languages, and so do its values."""
    text = reading.joined_text(done(sample("resource_request")))
    for zh, en in (
        ("1突发事件", "1Incident"), ("2日期时间", "2Date/time"), ("3申请编号", "3Requestno."), ("4数量", "4Quantity"),
        ("5受理人", "5Receivedby"), ("6送达/报到地点", "6Delivery"), ("7可替代品及来源", "7Substitutes"),
        ("8申请人", "8Requestedby"), ("9紧急程度", "9Priority"), ("10组长审批签字", "10Sectionchief"),
        ("11调拨单号", "11Orderno."), ("12供应方电话", "12Supplierphone"), ("13供应方/联系人", "13Supplier"),
        ("14备注", "14Notes"), ("15批准签字", "15Approval"), ("16日期时间", "16Date/time"), ("17下单人", "17Order"),
        ("18财务意见", "18Reply"), ("19签字", "19Signature"), ("20日期时间", "20Date/time"),
    ):  # fmt: skip
        assert zh in text, zh
        assert en in text, en
    for value in ("救灾帐篷12㎡单", "特急", "黑山镇人民政府", "调-WS-2026-000124", "023-48000001", "54,600.00"):
        assert value in text, value


def test_a_demand_report_states_the_six_facts_of_p07() -> None:
    """Disaster, people moved, needs, own stock, own stock used, quantity asked; head of unit and seal."""
    text = reading.joined_text(done(sample("demand_report")))
    for label in (
        "1灾害时间", "1灾害种类", "1灾害地点", "2转移安置人数", "3需求物资种类", "3需求数量", "4本级库存总量",
        "5本级已用数量", "6申请调拨数量", "单位负责人", "（申请单位公章）",
    ):  # fmt: skip
        assert label in text, label
    for value in ("2026-06-2815:40", "洪涝", "鱼子村、北门村", "共506人", "棉被床50612086420", "自热米饭份4,554600"):
        assert value in text, value


def test_own_stock_that_was_not_stated_is_left_to_be_written_in() -> None:
    """None is an empty field and never a zero."""
    paper = sample("demand_report")
    assert paper.lines[2].own_used is None  # type: ignore[attr-defined]
    assert "自热米饭份4,5546003,954" in reading.joined_text(done(paper))


def test_the_requirement_sheet_needs_what_is_not_there() -> None:
    """Need = required less have and never below zero; totals stand under each kind, across the places."""
    assert RequirementPaper("A", 5, 9).need == 0
    paper = sample("requirement_sheet")
    assert paper.totals("QUILT") == (506, 34, 472)  # type: ignore[attr-defined]
    text = reading.joined_text(done(paper))
    assert "11需求合计" in text
    assert "13缺口合计（待调拨）" in text
    for figure in ("506", "472", "3,954"):
        assert figure in text


def test_more_kinds_than_fit_go_on_in_further_tables() -> None:
    """Nineteen kinds make three tables; every kind is named and a long name is given in full below its table."""
    paper = sample("requirement_sheet")
    first = paper.kinds[0]  # type: ignore[attr-defined]
    long = "".join(chr(0x4E00 + number) for number in range(60))
    kinds = tuple(
        dataclasses.replace(first, code=f"K{number}", name=Name(f"品{number}号" if number else long))
        for number in range(19)
    )
    amounts = tuple(RequirementPaper(kind.code, 7, 3) for kind in kinds)
    line = dataclasses.replace(paper.lines[0], amounts=amounts)  # type: ignore[attr-defined]
    text = reading.joined_text(done(dataclasses.replace(paper, kinds=kinds, lines=(line,))))  # type: ignore[call-arg]
    assert "6物资种类17—19（共19种）" in text
    assert all(f"品{number}号" in text for number in range(1, 19))
    assert long in text


def test_a_close_out_adds_up_or_is_refused() -> None:
    """remaining = received - settled; more settled than received is refused by its line and never printed."""
    line = CloseOutLinePaper(Name("帐篷"), Name("顶"), sent=60, received=58, surplus=0, lost_on_the_way=2, used=1)
    full = dataclasses.replace(line, distributed=20, returned=30, transferred=5, lost=2)
    assert (line.remaining, line.on_the_way) == (57, 0)
    assert (full.settled, full.remaining) == (58, 0)
    whole = dataclasses.replace(sample("close_out"), lines=(full,), unresolved=())  # type: ignore[call-arg]
    assert isinstance(whole, CloseOutPaper)
    assert whole.closed
    assert "全部闭环，可以销号" in reading.joined_text(done(whole))
    half = dataclasses.replace(whole, lines=(line,))
    assert not half.closed
    assert "尚未闭环：未结物资1种，待办0项" in reading.joined_text(done(half))
    with pytest.raises(BadPaperValue) as refused:
        dataclasses.replace(whole, lines=(full, dataclasses.replace(full, used=2)))
    assert (refused.value.field, refused.value.line, refused.value.value) == ("remaining", 2, "-1")


def test_an_incident_without_goods_closes_with_a_word() -> None:
    """No lines is no error there: the paper says that nothing was sent."""
    paper = dataclasses.replace(sample("close_out"), lines=(), unresolved=())  # type: ignore[call-arg]
    assert "本次事件未调拨物资" in reading.joined_text(done(paper))


def test_two_hundred_entries_flow_over_pages() -> None:
    """Every entry is there once, the head of the table on every page, signatures on a page with entries."""
    base = sample("incident_record")
    assert isinstance(base, IncidentRecordPaper)
    at = dt.datetime(2026, 6, 28, 8, tzinfo=dt.UTC)
    lines = tuple(
        RecordLinePaper(
            at + dt.timedelta(minutes=number), Name("签收"), Name("李欣"), f"运-{number:06d}", Name(f"第{number}事")
        )
        for number in range(200)
    )
    pages = reading.page_texts(done(dataclasses.replace(base, lines=lines)))
    assert len(pages) >= 6
    whole = re.sub(r"\s+", "", "".join(pages))
    assert all(whole.count(f"运-{number:06d}第") or whole.count(f"运-{number:06d}") == 1 for number in range(200))
    for number, page in enumerate(pages, 1):
        assert "经过、数量及原因" in page
        assert f"第 {number} 页 共 {len(pages)} 页" in page
    assert "记录人" in pages[-1]
    assert "运-000199" in pages[-1]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_card_says_its_colour(language: str) -> None:
    """Nine kinds, nine colours, and the word for the colour on the card for printers without it."""
    assert set(COLOURS) == set(CARD_KINDS)
    assert len(set(COLOURS.values())) == len(COLOURS)
    lines = tuple(ResourceCardPaper(kind, f"N{kind}", Name(kind, kind)) for kind in CARD_KINDS)
    paper = dataclasses.replace(sample("resource_cards"), lines=lines)  # type: ignore[call-arg]
    text = reading.joined_text(done(paper, language))
    for words in ("灰·标题卡", "绿·队伍", "玫红·车辆", "蓝·直升机", "白·人员", "橙·固定翼飞机", "黄·装备", "棕·其他"):
        assert words in text, words
    assert "LIGHTPURPLE" in text


def test_a_device_card_is_scanned() -> None:
    """The label of a device is read from its card."""
    picture = reading.pictures(done(sample("resource_cards")), dots_per_inch=150)[0]
    assert reading.codes(picture, "DataMatrix") == ["20000017"]


def test_what_does_not_fit_a_card_is_printed_behind_the_cards() -> None:
    """A card shortens a name of 2,000 characters; not one character is lost."""
    long = "".join(chr(0x4E00 + number) for number in range(2000))
    paper = sample("resource_cards")
    line = dataclasses.replace(paper.lines[0], name=Name(long))  # type: ignore[attr-defined]
    text = reading.joined_text(done(dataclasses.replace(paper, lines=(line,))))  # type: ignore[call-arg]
    assert all(character in text for character in long)


@pytest.mark.parametrize("kind", KINDS)
def test_a_drill_says_so_on_every_page(kind: str) -> None:
    """A paper of a drill cannot be taken for a real one."""
    paper = dataclasses.replace(sample(kind), drill=True, demo=False)  # type: ignore[call-arg]
    assert all("演练" in page for page in reading.page_texts(done(paper)))
