"""The papers of a warehouse as drawn: fields, copies and signers, money in words, what stays blank or hidden."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest

from inventory.core.errors import Name
from inventory.documents.data.counting import VarianceLine, VarianceReportPaper
from inventory.documents.data.values import BadPaperValue, EmptyPaper, Override, Paper
from inventory.documents.data.warehouse import LoanNotePaper, ReceiptNotePaper, Reversal
from inventory.documents.drawing.engine import Printed
from inventory.documents.drawing.wording import Wording, printed_texts
from inventory.documents.forms.cells import capitals
from inventory.documents.forms.variance_report import signed
from inventory.documents.press import printed
from inventory.documents.sampling import SAMPLE_KEY, sample
from tests.documents import reading, samples

WAREHOUSE = ("waybill", "receipt_note", "issue_note", "return_note", "scrap_request", "loan_note")
KINDS = (*WAREHOUSE, "variance_report")
COPIES = {
    "waybill": ("第一联 发货方留存", "第二联 随车"),
    "receipt_note": ("第一联 采购", "第二联 保管", "第三联 财务"),
    "issue_note": ("第一联 领用", "第二联 保管", "第三联 财务（红联）"),
    "loan_note": ("第一联 出借方", "第二联 借用方"),
}
SIGNERS = {
    "waybill": ("发货人", "承运人（驾驶员）", "收货人"),
    "receipt_note": ("采购人", "验收人", "保管人"),
    "issue_note": ("领用人", "领用单位负责人", "保管人"),
    "return_note": ("退库人", "验收人", "保管人"),
    "scrap_request": ("申请人", "鉴定负责人", "批准人"),
    "loan_note": ("借用人", "批准人", "保管人（出借）", "归还人", "验收人（归还）"),
    "variance_report": ("初盘人（保管）", "复盘人", "批准人（负责人）"),
}
COLUMNS = {
    "receipt_note": ("入库时间", "名称及规格型号", "数量", "单位", "单价(元)", "金额(元)"),
    "issue_note": ("出库时间", "名称及规格型号", "单位", "数量", "用途/项目", "货位"),
    "return_note": ("名称及规格型号", "数量", "退库原因"),
    "scrap_request": ("报废原因", "技术鉴定意见", "领导批示"),
    "loan_note": ("应还日期", "归还数量", "归还日期"),
    "variance_report": ("账面数", "初盘数", "复盘数", "差异", "期间入", "期间出", "差异原因"),
    "waybill": ("驾驶员", "件数", "毛重(kg)", "途中记录"),
}
CODES = {"good", "found"}
"""Values that stand on a paper as a tick or in other words."""


def drawn(paper: Paper, language: str = "zh_CN") -> Printed:
    """Return a paper as printed."""
    return printed(paper, key=SAMPLE_KEY, language=language)


def longer(paper: Any, count: int) -> Any:
    """Return a paper with so many lines, of all the goods of the tests."""
    lines = []
    for number in range(count):
        _, zh, specification, unit, en, unit_en, _, _ = samples.GOODS[number % len(samples.GOODS)]
        one = paper.lines[number % len(paper.lines)]
        lines.append(
            dataclasses.replace(one, name=Name(zh, en), unit=Name(unit, unit_en), specification=Name(specification))
        )
    return dataclasses.replace(paper, lines=tuple(lines))


@pytest.mark.parametrize("kind", KINDS)
def test_fields_signers_and_copies_stand_on_every_copy(kind: str) -> None:
    """Each named copy is drawn whole: its name, the columns and the signers of the form, every value of its lines."""
    paper: Any = sample(kind)
    pages = [re.sub(r"\s+", "", text) for text in reading.page_texts(drawn(paper))]
    copies = COPIES.get(kind, ("",))
    assert len(pages) == len(copies)
    for copy, page in zip(copies, pages, strict=True):
        values = set(printed_texts(paper.lines, Wording("zh_CN"))) - CODES
        for word in (copy, *COLUMNS[kind], *SIGNERS[kind], *values):
            assert re.sub(r"\s+", "", word) in page, (kind, word)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_sixty_lines_and_a_long_name_are_whole(kind: str, language: str) -> None:
    """Long papers go on over pages with nothing lost, and the signatures stand on a page with goods."""
    paper = longer(sample(kind), 60)
    long = "超长名称测试" * 333
    paper = dataclasses.replace(
        paper, lines=(*paper.lines, dataclasses.replace(paper.lines[0], name=Name(long, long), lot="LAST"))
    )
    result = drawn(paper, language)
    texts = reading.page_texts(result)
    copies = len(COPIES.get(kind, ("",)))
    assert divmod(result.pages, copies)[1] == 0
    assert result.pages >= 2 * copies
    assert all(reading.fonts(result.pdf).values())
    assert not result.missing
    joined = reading.joined_text(result)
    assert joined.count("LAST") == copies
    assert joined.count("超长名称测试") >= 300 * copies
    wanted = re.sub(r"\s+", "", "签字" if language == "zh_CN" else "Signature")
    assert wanted in re.sub(r"\s+", "", texts[-1])
    assert "LAST" in texts[-1] or long[-6:] in re.sub(r"\s+", "", texts[-1])


def test_prices_that_are_not_known_are_left_to_the_hand() -> None:
    """One unknown price: no sum of money is printed at all; all known: figures and capital numerals agree."""
    paper = sample("receipt_note")
    assert isinstance(paper, ReceiptNotePaper)
    text = reading.joined_text(drawn(paper))
    assert text.count("¥228,840.00（大写）贰拾贰万捌仟捌佰肆拾元整") == 3
    open_price = dataclasses.replace(paper.lines[1], unit_price_fen=None)
    part = reading.joined_text(drawn(dataclasses.replace(paper, lines=(paper.lines[0], open_price))))
    assert "165,600.00" in part
    assert not [sign for sign in ("¥", "30,240.00", "≥") if sign in part]
    with pytest.raises(BadPaperValue, match="unit_price"):
        dataclasses.replace(paper, lines=(dataclasses.replace(open_price, unit_price_fen=-1),))


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (7, "柒分"),
        (60, "陆角整"),
        (105, "壹元零伍分"),
        (123_456, "壹仟贰佰叁拾肆元伍角陆分"),
        (100_000, "壹仟元整"),
        (1_000_500, "壹万零伍元整"),
        (10_050_000_00, "壹仟零伍万元整"),
        (10_000_000_500, "壹亿零伍元整"),
        (30_004_000_020, "叁亿零肆万元贰角整"),
        (50_000_000_000_000_00, "伍拾万亿元整"),
        (12_000_300_000_000_00, "壹拾贰万零叁亿元整"),
    ],
)
def test_money_in_capital_numerals(fen: int, words: str) -> None:
    """As on vouchers: one zero for any gap, groups of ten thousand, "even" after yuan or jiao."""
    assert capitals(fen) == words


def test_a_reversed_entry_and_an_override_stand_in_words_on_the_paper() -> None:
    """Who holds the older revision can be told why it is void; an emergency is printed with its reason."""
    note = sample("receipt_note")
    at = samples.NOW
    void = dataclasses.replace(note, revision=2, reversed=Reversal(at, "钱主任", "重复登记"))  # type: ignore[call-arg]
    assert reading.joined_text(drawn(void)).count("由钱主任冲销，理由：重复登记。本单作废。") == 3
    for kind in ("waybill", "issue_note"):
        told = dataclasses.replace(sample(kind), override=Override("陈库管", at, "险情紧急"))  # type: ignore[call-arg]
        assert "紧急处置：陈库管于2026年6月28日21时05分决定未执行常规规则，理由：险情紧急" in reading.joined_text(
            drawn(told)
        )


def test_a_variance_report_without_a_difference_says_so() -> None:
    """It has no table, and is still to be signed by three."""
    paper = dataclasses.replace(sample("variance_report"), lines=(), lines_agreeing=64)  # type: ignore[call-arg]
    text = reading.joined_text(drawn(paper))
    assert "账实相符：共盘64行，无差异。" in text
    assert all(signer in text for signer in SIGNERS["variance_report"])
    assert "账面数" not in text.replace("账面数为各行", "")


def test_lines_without_a_result_are_told_apart() -> None:
    """What waits for its recount and what was not counted is neither surplus nor shortage."""
    paper: Any = sample("variance_report")
    blank = dataclasses.replace(paper.lines[0], book=None, first=None, recount=None)
    lines = (
        dataclasses.replace(blank, marks=("waits_for_recount",)),
        dataclasses.replace(blank, marks=("left_out",)),
        dataclasses.replace(blank, marks=("left_out",)),
    )
    text = reading.joined_text(drawn(dataclasses.replace(paper, lines=lines)))
    assert "盘盈0行，盘亏0行，待复盘1行，未盘2行" in text
    assert "本次未盘" in text


def test_differences_follow_from_the_last_count() -> None:
    """The recount decides; what was not counted has no difference; the blind sheet has no such field."""
    line = VarianceLine(Name("帐篷"), Name("顶"), book=60, first=57)
    assert (line.difference, dataclasses.replace(line, recount=61).difference) == (-3, 1)
    assert dataclasses.replace(line, first=None).difference is None
    assert [signed(count) for count in (-3, 0, 1200, None)] == ["−3", "0", "+1,200", ""]
    sheet = {field.name for field in dataclasses.fields(sample("count_sheet").lines[0])}  # type: ignore[attr-defined]
    assert not sheet & {"book", "first", "recount", "difference", "quantity"}


def test_papers_without_lines_and_impossible_returns_are_refused() -> None:
    """All but the variance report need a line; nobody gives back more than was lent."""
    for kind in WAREHOUSE:
        with pytest.raises(EmptyPaper):
            dataclasses.replace(sample(kind), lines=())  # type: ignore[call-arg]
    report = dataclasses.replace(sample("variance_report"), lines=())  # type: ignore[call-arg]
    assert isinstance(report, VarianceReportPaper)
    loan = sample("loan_note")
    assert isinstance(loan, LoanNotePaper)
    with pytest.raises(BadPaperValue, match="returned"):
        dataclasses.replace(loan, lines=(dataclasses.replace(loan.lines[0], returned=2),))
