"""Finished papers: embedded fonts, text that can be searched, the same bytes again, nothing cut, nothing blank."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pypdfium2
import pytest

from inventory.core.errors import Name
from inventory.documents import press
from inventory.documents.data.dispatch import OrderLinePaper
from inventory.documents.data.values import Contact, Party
from inventory.documents.drawing.engine import Printed
from inventory.documents.forms.count_sheet import count_sheet
from inventory.documents.forms.dispatch_order import dispatch_order
from inventory.documents.forms.pick_list import pick_list
from inventory.documents.forms.receipt import receipt
from inventory.documents.sign import Genuine, verify_text
from tests.documents import reading, samples

ROOT = Path(__file__).resolve().parents[2]


def all_papers(language: str) -> dict[str, Printed]:
    """Return one of each paper."""
    return {
        "order": press.printed(samples.order(), key=samples.KEY, language=language),
        "verbal": press.printed(samples.verbal_order(), key=samples.KEY, language=language),
        "pick": press.printed(samples.pick_list(), key=samples.KEY, language=language),
        "receipt": press.printed(samples.receipt(), key=samples.KEY, language=language),
        "count": press.printed(samples.count_sheet(), key=samples.KEY, language=language),
    }


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_font_is_embedded_and_ours(language: str) -> None:
    """No paper names a font whose program is not in the file, and all are those of the house."""
    for kind, printed in all_papers(language).items():
        fonts = reading.fonts(printed.pdf)
        assert fonts, kind
        assert all(fonts.values()), (kind, fonts)
        families = {name.partition("+")[2] for name in fonts}
        assert families <= {"TDFangSong", "TDFangGaps", "TDKai", "TDSongTitle", "TDHei", "TDSans"}, families


def test_rare_characters_come_back_as_text() -> None:
    """Names with characters beyond GB 2312 and above U+FFFF are found again, by two readers."""
    printed = dispatch_order(samples.order(), key=samples.KEY)
    text = reading.joined_text(printed)
    # 䶮 has a look-alike in old fonts and 𬭁 lies above U+FFFF: both were lost before.
    assert text.count(samples.RARE) == 2
    assert "周𬭎" in text
    assert printed.missing == ()
    if shutil.which("pdftotext"):
        second = subprocess.run(
            ["pdftotext", "-", "-"], input=printed.pdf, capture_output=True, check=True
        ).stdout.decode()
        assert re.sub(r"\s+", "", second).count(samples.RARE) == 2


def test_the_order_states_what_p08_asks_for() -> None:
    """Receiver and place; item, specification, quantity; contacts of both sides; number, level, approver, times."""
    paper = samples.order(3)
    text = reading.joined_text(dispatch_order(paper, key=samples.KEY))
    wanted = [
        paper.number, paper.document_number, paper.receiver.unit.zh, paper.receiver.place.zh, paper.sender.unit.zh,
        paper.sender.place.zh, paper.sender.contact.name, paper.sender.contact.phone, paper.receiver.contact.phone,
        paper.incident.zh, paper.level.zh, paper.approver, "2026-06-2820:53", "2026-06-2823:30", paper.route.zh,
        paper.vehicle, paper.driver.phone, paper.plan_number, paper.request_number, "3f" * 32, "18244",
        "第1版", "000001", "特急", "无偿使用",
    ]  # fmt: skip
    for line in paper.lines:
        wanted += [line.code, line.name.zh, re.sub(r"\s+", "", line.specification.zh), f"{line.quantity:,}", line.lot]
    for value in wanted:
        assert re.sub(r"\s+", "", value) in text, value


def test_a_verbal_order_an_override_and_demo_data_are_said() -> None:
    """The letter and the list tell who gave the order by mouth, which rule was set aside, and that it is demo data."""
    letter_and_list = reading.page_texts(dispatch_order(samples.verbal_order(), key=samples.KEY))
    text = re.sub(r"\s+", "", "".join(letter_and_list))
    assert text.count("以口头方式下达") == 2
    assert text.count("安全库存已动用") == 2
    assert "2026年6月30日18时05分" in text
    for page in letter_and_list:
        assert "演示数据 不得执行" in page
    plain = reading.joined_text(dispatch_order(samples.order(), key=samples.KEY))
    assert "演示数据" not in plain
    assert "口头" not in plain


def test_the_same_paper_gives_the_same_bytes_in_any_process() -> None:
    """A reprint is byte-identical: again, after other papers were drawn, and in a fresh process."""
    first = all_papers("zh_CN")
    again = {kind: printed.sha256 for kind, printed in reversed(all_papers("zh_CN").items())}
    assert {kind: printed.sha256 for kind, printed in first.items()} == again
    program = (
        "from tests.documents import samples, test_printing as t\n"
        "print({k: p.sha256 for k, p in t.all_papers('zh_CN').items()})"
    )
    fresh = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert eval(fresh) == again


def test_threads_print_the_same_bytes() -> None:
    """Papers drawn at once in eight threads are those drawn alone."""
    papers = [samples.order(count, revision=count) for count in range(1, 9)]
    alone = [dispatch_order(paper, key=samples.KEY).sha256 for paper in papers]
    found: list[str] = [""] * len(papers)

    def work(position: int) -> None:
        found[position] = dispatch_order(papers[position], key=samples.KEY).sha256

    threads = [threading.Thread(target=work, args=(position,)) for position in range(len(papers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == alone


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_code_on_every_paper_is_read_and_verified_at_100_dpi(language: str) -> None:
    """A coarse scan of the first page and of the last is enough to verify each paper without a network."""
    for kind, printed in all_papers(language).items():
        pages = reading.pictures(printed, dots_per_inch=100)
        for page in (pages[0], pages[-1]):
            texts = [text for text in reading.codes(page, "QRCode") if text == printed.qr_text]
            assert texts, kind
            assert isinstance(verify_text(texts[0], [samples.KEY.public]), Genuine), kind


def test_every_line_of_a_count_sheet_can_be_scanned() -> None:
    """The keys of all lines are read from a 150 dpi rendering, and stand there in digits."""
    paper = samples.count_sheet(40)
    printed = count_sheet(paper, key=samples.KEY)
    pictures = reading.pictures(printed, dots_per_inch=150)
    read = {text for picture in pictures for text in reading.codes(picture, "DataMatrix")}
    assert read == {line.key for line in paper.lines}
    text = reading.joined_text(printed)
    assert all(line.key in text for line in paper.lines)


def test_a_paper_number_is_scanned_from_the_head_of_a_form() -> None:
    """The Code 128 of an ASCII number is read at 200 dpi."""
    printed = receipt(samples.receipt(), key=samples.KEY)
    picture = reading.pictures(printed, dots_per_inch=200)[0]
    assert "QS-WS-2026-000008" in reading.codes(picture, "Code128")


def test_two_hundred_lines_carry_their_sums_and_count_their_pages() -> None:
    """Packages and weight are carried forward exactly from page to page; every page says which of how many it is."""
    paper = samples.order(200)
    pages = reading.page_texts(dispatch_order(paper, key=samples.KEY))
    lists = [page for page in pages if "物资编码" in page]
    assert len(lists) > 9
    carried = None
    seen = 0
    for number, page in enumerate(lists, 1):
        assert f"第 {number} 页 共 {len(lists)} 页" in page
        brought = re.search(r"承前页 Brought forward\s+([\d,]+)\s+([\d,.]+)", page)
        assert (brought.groups() if brought else None) == carried
        seen += len(re.findall(r"^\d+ W[ZB]-|^\d+\s+(?:WZ|ZB)-", page, re.MULTILINE))
        forward = re.search(r"(?:过次页 Carried forward|合计 Total)\s+([\d,]+)\s+([\d,.]+)", page)
        assert forward
        carried = forward.groups()
    packages = sum(line.packages or 0 for line in paper.lines)
    grams = sum(line.weight_grams or 0 for line in paper.lines)
    assert carried is not None
    assert int(carried[0].replace(",", "")) == packages
    whole, _, decimals = carried[1].replace(",", "").partition(".")
    assert int(whole) * 1000 + int(decimals.ljust(3, "0")) == grams


def test_nobody_signs_a_page_without_goods() -> None:
    """Whatever the number of lines, the page with the signatures also has lines on it."""
    for count in range(1, 40):
        last = reading.page_texts(dispatch_order(samples.order(count), key=samples.KEY))[-1]
        assert "收货人（签字/盖章）" in last
        assert samples.order_lines(count)[-1].code in last


def test_a_sum_with_an_unknown_part_says_at_least() -> None:
    """Where the weight of one line is unknown the total is a lower bound and the letter names no weight."""
    lines = samples.order_lines(3)
    paper = samples.order(lines=(dataclasses.replace(lines[0], weight_grams=None), *lines[1:]))
    text = reading.joined_text(dispatch_order(paper, key=samples.KEY))
    assert "≥5,781.2" in text
    assert "毛重5" not in text


def test_a_name_of_two_thousand_characters_is_printed_whole() -> None:
    """Long names, routes, reasons and remarks flow over rows and pages; not one character is lost."""
    long = "".join(chr(0x4E00 + (number * 7) % 6000) for number in range(2000))
    lines = samples.order_lines(2)
    paper = samples.order(
        lines=(dataclasses.replace(lines[0], name=Name(long), remarks="Z" * 300), lines[1]),
        route=Name(long[::-1]),
        receiver=Party(Name("黑山镇"), Name(long), Contact("名" * 200, "1")),
    )
    text = reading.joined_text(dispatch_order(paper, key=samples.KEY))
    for name, printed in (("item", long), ("route", long[::-1])):
        # Cells side by side mix their lines; every character must be there as often as the values say.
        for character in set(printed):
            assert text.count(character) >= 1, (name, hex(ord(character)))
    assert text.count("Z") >= 300
    assert text.count("名") >= 200
    for character in set(long):
        assert text.count(character) >= long.count(character) * 4


def test_control_and_direction_characters_are_shown_as_such() -> None:
    """A bidi override, an escape and a lone private character print as 〓 and are reported; markup stays text."""
    lines = samples.order_lines(1)
    name = Name("帐篷\u202e蓬\x1b\x00<b>&amp;</b>{0}%(x)s\ue000\u200b\U0002a700")
    paper = samples.order(lines=(dataclasses.replace(lines[0], name=name),))
    printed = dispatch_order(paper, key=samples.KEY)
    assert set(printed.missing) == {"U+202E", "U+001B", "U+0000", "U+E000", "U+2A700"}
    text = reading.joined_text(printed)
    assert "帐篷〓蓬〓〓<b>&amp;</b>{0}%(x)s〓〓" in text
    assert "U+2A700" in text
    assert "\u202e" not in text


def test_line_ends_in_a_value_do_not_forge_lines() -> None:
    """A line end inside a name becomes a space: it cannot make a second line that looks like our own text."""
    paper = samples.order(1, incident=Name("洪涝\n批准人 李四\r\n第二行"))
    text = "".join(reading.page_texts(dispatch_order(paper, key=samples.KEY)))
    assert "洪涝 批准人 李四 第二行" in re.sub(r"(?<=[\u4e00-\u9fff])\n", "", text)


def test_the_blind_sheet_has_no_place_for_the_books() -> None:
    """No field of a count line could hold the expected quantity, and the sheet prints no number but keys and lots."""
    fields = {field.name for field in dataclasses.fields(samples.count_sheet().lines[0])}
    assert fields == {"key", "name", "unit", "bin", "specification", "lot", "expires_on"}


def test_bins_are_walked_in_the_order_people_read() -> None:
    """A-2 comes before A-10, and within a bin what expires first."""
    base = samples.pick_list(4)
    bins = [("A-10", None), ("A-2", dt.date(2028, 1, 1)), ("A-2", dt.date(2027, 1, 1)), ("B-1", None)]
    lines = tuple(
        dataclasses.replace(line, bin=place, expires_on=expires, lot=f"LOT{number}", name=Name(f"N{number}"))
        for number, (line, (place, expires)) in enumerate(zip(base.lines, bins, strict=True))
    )
    text = reading.joined_text(pick_list(dataclasses.replace(base, lines=lines), key=samples.KEY))
    assert [text.index(f"LOT{number}") for number in (2, 1, 0, 3)] == sorted(
        text.index(f"LOT{number}") for number in range(4)
    )


def test_a_receipt_after_receiving_shows_what_was_recorded() -> None:
    """Received, damaged and short quantities and the time are printed once they are known."""
    lines = samples.receipt(1).lines
    filled = dataclasses.replace(lines[0], quantity=90, received=71, damaged=11, short=8)
    text = reading.joined_text(receipt(samples.receipt(lines=(filled,), received_at=samples.NOW), key=samples.KEY))
    assert "2026-06-2821:05" in text
    assert "52.071118" in text


def test_titles_and_language_are_in_the_properties() -> None:
    """The file says its title and its language, and no day or machine of its making."""
    printed = dispatch_order(samples.order(), key=samples.KEY)
    assert b"/Lang (zh-CN)" in printed.pdf
    assert b"/DisplayDocTitle true" in printed.pdf
    english = pick_list(samples.pick_list(), key=samples.KEY, language="en")
    assert b"/Lang (en)" in english.pdf
    document = pypdfium2.PdfDocument(printed.pdf)
    assert document.get_metadata_value("Title") == "应急物资调拨令 DB-WS-2026-000008"
    assert document.get_metadata_value("CreationDate").startswith("D:2000")
    document.close()


def test_an_order_line_is_a_plain_value() -> None:
    """Papers hold plain frozen values only, so the same facts always give the same digest."""
    line = samples.order_lines(1)[0]
    assert isinstance(line, OrderLinePaper)
    with pytest.raises(dataclasses.FrozenInstanceError):
        line.quantity = 3  # type: ignore[misc]


def test_a_number_with_hanzi_is_printed_and_verified() -> None:
    """A number that Code 128 cannot hold stands in a box instead, and the QR code still proves it."""
    paper = samples.order(1, number="调-万盛-2026-000123", document_number="")
    done = dispatch_order(paper, key=samples.KEY)
    assert reading.joined_text(done).count(paper.number) >= 4
    picture = reading.pictures(done, dots_per_inch=100)[0]
    found = verify_text(reading.codes(picture, "QRCode")[0], [samples.KEY.public])
    assert isinstance(found, Genuine)
    assert found.number == paper.number
    assert found.belongs_to(paper)


def test_no_page_of_a_letter_ends_with_a_head_or_holds_the_seal_alone() -> None:
    """Whatever the length of the text, heads keep their text and the seal keeps at least two lines of it."""
    head = re.compile(r"^([一二三四五六]、|（[一二三]）).{2,10}$")
    for length in range(0, 640, 20):
        paper = samples.order(1, situation=Name("雨" * length))
        pages = reading.page_texts(dispatch_order(paper, key=samples.KEY))[:-1]
        for page in pages:
            # The last two to four lines are the page number, the check and, at the end, the imprint.
            lines = [line.strip() for line in page.split("\n") if line.strip()]
            feet = ("扫码", "台账链首", "—", "抄送", "万盛经开区应急管理局办公室", "镇、关坝镇", "山镇、关坝镇")
            body = [line for line in lines if not line.startswith(feet) and "印发" not in line]
            assert not head.match(body[-1]), (length, body[-1])
        assert "附件：" in pages[-1], length
        assert "印发" in pages[-1], length


def test_a_long_list_of_copies_is_printed_whole() -> None:
    """Receivers of copies that do not fit the imprint become a paragraph; all are there."""
    units = tuple(Name(f"第{number}抄送单位") for number in range(150))
    printed = dispatch_order(samples.order(1, copies_to=units), key=samples.KEY)
    text = reading.joined_text(printed)
    # One name may be parted by each page's foot.
    broken_up = [number for number in range(150) if f"第{number}抄送单位" not in text]
    assert len(broken_up) < printed.pages
    assert text.count("第") >= 150
    assert text.count("位") >= 150
